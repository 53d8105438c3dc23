package parse

import (
	"bytes"
	"maps"
	"slices"
)

// Block is a piece of a source that begins where an entry does and ends where one ends.
type Block struct {
	Data   []byte
	Offset int64 // of Data[0] in the source
	First  bool  // it begins where the source does
	Last   bool  // it ends where the source does
	Cut    bool  // its last entry was too long and is shortened
	// Outline is what the Cutter that made the block left in it. It is for the Parser of the same log.
	Outline Outline
	mark    int // bytes of a byte order mark that stood before Data
}

// Counts account for the bytes of a block: each is recognised, skipped by a rule, or unrecognised.
type Counts struct {
	Lines, Entries                    int64
	Recognised, Skipped, Unrecognised int64 // bytes
	BlankLines, UnrecognisedLines     int64
	// Partial entries lack their duration or statement, Malformed ones have a value that is none, and of Ambiguous ones it is not certain
	// where they end. They are recognised.
	Partial, Malformed, Ambiguous int64
	// Unfit are lines that do not fit the log_line_prefix that was given and were read by one that was guessed.
	Unfit int64
}

// Add adds what was counted in o.
func (c *Counts) Add(o *Counts) {
	c.Lines += o.Lines
	c.Entries += o.Entries
	c.Recognised += o.Recognised
	c.Skipped += o.Skipped
	c.Unrecognised += o.Unrecognised
	c.BlankLines += o.BlankLines
	c.UnrecognisedLines += o.UnrecognisedLines
	c.Partial += o.Partial
	c.Malformed += o.Malformed
	c.Ambiguous += o.Ambiguous
	c.Unfit += o.Unfit
}

// Strange is a line that was not understood, or the first one of an entry that is not as it should be.
type Strange struct {
	Line   int64 // counted from the start of the block, from 0
	Offset int64 // in the source
	Text   string
	Why    string // what is wrong with the entry; "" when the line was not understood
}

const (
	// MaxStrange is how many lines are kept of a block: as many as anybody may want of a log, or where it is cut would show.
	MaxStrange     = 100
	maxStrangeText = 300 // bytes kept of a line
)

// Result is what is known at the end of a block.
type Result struct {
	Counts Counts
	// Strange are the first MaxStrange lines that were not understood, Doubtful as many first lines of entries that are not as they should be.
	Strange, Doubtful []Strange
	// Zones are the names of time zones that are not certain, with what was made of them; "" is that of times that name none.
	Zones map[string]bool // true: assumed, false: unknown
	loose []loose
}

// Parser takes the blocks of one log; it is one worker's. Blocks of a Log that is not Sequential may be given to any Parser of the
// Log in any order, if their Results then go to a Joiner in the order of the log.
type Parser struct{ decoder decoder }

// NewParser returns a Parser that pushes its Events into sink.
func (l *Log) NewParser(sink Sink) *Parser { return &Parser{l.decoder(sink)} }

// Parse takes one block. The Result is valid until the next call.
func (p *Parser) Parse(b Block) *Result {
	e := p.decoder.engine()
	e.begin()
	mark := 0
	if b.First && bytes.HasPrefix(b.Data, bom) {
		mark = len(bom)
		b.Data, b.Offset, b.mark = b.Data[mark:], b.Offset+int64(mark), mark
	}
	p.decoder.block(b)
	r := e.end()
	r.Counts.Skipped += int64(mark)
	return r
}

// Clone returns a copy that stays valid.
func (r *Result) Clone() *Result {
	c := *r
	c.Strange, c.Doubtful, c.loose, c.Zones = slices.Clone(r.Strange), slices.Clone(r.Doubtful), slices.Clone(r.loose), maps.Clone(r.Zones)
	return &c
}
