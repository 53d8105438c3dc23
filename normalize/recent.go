package normalize

import "hash/maphash"

const (
	recentSlots = 4096    // a power of 2
	maxRecent   = 2 << 10 // the longest text that is kept, in bytes: 8 MiB in all at most
)

// recent knows whole texts, the last one of each hash. Where parameters are bound, statements come back byte for byte.
type recent struct {
	seed  maphash.Seed
	slots []seen
	slot  *seen // of the last text that was not found
}

type seen struct {
	text   []byte
	tabbed bool
	shape  *Shape
}

// find returns the shape of a text, nil when it is not known.
func (x *recent) find(sql []byte, tabbed bool) *Shape {
	if x.slots == nil {
		x.seed, x.slots = maphash.MakeSeed(), make([]seen, recentSlots)
	}
	x.slot = &x.slots[maphash.Bytes(x.seed, sql)%recentSlots]
	if x.slot.shape == nil || x.slot.tabbed != tabbed || string(x.slot.text) != string(sql) {
		return nil
	}
	return x.slot.shape
}

// learn takes the shape of the text that was not found.
func (x *recent) learn(sql []byte, tabbed bool, s *Shape) {
	if len(sql) <= maxRecent {
		*x.slot = seen{text: append(x.slot.text[:0], sql...), tabbed: tabbed, shape: s}
	}
}

// gain finds out whether looking something up pays: when less than a share is found in a trial, it is left for a while.
type gain struct {
	share        int // percent
	asked, found int
	rest         int // statements to go until the next trial
}

const (
	trial = 1 << 10 // statements
	pause = 32 * trial
)

// worth tells whether to look. It is asked once for each statement.
func (g *gain) worth() bool {
	if g.rest == 0 {
		return true
	}
	g.rest--
	return false
}

// count takes the outcome of a look.
func (g *gain) count(found bool) {
	g.asked++
	if found {
		g.found++
	}
	if g.asked < trial {
		return
	}
	if g.found*100 < trial*g.share {
		g.rest = pause
	}
	g.asked, g.found = 0, 0
}
