package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/covetlog/covetlog/parse"
)

func newFormats(p *program) *command {
	format := "text"
	c := &command{
		name:     "formats",
		summary:  "what can be read, with a sample line of each",
		about:    `The names are those of --log-format. With --format json, each format is a line: an object with name, title and sample.`,
		examples: []example{{"covetlog formats", "The formats."}, {"covetlog formats --format json", "The same, for a program."}},
		options:  []*option{formatOption(&format)},
	}
	c.run = func(_ context.Context, args []string) error {
		if len(args) > 0 {
			return c.misused("it takes no arguments, and there is %q", args[0])
		}
		return writeFormats(p.stdout, format)
	}
	return c
}

func formatOption(format *string) *option {
	return &option{name: "format", short: "f", arg: "FORMAT", group: "Flags", own: true, value: oneOf(format, "text", "json"), usage: "what to print"}
}

func writeFormats(w io.Writer, format string) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, f := range parse.Formats() {
		var err error
		if format == "json" {
			err = enc.Encode(struct {
				Name   string `json:"name"`
				Title  string `json:"title"`
				Sample string `json:"sample"`
			}{f.Name, f.Title, f.Sample})
		} else {
			_, err = fmt.Fprintf(w, "%-18s%s\n%-18s%s\n", f.Name, f.Title, "", printable(f.Sample))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
