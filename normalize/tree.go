package normalize

import "strings"

// tree finds the shape of a text by comparing it with templates. It is a radix tree: an edge is a piece of fixed text or a
// hole. It agrees with the lexer on every text it knows, because it reads holes by the lexer's own rules and because what the
// lexer does at a place is decided by the path that leads there; see template for the exceptions that are kept out.
type tree struct {
	root     *branch
	branches int
}

// branch is a node of the tree and the fixed text that leads to it.
type branch struct {
	text  string
	shape *Shape // of the text that ends here
	// What may follow: the literals (one branch for all where kinds make no difference), a list of one kind, a comment.
	str, num, param, list, comment *branch

	first string // of the texts of next
	next  []*branch
	holes holeKind
}

// find returns the shape of a text, nil when it is not known. This is the hottest loop of a run.
func (t *tree) find(src []byte) *Shape {
	m := matcher{scanner{src: src}}
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
		if k := starts[c]; k&n.holes != 0 {
			if next, end := m.hole(n, i, k&n.holes); end > 0 {
				n, i = next, end
				continue
			}
		}
		n = n.child(c)
	}
	return nil
}

func (n *branch) child(c byte) *branch {
	if len(n.next) == 1 && n.first[0] == c {
		return n.next[0]
	}
	if k := strings.IndexByte(n.first, c); k >= 0 {
		return n.next[k]
	}
	return nil
}

// starts says what a byte may be the start of.
var starts = func() (s [256]holeKind) {
	for c := '0'; c <= '9'; c++ {
		s[c] = holeNumber
	}
	s['\''], s['$'], s['.'] = holeString, holeParam, holeNumber
	s['('], s['['] = holeList|holeRows, holeArray
	s['/'], s['-'] = holeComment, holeComment|holeSign
	return s
}()

// hole reads one of the holes that may start at i, and returns the branch behind it and its end, 0 when none fits.
func (m *matcher) hole(n *branch, i int, k holeKind) (*branch, int) {
	switch k {
	case holeString:
		return n.str, m.string(i)
	case holeNumber:
		return n.num, m.number(i)
	case holeParam:
		return n.param, m.param(i)
	case holeList, holeArray:
		return n.list, m.skip(i, k)
	case holeRows:
		return n.list, m.rows(i)
	}
	if end := m.comment(i); end > 0 {
		return n.comment, end
	}
	if k&holeSign == 0 {
		return nil, 0
	}
	return n.num, m.signedNumber(i + 1)
}

// insert adds a template.
func (t *tree) insert(p *template, s *Shape) {
	var parent *branch // the branch in front of the hole, nil at the root
	end, kind := 0, holeKind(0)
	for i := 0; i <= len(p.holes); i++ {
		h := hole{start: len(p.src)}
		if i < len(p.holes) {
			h = p.holes[i]
		}
		at := t.root
		if parent != nil {
			at = parent.behind(kind)
		}
		last := t.grow(&at, p.src[end:h.start])
		if parent == nil {
			t.root = at
		} else {
			parent.attach(kind, at)
		}
		parent, end, kind = last, h.end, h.kind
	}
	parent.shape = s
}

// behind returns the branch behind a hole.
func (n *branch) behind(k holeKind) *branch {
	switch {
	case k&holeString != 0:
		return n.str
	case k&holeNumber != 0:
		return n.num
	case k&holeParam != 0:
		return n.param
	case k == holeComment:
		return n.comment
	}
	return n.list
}

// attach sets the branch behind a hole.
func (n *branch) attach(k holeKind, b *branch) {
	n.holes |= k
	if k&holeString != 0 {
		n.str = b
	}
	if k&holeNumber != 0 {
		n.num = b
	}
	if k&holeParam != 0 {
		n.param = b
	}
	switch k {
	case holeComment:
		n.comment = b
	case holeList, holeArray, holeRows:
		n.list = b
	}
}

// grow follows text from a branch, with new branches where there is none, and returns the one in which it ends.
func (t *tree) grow(at **branch, text []byte) *branch {
	for {
		n := *at
		if n == nil {
			t.branches++
			*at = &branch{text: string(text)}
			return *at
		}
		k := common(n.text, text)
		if k < len(n.text) {
			t.branches++
			*at = &branch{text: n.text[:k], first: n.text[k : k+1], next: []*branch{n}}
			n.text = n.text[k:]
			n = *at
		}
		if text = text[k:]; len(text) == 0 {
			return n
		}
		if k = strings.IndexByte(n.first, text[0]); k < 0 {
			k = len(n.next)
			n.first += string(text[:1])
			n.next = append(n.next, nil)
		}
		at = &n.next[k]
	}
}

// common returns the length of the common prefix.
func common(a string, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}
