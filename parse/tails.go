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

// tails holds tails by their hash, the last two of each.
type tails [2 << tailBits]tail

const (
	tailBits = 10
	// tailKey is how many bytes are hashed: most often a pid and some of the names. In lines where names begin behind that, processes
	// share a tail's place, and are remembered by pid only; see matcher.
	tailKey = 24
)

// find returns the tail that rest begins with, nil if it is not known. The set is where it belongs, nil if rest is too short.
func (t *tails) find(rest []byte) (known *tail, set []tail) {
	if len(rest) < tailKey {
		return nil, nil
	}
	h := (binary.LittleEndian.Uint64(rest)*0x9e3779b97f4a7c15 ^ binary.LittleEndian.Uint64(rest[8:])) * 0xc2b2ae3d27d4eb4f
	h = (h ^ h>>29 ^ binary.LittleEndian.Uint64(rest[16:])) * 0x9e3779b97f4a7c15
	first := h >> (64 - tailBits) * 2
	set = t[first : first+2]
	for i := range set {
		if set[i].begins(rest) {
			return &set[i], set
		}
	}
	return nil, set
}

// keepTail takes the tail from the header that was read of a line, in place of the older one of its set.
func keepTail(set []tail, text []byte, h *header) {
	if len(set) == 0 {
		return
	}
	set[0], set[1] = set[1], set[0]
	t := &set[0]
	t.text = append(t.text[:0], text...)
	t.origin, t.pid, t.background = h.origin, h.pid, h.background
}

// begins tells whether rest begins with the tail.
func (t *tail) begins(rest []byte) bool {
	n := len(t.text)
	return n > 0 && len(rest) > n && string(rest[:n]) == string(t.text)
}
