package parse

import "bytes"

// Cutter finds places at which a log can be cut into blocks. It is for one goroutine and sees the whole log in turn: what it is given
// begins where it cut last, and grows from call to call until it cuts again.
type Cutter interface {
	// Cut returns where the last entry in data begins, 0 if none does behind the first byte. last says that the log ends with data; then
	// all of it is the last block. What the Cutter knows about the entries before the cut is left in o, for the decoder; the memory of o is
	// used again.
	Cut(data []byte, last bool, o *Outline) int
	// Shorten says that the first n bytes of data were taken although no entry ends in them: what comes next is the rest of one that is
	// too long.
	Shorten(data []byte, n int, o *Outline)
	// Rest returns how many bytes of data, which begins within such a rest, belong to it, and whether an entry begins behind them. The
	// next call is given what comes behind them, and more.
	Rest(data []byte, last bool) (n int, found bool)
}

// starts finds the last place in data at which an entry starts, 0 if none does behind the first byte. Whether one does depends on nothing
// but the line there.
type starts interface{ last(data []byte) int }

// backward is the Cutter of a format whose entries can be told by one line: it looks backwards from the end.
type backward struct{ starts }

// Cut finds the last start.
func (b backward) Cut(data []byte, _ bool, _ *Outline) int { return b.last(data) }

// Shorten has nothing to note.
func (backward) Shorten([]byte, int, *Outline) {}

// maxLine is how long a line without an end may grow before it is given up.
const maxLine = 16 << 20

// Rest finds the first start. Without one it keeps the last line, which may go on, and the newline in front of it.
func (b backward) Rest(data []byte, last bool) (n int, found bool) {
	for cut := b.last(data); cut > 0; cut = b.last(data[:cut]) {
		n, found = cut, true
	}
	if found {
		return n, true
	}
	if n = bytes.LastIndexByte(data, '\n'); n < 0 || len(data)-n > maxLine || last {
		n = len(data)
	}
	return n, false
}

// lineStarts is for logs in which each line stands for itself. JSON has no newline within a string.
type lineStarts struct{}

func (lineStarts) last(data []byte) int {
	if len(data) == 0 {
		return 0
	}
	return bytes.LastIndexByte(data[:len(data)-1], '\n') + 1
}
