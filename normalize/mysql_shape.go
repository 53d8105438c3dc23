package normalize

import "bytes"

// mysqlBefore is the token in front, as far as it matters to what follows.
type mysqlBefore uint8

const (
	mysqlBeforeOther      mysqlBefore = iota // the end of an operand, or a word of no importance
	mysqlBeforeExpression                    // an operator, a bracket, a comma, a word that an expression follows
	mysqlBeforeComma                         // a comma, for rows
	mysqlBeforeSign                          // a sign, where an expression starts
	mysqlBeforeIs                            // IS, IS NOT
	mysqlBeforeNot                           // NOT
	mysqlBeforeIn
	mysqlBeforeField
	mysqlBeforeValues
	mysqlBeforeRow
	mysqlBeforeText     // a string: the next one is a part of it
	mysqlBeforeTemporal // DATE: with a string it is one literal
	mysqlBeforeCharset  // _utf8mb4
)

// operand tells whether an expression starts here.
func (b mysqlBefore) operand() bool {
	switch b {
	case mysqlBeforeExpression, mysqlBeforeComma, mysqlBeforeSign, mysqlBeforeNot:
		return true
	}
	return false
}

// mysqlFrame is an open bracket, or the statement itself.
type mysqlFrame struct {
	kind     frameKind
	literals bool // every element so far is a literal
	rows     bool // every element so far is a row of literals
	several  bool // there is more than one element
	folded   bool // elements were dropped
	start    int  // of the bracket in the shape
	at       int  // of the bracket in the source
	holes    int  // of the template in front of the bracket
	element  int  // start of the current element
	previous int  // start of the element before it, -1 without one
	end      int  // end of that element
	whole    int  // start of the row of VALUES that the bracket is, with its ROW; -1 when it is none
	row      int  // start of the last row of VALUES in this frame, -1 without one
	rowEnd   int
	rowComma bool // a comma follows that row
}

// query takes note of a query in the bracket: it is no list.
func (f *mysqlFrame) query() {
	if f.kind != frameVerbatim {
		f.kind, f.literals, f.rows = framePlain, false, false
	}
}

// mysqlMark is a sign or word that a literal behind it takes in, or the ROW of a row of VALUES.
type mysqlMark struct {
	shape  int // where it starts in the shape, -1 for a ROW elsewhere
	at     int // and in the source
	before mysqlBefore
}

// mysqlReducer writes the shape of a statement of MySQL: its tokens as they are written, comments gone, literals ?, lists of literals
// (...), equal elements of lists and equal rows folded. The text of the pattern is made of the shape alone. Words keep their case
// here, since only the text knows which are keywords, so a pattern may have several shapes.
type mysqlReducer struct {
	mysqlScanner
	shape  []byte
	before mysqlBefore
	last   mysqlKind
	mark   mysqlMark
	depth  int
	frames [maxFrames]mysqlFrame

	doubtful bool // something is not closed, or a backslash stands where SQL has none
	cautious bool // stop behind the first literal in which a backslash may not be one that escapes
}

// reduce returns the shape of sql, valid until the next call. It notes the holes of sql in a template, if there is one.
//
// With NO_BACKSLASH_ESCAPES 'C:\' is a whole literal. Read as if it were not, its end is taken for a start, and the literals behind it are
// taken for names. This leaves something open, or a backslash outside: then the shape ends with the first such literal.
func (r *mysqlReducer) reduce(sql []byte, t *template) []byte {
	r.doubtful, r.cautious = false, false
	shape := r.read(sql, t)
	if r.doubtful && escapesQuote(sql) {
		t.refuse()
		r.cautious = true
		shape = r.read(sql, nil)
	}
	return shape
}

// escapesQuote tells whether a backslash stands in front of a quote.
func escapesQuote(sql []byte) bool {
	return bytes.Contains(sql, []byte(`\'`)) || bytes.Contains(sql, []byte(`\"`))
}

func (r *mysqlReducer) read(sql []byte, t *template) []byte {
	r.reset(sql, t)
	r.shape = r.shape[:0]
	r.begin()
	semicolon := false
	for {
		k := r.next()
		if k == mysqlSemicolon && r.depth == 0 {
			semicolon = len(r.shape) > 0
			continue
		}
		if k == mysqlEnd || k == mysqlHollow {
			if k == mysqlHollow {
				t.refuse()
				r.doubtful = true
			}
			return r.shape
		}
		if semicolon {
			semicolon = false
			r.put(";")
			r.begin()
		}
		r.add(k)
		r.last = k
		if r.cautious && k.literal() && escapesQuote(r.token()) {
			return r.shape
		}
		if len(r.shape) > maxShape {
			t.refuse()
			return r.shape[:maxShape]
		}
	}
}

// begin starts a statement.
func (r *mysqlReducer) begin() {
	r.before, r.last, r.depth = mysqlBeforeOther, mysqlEnd, 0
	r.frames[0] = mysqlFrame{row: -1, previous: -1, whole: -1}
}

func (r *mysqlReducer) frame() *mysqlFrame { return &r.frames[min(r.depth, maxFrames-1)] }

func (r *mysqlReducer) put(text string) {
	if len(r.shape) > 0 {
		r.shape = append(r.shape, ' ')
	}
	r.shape = append(r.shape, text...)
}

// verbatim copies the token.
func (r *mysqlReducer) verbatim() {
	if len(r.shape) > 0 {
		r.shape = append(r.shape, ' ')
	}
	r.shape = append(r.shape, r.token()...)
}

// add takes one token.
func (r *mysqlReducer) add(k mysqlKind) {
	switch k {
	case mysqlWord:
		r.wordToken()
	case mysqlString:
		r.text()
	case mysqlInteger, mysqlDecimal, mysqlFloat, mysqlParam, mysqlNational, mysqlHex, mysqlBits:
		r.literal(k)
	case mysqlNull, mysqlDollar, mysqlTorn:
		r.template.refuse()
		r.doubtful = r.doubtful || k == mysqlTorn
		r.literal(k)
	case mysqlOther:
		if r.src[r.start] == '\\' {
			r.template.refuse()
			r.doubtful = true
		}
		r.verbatim()
		r.before = mysqlBeforeOther
	case mysqlMore:
		r.put("...")
		r.before = mysqlBeforeOther
	case mysqlName, mysqlVariable:
		r.named()
	case mysqlDot:
		r.point()
	case mysqlOperator:
		r.operatorToken()
	case mysqlOpen:
		r.open()
	case mysqlClose:
		r.close()
	case mysqlComma:
		r.comma()
	case mysqlUnhint:
		r.verbatim()
		r.before = mysqlBeforeExpression
	default:
		r.verbatim()
		r.before = mysqlBeforeOther
	}
}

// named copies a name. Behind a point it stands without a space.
func (r *mysqlReducer) named() {
	if len(r.shape) > 0 && r.last != mysqlDot && r.last != mysqlSystem {
		r.shape = append(r.shape, ' ')
	}
	r.shape = append(r.shape, r.token()...)
	r.before = mysqlBeforeOther
}

// point writes the point of a qualified name without a space in front, where it would be read as such again.
func (r *mysqlReducer) point() {
	r.before = mysqlBeforeOther
	if (r.last == mysqlWord || r.last == mysqlName) && r.shape[len(r.shape)-1] != '?' {
		r.shape = append(r.shape, '.')
		return
	}
	r.verbatim()
}

func (r *mysqlReducer) wordToken() {
	if r.last == mysqlDot || r.last == mysqlSystem {
		r.member()
		return
	}
	if len(r.shape) > 0 {
		r.shape = append(r.shape, ' ')
	}
	at := len(r.shape)
	r.shape = append(r.shape, r.token()...)
	role := mysqlRoleOf(r.src, r.start, r.pos)
	if role == mysqlRoleNone {
		r.before = mysqlBeforeOther
		return
	}
	if r.at(r.pos) == '.' && inWord[r.at(r.pos+1)] { // it qualifies a name
		role = mysqlRoleNone
	}
	r.before = r.behind(role, max(at-1, 0))
}

// member copies a word behind a point or @@: it is a name.
func (r *mysqlReducer) member() {
	r.before = mysqlBeforeOther
	if mysqlClasses[r.src[r.start]] == mysqlClassDigit && (r.start == 0 || r.src[r.start-1] != '.') { // ". 1st" is not ".1" and "st"
		r.verbatim()
		return
	}
	r.shape = append(r.shape, r.token()...)
}

// behind says what a word, written at a place, means to what follows.
func (r *mysqlReducer) behind(role mysqlRole, at int) mysqlBefore {
	prev := r.before
	switch role {
	case mysqlRoleExpression:
		return mysqlBeforeExpression
	case mysqlRoleQuery:
		r.frame().query()
		return mysqlBeforeExpression
	case mysqlRoleIn:
		return mysqlBeforeIn
	case mysqlRoleField:
		return mysqlBeforeField
	case mysqlRoleValues:
		if prev == mysqlBeforeComma || r.last == mysqlOperator { // VALUES(a) behind ON DUPLICATE KEY UPDATE
			return mysqlBeforeOther
		}
		r.frame().query()
		return mysqlBeforeValues
	case mysqlRoleRow:
		r.mark = mysqlMark{shape: -1, before: prev}
		if prev == mysqlBeforeValues || prev == mysqlBeforeComma && r.frame().rowComma {
			r.mark.shape = at
		}
		return mysqlBeforeRow
	case mysqlRoleIs:
		return mysqlBeforeIs
	case mysqlRoleNot:
		if prev == mysqlBeforeIs {
			return mysqlBeforeIs
		}
		return mysqlBeforeNot
	case mysqlRoleNull:
		if prev.operand() && prev != mysqlBeforeNot {
			r.constant(prev, at)
		}
	case mysqlRoleBoolean:
		if prev.operand() {
			r.constant(prev, at)
		}
	case mysqlRoleDefault:
		if (prev == mysqlBeforeExpression || prev == mysqlBeforeComma) && r.frame().kind == frameRow && !r.called() {
			r.constant(prev, at)
			break
		}
		return mysqlBeforeExpression
	case mysqlRoleTemporal:
		r.setMark(at, prev)
		return mysqlBeforeTemporal
	case mysqlRoleCharset:
		r.setMark(at, prev)
		return mysqlBeforeCharset
	}
	return mysqlBeforeOther
}

// called tells whether a bracket follows.
func (r *mysqlReducer) called() bool {
	probe := r.mysqlScanner
	probe.template = nil
	return probe.next() == mysqlOpen
}

// constant writes the word that starts at a place as a literal.
func (r *mysqlReducer) constant(prev mysqlBefore, at int) {
	r.shape = r.shape[:at]
	r.blank(prev)
}

// blank writes a literal, and notes its hole. A sign in front is a part of it.
func (r *mysqlReducer) blank(prev mysqlBefore) {
	start := r.start
	if prev == mysqlBeforeSign {
		start, prev = r.takeMark()
	}
	r.put("?")
	k := holeString
	if prev == mysqlBeforeExpression || prev == mysqlBeforeComma {
		k |= holeSign
	}
	r.template.add(start, r.pos, k)
}

// setMark marks the token that starts at a place in the shape. Behind a sign the mark is the sign's.
func (r *mysqlReducer) setMark(at int, prev mysqlBefore) {
	if prev != mysqlBeforeSign {
		r.mark = mysqlMark{at, r.start, prev}
	}
}

// takeMark takes back what stands at the mark.
func (r *mysqlReducer) takeMark() (start int, before mysqlBefore) {
	r.shape = r.shape[:r.mark.shape]
	return r.mark.at, r.mark.before
}

// text takes a part of a string.
func (r *mysqlReducer) text() {
	if r.before == mysqlBeforeText || r.before == mysqlBeforeTemporal {
		r.template.refuse()
	}
	if r.before != mysqlBeforeText {
		r.literal(mysqlString)
	}
}

// literal takes a literal, with the word in front of it that belongs to it.
func (r *mysqlReducer) literal(k mysqlKind) {
	prev, start := r.before, r.start
	if prev == mysqlBeforeTemporal && k == mysqlString || prev == mysqlBeforeCharset && (k == mysqlString || k == mysqlHex || k == mysqlBits) {
		r.start, prev = r.takeMark()
	}
	if r.last == mysqlDot || r.last == mysqlAt || r.last == mysqlSystem || prev == mysqlBeforeTemporal || prev == mysqlBeforeCharset {
		r.template.refuse()
	}
	r.blank(prev)
	r.start = start
	r.before = mysqlBeforeOther
	if k == mysqlString || k == mysqlNational {
		r.before = mysqlBeforeText
	}
}

// operatorToken writes an operator. A sign is noted, so that a number behind it can take it in.
func (r *mysqlReducer) operatorToken() {
	prev := r.before
	r.before = mysqlBeforeExpression
	if c := r.src[r.start]; r.pos-r.start == 1 && (c == '-' || c == '+') && prev.operand() {
		r.setMark(len(r.shape), prev)
		r.before = mysqlBeforeSign
	}
	if r.last == mysqlDot && r.src[r.start] == '*' { // t.*
		r.shape = append(r.shape, '*')
		return
	}
	r.verbatim()
}

// push opens a frame that starts with the bracket just to be written.
func (r *mysqlReducer) push(k frameKind, whole int) {
	start := len(r.shape)
	r.put("(")
	if r.depth++; r.depth < maxFrames {
		r.frames[r.depth] = mysqlFrame{kind: k, literals: true, rows: true, start: start, at: r.start, holes: r.template.len(),
			element: len(r.shape), previous: -1, whole: whole, row: -1}
	} else {
		r.frames[maxFrames-1].kind = frameVerbatim
	}
	r.before = mysqlBeforeExpression
}

func (r *mysqlReducer) open() {
	k, whole := r.opened()
	if !r.list(k, whole) {
		r.push(k, whole)
	}
}

// opened says what kind of bracket opens, and where the row of VALUES starts that it is.
func (r *mysqlReducer) opened() (k frameKind, whole int) {
	parent := r.frame()
	switch {
	case r.before == mysqlBeforeIn || r.before == mysqlBeforeField:
		return frameIn, -1
	case r.before == mysqlBeforeValues:
		parent.row = -1
		return frameRow, len(r.shape)
	case r.before == mysqlBeforeComma && parent.rowComma:
		return frameRow, len(r.shape)
	case r.before == mysqlBeforeRow:
		if r.mark.shape >= 0 && !(r.mark.before == mysqlBeforeComma && parent.rowComma) {
			parent.row = -1
		}
		return frameRow, r.mark.shape
	case r.before.operand() && (parent.kind == frameIn || parent.kind == frameRow) && len(r.shape) == parent.element:
		return frameRow, -1
	}
	return framePlain, -1
}

// list takes a whole list of literals at once, or all rows of VALUES that are such. It does what the tokens one by one would do.
func (r *mysqlReducer) list(k frameKind, whole int) bool {
	if r.cautious || r.depth+1 >= maxFrames || k != frameIn && (k != frameRow || whole != len(r.shape)) {
		return false
	}
	m := mysqlMatcher{r.src}
	parent, hole, end := r.frame(), holeList, 0
	if k == frameRow {
		hole, end = holeRows, m.rows(r.start)
	} else {
		end = m.list(r.start, false)
	}
	if end == 0 {
		return false
	}
	f := frame{at: r.start, holes: r.template.len()}
	r.put("( ... )")
	r.pos, r.before = end, mysqlBeforeOther
	if k == frameRow {
		r.template.foldRow(&f, end, parent.row >= 0 && parent.rowComma)
		r.endRow(parent, whole, true)
	} else {
		r.template.fold(&f, end, hole)
	}
	return true
}

func (r *mysqlReducer) comma() {
	f := r.frame()
	if r.depth < maxFrames {
		f.rowComma = f.row >= 0 && len(r.shape) == f.rowEnd
		r.endElement(f)
	}
	r.put(",")
	if r.depth < maxFrames {
		f.element = len(r.shape)
	}
	r.before = mysqlBeforeComma
}

// endElement folds the element that ends here into the one before it, if they are equal and of a list.
func (r *mysqlReducer) endElement(f *mysqlFrame) {
	if f.kind != frameIn && f.kind != frameRow || r.depth == 0 {
		return
	}
	element := r.shape[f.element:]
	literal, list := string(element) == " ?", string(element) == " ..."
	row := string(element) == " ( ... )" || string(element) == " ( ( ... ) )"
	f.literals = f.literals && (literal || list)
	f.rows = f.rows && row
	f.several = f.several || list
	if f.previous >= 0 {
		f.several = true
		if (f.kind == frameIn || row) && bytes.Equal(element, r.shape[f.previous:f.end]) {
			r.shape = r.shape[:f.end]
			f.folded = true
			return
		}
	}
	f.previous, f.end = f.element, len(r.shape)
}

func (r *mysqlReducer) close() {
	if r.depth == 0 || r.depth >= maxFrames {
		r.pop()
		return
	}
	f := r.frame()
	r.endElement(f)
	r.pop()
	parent := r.frame()
	switch {
	case f.kind != frameIn && f.kind != frameRow:
		return
	case f.literals && f.previous >= 0:
		r.foldList(f, parent)
	case f.kind == frameIn && f.rows && f.previous >= 0 && string(r.shape[f.start:]) == " ( ( ... ) )":
		r.template.fold(&frame{at: f.at, holes: f.holes}, r.pos, holeNested)
	case f.folded:
		r.template.refuse()
	}
	if f.whole >= 0 {
		r.endRow(parent, f.whole, f.literals && f.whole == f.start)
	}
}

// foldList writes (...) for a list of literals that ends here. In a list, (5) is 5.
func (r *mysqlReducer) foldList(f, parent *mysqlFrame) {
	r.shape = r.shape[:f.start]
	noted := frame{at: f.at, holes: f.holes}
	switch {
	case f.kind == frameRow && f.whole < 0 && f.start == parent.element: // a row in a list
		parent.folded = true
		if !f.several {
			r.put("?")
			return
		}
	case f.kind == frameRow && f.whole == f.start:
		r.template.foldRow(&noted, r.pos, parent.row >= 0 && parent.rowComma)
	default:
		r.template.fold(&noted, r.pos, holeList)
	}
	r.put("( ... )")
}

// endRow drops the row of VALUES that started at a place when it equals the one before it.
func (r *mysqlReducer) endRow(parent *mysqlFrame, start int, literals bool) {
	if parent.row >= 0 && parent.rowComma && bytes.Equal(r.shape[start:], r.shape[parent.row:parent.rowEnd]) {
		r.shape = r.shape[:parent.rowEnd]
		if !literals {
			r.template.refuse()
		}
		return
	}
	parent.row, parent.rowEnd = start, len(r.shape)
}

func (r *mysqlReducer) pop() {
	r.put(")")
	r.depth = max(0, r.depth-1)
	r.before = mysqlBeforeOther
}
