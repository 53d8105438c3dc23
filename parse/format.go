package parse

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// Format is a row of the table of formats.
type Format struct {
	Name   string // as in --log-format
	Title  string // one line for people
	Sample string // a line of such a log
	// detect returns how many of the lines at the head of a source are this format's, and how many of them it looked at. A
	// translated or wrapped variant is a row of its own.
	detect func(lines [][]byte, opts *Options) (hits int)
	open   func(head []byte, opts *Options) (layout, error)
}

// The table of formats. Where two fit equally well, the first one is taken.
var formats = []Format{csvFormat, jsonFormat, syslogFormat, stderrFormat, slowFormat, slowTableFormat, cloudWatchFormat}

// Formats returns the table of formats.
func Formats() []Format { return formats }

// Options say what is known about a log.
type Options struct {
	Format   string         // a name in the table of formats; "" finds out
	Prefix   string         // PostgreSQL's log_line_prefix; see HasPrefix
	Location *time.Location // for times without a zone and ambiguous zones; nil: the local zone, and a warning
	Modified time.Time      // when the source was last written: tells the year where the log does not; zero: unknown
	// HasPrefix says that Prefix is given: the empty setting is one, too.
	HasPrefix bool
}

// layout is one source's format with all that was learned about it. It is shared by the workers and only read.
type layout interface {
	cutter() Cutter
	// decoder returns a decoder whose Events go to sink. Decoders share nothing.
	decoder(sink Sink) decoder
	// sequential says that one decoder must see all blocks in turn.
	sequential() bool
	// prefix describes the learned or given prefix.
	prefix() string
}

// decoder takes blocks apart.
type decoder interface {
	block(b Block)
	engine() engine
}

// engine makes Events of what a decoder finds, and keeps the account of a block.
type engine interface {
	begin()
	end() *Result
	// zone is that of the first times read, nil if they do not tell.
	zone() *time.Location
}

// Log is one source whose format is known. It may be used by several goroutines.
type Log struct {
	Format *Format
	layout
	opts Options
}

// HeadSize is how many bytes Open wants to see.
const HeadSize = 256 << 10

// UnknownFormatError says that no format fits a source.
type UnknownFormatError struct{ Lines []string } // the first few, shortened

func (e *UnknownFormatError) Error() string {
	if len(e.Lines) == 0 {
		return "it holds no text"
	}
	return fmt.Sprintf("no known log format fits; its first line is %q", e.Lines[0])
}

// Open finds out the format of a source from its first HeadSize bytes, or fewer if that is all.
func Open(head []byte, opts Options) (*Log, error) {
	f, err := choose(head, &opts)
	if err != nil {
		return nil, err
	}
	l, err := f.open(head, &opts)
	if err != nil {
		return nil, err
	}
	return &Log{Format: f, layout: l, opts: opts}, nil
}

// Zone returns the zone that the first times of a log are written in, nil if they do not tell. Head is what Open was given.
func (l *Log) Zone(head []byte) *time.Location {
	whole := len(head) < HeadSize
	b := Block{Data: head, First: true, Last: true}
	if cut := l.NewCutter().Cut(head, whole, &b.Outline); cut > 0 && !whole {
		b.Data, b.Last = head[:cut], false
	}
	p := l.NewParser(discard{})
	p.Parse(b)
	return p.decoder.engine().zone()
}

type discard struct{}

func (discard) Event(*Event) {}

// Prefix returns the log_line_prefix, given or learned; "" when the format has none.
func (l *Log) Prefix() string { return l.prefix() }

// NewCutter returns a Cutter for the log.
func (l *Log) NewCutter() Cutter { return l.cutter() }

// Sequential tells whether one Parser must be given all blocks in their order.
func (l *Log) Sequential() bool { return l.sequential() }

func choose(head []byte, opts *Options) (*Format, error) {
	if opts.Format != "" {
		for i := range formats {
			if formats[i].Name == opts.Format {
				return &formats[i], nil
			}
		}
		return nil, fmt.Errorf("unknown log format %q; known are %s", opts.Format, strings.Join(formatNames(), ", "))
	}
	lines := headLines(head)
	var best *Format
	most := 0
	for i := range formats {
		if hits := formats[i].detect(lines, opts); hits > most {
			best, most = &formats[i], hits
		}
	}
	if best == nil {
		return nil, &UnknownFormatError{firstTexts(lines)}
	}
	return best, nil
}

func formatNames() (names []string) {
	for _, f := range formats {
		names = append(names, f.Name)
	}
	return names
}

// maxHeadLines is how many lines tell a format.
const maxHeadLines = 500

// headLines returns the whole lines at the head, without blank ones and their ends.
func headLines(head []byte) (lines [][]byte) {
	head = trimBOM(head)
	for len(head) > 0 && len(lines) < maxHeadLines {
		var line []byte
		line, head, _ = bytes.Cut(head, []byte("\n"))
		if line = bytes.TrimRight(line, "\r"); len(bytes.TrimSpace(line)) > 0 {
			lines = append(lines, line)
		}
	}
	return lines
}

func firstTexts(lines [][]byte) (texts []string) {
	for _, line := range lines[:min(len(lines), 3)] {
		texts = append(texts, string(line[:min(len(line), 120)]))
	}
	return texts
}

func countLines(lines [][]byte, fits func([]byte) bool) (hits int) {
	for _, line := range lines {
		if fits(line) {
			hits++
		}
	}
	return hits
}

var bom = []byte("\xef\xbb\xbf")

func trimBOM(b []byte) []byte { return bytes.TrimPrefix(b, bom) }
