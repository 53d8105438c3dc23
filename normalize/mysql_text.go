package normalize

import "strings"

// mysqlPrinter writes the text of a shape of MySQL for people: keywords and the names of built-in functions in upper case, other
// names as they are written, without backticks where they need none, spaces as one would set them. How a token looks depends on it,
// its neighbours and the brackets around it.
type mysqlPrinter struct {
	mysqlScanner
	out    []byte
	before mysqlPiece // the two tokens in front
	prev   mysqlPiece
	cur    mysqlPiece
	next   mysqlPiece

	opening  string // the first word of the statement
	routine  bool   // it defines one
	index    bool   // it is CREATE INDEX, whose ON is followed by a table
	target   bool   // a name behind INTO, TABLE and the like: a space before its columns
	cases    int    // CASE without its END
	depth    int    // of brackets
	cast     int    // depth of the bracket of CAST, 0 outside
	interval int    // depth + 1 of an INTERVAL whose unit is to come
	hints    int    // depth of the last hint
}

// mysqlPiece is a token as it is printed.
type mysqlPiece struct {
	kind     mysqlKind
	text     string
	word     string // of a word or a name that needs no backticks: in lower case
	quoted   bool   // it has backticks in the shape
	adjacent bool   // no space stands in front of it in the shape
	keyword  bool
	unary    bool // an operator in front of its only operand
}

// mysqlText returns the text of a shape. A text that is not its own pattern is read again: rows may differ in the case of a
// keyword alone.
func mysqlText(shape []byte) string {
	text := printMySQL(shape)
	for range 2 {
		var r mysqlReducer
		again := printMySQL(r.reduce([]byte(text), nil))
		if again == text {
			break
		}
		text = again
	}
	return text
}

func printMySQL(shape []byte) string {
	p := mysqlPrinter{out: make([]byte, 0, len(shape)+16)}
	p.reset(shape, nil)
	p.next = p.read()
	for p.next.kind != mysqlEnd {
		p.before, p.prev, p.cur = p.prev, p.cur, p.next
		p.next = p.read()
		p.print()
	}
	return strings.ToValidUTF8(string(p.out), "�")
}

func (p *mysqlPrinter) read() mysqlPiece {
	end := p.pos
	k := p.mysqlScanner.next()
	t := mysqlPiece{kind: k, text: string(p.token()), adjacent: p.start == end}
	switch {
	case k == mysqlWord:
		t.word = strings.ToLower(t.text)
	case k == mysqlName && plainMySQL(t.text[1:len(t.text)-1]):
		t.kind, t.quoted, t.text = mysqlWord, true, t.text[1:len(t.text)-1]
		t.word = strings.ToLower(t.text)
	case k == mysqlHollow:
		t.kind = mysqlEnd
	case k.literal():
		t.text = "?"
	}
	return t
}

// plainMySQL tells whether a name is one without backticks, too.
func plainMySQL(name string) bool {
	var s mysqlScanner
	s.reset([]byte(name), nil)
	return s.next() == mysqlWord && s.start == 0 && s.pos == len(name) && mysqlRoleOf(s.src, 0, s.pos) != mysqlRoleCharset
}

func (p *mysqlPrinter) print() {
	switch p.cur.kind {
	case mysqlWord:
		p.printWord()
	case mysqlComma:
		if p.before.keyword && p.before.word == "limit" && p.prev.kind.literal() && p.next.kind.literal() { // LIMIT 5, 10
			p.cur = mysqlPiece{kind: mysqlWord, text: "OFFSET", word: "offset", keyword: true}
		}
	case mysqlOperator:
		p.cur.unary = p.cur.text == "!" || p.cur.text == "~" || (p.cur.text == "-" || p.cur.text == "+") && p.prev.awaitsOperand()
	case mysqlHint:
		p.hints = p.depth
	case mysqlOpen:
		p.depth++
		if p.prev.word == "cast" && p.cast == 0 {
			p.cast = p.depth
		}
	case mysqlClose:
		if p.depth == p.cast {
			p.cast = 0
		}
		p.depth = max(0, p.depth-1)
	}
	if p.spaced() {
		p.out = append(p.out, ' ')
	}
	p.out = append(p.out, p.cur.text...)
	if p.cur.kind == mysqlOpen || p.cur.kind == mysqlOperator {
		p.target = false
	}
	if p.cur.kind == mysqlSemicolon && !p.routine {
		p.opening, p.index, p.target, p.cases, p.interval = "", false, false, 0, 0
	}
}

// awaitsOperand tells whether an expression starts behind t.
func (t *mysqlPiece) awaitsOperand() bool {
	switch t.kind {
	case mysqlOperator:
		return true
	case mysqlOpen, mysqlComma, mysqlUnhint:
		return true
	case mysqlWord:
		switch mysqlRoleOf([]byte(t.word), 0, len(t.word)) {
		case mysqlRoleExpression, mysqlRoleQuery, mysqlRoleNot, mysqlRoleDefault:
			return t.keyword
		}
	}
	return false
}

// endsOperand tells whether an operand may end with t.
func (t *mysqlPiece) endsOperand() bool {
	return t.kind == mysqlClose || t.kind == mysqlName || t.kind == mysqlVariable || t.kind.literal() || t.kind == mysqlWord && !t.keyword
}

// printWord decides how a word looks, and whether a name needs its backticks.
func (p *mysqlPrinter) printWord() {
	keyword := p.isKeyword()
	upper := keyword || p.isFunction()
	switch {
	case p.cur.quoted && (upper || p.actsAsWord()):
		p.cur.kind, p.cur.text = mysqlName, "`"+p.cur.text+"`"
		p.cur.word = ""
	case p.cur.quoted:
	case upper:
		p.cur.keyword = keyword
		p.cur.text = strings.ToUpper(p.cur.text)
	}
	p.follow()
}

// actsAsWord tells whether a name without its backticks would mean something to what follows.
func (p *mysqlPrinter) actsAsWord() bool {
	if p.member() {
		return false
	}
	switch mysqlRoleOf([]byte(p.cur.word), 0, len(p.cur.word)) {
	case mysqlRoleTemporal:
		return p.next.kind.literal()
	case mysqlRoleValues, mysqlRoleRow, mysqlRoleField:
		return p.next.kind == mysqlOpen
	}
	return false
}

// follow takes note of a word.
func (p *mysqlPrinter) follow() {
	if !p.cur.keyword {
		if p.interval == p.depth+1 && mysqlUnits[p.cur.word] {
			p.interval = 0
		}
		return
	}
	if p.opening == "" {
		p.opening = p.cur.word
	}
	switch p.cur.word {
	case "into", "table", "exists", "references", "insert", "replace", "ignore", "low_priority", "high_priority", "delayed", "recursive":
		p.target = true
		return
	case "with":
		p.target = p.prev.kind == mysqlEnd
		return
	case "index", "key":
		p.index = p.index || p.opening == "create" && p.depth == 0
		p.target = p.defines()
		return
	case "on":
		p.target = p.index
		p.index = false
		return
	case "procedure", "function", "trigger", "event":
		p.routine = p.routine || p.opening == "create"
	case "case":
		p.cases++
	case "end":
		p.cases = max(0, p.cases-1)
	case "interval":
		p.interval = p.depth + 1
	}
	if mysqlUnits[p.cur.word] {
		p.interval = 0
	}
	p.target = false
}

// defines tells whether the statement is of those that define something.
func (p *mysqlPrinter) defines() bool { return p.opening == "create" || p.opening == "alter" }

// member tells whether a word is a part of a qualified name or of a system variable.
func (p *mysqlPrinter) member() bool {
	return p.prev.kind == mysqlDot || p.prev.kind == mysqlSystem || p.prev.kind == mysqlAt || p.next.kind == mysqlDot
}

// isFunction tells whether a word is the name of a built-in function, or of a hint.
func (p *mysqlPrinter) isFunction() bool {
	return p.next.kind == mysqlOpen && !p.member() && !p.target && (mysqlFunctions[p.cur.word] || p.hint && p.depth == p.hints)
}

func (p *mysqlPrinter) isKeyword() bool {
	word := p.cur.word
	switch {
	case p.member():
		return false
	case mysqlReserved[word]:
		return true
	case !mysqlContextual[word]:
		return false
	case p.target && p.next.kind == mysqlOpen && word != "value":
		return false
	case mysqlAfter[word][p.prev.keywordText()], p.next.kind == mysqlWord && mysqlAhead[word][p.next.word]:
		return true
	case mysqlOpening[word] && p.starts():
		return p.next.kind != mysqlOperator && p.next.kind != mysqlComma
	case p.defines() && mysqlDefining[word] && p.prev.kind != mysqlOpen && p.prev.kind != mysqlComma && !p.awaitsName():
		return true
	case mysqlTypes[word] && p.awaitsType():
		return true
	case mysqlUnits[word] && p.awaitsUnit():
		return true
	}
	return p.isClause(word)
}

// isClause tells whether a word is a keyword for what stands around it.
func (p *mysqlPrinter) isClause(word string) bool {
	switch word {
	case "offset":
		return p.before.keywordText() == "limit" && p.next.kind != mysqlComma
	case "escape":
		return p.prev.endsOperand() && p.next.kind.literal()
	case "end":
		return p.cases > 0 || p.routine && p.starts()
	case "begin":
		return p.routine
	case "value", "row":
		return p.next.kind == mysqlOpen
	case "against":
		return p.prev.kind == mysqlClose && p.next.kind == mysqlOpen
	case "over":
		return p.prev.kind == mysqlClose
	case "any", "some":
		return p.prev.kind == mysqlOperator && p.next.kind == mysqlOpen
	case "lateral":
		return p.next.kind == mysqlOpen && (p.prev.kind == mysqlComma || p.prev.keyword)
	case "except", "intersect":
		return p.prev.endsOperand() && p.next.kind == mysqlOpen
	case "window":
		return p.prev.endsOperand() && p.next.kind == mysqlWord
	case "returning":
		return p.prev.endsOperand() && (p.next.kind == mysqlWord || p.next.kind == mysqlName || p.next.text == "*")
	case "preceding", "following":
		return p.prev.kind.literal() || p.prev.keywordText() == "unbounded" || mysqlUnits[p.prev.word]
	case "unknown":
		return p.prev.keywordText() == "is" || p.prev.keywordText() == "not"
	case "nowait":
		return p.before.keywordText() == "of"
	case "of":
		return p.prev.keywordText() == "update" || p.prev.keywordText() == "share"
	case "sounds":
		return p.next.word == "like"
	}
	return false
}

// keywordText returns a keyword in lower case, "" for other tokens.
func (t *mysqlPiece) keywordText() string {
	if !t.keyword {
		return ""
	}
	return t.word
}

// starts tells whether the token is the first of a statement.
func (p *mysqlPrinter) starts() bool {
	return p.prev.kind == mysqlEnd || p.prev.kind == mysqlSemicolon || p.routine && mysqlBlocks[p.prev.keywordText()]
}

// awaitsName tells whether a name follows the token in front, in a definition.
func (p *mysqlPrinter) awaitsName() bool {
	switch p.prev.keywordText() {
	case "table", "column", "add", "change", "exists", "references", "index", "key", "constraint", "to", "select", "from", "where", "by",
		"and", "or", "set", "drop", "database", "schema":
		return true
	}
	return p.prev.kind == mysqlOperator
}

// awaitsType tells whether a type may stand here: behind the name of a column, or in CAST.
func (p *mysqlPrinter) awaitsType() bool {
	if p.cast > 0 && p.cast == p.depth && p.prev.keywordText() == "as" {
		return true
	}
	return p.defines() && (p.prev.kind == mysqlWord && !p.prev.keyword || p.prev.kind == mysqlName || p.prev.keywordText() == "returns")
}

// awaitsUnit tells whether a unit of time may stand here.
func (p *mysqlPrinter) awaitsUnit() bool {
	if p.prev.kind == mysqlOpen {
		return p.before.word == "extract" || strings.HasPrefix(p.before.word, "timestamp")
	}
	return p.interval == p.depth+1 && p.prev.endsOperand() && p.next.kind != mysqlDot && p.next.kind != mysqlOpen
}

// spaced tells whether a space belongs in front of the token.
func (p *mysqlPrinter) spaced() bool {
	prev, cur := &p.prev, &p.cur
	switch {
	case len(p.out) == 0 || prev.kind == mysqlOpen:
		return false
	case cur.kind == mysqlDot || prev.kind == mysqlDot:
		return !cur.adjacent
	}
	switch cur.kind {
	case mysqlClose, mysqlComma, mysqlSemicolon:
		return false
	case mysqlVariable, mysqlAt: // user@host
		return p.before.kind == mysqlAt || !(prev.kind == mysqlWord && !prev.keyword || prev.kind == mysqlName || prev.kind.literal())
	case mysqlOpen:
		return !prev.unary && !p.calls()
	case mysqlOperator:
		return prev.kind != mysqlSystem
	}
	return (!prev.unary || cur.keyword) && p.apart()
}

// apart tells whether a space belongs between two tokens that are no brackets or operators.
func (p *mysqlPrinter) apart() bool {
	prev, cur := &p.prev, &p.cur
	switch {
	case prev.kind == mysqlAt:
		return !cur.kind.literal() && cur.kind != mysqlName && !cur.quoted
	case prev.kind == mysqlSystem:
		return cur.kind == mysqlSystem
	case prev.text == "{" || cur.text == "}":
		return false
	case cur.text == ":":
		return p.prev.kind == mysqlOperator || p.prev.kind == mysqlComma || p.prev.keyword
	case prev.text == ":":
		return cur.keyword
	}
	return true
}

// calls tells whether a bracket belongs to the word in front of it.
func (p *mysqlPrinter) calls() bool {
	switch {
	case p.before.kind == mysqlAt:
		return false
	case p.prev.kind == mysqlName:
		return !p.target
	case p.prev.kind != mysqlWord || p.target && !p.prev.keyword:
		return false
	case p.prev.word == "values":
		return p.before.kind == mysqlComma || p.before.kind == mysqlOperator
	case p.prev.word == "mod":
		return !p.before.endsOperand()
	case p.prev.keyword:
		return mysqlCalls[p.prev.word] || mysqlTypes[p.prev.word]
	}
	return true
}
