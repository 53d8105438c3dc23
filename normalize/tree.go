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

	first    string // of the texts of next
	next     []*branch
	sign     bool
	listKind holeKind
}

// find returns the shape of a text, nil when it is not known.
func (t *tree) find(src []byte) *Shape {
	m := matcher{scanner{src: src}}
	n, i := t.root, 0
	for n != nil {
		if len(src)-i < len(n.text) || string(src[i:i+len(n.text)]) != n.text {
			return nil
		}
		if i += len(n.text); i == len(src) {
			return n.shape
		}
		n, i = m.step(n, i)
	}
	return nil
}

// step returns the branch that src follows at i, and where its text begins; nil without one.
func (m *matcher) step(n *branch, i int) (*branch, int) {
	c := m.src[i]
	switch c {
	case '\'':
		if n.str != nil {
			if end := m.string(i); end > 0 {
				return n.str, end
			}
		}
	case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.':
		if n.num != nil {
			if end := m.number(i); end > 0 {
				return n.num, end
			}
		}
	case '$':
		if n.param != nil {
			if end := m.param(i); end > 0 {
				return n.param, end
			}
		}
	case '(', '[':
		if n.list != nil {
			if end := m.skip(i, n.listKind); end > 0 {
				return n.list, end
			}
		}
	case '-', '/':
		if n.comment != nil {
			if end := m.comment(i); end > 0 {
				return n.comment, end
			}
		}
		if n.sign && c == '-' {
			if end := m.signedNumber(i + 1); end > 0 {
				return n.num, end
			}
		}
	}
	if k := strings.IndexByte(n.first, c); k >= 0 {
		return n.next[k], i
	}
	return nil, 0
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
	if k&holeString != 0 {
		n.str = b
	}
	if k&holeNumber != 0 {
		n.num, n.sign = b, k&holeSign != 0
	}
	if k&holeParam != 0 {
		n.param = b
	}
	switch k {
	case holeComment:
		n.comment = b
	case holeList, holeArray, holeRows:
		n.list, n.listKind = b, k
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
