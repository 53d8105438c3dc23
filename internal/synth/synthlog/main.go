// Command synthlog writes a log of PostgreSQL or a slow log of MySQL, of any size, and beside it the exact figures that are in it.
//
//	go run ./internal/synth/synthlog -format pg -size 1GiB -out pg.log -truth pg.json
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/covetlog/covetlog/internal/synth"
)

func main() {
	var opts synth.Options
	flag.StringVar(&opts.Format, "format", "pg", "one of "+strings.Join(slices.Concat(synth.Formats, synth.MySQLFormats), ", "))
	flag.Uint64Var(&opts.Seed, "seed", 1, "another seed gives another log, the same one the same bytes")
	flag.IntVar(&opts.Shapes, "shapes", 200, "number of different statements")
	opts.Size = 64 << 20
	flag.Func("size", "bytes to write, with KiB, MiB or GiB (default 64MiB)", func(text string) (err error) {
		opts.Size, err = size(text)
		return err
	})
	flag.Func("protocol", "how statements come to PostgreSQL, one of "+strings.Join(synth.Protocols, ", ")+" (default mixed)", func(text string) error {
		i := slices.Index(synth.Protocols, text)
		if i < 0 {
			return errors.New("no such protocol")
		}
		opts.Protocol = synth.Protocol(i)
		return nil
	})
	flag.BoolVar(&opts.Honest, "honest", false, "no literal holds a record of the log")
	out := flag.String("out", "", "the log file (default standard output)")
	truth := flag.String("truth", "", "write the figures to this file, as JSON")
	flag.Parse()
	if err := write(opts, *out, *truth); err != nil {
		fmt.Fprintln(os.Stderr, "synthlog:", err)
		os.Exit(1)
	}
}

func size(text string) (int64, error) {
	for shift, unit := range map[int]string{10: "KiB", 20: "MiB", 30: "GiB"} {
		if digits, ok := strings.CutSuffix(text, unit); ok {
			n, err := strconv.ParseInt(digits, 10, 32)
			return n << shift, err
		}
	}
	return strconv.ParseInt(text, 10, 64)
}

func write(opts synth.Options, out, truthFile string) error {
	f := os.Stdout
	if out != "" {
		var err error
		if f, err = os.Create(out); err != nil {
			return err
		}
	}
	truth, err := synth.Write(f, opts)
	if err := errors.Join(err, f.Close()); err != nil || truthFile == "" {
		return err
	}
	text, err := json.MarshalIndent(truth, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(truthFile, append(text, '\n'), 0o644)
}
