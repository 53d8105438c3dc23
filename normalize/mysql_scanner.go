package normalize

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// mysqlKind is the class of a token of MySQL. Blanks and comments are no tokens, and neither are the marks of a comment whose
// text is code.
type mysqlKind uint8

const (
	mysqlEnd       mysqlKind = iota
	mysqlWord                // a keyword or an unquoted identifier
	mysqlName                // `name`
	mysqlString              // 'text' or "text", one part of a literal that may have several
	mysqlNational            // N'text'
	mysqlHex                 // x'4D', 0x4D
	mysqlBits                // b'101', 0b101
	mysqlInteger             // 12
	mysqlDecimal             // 1.5, .5, 1.
	mysqlFloat               // 1e5, 1.5e-3
	mysqlParam               // ?
	mysqlNull                // \N
	mysqlDollar              // $tag$text$tag$, the body of a routine in another language
	mysqlVariable            // @name, which may hold points; also the host of an account
	mysqlAt                  // @ in front of something else, as a quoted name or a string
	mysqlSystem              // @@
	mysqlOperator            // one operator, as the server cuts it
	mysqlOpen                // (
	mysqlClose               // )
	mysqlComma               // ,
	mysqlDot                 // .
	mysqlSemicolon           // ;
	mysqlMore                // ... as it is in patterns, never in SQL
	mysqlHint                // /*+ behind SELECT and its like
	mysqlUnhint              // */ of that
	mysqlOther               // { } : \ [ ] and control characters
	mysqlTorn                // a literal or quoted name whose end is missing
	mysqlHollow              // a comment whose end is missing
)

// literal tells whether a token is a constant of its own.
func (k mysqlKind) literal() bool { return mysqlLiterals[k] }

var mysqlLiterals = [mysqlHollow + 1]bool{mysqlString: true, mysqlNational: true, mysqlHex: true, mysqlBits: true, mysqlInteger: true,
	mysqlDecimal: true, mysqlFloat: true, mysqlParam: true, mysqlNull: true, mysqlDollar: true, mysqlTorn: true}

// Classes of bytes, by what a token of MySQL that starts with them is.
const (
	mysqlClassOther uint8 = iota
	mysqlClassBlank
	mysqlClassWord
	mysqlClassPrefix // a word, or the first letter of x'4D', b'101', N'text'
	mysqlClassDigit
	mysqlClassOperator
	mysqlClassSingle // an operator or mark of one byte
	mysqlClassQuote
	mysqlClassBacktick
	mysqlClassDollar
	mysqlClassDot
	mysqlClassAt
	mysqlClassStar
	mysqlClassBackslash
)

var (
	mysqlClasses = classifyMySQL()
	mysqlSingles = [256]mysqlKind{'(': mysqlOpen, ')': mysqlClose, ',': mysqlComma, ';': mysqlSemicolon, '?': mysqlParam,
		'+': mysqlOperator, '%': mysqlOperator, '^': mysqlOperator, '~': mysqlOperator}

	mysqlBlankOrComment [256]bool // may start one
)

func classifyMySQL() (classes [256]uint8) {
	set := func(class uint8, chars string) {
		for i := range len(chars) {
			classes[chars[i]] = class
		}
	}
	for c := 0x80; c <= 0xff; c++ {
		classes[c] = mysqlClassWord
	}
	set(mysqlClassWord, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")
	set(mysqlClassPrefix, "xXbBnN")
	set(mysqlClassDigit, "0123456789")
	set(mysqlClassBlank, " \t\n\r\f\v")
	set(mysqlClassOperator, "<>=!-&|:/")
	set(mysqlClassSingle, "(),;?+%^~")
	set(mysqlClassQuote, `'"`)
	set(mysqlClassBacktick, "`")
	set(mysqlClassDollar, "$")
	set(mysqlClassDot, ".")
	set(mysqlClassAt, "@")
	set(mysqlClassStar, "*")
	set(mysqlClassBackslash, `\`)
	return classes
}

func init() {
	for c := range 256 {
		mysqlBlankOrComment[c] = mysqlClasses[c] == mysqlClassBlank || c == '-' || c == '/' || c == '#' || c == '*'
	}
}

// mysqlScanner cuts SQL into tokens by the rules of the lexer of MySQL and MariaDB with the default sql_mode: " quotes a string and a
// backslash escapes. It takes any bytes. Bytes from 0x80 on belong to words, as they do in UTF-8.
type mysqlScanner struct {
	src        []byte
	start, pos int // the current token is src[start:pos]

	wordEnd  int  // where the last word ended: a point there makes a name of what follows, whatever it starts with
	name     bool // what follows is a name
	code     bool // inside a comment that is code
	hint     bool // inside a comment that is a hint
	template *template
}

func (s *mysqlScanner) reset(src []byte, t *template) {
	*s = mysqlScanner{src: src, wordEnd: -1, template: t}
}

func (s *mysqlScanner) token() []byte { return s.src[s.start:s.pos] }

// at returns the byte at i, 0 behind the end.
func (s *mysqlScanner) at(i int) byte {
	if i < len(s.src) {
		return s.src[i]
	}
	return 0
}

// next moves on to the next token.
func (s *mysqlScanner) next() mysqlKind {
	if s.pos < len(s.src) && s.src[s.pos] == ' ' {
		s.pos++
	}
	if s.pos < len(s.src) && mysqlBlankOrComment[s.src[s.pos]] && !s.skipBlanks() {
		s.start = s.pos
		return mysqlHollow
	}
	s.start = s.pos
	if s.pos >= len(s.src) {
		return mysqlEnd
	}
	c := s.src[s.pos]
	if s.name {
		s.name = false
		return s.word()
	}
	switch mysqlClasses[c] {
	case mysqlClassWord:
		return s.word()
	case mysqlClassPrefix:
		return s.prefixed(c)
	case mysqlClassDigit:
		return s.number()
	case mysqlClassOperator:
		return s.operator(c)
	case mysqlClassSingle:
		s.pos++
		return mysqlSingles[c]
	case mysqlClassQuote:
		return s.quoted(s.pos, mysqlString)
	case mysqlClassBacktick:
		return s.quotedName()
	case mysqlClassDollar:
		return s.dollar()
	case mysqlClassDot:
		return s.dot()
	case mysqlClassAt:
		return s.atSign()
	case mysqlClassStar:
		return s.star()
	case mysqlClassBackslash:
		if s.at(s.pos+1) == 'N' {
			s.pos += 2
			return mysqlNull
		}
	}
	s.pos++
	return mysqlOther
}

// skipBlanks skips white space, comments and the marks around code; false means that a comment does not end.
func (s *mysqlScanner) skipBlanks() bool {
	from, end := s.start, s.pos // the token in front
	for s.pos < len(s.src) {
		c := s.src[s.pos]
		switch {
		case mysqlClasses[c] == mysqlClassBlank:
			s.pos++
			continue
		case s.hint:
			if s.commentAt(s.pos) == notComment {
				return true
			}
			s.skipInHint()
			continue
		case c == '*' && s.code && s.at(s.pos+1) == '/':
			s.code = false
			s.pos += 2
			s.template.refuse()
			continue
		}
		switch s.commentAt(s.pos) {
		case notComment:
			return true
		case lineComment:
			at := s.pos
			s.skipLine()
			s.template.add(at, s.pos, holeComment)
		case codeComment:
			s.enterCode()
		case hintComment:
			if mysqlTakesHint(bytes.TrimRight(s.src[from:end], " ")) {
				return true
			}
			fallthrough
		case blockComment:
			at := s.pos
			if !s.skipComment() {
				return false
			}
			s.template.add(at, s.pos, holeComment)
		}
		end = from // a hint stands directly behind its word
	}
	return true
}

// mysqlComment is what starts with the marks of a comment.
type mysqlComment uint8

const (
	notComment   mysqlComment = iota
	lineComment               // # or -- and a blank
	blockComment              // /* text */
	codeComment               // /*! code */, /*!80000 code */, /*M! code */
	hintComment               // /*+ text */, a hint behind some words
)

func (s *mysqlScanner) commentAt(i int) mysqlComment {
	switch s.src[i] {
	case '#':
		return lineComment
	case '-': // a -- b is a comment, a--b is not
		if s.at(i+1) == '-' && s.at(i+2) <= ' ' || s.at(i+1) == '-' && s.at(i+2) == 0x7f {
			return lineComment
		}
	case '/':
		if s.at(i+1) != '*' {
			return notComment
		}
		switch c := s.at(i + 2); {
		case c == '!' || c == 'M' && s.at(i+3) == '!':
			return codeComment
		case c == '+':
			return hintComment
		}
		return blockComment
	}
	return notComment
}

func (s *mysqlScanner) skipLine() {
	if n := bytes.IndexByte(s.src[s.pos:], '\n'); n >= 0 {
		s.pos += n
	} else {
		s.pos = len(s.src)
	}
}

// skipComment skips a comment, in which no other can be.
func (s *mysqlScanner) skipComment() bool {
	n := bytes.Index(s.src[s.pos+2:], []byte("*/"))
	if n < 0 {
		s.pos = len(s.src)
		return false
	}
	s.pos += 2 + n + 2
	return true
}

// skipInHint skips a comment inside a hint, which cannot have one: the server takes no more of the hint, and ends it at the next */.
func (s *mysqlScanner) skipInHint() {
	if n := bytes.Index(s.src[s.pos:], []byte("*/")); n >= 0 {
		s.pos += n
	} else {
		s.pos = len(s.src)
	}
}

// enterCode skips the mark in front of code, and its version: 5 digits, or 6 since MySQL 8 and in MariaDB. Which versions run the code is
// not asked: the log does not say who wrote it.
func (s *mysqlScanner) enterCode() {
	s.template.refuse()
	s.code = true
	s.pos = s.pos + 1 + bytes.IndexByte(s.src[s.pos:], '!')
	digits := pastDigits(s.src, s.pos) - s.pos
	if digits >= 5 {
		s.pos += min(digits, 6)
	}
}

// mysqlTakesHint tells whether a hint may follow a word.
func mysqlTakesHint(word []byte) bool {
	switch len(word) {
	case 6:
		return wordIs(word, "select") || wordIs(word, "insert") || wordIs(word, "update") || wordIs(word, "delete")
	case 7:
		return wordIs(word, "replace")
	}
	return false
}

// wordIs tells whether a word is the one given in lower case.
func wordIs(word []byte, want string) bool {
	if len(word) != len(want) {
		return false
	}
	for i, c := range word {
		if lower[c] != want[i] {
			return false
		}
	}
	return true
}

func (s *mysqlScanner) word() mysqlKind {
	i := s.pos + 1
	for i < len(s.src) && inWord[s.src[i]] {
		i++
	}
	s.pos, s.wordEnd = i, i
	return mysqlWord
}

// prefixed reads a word, or the literal behind its first letter.
func (s *mysqlScanner) prefixed(c byte) mysqlKind {
	if s.at(s.pos+1) != '\'' {
		return s.word()
	}
	switch lower[c] {
	case 'x':
		return s.digitString(mysqlHex)
	case 'b':
		return s.digitString(mysqlBits)
	}
	return s.quoted(s.pos+1, mysqlNational)
}

// digitString reads x'4D', in which a backslash is none. What else may be in it the server refuses, and so it is hidden.
func (s *mysqlScanner) digitString(k mysqlKind) mysqlKind {
	n := bytes.IndexByte(s.src[s.pos+2:], '\'')
	if n < 0 {
		s.pos = len(s.src)
		return mysqlTorn
	}
	s.pos += 2 + n + 1
	return k
}

// quoted reads a literal whose quote stands at i. The same quote twice is one in the text.
func (s *mysqlScanner) quoted(i int, k mysqlKind) mysqlKind {
	end := mysqlStringEnd(s.src, i)
	if end == 0 {
		s.pos = len(s.src)
		return mysqlTorn
	}
	s.pos = end
	return k
}

// mysqlStringEnd returns the place behind a literal whose quote stands at i, 0 without an end. It looks at 8 bytes at a time: most literals
// end within the first.
func mysqlStringEnd(src []byte, i int) int {
	const low, high = 0x0101010101010101, 0x8080808080808080
	const backslashes = '\\' * low
	quote := src[i]
	quotes := uint64(quote) * low
	for i++; len(src)-i >= 8; {
		x := binary.LittleEndian.Uint64(src[i:])
		q, b := x^quotes, x^backslashes
		found := ((q-low)&^q | (b-low)&^b) & high
		if found == 0 {
			i += 8
			continue
		}
		if i += bits.TrailingZeros64(found) / 8; src[i] == '\\' {
			i += 2
			continue
		}
		if i++; i == len(src) || src[i] != quote {
			return i
		}
		i++
	}
	return mysqlStringTail(src, i, quote)
}

// mysqlStringTail returns the place behind a literal in which i stands, byte by byte.
func mysqlStringTail(src []byte, i int, quote byte) int {
	for ; i < len(src); i++ {
		switch src[i] {
		case '\\':
			i++
		case quote:
			if i++; i == len(src) || src[i] != quote {
				return i
			}
		}
	}
	return 0
}

func (s *mysqlScanner) quotedName() mysqlKind {
	for i := s.pos + 1; ; i++ {
		n := bytes.IndexByte(s.src[i:], '`')
		if n < 0 {
			s.pos = len(s.src)
			return mysqlTorn
		}
		if i += n + 1; s.at(i) != '`' {
			s.pos = i
			return mysqlName
		}
	}
}

// dollar reads a word, or a text quoted with $tag$, which MySQL 9 has for routines. Older servers and MariaDB take $a$ for a name; nobody
// calls a table so, and a text must not show.
func (s *mysqlScanner) dollar() mysqlKind {
	i := s.pos + 1
	for i < len(s.src) && inWord[s.src[i]] && s.src[i] != '$' {
		i++
	}
	if s.at(i) != '$' {
		return s.word()
	}
	tag := s.src[s.pos : i+1]
	n := bytes.Index(s.src[i+1:], tag)
	if n < 0 {
		s.pos = len(s.src)
		return mysqlTorn
	}
	s.pos = i + 1 + n + len(tag)
	return mysqlDollar
}

// dot reads a point, or a number that starts with one. Directly behind a word it is a point, and a name follows: t.1st, t.5.
func (s *mysqlScanner) dot() mysqlKind {
	c := s.at(s.pos + 1)
	switch {
	case s.wordEnd == s.pos && inWord[c]:
		s.name = true
	case mysqlClasses[c] == mysqlClassDigit:
		return s.fraction(s.pos)
	case c == '.' && s.at(s.pos+2) == '.':
		s.pos += 3
		return mysqlMore
	}
	s.pos++
	return mysqlDot
}

// atSign reads @name, or the @ in front of something quoted, or @@.
func (s *mysqlScanner) atSign() mysqlKind {
	s.pos++
	switch mysqlClasses[s.at(s.pos)] {
	case mysqlClassAt:
		s.pos++
		s.name = inWord[s.at(s.pos)]
		return mysqlSystem
	case mysqlClassQuote, mysqlClassBacktick:
		return mysqlAt
	}
	if c := s.at(s.pos); !inWord[c] && c != '.' {
		return mysqlAt
	}
	for s.pos < len(s.src) && (inWord[s.src[s.pos]] || s.src[s.pos] == '.') {
		s.pos++
	}
	return mysqlVariable
}

func (s *mysqlScanner) star() mysqlKind {
	s.pos++
	if s.hint && s.at(s.pos) == '/' {
		s.pos++
		s.hint = false
		return mysqlUnhint
	}
	return mysqlOperator
}

// number reads a number, or a word that starts with a digit: 1e5 and 0x1F are numbers, 1e, 1st, 0X1F and 1_000 are names.
func (s *mysqlScanner) number() mysqlKind {
	if s.src[s.pos] == '0' {
		if k := s.based(s.at(s.pos + 1)); k != mysqlEnd {
			return k
		}
	}
	i := pastDigits(s.src, s.pos)
	c := s.at(i)
	switch {
	case c == '.':
		return s.fraction(i)
	case !inWord[c]:
		s.pos = i
		return mysqlInteger
	case c|0x20 == 'e':
		if end := s.exponent(i); end > 0 {
			s.pos = end
			return mysqlFloat
		}
		if s.cutAt(i + 1) {
			s.pos = len(s.src)
			return mysqlTorn
		}
	}
	return s.word()
}

// based reads 0x1F and 0b101, with nothing that could be in a word behind.
func (s *mysqlScanner) based(letter byte) mysqlKind {
	i := s.pos + 2
	k := mysqlEnd
	switch letter {
	case 'x':
		for hexDigit[s.at(i)] {
			i++
		}
		k = mysqlHex
	case 'b':
		for s.at(i) == '0' || s.at(i) == '1' {
			i++
		}
		k = mysqlBits
	}
	if k == mysqlEnd || i == s.pos+2 || inWord[s.at(i)] {
		return mysqlEnd
	}
	s.pos = i
	return k
}

// fraction reads on from the point of a number.
func (s *mysqlScanner) fraction(i int) mysqlKind {
	s.pos = pastDigits(s.src, i+1)
	if s.at(s.pos)|0x20 != 'e' {
		return mysqlDecimal
	}
	end := s.exponent(s.pos)
	if end == 0 {
		return mysqlDecimal
	}
	s.pos = end
	return mysqlFloat
}

// cutAt tells whether the text ends where the digits of an exponent are due.
func (s *mysqlScanner) cutAt(i int) bool {
	return i == len(s.src) || i+1 == len(s.src) && (s.src[i] == '+' || s.src[i] == '-')
}

// exponent returns the end of an exponent whose letter stands at i, 0 without digits.
func (s *mysqlScanner) exponent(i int) int {
	i++
	if c := s.at(i); c == '+' || c == '-' {
		i++
	}
	if end := pastDigits(s.src, i); end > i {
		return end
	}
	return 0
}

// operator reads an operator that may have several characters, or the mark of a hint.
func (s *mysqlScanner) operator(c byte) mysqlKind {
	d, e := s.at(s.pos+1), s.at(s.pos+2)
	n := 1
	switch {
	case c == '<' && d == '=' && e == '>', c == '-' && d == '>' && e == '>':
		n = 3
	case d == '=' && (c == '<' || c == '>' || c == '!' || c == ':'), c == '<' && (d == '>' || d == '<'), c == '>' && d == '>',
		c == '&' && d == '&', c == '|' && d == '|', c == '-' && d == '>':
		n = 2
	}
	s.pos += n
	switch {
	case c == ':' && n == 1:
		return mysqlOther
	case c == '/' && d == '*' && e == '+' && !s.hint: // other comments have been skipped
		s.hint = true
		s.pos += 2
		return mysqlHint
	}
	return mysqlOperator
}
