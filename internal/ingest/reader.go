package ingest

import (
	"bytes"
	"io"
	"sync"

	"github.com/covetlog/covetlog/parse"
)

const (
	// defaultBlock fits the second-level cache with what a worker needs beside it; blocks of 1 MiB and more were slower.
	defaultBlock = 256 << 10
	maxBlock     = 4 << 20
	// MaxEntry is how long an entry may be, in bytes. Of a longer one the rest is skipped.
	MaxEntry = 16 << 20
	// fill is how far a reader looks for the end of an entry.
	fill = MaxEntry + 64<<10
	// slack keeps a buffer from being made anew when the next tail is a little longer.
	slack = 64 << 10
)

// reader cuts one stream into blocks of whole entries. Workers take turns: each reads behind the tail that the last one left, looks back
// for the last place at which an entry starts, leaves the rest as the next tail, and goes off with the block.
type reader struct {
	mu      sync.Mutex
	in      io.Reader
	cutter  parse.Cutter
	size    int // bytes to read at once
	tail    []byte
	offset  int64 // of the tail in the stream
	number  int   // of the next block
	skip    bool  // within the rest of an entry that is too long
	skipped parse.Counts
	ended   bool // what was passed on or dropped last ends with a line
	long    int  // entries that were too long
	eof     bool
	err     error // what ended the stream, if it was not its end
	after   func(read int64)
}

// memory holds the data of a block and what its Cutter says of it. It is a worker's, and used again for the next block.
type memory struct {
	buf     []byte
	outline parse.Outline
}

// next returns the next block, which is in m, and its number, and false at the end.
func (r *reader) next(m *memory) (b parse.Block, number int, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.eof {
		return b, 0, false
	}
	if r.skip && !r.skipRest(m.buf) {
		b = parse.Block{Offset: r.offset, Last: true}
		r.number++
		return b, r.number - 1, true
	}
	b.Offset, b.First = r.offset, r.number == 0
	m.buf, b.Data = r.fill(m.buf, &m.outline)
	b.Outline = m.outline
	b.Last = r.eof
	b.Cut = r.skip
	r.offset += int64(len(b.Data))
	r.number++
	if r.after != nil {
		r.after(r.offset)
	}
	return b, r.number - 1, true
}

// fill reads until it holds a place to cut at, and cuts.
func (r *reader) fill(buf []byte, o *parse.Outline) (grown, data []byte) {
	buf = append(buf[:0], r.tail...)
	for want := r.size; ; want = len(buf) {
		buf = r.read(buf, min(want, fill-len(buf)))
		cut := r.cutter.Cut(buf, r.eof, o)
		if r.eof {
			r.tail = r.tail[:0]
			return buf, buf
		}
		if cut > 0 {
			r.tail = append(r.tail[:0], buf[cut:]...)
			return buf, buf[:cut]
		}
		if len(buf) >= fill {
			r.tail = append(r.tail[:0], buf[MaxEntry:]...)
			r.skip, r.ended = true, buf[MaxEntry-1] == '\n'
			r.long++
			r.cutter.Shorten(buf, MaxEntry, o)
			return buf, buf[:MaxEntry]
		}
	}
}

// read appends n bytes, fewer only at the end.
func (r *reader) read(buf []byte, n int) []byte {
	have := len(buf)
	if cap(buf)-have < n {
		grown := make([]byte, have, have+n+slack)
		copy(grown, buf)
		buf = grown
	}
	got, err := readFull(r.in, buf[have:have+n])
	if err != nil {
		r.eof = true
		if err != io.EOF {
			r.err = err
		}
	}
	return buf[:have+got]
}

// readFull fills p. Unlike io.ReadFull it tells a stream that ends, io.EOF, from one that breaks off: a decoder's
// io.ErrUnexpectedEOF stays what it is.
func readFull(r io.Reader, p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		var got int
		got, err = r.Read(p[n:])
		n += got
	}
	if n == len(p) {
		return n, nil
	}
	return n, err
}

// skipRest passes over the rest of an entry that was too long. It is false when the stream ends in it. No entry starts at the first byte
// of the rest: the reader would have cut there.
func (r *reader) skipRest(buf []byte) bool {
	window := append(buf[:0], r.tail...)
	for {
		taken, found := r.cutter.Rest(window, r.eof)
		r.drop(window[:taken])
		if found {
			r.tail = append(r.tail[:0], window[taken:]...)
			r.skip = false
			return true
		}
		window = append(window[:0], window[taken:]...)
		if r.eof {
			r.tail = r.tail[:0]
			return false
		}
		window = r.read(window, r.size)
	}
}

// drop counts the lines that begin in b: the one that the shortened entry ends with was counted with the entry.
func (r *reader) drop(b []byte) {
	if len(b) == 0 {
		return
	}
	if r.ended {
		r.skipped.Lines++
	}
	end := len(b) - 1
	r.skipped.Lines += int64(bytes.Count(b[:end], []byte("\n")))
	r.ended = b[end] == '\n'
	r.skipped.Skipped += int64(len(b))
	r.offset += int64(len(b))
}
