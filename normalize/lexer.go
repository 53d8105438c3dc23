package normalize

import "bytes"

// kind is the class of a token. Blanks and comments are no tokens.
type kind uint8

const (
	kindEnd       kind = iota
	kindWord           // a keyword or an unquoted identifier
	kindName           // "name"
	kindUName          // U&"name"
	kindString         // 'text'; several parts joined over newlines are one
	kindEscape         // E'text'
	kindUnicode        // U&'text'
	kindNational       // N'text'
	kindBits           // B'101', X'1F'
	kindDollar         // $tag$text$tag$
	kindParam          // $1
	kindNumber         // 12, 1.5e3, 0x1F, 1_000
	kindJunk           // 123abc: a number that the server refuses
	kindOperator       // a whole run of operator characters, as the server cuts it
	kindOpen           // (
	kindClose          // )
	kindBracket        // [
	kindUnbracket      // ]
	kindComma
	kindDot
	kindSemicolon
	kindColon  // : := .. and everything else that is of no interest
	kindCast   // ::
	kindTorn   // a literal or quoted name whose end is missing
	kindHollow // a comment whose end is missing
)

// Classes of bytes, by what a token that starts with them is.
const (
	classOther uint8 = iota
	classBlank
	classWord
	classDigit
	classOperator
	classQuote
	classDouble
	classDollar
	classDot
	classColon
	classSingle // a token of its own
)

var (
	classes  = classify()
	inWord   [256]bool // may follow the first byte of a word
	hexDigit [256]bool
	lower    [256]byte

	blankOrComment [256]bool // may start one
)

func classify() (classes [256]uint8) {
	set := func(class uint8, chars string) {
		for i := range len(chars) {
			classes[chars[i]] = class
		}
	}
	for c := 0x80; c <= 0xff; c++ {
		classes[c] = classWord
	}
	set(classWord, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")
	set(classDigit, "0123456789")
	set(classBlank, " \t\n\r\f\v")
	set(classOperator, "~!@#^&|`?+-*/%<>=")
	set(classQuote, "'")
	set(classDouble, `"`)
	set(classDollar, "$")
	set(classDot, ".")
	set(classColon, ":")
	set(classSingle, "()[],;")
	return classes
}

func init() {
	for b := range 256 {
		c := byte(b)
		lower[b] = c
		if c >= 'A' && c <= 'Z' {
			lower[b] = c | 0x20
		}
		digit := classes[b] == classDigit
		inWord[b] = classes[b] == classWord || digit || c == '$'
		blankOrComment[b] = classes[b] == classBlank || c == '-' || c == '/'
		hexDigit[b] = digit || lower[b] >= 'a' && lower[b] <= 'f'
	}
}

var singles = [256]kind{'(': kindOpen, ')': kindClose, '[': kindBracket, ']': kindUnbracket, ',': kindComma, ';': kindSemicolon}

// scanner cuts SQL into tokens by the rules of PostgreSQL 16's scan.l. It takes any bytes.
type scanner struct {
	src        []byte
	start, pos int       // the current token is src[start:pos]
	template   *template // where to note comments, nil where nobody asks
}

func (s *scanner) token() []byte { return s.src[s.start:s.pos] }

// at returns the byte at i, 0 behind the end.
func (s *scanner) at(i int) byte {
	if i < len(s.src) {
		return s.src[i]
	}
	return 0
}

// next moves on to the next token.
func (s *scanner) next() kind {
	if s.pos < len(s.src) && s.src[s.pos] == ' ' {
		s.pos++
	}
	if s.pos < len(s.src) && blankOrComment[s.src[s.pos]] && !s.skipBlanks() {
		return kindHollow
	}
	s.start = s.pos
	if s.pos >= len(s.src) {
		return kindEnd
	}
	c := s.src[s.pos]
	switch classes[c] {
	case classWord:
		return s.word()
	case classDigit:
		return s.number()
	case classOperator:
		return s.operator()
	case classQuote:
		return s.quoted(s.pos+1, kindString)
	case classDouble:
		return s.name(s.pos+1, kindName)
	case classSingle:
		s.pos++
		return singles[c]
	case classDollar:
		return s.dollar()
	case classDot:
		return s.dot()
	case classColon:
		return s.colon()
	}
	s.pos++
	return kindColon
}

// skipBlanks skips white space and comments; false means that a comment does not end.
func (s *scanner) skipBlanks() bool {
	for s.pos < len(s.src) {
		c := s.src[s.pos]
		switch {
		case classes[c] == classBlank:
			s.pos++
		case c == '-' && s.at(s.pos+1) == '-':
			s.start = s.pos
			s.skipLine()
			s.template.add(s.start, s.pos, holeComment)
		case c == '/' && s.at(s.pos+1) == '*':
			if s.start = s.pos; !s.skipComment() {
				return false
			}
			s.template.add(s.start, s.pos, holeComment)
		default:
			return true
		}
	}
	return true
}

func (s *scanner) skipLine() {
	for s.pos < len(s.src) && s.src[s.pos] != '\n' && s.src[s.pos] != '\r' {
		s.pos++
	}
}

// skipComment skips a comment, which may hold others.
func (s *scanner) skipComment() bool {
	depth := 1
	for s.pos += 2; s.pos < len(s.src); s.pos++ {
		switch c, d := s.src[s.pos], s.at(s.pos+1); {
		case c == '/' && d == '*':
			depth++
			s.pos++
		case c == '*' && d == '/':
			s.pos++
			if depth--; depth == 0 {
				s.pos++
				return true
			}
		}
	}
	s.pos = len(s.src)
	return false
}

func (s *scanner) word() kind {
	i := s.pos + 1
	for i < len(s.src) && inWord[s.src[i]] {
		i++
	}
	s.pos = i
	if i == s.start+1 && i < len(s.src) {
		return s.prefixed(lower[s.src[s.start]])
	}
	return kindWord
}

// prefixed reads the literal or name behind a one-letter word, if there is one.
func (s *scanner) prefixed(letter byte) kind {
	if letter == 'u' && s.src[s.pos] == '&' {
		switch s.at(s.pos + 1) {
		case '\'':
			return s.quoted(s.pos+2, kindUnicode)
		case '"':
			return s.name(s.pos+2, kindUName)
		}
	}
	if s.src[s.pos] != '\'' {
		return kindWord
	}
	switch letter {
	case 'e':
		return s.escaped(s.pos + 1)
	case 'n':
		return s.quoted(s.pos+1, kindNational)
	case 'b', 'x':
		return s.quoted(s.pos+1, kindBits)
	}
	return kindWord
}

// quoted reads a literal without backslash escapes whose text starts at i.
func (s *scanner) quoted(i int, k kind) kind {
	for {
		n := bytes.IndexByte(s.src[i:], '\'')
		if n < 0 {
			s.pos = len(s.src)
			return kindTorn
		}
		i += n + 1
		if s.at(i) == '\'' {
			i++
			continue
		}
		next := s.continued(i)
		if next == 0 {
			s.pos = i
			return k
		}
		i = next
	}
}

// escaped reads a literal in which a backslash hides the byte behind it.
func (s *scanner) escaped(i int) kind {
	for i < len(s.src) {
		switch s.src[i] {
		case '\\':
			i += 2
		case '\'':
			if i++; s.at(i) == '\'' {
				i++
				continue
			}
			next := s.continued(i)
			if next == 0 {
				s.pos = i
				return kindEscape
			}
			i = next
		default:
			i++
		}
	}
	s.pos = len(s.src)
	return kindTorn
}

// continued returns where the text of a literal goes on that ended in front of i, 0 when it does not: behind a quote that only
// blanks with at least one newline, and line comments, separate from it.
func (s *scanner) continued(i int) int {
	newline := false
	for i < len(s.src) {
		switch c := s.src[i]; {
		case c == '\n' || c == '\r':
			newline = true
			i++
		case classes[c] == classBlank:
			i++
		case c == '-' && s.at(i+1) == '-':
			for i < len(s.src) && s.src[i] != '\n' && s.src[i] != '\r' {
				i++
			}
			if i == len(s.src) {
				return 0
			}
		case c == '\'' && newline:
			return i + 1
		default:
			return 0
		}
	}
	return 0
}

// name reads a quoted name whose text starts at i.
func (s *scanner) name(i int, k kind) kind {
	for {
		n := bytes.IndexByte(s.src[i:], '"')
		if n < 0 {
			s.pos = len(s.src)
			return kindTorn
		}
		if i += n + 1; s.at(i) != '"' {
			s.pos = i
			return k
		}
		i++
	}
}

// dollar reads a parameter or a dollar-quoted literal.
func (s *scanner) dollar() kind {
	i := s.pos + 1
	if classes[s.at(i)] == classDigit {
		for classes[s.at(i)] == classDigit {
			i++
		}
		s.pos = i
		return kindParam
	}
	if classes[s.at(i)] == classWord {
		for inWord[s.at(i)] && s.src[i] != '$' {
			i++
		}
	}
	if s.at(i) != '$' {
		s.pos++
		return kindColon
	}
	tag := s.src[s.pos : i+1]
	n := bytes.Index(s.src[i+1:], tag)
	if n < 0 {
		s.pos = len(s.src)
		return kindTorn
	}
	s.pos = i + 1 + n + len(tag)
	return kindDollar
}

func (s *scanner) dot() kind {
	switch classes[s.at(s.pos+1)] {
	case classDigit:
		return s.number()
	case classDot:
		s.pos += 2
		return kindColon
	}
	s.pos++
	return kindDot
}

func (s *scanner) colon() kind {
	s.pos++
	switch s.at(s.pos) {
	case ':':
		s.pos++
		return kindCast
	case '=':
		s.pos++
	}
	return kindColon
}

// number reads a number; one that runs into a word is junk, as it is to the server.
func (s *scanner) number() kind {
	i, ok := s.based(s.pos)
	if !ok {
		i = s.decimal(s.pos)
	}
	if classes[s.at(i)] == classWord {
		for inWord[s.at(i)] {
			i++
		}
		s.pos = i
		return kindJunk
	}
	s.pos = i
	return kindNumber
}

// signedNumber returns the end of the number that stands behind a sign that ends in front of i; 0 without one, and when what
// follows the number binds stronger than the sign, or may do so behind a comment.
func (s *scanner) signedNumber(i int) int {
	for classes[s.at(i)] == classBlank {
		i++
	}
	if c := classes[s.at(i)]; c != classDigit && (c != classDot || classes[s.at(i+1)] != classDigit) {
		return 0
	}
	probe := scanner{src: s.src, start: i, pos: i}
	if probe.number() != kindNumber {
		return 0
	}
	for i = probe.pos; classes[s.at(i)] == classBlank; {
		i++
	}
	if c := s.at(i); c == ':' || c == '[' || c == '.' || c == '(' || i < len(s.src) && s.commentAt(i) {
		return 0
	}
	return probe.pos
}

// based reads 0x1F, 0o17 and 0b101.
func (s *scanner) based(i int) (end int, ok bool) {
	if s.src[i] != '0' {
		return i, false
	}
	top := byte(0)
	switch lower[s.at(i+1)] {
	case 'x':
		top = 'f'
	case 'o':
		top = '7'
	case 'b':
		top = '1'
	default:
		return i, false
	}
	digit := func(c byte) bool { return hexDigit[c] && lower[c] <= top }
	end = i + 2
	for digit(s.at(end)) || s.at(end) == '_' && digit(s.at(end+1)) {
		end++
	}
	return end, end > i+2
}

func (s *scanner) decimal(i int) int {
	i = s.digits(i)
	if s.at(i) == '.' && s.at(i+1) != '.' {
		i++
		if classes[s.at(i)] == classDigit {
			i = s.digits(i)
		}
	}
	if s.at(i)|0x20 == 'e' {
		j := i + 1
		if s.at(j) == '+' || s.at(j) == '-' {
			j++
		}
		if classes[s.at(j)] == classDigit {
			i = s.digits(j)
		}
	}
	return i
}

func (s *scanner) digits(i int) int {
	for classes[s.at(i)] == classDigit || s.at(i) == '_' && classes[s.at(i+1)] == classDigit {
		i++
	}
	return i
}

// operator reads a run of operator characters up to a comment. A + or - at its end belongs to what follows, unless the run
// holds a character that no operator of the SQL standard has.
func (s *scanner) operator() kind {
	i := s.pos + 1
	for classes[s.at(i)] == classOperator && !s.commentAt(i) {
		i++
	}
	for i > s.pos+1 && (s.src[i-1] == '+' || s.src[i-1] == '-') && !bytes.ContainsAny(s.src[s.pos:i-1], "~!@#^&|`?%") {
		i--
	}
	s.pos = i
	return kindOperator
}

func (s *scanner) commentAt(i int) bool {
	c, d := s.src[i], s.at(i+1)
	return c == '-' && d == '-' || c == '/' && d == '*'
}
