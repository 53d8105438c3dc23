package normalize

import "bytes"

// hole is a part of a text that may be replaced without changing the shape.
type hole struct {
	start, end int
	kind       holeKind
}

// holeKind says what may stand in a hole: one of some literals, or a list, or a comment.
type holeKind uint8

const (
	holeString holeKind = 1 << iota
	holeNumber
	holeParam
	holeSign    // a number may have one
	holeList    // (1, 2)
	holeArray   // [1, 2]
	holeRows    // (1, 2), (3, 4)
	holeComment // of either kind, any text

	holeLiteral = holeString | holeNumber | holeParam
)

// maxTemplate is the most that a template may hold outside its holes, in bytes.
const maxTemplate = 8 << 10

// maxHoles is how many holes a template may have while it is made: a statement of 16 MiB has millions of comments, but as a text it is not
// kept.
const maxHoles = 1 << 16

// template is a text with holes. A text with other things in the holes has the same shape, so long as the lexer would cut it
// at the same places: the checks here keep out what would not. A nil template takes no notes.
type template struct {
	src     []byte
	holes   []hole
	refused bool
}

func (t *template) reset(src []byte) {
	t.src, t.holes, t.refused = src, t.holes[:0], false
}

func (t *template) len() int {
	if t == nil {
		return 0
	}
	return len(t.holes)
}

func (t *template) add(start, end int, k holeKind) {
	switch {
	case t == nil:
	case len(t.holes) == maxHoles:
		t.refused = true
	default:
		t.holes = append(t.holes, hole{start, end, k})
	}
}

// refuse gives up: the text holds something rare that the tree does not read.
func (t *template) refuse() {
	if t != nil {
		t.refused = true
	}
}

// name notes a quoted name. In one with a newline the log's TABs matter; the portals are numbered.
func (t *template) name(token []byte) {
	if t != nil && (bytes.IndexByte(token, '\n') >= 0 || bytes.HasPrefix(token, unnamedPortal)) {
		t.refused = true
	}
}

// literal notes a literal of a kind that stands behind something.
func (t *template) literal(start, end int, k kind, b preceding) {
	if t == nil {
		return
	}
	accepts := holeKind(0)
	switch k {
	case kindString:
		accepts = holeString
	case kindNumber:
		accepts = holeNumber
	case kindParam:
		accepts = holeParam
	default:
		t.refused = true
	}
	if b.slot() {
		accepts = holeLiteral
	}
	if accepts&holeNumber != 0 && (b.slot() || b == beforeExpression) {
		accepts |= holeSign
	}
	t.add(start, end, accepts)
}

// drop forgets the last hole: the literal counts.
func (t *template) drop() {
	if t != nil {
		t.holes = t.holes[:len(t.holes)-1]
	}
}

// fold makes one hole of a bracket and what is in it.
func (t *template) fold(f *frame, end int, k holeKind) {
	if t != nil {
		t.holes = t.holes[:f.holes]
		t.add(f.at, end, k)
	}
}

// foldRow does so with a row of VALUES, and joins it to the rows in front.
func (t *template) foldRow(f *frame, end int, follows bool) {
	if n := f.holes; t != nil && follows && n > 0 && t.holes[n-1].kind == holeRows {
		t.holes = t.holes[:n]
		t.holes[n-1].end = end
		return
	}
	t.fold(f, end, holeRows)
}

// sound tells whether the template may stand for other texts.
func (t *template) sound() bool {
	if t.refused {
		return false
	}
	m := matcher{scanner{src: t.src}}
	end, fixed := 0, 0
	solid := true // something stands between this hole and the literal in front
	for i := range t.holes {
		h := &t.holes[i]
		gap := t.src[end:h.start]
		fixed += len(gap)
		solid = solid || len(bytes.TrimLeft(gap, " \t\n\r\f\v")) > 0
		if h.kind == holeComment {
			if h.start > 0 && classes[t.src[h.start-1]] == classOperator {
				return false
			}
		} else if !solid || !t.fits(h) {
			return false
		} else {
			solid = false
		}
		if m.skip(h.start, h.kind) != h.end {
			return false
		}
		end = h.end
	}
	return fixed+len(t.src)-end <= maxTemplate
}

// fits tells whether the lexer starts a token at the hole whatever literal of its kinds stands there, and takes the sign away
// where it would become a part of an operator or a comment.
func (t *template) fits(h *hole) bool {
	if h.start == 0 || h.kind&holeLiteral == 0 {
		return h.kind&holeLiteral == 0
	}
	c := t.src[h.start-1]
	if h.kind != holeString && (inWord[c] || c == '.' || c == '&') { // t5, a..5, u&'x'
		return false
	}
	for i := h.start - 1; i >= 0 && classes[t.src[i]] == classOperator; i-- {
		if bytes.IndexByte([]byte("=<>*/+"), t.src[i]) < 0 {
			h.kind &^= holeSign
		}
	}
	return true
}
