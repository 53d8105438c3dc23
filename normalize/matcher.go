package normalize

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

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
	for {
		if i = quote(m.src, i+1); i < 0 {
			return 0
		}
		i++
		switch c := m.at(i); {
		case c == '\'':
		case classes[c] != classBlank && c != '-': // neither blanks nor a comment: this is the end
			return i
		default:
			next := m.continued(i)
			if next == 0 {
				return i
			}
			i = next - 1
		}
	}
}

// quote returns the place of the next single quote, -1 without one. Most literals are short, so it looks at 8 bytes at a time
// before it calls IndexByte, which takes as long to start as to read 32 bytes.
func quote(src []byte, i int) int {
	const low, high = 0x0101010101010101, 0x8080808080808080
	for range 4 {
		if len(src)-i < 8 {
			break
		}
		x := binary.LittleEndian.Uint64(src[i:]) ^ '\''*low
		if x = (x - low) &^ x & high; x != 0 {
			return i + bits.TrailingZeros64(x)/8
		}
		i += 8
	}
	n := bytes.IndexByte(src[i:], '\'')
	if n < 0 {
		return -1
	}
	return i + n
}

func (m *matcher) number(i int) int {
	src := m.src
	j := pastDigits(src, i)
	if j < len(src) && src[j] == '.' && j > i {
		j = pastDigits(src, j+1)
	}
	if j == len(src) || j > i && plain[src[j]] {
		return j
	}
	return m.oddNumber(i)
}

// pastDigits returns the place of the next byte that is no digit. 8 bytes at a time: a loop mispredicts the end of every number.
func pastDigits(src []byte, i int) int {
	const zeros, over, high = 0x3030303030303030, 0x7676767676767676, 0x8080808080808080
	for len(src)-i >= 8 {
		x := binary.LittleEndian.Uint64(src[i:]) ^ zeros // digits are 0 to 9 now, and adding 0x76 to more sets the high bit
		if x = (x + over | x) & high; x != 0 {
			return i + bits.TrailingZeros64(x)/8
		}
		i += 8
	}
	for i < len(src) && src[i]-'0' <= 9 {
		i++
	}
	return i
}

// plain are the bytes that end a number of digits and a point.
var plain = func() (p [256]bool) {
	for c := range p {
		p[c] = classes[c] != classWord && c != '.'
	}
	return p
}()

func (m *matcher) oddNumber(i int) int {
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

// list reads a list of literals that a bracket opens. Half of the bytes of a log full of inserts are read here, so the usual
// has its own way: numbers of digits alone, one space behind a comma.
func (m *matcher) list(i int, bracket byte) int {
	src := m.src
	for {
		if i++; i < len(src) && src[i] == ' ' {
			i++
		}
		if i >= len(src) {
			return 0
		}
		if c := src[i]; c == '\'' {
			i = m.string(i)
		} else if c-'0' <= 9 {
			i = m.number(i)
		} else {
			i = m.element(m.blanks(i))
		}
		if i == 0 || i >= len(src) {
			return 0
		}
		c := src[i]
		if classes[c] == classBlank {
			i = m.blanks(i)
			c = m.at(i)
		}
		if c == bracket {
			return i + 1
		}
		if c != ',' {
			return 0
		}
	}
}

// rows reads rows of literals, as many as there are.
func (m *matcher) rows(i int) (end int) {
	src := m.src
	for i < len(src) && src[i] == '(' {
		next := m.list(i, ')')
		if next == 0 {
			break
		}
		if end = next; end+2 < len(src) && src[end] == ',' && src[end+1] == ' ' && src[end+2] == '(' {
			i = end + 2
			continue
		}
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
