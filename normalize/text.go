package normalize

import (
	"bytes"
	"strings"
)

// printer writes the text of a shape for people: keywords in upper case, literals as ?, spaces as one would set them. How a
// token looks depends on it and its neighbours alone.
type printer struct {
	scanner
	out    []byte
	before piece // the two tokens in front
	prev   piece
	cur    piece
	next   piece
	target bool   // a name behind INTO, TABLE and the like: a space before its columns
	opened []byte // open brackets: 't' type modifiers, 'l' lists, 'r' rows in lists, '(' others
}

// piece is a token as it is printed.
type piece struct {
	kind    kind
	text    string
	keyword bool
}

// render returns the text of a shape.
func render(shape []byte) string {
	p := printer{scanner: scanner{src: shape}, out: make([]byte, 0, len(shape))}
	p.next = p.read()
	for p.next.kind != kindEnd {
		p.before, p.prev, p.cur = p.prev, p.cur, p.next
		p.next = p.read()
		p.print()
	}
	return strings.ToValidUTF8(string(p.out), "�")
}

func (p *printer) read() piece {
	k := p.scanner.next()
	if k == kindHollow { // the mark of a missing end
		return piece{kind: kindEnd}
	}
	return piece{kind: k, text: string(p.token())}
}

func (p *printer) print() {
	switch {
	case p.cur.isLiteral():
		p.literal()
	case p.cur.kind == kindWord:
		p.word()
	case p.cur.text == "*" && p.prev.kind == kindDot: // t.* is an operand
		p.cur.kind = kindName
	}
	if p.spaced() {
		p.out = append(p.out, ' ')
	}
	p.out = append(p.out, p.cur.text...)
	p.brackets()
}

func (t piece) isLiteral() bool {
	switch t.kind {
	case kindString, kindEscape, kindUnicode, kindNational, kindBits, kindDollar, kindParam, kindNumber, kindJunk, kindTorn:
		return true
	}
	return false
}

// literal hides a literal. A sign in front of it goes with it.
func (p *printer) literal() {
	if p.cur.kind == kindNumber && p.inside('t') {
		return
	}
	if p.signed() {
		p.out = bytes.TrimSuffix(bytes.TrimSuffix(p.out, []byte("-")), []byte(" "))
		p.before, p.prev = piece{}, p.before
	}
	p.cur.text = "?"
}

// signed tells whether the token in front is a sign.
func (p *printer) signed() bool { return p.prev.text == "-" && p.before.awaitsOperand() }

// awaitsOperand tells whether an expression starts behind t.
func (t piece) awaitsOperand() bool {
	switch t.kind {
	case kindOperator, kindOpen, kindBracket, kindComma:
		return true
	case kindWord:
		return t.keyword && t.text != "NULL" && t.text != "TRUE" && t.text != "FALSE" && t.text != "END"
	}
	return false
}

func (p *printer) inside(bracket byte) bool {
	n := len(p.opened)
	return n > 0 && p.opened[n-1] == bracket
}

// word prints a keyword in upper case.
func (p *printer) word() {
	if p.cur.keyword = p.isKeyword(); p.cur.keyword {
		p.cur.text = strings.ToUpper(p.cur.text)
	}
	switch p.cur.text {
	case "INTO", "TABLE", "EXISTS", "REFERENCES", "COPY":
		p.target = true
	default:
		p.target = p.target && !p.cur.keyword
	}
}

func (p *printer) isKeyword() bool {
	word := p.cur.text
	switch {
	case p.prev.kind == kindDot || p.next.kind == kindDot:
		return false
	case p.prev.text == "AS":
		return p.behindAs(word)
	case reserved[word]:
		return p.next.kind != kindOpen || word != "left" && word != "right"
	case word == "at":
		return p.next.text == "time"
	case !usual[word]:
		return after[word][strings.ToLower(p.prev.text)] || ahead[word][p.next.text] || introducing[word] && p.next.isLiteral() || opening[word] && p.starts()
	case p.next.kind == kindCast || p.next.kind == kindBracket || p.next.kind == kindOperator && word != "between" && p.next.text != "*":
		return false
	case p.next.kind == kindComma || p.next.kind == kindClose || p.next.text == "from": // a word alone is an element
		return p.prev.kind != kindComma && p.prev.kind != kindOpen && p.prev.text != "SELECT" && p.prev.text != "BY"
	}
	return true
}

// starts tells whether the token is the first of a statement.
func (p *printer) starts() bool { return p.prev.kind == kindEnd || p.prev.kind == kindSemicolon }

// behindAs tells whether a word behind AS is a keyword: most are names there.
func (p *printer) behindAs(word string) bool {
	switch word {
	case "select", "with", "not", "on":
		return true
	case "values", "materialized", "table", "insert", "update", "delete", "merge", "execute":
		return p.next.kind != kindComma && p.next.kind != kindEnd && p.next.text != "from"
	}
	return false
}

// brackets keeps the stack of open brackets.
func (p *printer) brackets() {
	switch p.cur.kind {
	case kindOpen, kindBracket:
		p.opened = append(p.opened, p.bracket())
	case kindClose, kindUnbracket:
		p.foldList()
		p.opened = p.opened[:max(0, len(p.opened)-1)]
	}
	if p.cur.kind == kindOpen || p.cur.kind == kindOperator {
		p.target = false
	}
}

// foldList prints a list or row of literals that ends here as (...).
func (p *printer) foldList() {
	content := "?"
	if p.inside('r') {
		content = "?, ?"
	} else if !p.inside('l') {
		return
	}
	end := len(p.out) - 1
	if list, ok := bytes.CutSuffix(p.out[:end], []byte(content)); ok && opens(list) {
		p.out = append(append(list, "..."...), p.cur.text...)
	}
}

func opens(b []byte) bool { return len(b) > 0 && (b[len(b)-1] == '(' || b[len(b)-1] == '[') }

func (p *printer) bracket() byte {
	switch {
	case p.inside('l') && p.cur.kind == kindOpen && (p.prev.kind == kindOpen || p.prev.kind == kindComma):
		return 'r'
	case p.prev.text == "IN" || p.prev.text == "VALUES" || p.prev.text == "ARRAY" && p.cur.kind == kindBracket:
		return 'l'
	case p.prev.kind == kindWord && roleOf([]byte(p.prev.text)) == roleType:
		return 't'
	}
	return '('
}

// spaced tells whether a space belongs in front of the token.
func (p *printer) spaced() bool {
	if len(p.out) == 0 || p.prev.kind == kindOpen || p.prev.kind == kindBracket || tight[p.prev.kind] || tight[p.cur.kind] {
		return false
	}
	switch p.cur.kind {
	case kindClose, kindUnbracket, kindComma, kindSemicolon, kindBracket:
		return false
	case kindOpen:
		return !p.calls() && !p.signed()
	}
	if p.signed() && p.cur.kind != kindOperator {
		return false
	}
	return p.cur.text != ":" && p.prev.text != ":"
}

// tight are the tokens without spaces on either side.
var tight = [kindHollow + 1]bool{kindDot: true, kindCast: true}

// calls tells whether the bracket belongs to the word in front of it.
func (p *printer) calls() bool {
	switch p.prev.kind {
	case kindName, kindUName:
		return !p.target
	case kindWord:
		return !p.prev.keyword && !p.target || p.prev.text == "CAST"
	}
	return false
}
