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
}

// Counts account for the bytes of a block: each is recognised, skipped by a rule, or unrecognised.
type Counts struct {
	Lines, Entries                    int64
	Recognised, Skipped, Unrecognised int64 // bytes
	BlankLines, UnrecognisedLines     int64
	// Unfit are lines that do not fit the log_line_prefix that was given and were read by one that was guessed.
	Unfit int64
}

// Strange is a line that was not understood.
type Strange struct {
	Line   int64 // counted from the start of the block, from 0
	Offset int64 // in the source
	Text   string
}

const (
	maxStrange     = 20  // lines kept of a block
	maxStrangeText = 300 // bytes kept of a line
)

// Result is what is known at the end of a block.
type Result struct {
	Counts  Counts
	Strange []Strange
	// Zones are the names of time zones that are not certain, with what was made of them.
	Zones map[string]bool // true: assumed, false: unknown
	loose []loose
}

// Parser takes the blocks of one log; it is one worker's. Blocks of a Log that is not Sequential may be given to any Parser of the
// Log in any order, if their Results then go to a Joiner in the order of the log.
type Parser struct {
	decoder decoder
	state   *postgres
}

// NewParser returns a Parser that pushes its Events into sink.
func (l *Log) NewParser(sink Sink) *Parser {
	p := newPostgres(sink, &l.opts)
	return &Parser{decoder: l.decoder(p), state: p}
}

// Parse takes one block. The Result is valid until the next call.
func (p *Parser) Parse(b Block) *Result {
	s := p.state
	s.begin()
	if b.First && bytes.HasPrefix(b.Data, bom) {
		s.result.Counts.Skipped += int64(len(bom))
		b.Data, b.Offset = b.Data[len(bom):], b.Offset+int64(len(bom))
	}
	p.decoder.block(b)
	s.end()
	return &s.result
}

// Clone returns a copy that stays valid.
func (r *Result) Clone() *Result {
	c := *r
	c.Strange, c.loose, c.Zones = slices.Clone(r.Strange), slices.Clone(r.loose), maps.Clone(r.Zones)
	return &c
}
