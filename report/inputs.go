package report

import (
	"fmt"

	"github.com/covetlog/covetlog/stats"
)

const (
	// fewInputs is how many inputs are listed when nothing is wrong with them; a glob finds hundreds.
	fewInputs = 10
	// linesNotUnderstood is how many are shown of each input.
	linesNotUnderstood = 3
)

func (d *Doc) inputList(p *page) {
	if len(d.set.Inputs) == 0 {
		return
	}
	p.title("INPUTS")
	fine, hidden := 0, 0
	for i := range d.set.Inputs {
		in := &d.set.Inputs[i]
		if in.Error == "" && in.UnrecognisedLines+doubtful(in) == 0 {
			if fine++; fine > fewInputs {
				hidden++
				continue
			}
		}
		d.input(p, in)
	}
	p.more(hidden)
	if len(d.set.Inputs) > 1 {
		sum := accounts(d.set.Inputs)
		p.line(fmt.Sprintf("  All %s inputs", integer(int64(len(d.set.Inputs)))))
		account(p, &sum)
	}
}

func (d *Doc) input(p *page, in *stats.Input) {
	p.prose("  ", inputName(in))
	account(p, in)
	lost := in.Unrecognised
	for _, l := range lost[:min(linesNotUnderstood, len(lost))] {
		d.lostLine(p, l)
	}
	if in.Error != "" {
		p.prose("    ", p.red("reading stopped early:")+" "+visible(in.Error))
	}
}

// lostLine prints a line that was not understood; without examples only where it is, as any word of it may be a literal.
func (d *Doc) lostLine(p *page, l stats.Line) {
	if !d.opts.Examples {
		p.items("    ", fmt.Sprintf("line %d not understood", l.Number), fmt.Sprintf("byte %d", l.Offset))
		return
	}
	p.text(fmt.Sprintf("    line %d not understood: ", l.Number), visible(l.Text))
}

// doubtful is how many entries of an input are not as they should be.
func doubtful(in *stats.Input) int64 {
	return in.PartialEntries + in.MalformedEntries + in.AmbiguousEntries
}

// inputName is the name of an input, its format and its prefix.
func inputName(in *stats.Input) string {
	s := visible(in.Name)
	if in.Format != "" {
		s += ": " + visible(in.Format)
	}
	if in.Prefix != "" {
		s += ", prefix '" + visible(in.Prefix) + "'"
	}
	return s
}

// account prints what became of every line and byte.
func account(p *page, in *stats.Input) {
	p.items("    ", plural(in.Lines, "line"), entries(in.Entries), plural(in.Bytes, "byte")+inUnits(in.Bytes), recognised(in)+" of lines recognised")
	p.items("    ", "bytes recognised "+integer(in.RecognisedBytes), "skipped "+integer(in.SkippedBytes),
		"unrecognised "+integer(in.UnrecognisedBytes)+" ("+plural(in.UnrecognisedLines, "line")+")")
	if doubtful(in) > 0 {
		p.items("    ", "entries partial "+integer(in.PartialEntries), "malformed "+integer(in.MalformedEntries), "ambiguous "+integer(in.AmbiguousEntries))
	}
}

// accounts adds up the numbers of inputs.
func accounts(inputs []stats.Input) (sum stats.Input) {
	for _, in := range inputs {
		sum.Bytes += in.Bytes
		sum.Lines += in.Lines
		sum.Entries += in.Entries
		sum.RecognisedBytes += in.RecognisedBytes
		sum.SkippedBytes += in.SkippedBytes
		sum.UnrecognisedBytes += in.UnrecognisedBytes
		sum.BlankLines += in.BlankLines
		sum.UnrecognisedLines += in.UnrecognisedLines
		sum.PartialEntries += in.PartialEntries
		sum.MalformedEntries += in.MalformedEntries
		sum.AmbiguousEntries += in.AmbiguousEntries
	}
	return sum
}
