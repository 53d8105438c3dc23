package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/covetlog/covetlog/normalize"
	"github.com/covetlog/covetlog/stats"
)

type normalizeOptions struct{ dialect, format string }

// normalized is one statement as the command prints it; also the JSON.
type normalized struct {
	Fingerprint  string `json:"fingerprint"`
	Pattern      string `json:"pattern"`
	Dialect      string `json:"dialect"`
	NormalizedBy string `json:"normalized_by"`
}

func newNormalize(p *program) *command {
	o := &normalizeOptions{dialect: stats.PostgreSQL, format: "text"}
	format := formatOption(&o.format)
	c := &command{
		name:    "normalize",
		args:    "[SQL...]",
		summary: "fingerprint and pattern of statements",
		about: `Statements that differ only in their literals have one fingerprint and one pattern. SQL is one or more statements with ; between ` +
			`them; without SQL, or with -, they are read from standard input.` + "\n\n" +
			`A statement gives one line: fingerprint, dialect, what found it, pattern, with tabs between them. With --format json it is an object: ` +
			`fingerprint, pattern, dialect, normalized_by. What found it is pg_query, or the lexer where the parser does not understand the statement.`,
		examples: []example{
			{`covetlog normalize "SELECT * FROM orders WHERE id = 42"`, "One statement."},
			{"covetlog normalize --format json < queries.sql", "All the statements of a file, for a program."},
		},
		options: []*option{
			{name: "dialect", arg: "NAME", group: format.group, value: oneOf(&o.dialect, stats.PostgreSQL), usage: "dialect of SQL"},
			format,
		},
	}
	c.run = func(_ context.Context, args []string) error { return p.normalize(c, o, args) }
	return c
}

func (p *program) normalize(c *command, o *normalizeOptions, args []string) error {
	if len(args) == 0 {
		if isTerminal(p.stdin) {
			return c.misused("no SQL, and standard input is a terminal")
		}
		args = []string{"-"}
	}
	found := false
	for _, arg := range args {
		statements, err := p.statements(arg)
		if err != nil {
			return err
		}
		for _, sql := range statements {
			found = true
			if err := writeNormalized(p.stdout, fingerprint(sql), o.format); err != nil {
				return err
			}
		}
	}
	if !found {
		return failure{exitUnreadable, errors.New("there is no statement to normalize")}
	}
	return nil
}

// statements returns the statements of an argument, - being standard input.
func (p *program) statements(arg string) ([]string, error) {
	if arg != "-" {
		return normalize.Split(arg), nil
	}
	text, err := io.ReadAll(p.stdin)
	return normalize.Split(string(text)), err
}

func fingerprint(sql string) normalized {
	f := normalize.PostgreSQL(sql)
	n := normalized{f.Hex(), f.Text, stats.PostgreSQL, stats.ByLexer}
	if f.Parsed {
		n.NormalizedBy = stats.ByParser
	}
	return n
}

func writeNormalized(w io.Writer, n normalized, format string) error {
	if format == "json" {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		return enc.Encode(n)
	}
	_, err := fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", n.Fingerprint, n.Dialect, n.NormalizedBy, printable(n.Pattern))
	return err
}
