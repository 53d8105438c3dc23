package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"

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
	// Of MySQL only.
	PTChecksum *string `json:"pt_checksum,omitempty"`
	DigestText *string `json:"digest_text,omitempty"`
}

// languages are the dialects by name: how a text is cut into statements, and what is known of one.
var languages = map[string]struct {
	split func(string) []string
	read  func(string) normalized
}{
	stats.PostgreSQL: {normalize.Split, readPostgreSQL},
	stats.MySQL:      {normalize.SplitMySQL, readMySQL},
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
			`fingerprint, pattern, dialect, normalized_by. What found it is pg_query, or the lexer where the parser does not understand the statement.` + "\n\n" +
			`In the dialect mysql, which MariaDB has too, two more fields follow: pt_checksum, by which pt-query-digest knows the statement, and digest_text, ` +
			`by which MySQL 8 does in performance_schema.`,
		examples: []example{
			{`covetlog normalize "SELECT * FROM orders WHERE id = 42"`, "One statement."},
			{"covetlog normalize --dialect mysql 'SELECT `name` FROM users WHERE id = \"42\"'", "One of MySQL, with its names in other tools."},
			{"covetlog normalize --format json < queries.sql", "All the statements of a file, for a program."},
		},
		options: []*option{
			{name: "dialect", arg: "NAME", group: format.group, value: oneOf(&o.dialect, stats.PostgreSQL, stats.MySQL), usage: "dialect of SQL"},
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
	language := languages[o.dialect]
	for _, arg := range args {
		text, err := p.text(arg)
		if err != nil {
			return err
		}
		for _, sql := range language.split(text) {
			found = true
			if err := writeNormalized(p.stdout, language.read(sql), o.format); err != nil {
				return err
			}
		}
	}
	if !found {
		return failure{exitUnreadable, errors.New("there is no statement to normalize")}
	}
	return nil
}

// text returns the SQL of an argument, - being standard input.
func (p *program) text(arg string) (string, error) {
	if arg != "-" {
		return arg, nil
	}
	text, err := io.ReadAll(p.stdin)
	return string(text), err
}

func readPostgreSQL(sql string) normalized {
	f := normalize.PostgreSQL(sql)
	n := normalized{Fingerprint: f.Hex(), Pattern: f.Text, Dialect: stats.PostgreSQL, NormalizedBy: stats.ByLexer}
	if f.Parsed {
		n.NormalizedBy = stats.ByParser
	}
	return n
}

func readMySQL(sql string) normalized {
	f, checksum, digest := normalize.MySQL(sql), normalize.PTChecksum(sql), normalize.DigestText(sql)
	return normalized{f.Hex(), f.Text, stats.MySQL, stats.ByLexer, &checksum, &digest}
}

func writeNormalized(w io.Writer, n normalized, format string) error {
	if format == "json" {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		return enc.Encode(n)
	}
	fields := []string{n.Fingerprint, n.Dialect, n.NormalizedBy, printable(n.Pattern)}
	for _, name := range []*string{n.PTChecksum, n.DigestText} {
		if name != nil {
			fields = append(fields, printable(*name))
		}
	}
	_, err := io.WriteString(w, strings.Join(fields, "\t")+"\n")
	return err
}
