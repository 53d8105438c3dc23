package parse

import "encoding/binary"

// tail is the rest of a prefix, behind its time stamp. Where nothing there changes within a session, which is usual, one comparison with what
// stood there before reads all of it.
type tail struct {
	text       []byte
	origin     *Origin
	pid        uint32
	background bool
}

// tails holds the last tail of each hash.
type tails [1 << tailBits]tail

const (
	tailBits = 10
	// tailKey is how many bytes are hashed: most often a pid and some of the names. In lines where names begin behind that, processes
	// share a tail's place, and are remembered by pid only; see matcher.
	tailKey = 24
)

// find returns the place of the tail that rest begins with. What is there may be another one. It is nil if rest is too short.
func (t *tails) find(rest []byte) *tail {
	if len(rest) < tailKey {
		return nil
	}
	h := (binary.LittleEndian.Uint64(rest)*0x9e3779b97f4a7c15 ^ binary.LittleEndian.Uint64(rest[8:])) * 0xc2b2ae3d27d4eb4f
	h = (h ^ h>>29 ^ binary.LittleEndian.Uint64(rest[16:])) * 0x9e3779b97f4a7c15
	return &t[h>>(64-tailBits)]
}

// begins tells whether rest begins with the tail.
func (t *tail) begins(rest []byte) bool {
	n := len(t.text)
	return n > 0 && len(rest) > n && string(rest[:n]) == string(t.text)
}

// keep takes the tail from the header that was read of a line.
func (t *tail) keep(text []byte, h *header) {
	t.text = append(t.text[:0], text...)
	t.origin, t.pid, t.background = h.origin, h.pid, h.background
}
