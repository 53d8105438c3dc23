package normalize

// PreparedBody returns the statement that "PREPARE name (types) AS statement" prepares, as a view into sql. Other statements
// are returned as they are.
func PreparedBody(sql []byte) []byte {
	s := scanner{src: sql}
	if s.next() != kindWord || !s.is("prepare") {
		return sql
	}
	if k := s.next(); k != kindWord && k != kindName && k != kindUName {
		return sql
	}
	k := s.next()
	if k == kindOpen {
		k = s.skipBrackets()
	}
	if k != kindWord || !s.is("as") || s.next() == kindEnd {
		return sql
	}
	return sql[s.start:]
}

// is tells whether the token is a word, given in lower case.
func (s *scanner) is(word string) bool {
	if len(s.token()) != len(word) {
		return false
	}
	for i, c := range s.token() {
		if lower[c] != word[i] {
			return false
		}
	}
	return true
}

// skipBrackets skips to behind the bracket that closes the current one and returns the token there.
func (s *scanner) skipBrackets() kind {
	for depth := 1; depth > 0; {
		switch s.next() {
		case kindOpen:
			depth++
		case kindClose:
			depth--
		case kindEnd:
			return kindEnd
		}
	}
	return s.next()
}
