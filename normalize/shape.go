package normalize

import "bytes"

const (
	// maxShape is the longest shape, in bytes: what is longer is cut and left to the lexer. pg_query was tried with a megabyte of
	// nested and of chained expressions; memory is the reason for the limit.
	maxShape  = 256 << 10
	maxFrames = 64 // brackets nested deeper are not folded
)

// preceding is the token in front of a literal, as far as it matters to it.
type preceding uint8

const (
	beforeOther preceding = iota
	beforeStart
	beforeOperator // a literal behind these three is an expression on its own, whatever its kind: the kinds are one
	beforeOpen
	beforeComma
	beforeSign       // + or -: "- 5" is a constant, "- '5'" is not, so the kinds differ
	beforeExpression // a reserved word that an expression follows
	beforeIn
	beforeValues
	beforeArray // ARRAY where an expression starts
	beforeType
	beforePosition
	beforeAs
	beforeFor
	beforeUescape     // 'x' behind U&'...' UESCAPE
	beforeNameUescape // 'x' behind U&"..." UESCAPE: it decides which name that is
)

// slot tells whether a literal stands where its kind makes no difference.
func (b preceding) slot() bool { return b == beforeOperator || b == beforeOpen || b == beforeComma }

// mode is how the literals of a statement are treated.
type mode uint8

const (
	modeStart    mode = iota // no token yet
	modeFold                 // literals are constants, which pg_query ignores
	modeExplain              // EXPLAIN: folded from the query on
	modeDefine               // CREATE, PREPARE: folded from a query behind AS on
	modeDeclare              // DECLARE: folded from a query behind FOR on
	modeVerbatim             // other statements: literals may be part of the fingerprint
)

type frameKind uint8

const (
	framePlain    frameKind = iota
	frameIn                 // equal elements in a row are one
	frameRow                // of VALUES, or of rows in a list: all literals are one
	frameArray              // ARRAY[...]: literals in a row are one
	frameVerbatim           // type modifiers and subscripts: numbers stay
	framePosition           // position(a IN b): that IN has no list
)

// frame is an open bracket, or the statement itself.
type frame struct {
	kind     frameKind
	literals bool // every element so far is a literal
	several  bool // there is more than one
	start    int  // of the bracket in the shape
	at       int  // of the bracket in the source
	holes    int  // of the template in front of the bracket
	element  int  // start of the current element
	previous int  // start of the element before it, -1 without one
	end      int  // end of that element
	row      int  // start of the last row of VALUES in this frame, -1 without one
	rowEnd   int
	rowComma bool // a comma follows that row
}

// reducer writes the shape of SQL: its tokens, one space between them, words in lower case, comments gone, constants replaced
// by one representative of their kind, equal elements of lists and equal rows folded. A shape is SQL itself, with the
// fingerprint of the text it comes from, and it is the key of the cache: the fingerprint is derived from it alone, so it cannot
// depend on which text of its class came first.
type reducer struct {
	scanner
	shape  []byte
	tabbed bool
	mode   mode
	before preceding
	last   kind
	depth  int
	frames [maxFrames]frame
}

// reduce returns the shape of sql, valid until the next call. It notes the holes of sql in a template, if there is one.
func (r *reducer) reduce(sql []byte, t *template, tabbed bool) []byte {
	r.src, r.start, r.pos, r.template = sql, 0, 0, t
	r.shape, r.tabbed = r.shape[:0], tabbed
	r.begin()
	semicolon := false
	for {
		k := r.next()
		if k == kindSemicolon && r.depth == 0 {
			semicolon = len(r.shape) > 0
			continue
		}
		if k == kindEnd {
			return r.shape
		}
		if semicolon {
			semicolon = false
			r.put(";")
			r.begin()
		}
		r.add(k)
		r.last = k
		if len(r.shape) > maxShape {
			r.cut()
			return r.shape
		}
	}
}

// cut drops the last token of a shape that is too long and leaves the mark of a text whose end is missing.
func (r *reducer) cut() {
	r.shape = append(r.shape[:min(len(r.shape), maxShape)], " /*"...)
}

// begin starts a statement.
func (r *reducer) begin() {
	r.mode, r.before, r.last, r.depth = modeStart, beforeStart, kindEnd, 0
	r.frames[0] = frame{row: -1, previous: -1}
}

func (r *reducer) frame() *frame { return &r.frames[min(r.depth, maxFrames-1)] }

func (r *reducer) put(text string) {
	if len(r.shape) > 0 {
		r.shape = append(r.shape, ' ')
	}
	r.shape = append(r.shape, text...)
}

// add takes one token.
func (r *reducer) add(k kind) {
	if r.mode == modeStart && k != kindWord {
		r.mode = modeVerbatim
		if k == kindOpen {
			r.mode = modeFold
		}
	}
	switch k {
	case kindWord:
		r.word()
	case kindName, kindUName:
		r.quotedName()
	case kindOperator:
		r.operatorToken()
	case kindOpen:
		r.open()
	case kindClose:
		r.close()
	case kindBracket:
		r.bracket()
	case kindUnbracket:
		r.unbracket()
	case kindComma:
		r.comma()
	case kindTorn:
		r.odd("'")
	case kindHollow:
		r.odd("/*")
	case kindJunk:
		r.odd("1a")
	case kindDot, kindColon, kindCast, kindSemicolon:
		r.verbatim()
		r.before = beforeOther
	default:
		r.value(k)
	}
}

// verbatim copies the token.
func (r *reducer) verbatim() {
	if len(r.shape) > 0 {
		r.shape = append(r.shape, ' ')
	}
	if !r.tabbed {
		r.shape = append(r.shape, r.token()...)
		return
	}
	for i, c := range r.token() {
		if c != '\t' || i == 0 || r.token()[i-1] != '\n' {
			r.shape = append(r.shape, c)
		}
	}
}

// odd writes the mark of something that the server refuses. Nothing of a literal or name without an end is kept.
func (r *reducer) odd(mark string) {
	r.template.refuse()
	r.put(mark)
	r.before = beforeOther
}

// value takes a complete literal.
func (r *reducer) value(k kind) {
	b := r.before
	r.before = beforeOther
	if r.mode != modeFold || b == beforeNameUescape {
		r.template.refuse()
		r.verbatim()
		return
	}
	r.noteLiteral(k, b)
	switch k {
	case kindString, kindEscape, kindDollar:
		if b == beforeUescape {
			r.put("'!'")
			return
		}
		r.put("''")
	case kindNumber:
		r.numberValue(b)
	case kindParam:
		r.either(b, "$1")
	case kindBits:
		r.either(b, "b''")
	case kindNational: // a cast of a constant
		r.put("n''")
	case kindUnicode: // UESCAPE may follow
		r.put("u&''")
	}
}

// noteLiteral notes the hole of a literal. Where numbers count, the kinds are not one.
func (r *reducer) noteLiteral(k kind, b preceding) {
	if r.frame().kind == frameVerbatim {
		b = beforeOther
	}
	r.template.literal(r.start, r.pos, k, b)
}

func (r *reducer) numberValue(b preceding) {
	if r.frame().kind == frameVerbatim {
		r.template.drop()
		r.verbatim()
		return
	}
	r.either(b, "1")
}

// either writes the representative of all kinds where kinds make no difference.
func (r *reducer) either(b preceding, other string) {
	if b.slot() {
		other = "''"
	}
	r.put(other)
}

var unnamedPortal = []byte(`"<unnamed portal `)

// quotedName copies a name. The names of unnamed portals are numbered; the number says nothing.
func (r *reducer) quotedName() {
	r.before = beforeOther
	r.template.name(r.token())
	if r.mode != modeFold && bytes.HasPrefix(r.token(), unnamedPortal) {
		r.put(`"<unnamed portal>"`)
		return
	}
	r.verbatim()
}

// word writes a word in lower case.
func (r *reducer) word() {
	if len(r.shape) > 0 {
		r.shape = append(r.shape, ' ')
	}
	at := len(r.shape)
	r.shape = append(r.shape, r.token()...)
	word := r.shape[at:]
	for i, c := range word {
		word[i] = lower[c]
	}
	role := roleNone
	if r.last != kindDot { // t.values is a name
		role = roleOf(word)
	}
	if r.mode != modeFold {
		r.enter(role)
	}
	r.before = r.behind(role, word, at)
}

// enter finds the mode of a statement.
func (r *reducer) enter(role role) {
	switch {
	case r.mode == modeStart:
		r.mode = r.opening(role)
	case r.depth > 0:
	case r.mode == modeExplain && role == roleQuery:
		r.mode = modeFold
	case r.mode == modeExplain && (role == roleCreate || role == roleDeclare):
		r.mode = r.opening(role)
	case r.mode == modeDefine && role == roleQuery && r.before == beforeAs,
		r.mode == modeDeclare && role == roleQuery && r.before == beforeFor:
		r.mode = modeFold
	case r.mode == modeDefine && role == roleCreate: // CREATE SCHEMA holds others, with options behind their queries
		r.mode = modeVerbatim
	}
}

func (r *reducer) opening(role role) mode {
	switch role {
	case roleQuery, roleFolded:
		return modeFold
	case roleExplain:
		return modeExplain
	case roleDefine, roleCreate:
		return modeDefine
	case roleDeclare:
		return modeDeclare
	}
	return modeVerbatim
}

// behind says what a word that was written at a place means to the literal behind it.
func (r *reducer) behind(role role, word []byte, at int) preceding {
	prev := r.before
	switch role {
	case roleNone:
		return beforeOther
	case roleExpression:
		return beforeExpression
	case roleQuery:
		return r.query(word)
	case roleIn:
		if r.frame().kind != framePosition {
			return beforeIn
		}
	case roleArray:
		if prev.slot() || prev == beforeExpression {
			return beforeArray
		}
	case roleType, roleSecond:
		return beforeType
	case rolePosition:
		return beforePosition
	case roleAs:
		return beforeAs
	case roleFor:
		return beforeFor
	case roleConstant:
		if r.mode == modeFold && prev.slot() {
			r.shape = append(r.shape[:at], "''"...)
		}
	case roleDefault:
		if prev.slot() && r.frame().kind == frameRow {
			r.shape = append(r.shape[:at], "''"...)
		}
	case roleUescape:
		if r.last == kindUName {
			return beforeNameUescape
		}
		return beforeUescape
	case roleCreate:
		if r.mode == modeFold {
			r.mode = modeVerbatim
		}
	}
	return beforeOther
}

// query takes a word that starts a query: the bracket it stands in is no list.
func (r *reducer) query(word []byte) preceding {
	if f := r.frame(); f.kind != framePosition && f.kind != frameVerbatim {
		f.kind = framePlain
	}
	switch string(word) {
	case "values":
		return beforeValues
	case "select":
		return beforeExpression
	}
	return beforeOther
}

// operatorToken writes an operator, and "-5" as the constant it is where the minus is a sign.
func (r *reducer) operatorToken() {
	c := r.src[r.start]
	if r.pos-r.start != 1 || c != '-' && c != '+' {
		r.verbatim()
		r.before = beforeOperator
		if r.last == kindDot { // t.* is an operand
			r.before = beforeOther
		}
		return
	}
	if c == '-' && r.mode == modeFold && (r.before.slot() || r.before == beforeExpression) && r.frame().kind != frameVerbatim && r.signed() {
		return
	}
	r.verbatim()
	r.before = beforeSign
}

// signed takes the number behind a sign, unless something that binds stronger than the sign follows it.
func (r *reducer) signed() bool {
	end := r.signedNumber(r.pos)
	if end == 0 {
		return false
	}
	r.pos = end
	r.template.literal(r.start, r.pos, kindNumber, r.before)
	r.either(r.before, "1")
	r.before = beforeOther
	return true
}

// push opens a frame that starts with the bracket just to be written.
func (r *reducer) push(k frameKind, bracket string) {
	start := len(r.shape)
	r.put(bracket)
	if r.depth++; r.depth < maxFrames {
		r.frames[r.depth] = frame{kind: k, literals: true, start: start, at: r.start, holes: r.template.len(), element: len(r.shape), previous: -1, row: -1}
	} else {
		r.frames[maxFrames-1].kind = frameVerbatim
	}
	r.before = beforeOpen
}

func (r *reducer) open() {
	k := r.opened()
	if r.list(k, ")") {
		return
	}
	sign := r.before == beforeSign
	r.push(k, "(")
	if sign { // -(5) is a constant, too
		r.before = beforeSign
	}
}

// opened says what kind of bracket opens.
func (r *reducer) opened() frameKind {
	parent := r.frame()
	if r.mode != modeFold {
		return framePlain
	}
	switch {
	case r.before == beforeType:
		return frameVerbatim
	case r.before == beforePosition:
		return framePosition
	case r.before == beforeIn:
		return frameIn
	case r.before == beforeValues:
		parent.row = -1
		return frameRow
	case r.before == beforeComma && parent.rowComma:
		return frameRow
	case r.before.slot() && parent.kind == frameIn && len(r.shape) == parent.element:
		return frameRow
	}
	return framePlain
}

func (r *reducer) bracket() {
	parent := r.frame()
	k := frameVerbatim
	if r.mode == modeFold && r.before == beforeArray || r.before.slot() && parent.kind == frameArray && len(r.shape) == parent.element {
		k = frameArray
	}
	if !r.list(k, "]") {
		r.push(k, "[")
	}
}

// list takes a whole list of literals at once, or all rows of VALUES that are such. It does what the tokens one by one would
// do, three times as fast.
func (r *reducer) list(k frameKind, bracket string) bool {
	parent := r.frame()
	if k != frameIn && k != frameArray && (k != frameRow || parent.kind == frameIn) || r.depth+1 >= maxFrames {
		return false
	}
	hole := holeList
	switch k {
	case frameRow:
		hole = holeRows
	case frameArray:
		hole = holeArray
	}
	m := matcher{r.scanner}
	end := m.skip(r.start, hole)
	if end == 0 {
		return false
	}
	f := frame{start: len(r.shape), at: r.start, holes: r.template.len()}
	r.verbatim()
	r.put("''")
	r.put(bracket)
	r.pos, r.before = end, beforeOther
	if k == frameRow {
		r.template.foldRow(&f, end, parent.row >= 0 && parent.rowComma)
		r.endRow(parent, f.start)
	} else {
		r.template.fold(&f, end, hole)
	}
	return true
}

func (r *reducer) comma() {
	f := r.frame()
	if r.depth < maxFrames {
		f.rowComma = f.row >= 0 && len(r.shape) == f.rowEnd
		r.endElement(f)
	}
	r.put(",")
	if r.depth < maxFrames {
		f.element = len(r.shape)
	}
	r.before = beforeComma
}

// endElement folds the element that ends here into the one before it, if they are equal and of a list.
func (r *reducer) endElement(f *frame) {
	if f.kind != frameIn && f.kind != frameRow && f.kind != frameArray || r.depth == 0 {
		return
	}
	element := r.shape[f.element:]
	literal := string(element) == " ''"
	f.literals = f.literals && literal
	foldable := f.kind == frameIn || f.kind == frameArray && literal
	if f.previous >= 0 {
		f.several = true
		if foldable && bytes.Equal(element, r.shape[f.previous:f.end]) {
			r.shape = r.shape[:f.end]
			return
		}
	}
	f.previous, f.end = f.element, len(r.shape)
}

func (r *reducer) close() {
	if r.depth == 0 || r.depth >= maxFrames {
		r.pop(")")
		return
	}
	f := r.frame()
	r.endElement(f)
	r.pop(")")
	parent := r.frame()
	r.foldTemplate(f, parent)
	if f.kind != frameRow {
		return
	}
	if f.literals && f.previous >= 0 {
		r.shape = append(r.shape[:f.start], " ( ''"...)
		if parent.kind == frameIn && f.several {
			r.shape = append(r.shape, " , ''"...)
		}
		r.shape = append(r.shape, " )"...)
	}
	if parent.kind != frameIn {
		r.endRow(parent, f.start)
	}
}

// endRow drops the row of VALUES that started at a place when it equals the one before it.
func (r *reducer) endRow(parent *frame, start int) {
	if parent.row >= 0 && parent.rowComma && bytes.Equal(r.shape[start:], r.shape[parent.row:parent.rowEnd]) {
		r.shape = r.shape[:parent.rowEnd]
		return
	}
	parent.row, parent.rowEnd = start, len(r.shape)
}

func (r *reducer) unbracket() {
	if r.depth == 0 || r.depth >= maxFrames {
		r.pop("]")
		return
	}
	f := r.frame()
	r.endElement(f)
	r.pop("]")
	r.foldTemplate(f, r.frame())
}

// foldTemplate makes one hole of a list of literals that ends here.
func (r *reducer) foldTemplate(f, parent *frame) {
	if r.template == nil || !f.literals || f.previous < 0 {
		return
	}
	switch {
	case f.kind == frameIn:
		r.template.fold(f, r.pos, holeList)
	case f.kind == frameArray:
		r.template.fold(f, r.pos, holeArray)
	case f.kind == frameRow && parent.kind != frameIn:
		r.template.foldRow(f, r.pos, parent.row >= 0 && parent.rowComma)
	}
}

func (r *reducer) pop(bracket string) {
	r.put(bracket)
	r.depth = max(0, r.depth-1)
	r.before = beforeOther
}
