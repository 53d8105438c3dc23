package normalize

import "bytes"

// mysqlTexts knows texts of MySQL that were lexed before, as templates. It is bounded as texts is.
//
// A literal of any kind is ? in a shape, so there is one kind of hole for them all: holeString, with holeSign where an expression starts.
// A list of rows is holeNested.
type mysqlTexts struct {
	tree     tree
	template template
	bytes    int // of fixed text that the tree was given
}

// maxTreeBytes bounds the fixed text of a tree. A full tree starts over.
const maxTreeBytes = 16 << 20

const holeNested = holeParam

// learn takes a text that was not known; its holes are in the template.
func (x *mysqlTexts) learn(s *Shape) {
	fixed, ok := soundMySQL(&x.template)
	if !ok {
		return
	}
	if x.bytes += fixed; x.bytes > maxTreeBytes || x.tree.branches > maxBranches {
		x.tree, x.bytes = tree{}, fixed
	}
	x.tree.insert(&x.template, s)
}

// soundMySQL tells whether a template may stand for other texts: each hole must be read as the lexer read it, and whatever literal stands
// in it must be one there, on its own. It returns the bytes outside of the holes, too.
func soundMySQL(t *template) (fixed int, ok bool) {
	if t.refused {
		return 0, false
	}
	m := mysqlMatcher{t.src}
	end := 0
	solid := true // something stands between this hole and the literal in front: 'a' 'b' is one literal
	for _, h := range t.holes {
		if h.start < end { // a comment in a literal: - /* c */ 5
			return 0, false
		}
		gap := t.src[end:h.start]
		fixed += len(gap)
		solid = solid || len(bytes.TrimLeft(gap, " \t\n\r\f\v")) > 0
		if h.kind != holeComment {
			if !solid || h.kind&holeString != 0 && !m.apart(h.start) {
				return 0, false
			}
			solid = false
		}
		if m.skip(h.start, h.kind) != h.end {
			return 0, false
		}
		end = h.end
	}
	fixed += len(t.src) - end
	return fixed, fixed <= maxTemplate
}

// apart tells whether a literal that starts at i would not run into what stands in front of it: t5, t.5, @'x', \N.
func (m *mysqlMatcher) apart(i int) bool {
	if i == 0 {
		return true
	}
	c := m.src[i-1]
	return !inWord[c] && c != '.' && c != '@' && c != '\\'
}

// skip reads what a hole of a kind holds.
func (m *mysqlMatcher) skip(i int, k holeKind) int {
	switch k {
	case holeComment:
		return m.comment(i)
	case holeList:
		return m.list(i, false)
	case holeNested:
		return m.nested(i)
	case holeRows:
		return m.rows(i)
	case holeString:
		return m.literal(i)
	}
	return m.operand(i)
}

// comment reads a comment that is neither code nor a hint.
func (m *mysqlMatcher) comment(i int) int {
	s := mysqlScanner{src: m.src, pos: i}
	switch s.commentAt(i) {
	case lineComment:
		s.skipLine()
		return s.pos
	case blockComment:
		if s.skipComment() {
			return s.pos
		}
	}
	return 0
}

// findMySQL returns the shape of a text, nil when it is not known. It agrees with the lexer on every text it knows.
func (t *tree) findMySQL(src []byte) *Shape {
	m := mysqlMatcher{src}
	n, i := t.root, 0
	for n != nil {
		if text := n.text; len(text) > 0 {
			if len(src)-i < len(text) || string(src[i:i+len(text)]) != text {
				return nil
			}
			i += len(text)
		}
		if i == len(src) {
			return n.shape
		}
		c := src[i]
		if k := mysqlStarts[c]; k&n.holes != 0 {
			if next, end := m.hole(n, i, k&n.holes); end > 0 {
				n, i = next, end
				continue
			}
		}
		n = n.child(c)
	}
	return nil
}

// mysqlStarts says what a byte may be the start of.
var mysqlStarts = func() (s [256]holeKind) {
	for _, c := range "0123456789'\".?xXbB_" {
		s[c] = holeString
	}
	for _, c := range "+tTfF" {
		s[c] = holeSign
	}
	s['n'], s['N'] = holeString|holeSign, holeString|holeSign
	s['-'] = holeSign | holeComment
	s['/'], s['#'] = holeComment, holeComment
	s['('] = holeList | holeNested | holeRows
	return s
}()

// hole reads one of the holes that may start at i, and returns the branch behind it and its end, 0 when none fits.
func (m *mysqlMatcher) hole(n *branch, i int, k holeKind) (*branch, int) {
	if k&(holeString|holeSign) != 0 {
		switch c := m.src[i]; {
		case c == '\'' || c == '"':
			return n.str, mysqlStringEnd(m.src, i)
		case c-'0' <= 9:
			return n.str, m.number(i)
		}
		end := 0
		if n.holes&holeSign != 0 {
			end = m.operand(i)
		} else {
			end = m.literal(i)
		}
		if end > 0 || k&holeComment == 0 {
			return n.str, end
		}
	}
	switch {
	case k&holeComment != 0:
		return n.comment, m.comment(i)
	case k&holeRows != 0:
		return n.list, m.rows(i)
	case k&holeList != 0:
		if end := m.list(i, false); end > 0 || k&holeNested == 0 {
			return n.list, end
		}
	}
	return n.param, m.nested(i)
}
