package normalize

// mysqlMatcher reads literals and lists of literals by the rules of MySQL's lexer. Its functions take the place where something starts
// and return the place behind it, 0 when it is something else or too odd to be read here.
type mysqlMatcher struct{ src []byte }

func (m *mysqlMatcher) at(i int) byte {
	if i < len(m.src) {
		return m.src[i]
	}
	return 0
}

// literal reads one literal without a sign.
func (m *mysqlMatcher) literal(i int) int {
	switch c := m.at(i); mysqlClasses[c] {
	case mysqlClassQuote:
		return mysqlStringEnd(m.src, i)
	case mysqlClassDigit:
		return m.number(i)
	case mysqlClassDot:
		if mysqlClasses[m.at(i+1)] == mysqlClassDigit {
			return m.odd(i)
		}
	case mysqlClassPrefix:
		if m.at(i+1) == '\'' {
			return m.prefixed(i)
		}
	case mysqlClassSingle:
		if c == '?' {
			return i + 1
		}
	case mysqlClassWord:
		if c == '_' {
			return m.introduced(i)
		}
	}
	return 0
}

// number reads a number, in the usual way if it has digits and a point only.
func (m *mysqlMatcher) number(i int) int {
	j := pastDigits(m.src, i)
	if j < len(m.src) && m.src[j] == '.' {
		j = pastDigits(m.src, j+1)
	}
	if j < len(m.src) && inWord[m.src[j]] {
		return m.oddNumber(i, j)
	}
	return j
}

// oddNumber reads a number that starts with the digits in front of j: 0x1F, or something for the scanner.
func (m *mysqlMatcher) oddNumber(i, j int) int {
	if m.src[j] != 'x' || m.src[i] != '0' || j != i+1 {
		return m.odd(i)
	}
	for j++; j < len(m.src) && hexDigit[m.src[j]]; j++ {
	}
	if j == i+2 || j < len(m.src) && inWord[m.src[j]] {
		return 0
	}
	return j
}

// prefixed reads x'4D', b'101' or N'text'.
func (m *mysqlMatcher) prefixed(i int) int {
	if lower[m.src[i]] == 'n' {
		return mysqlStringEnd(m.src, i+1)
	}
	end := quote(m.src, i+2)
	return end + 1 // 0 without one
}

// odd leaves a literal to the scanner.
func (m *mysqlMatcher) odd(i int) int {
	s := mysqlScanner{src: m.src, start: i, pos: i, wordEnd: -1}
	if k := s.next(); !k.literal() || k == mysqlTorn {
		return 0
	}
	return s.pos
}

// introduced reads a literal with its character set: _binary'x', _utf8mb4 'x'.
func (m *mysqlMatcher) introduced(i int) int {
	j := m.wordEnd(i)
	if mysqlRoleOf(m.src, i, j) != mysqlRoleCharset {
		return 0
	}
	j = m.blanks(j)
	switch c := m.at(j); {
	case mysqlClasses[c] == mysqlClassQuote:
		return mysqlStringEnd(m.src, j)
	case mysqlClasses[c] == mysqlClassPrefix && lower[c] != 'n', c == '0':
		return m.based(j)
	}
	return 0
}

// based reads a literal in base 16 or 2.
func (m *mysqlMatcher) based(i int) int {
	s := mysqlScanner{src: m.src, start: i, pos: i, wordEnd: -1}
	if k := s.next(); k != mysqlHex && k != mysqlBits {
		return 0
	}
	return s.pos
}

// operand reads a literal where an expression starts: it may have a sign, and NULL, TRUE and FALSE are literals, too.
func (m *mysqlMatcher) operand(i int) int {
	c := m.at(i)
	switch mysqlClasses[c] {
	case mysqlClassOperator, mysqlClassSingle:
		if c == '-' || c == '+' {
			return m.signed(i + 1)
		}
	case mysqlClassWord, mysqlClassPrefix:
		if end := m.constant(i); end > 0 {
			return end
		}
	}
	return m.literal(i)
}

// signed reads the number behind a sign.
func (m *mysqlMatcher) signed(i int) int {
	if c := m.at(i); mysqlClasses[c] != mysqlClassDigit && c != '.' {
		return 0
	}
	return m.literal(i)
}

// constant reads NULL, TRUE or FALSE.
func (m *mysqlMatcher) constant(i int) int {
	if c := lower[m.src[i]]; c != 'n' && c != 't' && c != 'f' {
		return 0
	}
	j := m.wordEnd(i)
	if m.at(j) == '.' {
		return 0
	}
	switch mysqlRoleOf(m.src, i, j) {
	case mysqlRoleNull, mysqlRoleBoolean:
		return j
	}
	return 0
}

func (m *mysqlMatcher) wordEnd(i int) int {
	for i++; i < len(m.src) && inWord[m.src[i]]; i++ {
	}
	return i
}

func (m *mysqlMatcher) blanks(i int) int {
	for i < len(m.src) && mysqlClasses[m.src[i]] == mysqlClassBlank {
		i++
	}
	return i
}

// list reads a list of literals that a bracket opens. In a row of VALUES, DEFAULT is a literal.
func (m *mysqlMatcher) list(i int, row bool) int {
	src := m.src
	for {
		if i++; i < len(src) && src[i] == ' ' {
			i++
		}
		if i >= len(src) {
			return 0
		}
		if c := src[i]; c == '\'' {
			i = mysqlStringEnd(src, i)
		} else if c-'0' <= 9 {
			i = m.number(i)
		} else {
			i = m.element(m.blanks(i), row)
		}
		if i == 0 || i >= len(src) {
			return 0
		}
		c := src[i]
		if mysqlClasses[c] == mysqlClassBlank {
			i = m.blanks(i)
			c = m.at(i)
		}
		if c == ')' {
			return i + 1
		}
		if c != ',' {
			return 0
		}
	}
}

func (m *mysqlMatcher) element(i int, row bool) int {
	if end := m.operand(i); end > 0 || !row || i >= len(m.src) || lower[m.src[i]] != 'd' {
		return end
	}
	j := m.wordEnd(i)
	if mysqlRoleOf(m.src, i, j) != mysqlRoleDefault {
		return 0
	}
	return j // a bracket behind it, as in DEFAULT(a), ends the list
}

// rows reads rows of literals, as many as there are.
func (m *mysqlMatcher) rows(i int) (end int) {
	src := m.src
	for i < len(src) && src[i] == '(' {
		next := m.list(i, true)
		if next == 0 {
			break
		}
		if end = next; end+1 < len(src) && src[end] == ',' && src[end+1] == '(' {
			i = end + 1
			continue
		}
		if i = m.blanks(end); m.at(i) != ',' {
			break
		}
		i = m.blanks(i + 1)
	}
	return end
}

// nested reads a list of rows of literals: ((1, 2), (3, 4)).
func (m *mysqlMatcher) nested(i int) int {
	i = m.blanks(i + 1)
	if m.at(i) != '(' {
		return 0
	}
	for m.at(i) == '(' {
		row := i
		if i = m.list(i, false); i == 0 || !m.several(row, i) {
			return 0
		}
		if i = m.blanks(i); m.at(i) == ',' {
			i = m.blanks(i + 1)
			continue
		}
		if m.at(i) == ')' {
			return i + 1
		}
		return 0
	}
	return 0
}

// several tells whether a row of literals has more than one: (5) is 5.
func (m *mysqlMatcher) several(i, end int) bool {
	i = m.operand(m.blanks(i + 1))
	return i > 0 && m.at(m.blanks(i)) == ',' && i < end
}
