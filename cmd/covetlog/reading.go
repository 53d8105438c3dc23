package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/covetlog/covetlog/stats"
)

// reading is what became of the lines of all inputs. It keeps the law that everything is accounted for: no report is silently
// empty or made from the lesser part of a log.
type reading struct {
	inputs               []stats.Input
	recognised           int64 // bytes
	lines, misunderstood int64 // that are not blank
	doubtful             int64 // entries that are not as they should be
	broken               []stats.Input
	warnings             []string
	examples             bool // lines may be shown, with the literals in them
}

func account(set *stats.Set, examples bool) reading {
	r := reading{inputs: set.Inputs, warnings: set.Warnings, examples: examples}
	for _, in := range set.Inputs {
		r.recognised += in.RecognisedBytes
		r.lines += in.Lines - in.BlankLines
		r.misunderstood += in.UnrecognisedLines
		r.doubtful += in.PartialEntries + in.MalformedEntries + in.AmbiguousEntries
		if in.Error != "" {
			r.broken = append(r.broken, in)
		}
	}
	return r
}

// understood says whether at least 90 % of the lines that are not blank were recognised, and any at all.
func (r reading) understood() bool { return r.recognised > 0 && r.misunderstood*10 <= r.lines }

// linesShown is how many lines that were not understood are shown without --verbose.
const linesShown = 3

// judge says on stderr what went wrong with the inputs and returns the error that goes with it. That an input could not be read
// comes before that one was not understood: it may be the reason.
func (p *program) judge(r reading, verbose bool) error {
	for _, in := range r.broken {
		p.note("%s: %s", printable(in.Name), printable(in.Error))
	}
	if verbose {
		p.showMisunderstood(r, r.misunderstood)
		p.showDoubtful(r)
	}
	var err error
	if !r.understood() {
		err = r.notUnderstood()
		if !verbose {
			p.showMisunderstood(r, linesShown)
		}
	}
	if len(r.broken) > 0 {
		return errors.Join(failure{exitTrouble, fmt.Errorf("%d of %d inputs could not be read to the end", len(r.broken), len(r.inputs))}, err)
	}
	return err
}

const formatHint = "--log-format says what the log is, --prefix the server's log_line_prefix; covetlog formats lists what can be read"

func (r reading) notUnderstood() error {
	if len(r.inputs) == 0 && len(r.warnings) > 0 {
		return failure{exitUnreadable, fmt.Errorf("there is nothing to report\n%s", strings.Join(r.warnings, "\n"))}
	}
	if r.lines == 0 {
		return failure{exitUnreadable, errors.New("there is nothing to report: the input is empty")}
	}
	if r.misunderstood == 0 {
		return failure{exitUnreadable, fmt.Errorf("there is nothing to report: none of %d lines is of a database server\n%s", r.lines, formatHint)}
	}
	return failure{exitUnreadable, fmt.Errorf("%d of %d lines were not understood\n%s", r.misunderstood, r.lines, formatHint)}
}

// showMisunderstood prints the first lines that were not understood, as far as the inputs keep them; without examples only where
// they are, as any word of them may be a literal.
func (p *program) showMisunderstood(r reading, most int64) {
	shown := int64(0)
	for _, in := range r.inputs {
		for _, l := range in.Unrecognised {
			if shown == most {
				return
			}
			shown++
			fmt.Fprintf(p.stderr, "%s:%d: %s\n", printable(in.Name), l.Number, r.place(l))
		}
	}
	if shown < most && r.misunderstood > shown && most > linesShown {
		fmt.Fprintf(p.stderr, "... and %d more\n", r.misunderstood-shown)
	}
}

// place is a line, or where it is.
func (r reading) place(l stats.Line) string {
	if r.examples && l.Text != "" {
		return shorten(printable(l.Text))
	}
	return fmt.Sprintf("byte %d", l.Offset)
}

// showDoubtful prints the first entries that are not as they should be, with the reason, by the same rule.
func (p *program) showDoubtful(r reading) {
	shown := int64(0)
	for _, in := range r.inputs {
		for _, l := range in.Doubtful {
			shown++
			fmt.Fprintf(p.stderr, "%s:%d: %s: %s\n", printable(in.Name), l.Number, l.Why, r.place(l))
		}
	}
	if r.doubtful > shown {
		fmt.Fprintf(p.stderr, "... and %d more entries that are partial, malformed or ambiguous\n", r.doubtful-shown)
	}
}

// shorten cuts a line to what is enough to know it by.
func shorten(line string) string {
	const enough = 200
	runes := []rune(line)
	if len(runes) <= enough {
		return line
	}
	return strings.TrimRight(string(runes[:enough]), " ") + "..."
}
