package report

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/mattn/go-runewidth"

	"github.com/covetlog/covetlog/stats"
)

// terminal measures text in cells. East Asian locales draw some signs wider, but a report must not depend on
// the locale it was made in.
var terminal = &runewidth.Condition{StrictEmojiNeutral: true}

// cells is the width of s in a terminal. The sequences of paint have none.
func cells(s string) (n int) {
	for {
		before, rest, painted := strings.Cut(s, "\x1b[")
		n += terminal.StringWidth(before)
		if !painted {
			return n
		}
		_, s, _ = strings.Cut(rest, "m")
	}
}

// clip cuts s, which is not painted, to a width in cells; what was cut ends in "…".
func clip(s string, width int) string { return terminal.Truncate(s, width, "…") }

// wrap lays out items with sep between them in lines of at most width cells. A line is broken between items, and
// within one only when it does not fit on a line of its own; what is painted must fit.
func wrap(width int, sep string, items ...string) (lines []string) {
	line := ""
	flush := func() {
		lines, line = append(lines, strings.TrimRight(line, " ")), ""
	}
	for i, item := range items {
		if i < len(items)-1 {
			item += sep
		}
		if line != "" && cells(strings.TrimRight(line+item, " ")) > width {
			flush()
		}
		for line == "" && !strings.Contains(item, "\x1b") && fitting(item, width) < len(item) {
			head := fitting(item, width)
			line, item = item[:head], strings.TrimLeft(item[head:], " ")
			flush()
		}
		line += item
	}
	if line != "" || lines == nil {
		flush()
	}
	return lines
}

// fitting returns how many bytes of s fit in width cells. It looks no further than that, as a statement may be a
// megabyte without a blank. A sign made of several runes may count for more cells here than it takes.
func fitting(s string, width int) int {
	for i, r := range s {
		if width -= terminal.RuneWidth(r); width < 0 {
			return i
		}
	}
	return len(s)
}

// wrapText lays out a text in lines of at most width cells, broken at blanks where that is possible.
func wrapText(width int, s string) []string { return wrap(width, " ", strings.Split(s, " ")...) }

// page prints lines that fit a width.
type page struct {
	*bufio.Writer
	width int
	full  bool // texts are wrapped, not cut
	painter
	grouped  bool               // groups have no fingerprint
	mixed    bool               // patterns say their dialect
	detailed map[stats.Key]bool // patterns of which all is printed that is printed once
}

func (d *Doc) page(out *bufio.Writer) *page {
	return &page{out, d.opts.Width, d.opts.Full, painter(d.opts.Color), d.inGroups(), d.mixed(), map[stats.Key]bool{}}
}

// line prints one line, which fits.
func (p *page) line(s string) {
	p.WriteString(s)
	p.WriteByte('\n')
}

// lines prints each line behind an indent.
func (p *page) lines(indent string, lines []string) {
	for _, s := range lines {
		p.line(indent + s)
	}
}

// items prints short items with commas between them, on as many lines as they take.
func (p *page) items(indent string, items ...string) {
	p.lines(indent, wrap(p.width-len(indent), ", ", items...))
}

// prose prints a text whole behind a label; lines after the first hang two cells deeper.
func (p *page) prose(label, text string) {
	lines := wrapText(p.width-len(label)-2, text)
	p.line(label + lines[0])
	p.lines(strings.Repeat(" ", len(label)+2), lines[1:])
}

// leastText is how many cells a text gets beside its label; with fewer it goes below.
const leastText = 16

// text prints a text from a log behind a label, cut or wrapped to fit. Wrapped lines begin below the first.
func (p *page) text(label, s string) {
	indent := strings.Repeat(" ", cells(label))
	if p.width-len(indent) < leastText {
		p.lines("", wrapText(p.width, strings.TrimRight(label, " ")))
		indent = "    "
		label = indent
	}
	room := p.width - len(indent)
	lines := []string{clip(s, room)}
	if p.full {
		lines = wrapText(room, s)
	}
	p.line(label + lines[0])
	p.lines(indent, lines[1:])
}

// title begins a section.
func (p *page) title(format string, args ...any) {
	p.line("")
	for _, s := range wrapText(p.width, fmt.Sprintf(format, args...)+":") {
		p.line(p.bold(s))
	}
}

// rule prints a line of "=", 80 of them where they fit.
func (p *page) rule() { p.line(strings.Repeat("=", min(p.width, 80))) }

// more says that n entries of a list are not shown.
func (p *page) more(n int) {
	if n > 0 {
		p.line(fmt.Sprintf("  … and %s more", integer(int64(n))))
	}
}
