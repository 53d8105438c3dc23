package normalize

import "bytes"

// matcher reads what stands in a hole, by the lexer's rules. Its functions take the place where it starts and return the place
// behind it, 0 when it is something else.
type matcher struct{ scanner }

// skip reads what a hole of some kinds holds.
func (m *matcher) skip(i int, k holeKind) int {
	switch k {
	case holeComment:
		return m.comment(i)
	case holeList:
		return m.list(i, ')')
	case holeArray:
		return m.list(i, ']')
	case holeRows:
		return m.rows(i)
	}
	return m.literal(i)
}

func (m *matcher) literal(i int) int {
	switch classes[m.at(i)] {
	case classQuote:
		return m.string(i)
	case classDigit, classDot:
		return m.number(i)
	case classDollar:
		return m.param(i)
	case classOperator:
		if m.src[i] == '-' {
			return m.signedNumber(i + 1)
		}
	}
	return 0
}

func (m *matcher) string(i int) int {
	for i++; ; {
		n := bytes.IndexByte(m.src[i:], '\'')
		if n < 0 {
			return 0
		}
		i += n + 1
		switch c := m.at(i); {
		case c == '\'':
			i++
		case classes[c] != classBlank && c != '-': // neither blanks nor a comment: this is the end
			return i
		default:
			next := m.continued(i)
			if next == 0 {
				return i
			}
			i = next
		}
	}
}

func (m *matcher) number(i int) int {
	if m.src[i] != '0' || classes[m.at(i+1)] == classDigit {
		j := i
		for classes[m.at(j)] == classDigit {
			j++
		}
		if c := m.at(j); j > i && c != '.' && classes[c] != classWord {
			return j
		}
	}
	if m.src[i] == '.' && classes[m.at(i+1)] != classDigit {
		return 0
	}
	m.start, m.pos = i, i
	if m.scanner.number() != kindNumber {
		return 0
	}
	return m.pos
}

func (m *matcher) param(i int) int {
	j := i + 1
	for classes[m.at(j)] == classDigit {
		j++
	}
	if j == i+1 {
		return 0
	}
	return j
}

func (m *matcher) comment(i int) int {
	m.pos = i
	switch {
	case !m.commentAt(i):
		return 0
	case m.src[i] == '-':
		m.skipLine()
	case !m.skipComment():
		return 0
	}
	return m.pos
}

// list reads a list of literals that a bracket opens.
func (m *matcher) list(i int, bracket byte) int {
	for {
		if i = m.element(m.blanks(i + 1)); i == 0 {
			return 0
		}
		i = m.blanks(i)
		switch m.at(i) {
		case ',':
		case bracket:
			return i + 1
		default:
			return 0
		}
	}
}

// rows reads rows of literals, as many as there are.
func (m *matcher) rows(i int) (end int) {
	for m.at(i) == '(' {
		next := m.list(i, ')')
		if next == 0 {
			break
		}
		end = next
		if i = m.blanks(end); m.at(i) != ',' {
			break
		}
		i = m.blanks(i + 1)
	}
	return end
}

func (m *matcher) blanks(i int) int {
	for classes[m.at(i)] == classBlank {
		i++
	}
	return i
}

func (m *matcher) element(i int) int {
	if classes[m.at(i)] == classWord {
		return m.constant(i)
	}
	return m.literal(i)
}

// constant reads a word that is a constant in a list.
func (m *matcher) constant(i int) int {
	j := i + 1
	for inWord[m.at(j)] {
		j++
	}
	m.start, m.pos = i, j
	if m.at(j) != '\'' && (m.is("null") || m.is("true") || m.is("false")) {
		return j
	}
	return 0
}
