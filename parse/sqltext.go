package parse

import "bytes"

// sqlText follows a statement of MySQL line by line and knows whether a line ends within something that is still open: a literal, a
// quoted name, a comment, the body of a routine. A log writes statements as they are, so only what is open tells the text of a log
// that a statement quotes from the log itself.
type sqlText struct {
	open   byte // ' " ` or * of a comment; 0: none
	stage  stage
	words  int  // seen while defining
	depth  int  // of BEGIN and CASE in a body
	cases  int  // of depth, those of CASE
	fresh  bool // a statement of the body begins
	ended  bool // the last word was END: IF, LOOP and the like behind it belong to it
	inCase bool // that was the end of an expression
	odd    bool // a backslash stood where SQL has none: this text is not what it was taken for
	glued  bool // a word stood right behind such quotes: they were rather those before 'word', and this text is not, either

	versioned bool // within /*! … */: a server that is too old for it skips it, so it may hold anything
	remark    bool // the line ended within a comment of its own, so its semicolon may be of that
}

// stage is what is known of a statement.
type stage uint8

const (
	opening   stage = iota // no word has been seen
	plain                  // it has no body
	defining               // CREATE: what is created is not known yet
	beginning              // BEGIN: of MariaDB's BEGIN NOT ATOMIC a body follows
	body                   // it may have a body with statements of its own
)

func (t *sqlText) begin() { *t = sqlText{} }

// within tells whether something is open.
func (t *sqlText) within() bool { return t.open != 0 || t.versioned || t.depth > 0 }

// strange tells whether it looks as if it were not read from where it begins.
func (t *sqlText) strange() bool { return t.odd || t.glued }

// endsStatement tells whether a line ends in a semicolon.
func endsStatement(line []byte) bool {
	for n := len(line) - 1; n >= 0; n-- {
		if line[n] > ' ' {
			return line[n] == ';'
		}
	}
	return false
}

// line takes the next line, without its end.
func (t *sqlText) line(b []byte) {
	t.remark = false
	if t.stage == opening && t.open == 0 && len(b) > 0 && isLetter(b[0]) && b[0]|0x20 > 'c' { // not CREATE, ALTER or BEGIN
		t.stage = plain
	}
	for i := 0; i < len(b); {
		switch {
		case t.open != 0:
			i = t.close(b, i)
		case t.stage == plain:
			i = t.code(b, i)
		default:
			i = t.next(b, i)
		}
	}
}

// telling are the bytes outside of quotes that may open something, or end the line.
var telling = func() (set [256]bool) {
	for _, c := range []byte("'\"`#-/\\") {
		set[c] = true
	}
	return set
}()

// code reads on to what opens something other than a quote, or to the end of the line. It takes two thirds of the cutter's time, most of it
// for guessing wrong where the next quote is: to look at eight bytes at once for quotes of both kinds was slower.
func (t *sqlText) code(b []byte, i int) int {
	for i < len(b) {
		for ; i+8 <= len(b); i += 8 {
			if w := b[i : i+8 : i+8]; telling[w[0]] || telling[w[1]] || telling[w[2]] || telling[w[3]] || telling[w[4]] || telling[w[5]] || telling[w[6]] || telling[w[7]] {
				break
			}
		}
		for i < len(b) && !telling[b[i]] {
			i++
		}
		if i == len(b) {
			return i
		}
		quote := b[i]
		if quote != '\'' && quote != '"' && quote != '`' {
			return t.mark(b, i)
		}
		for i++; i < len(b) && b[i] != quote; i++ {
			if b[i] == '\\' && quote != '`' {
				i++
			}
		}
		if i >= len(b) {
			t.open = quote
			return len(b)
		}
		i++
	}
	return i
}

// mark takes a byte that may open something.
func (t *sqlText) mark(b []byte, i int) int {
	next := byte('\n')
	if i+1 < len(b) {
		next = b[i+1]
	}
	switch c := b[i]; c {
	case '\'', '"', '`':
		t.open = c
	case '#':
		t.remark = true
		return len(b)
	case '-':
		if next == '-' && (i+2 >= len(b) || b[i+2] <= ' ') {
			t.remark = true
			return len(b)
		}
	case '/':
		switch {
		case next == '*' && isVersioned(b[i+2:]):
			t.versioned = true
			return i + 2
		case next == '*':
			t.open = '*'
			return i + 2
		case t.versioned && i > 0 && b[i-1] == '*':
			t.versioned = false
		}
	case '\\':
		t.odd = t.odd || next != 'N'
	}
	return i + 1
}

// isVersioned tells whether the comment whose text b is holds code: /*!50001 … */ and MariaDB's /*M! … */.
func isVersioned(b []byte) bool {
	return len(b) > 0 && b[0] == '!' || len(b) > 1 && b[0] == 'M' && b[1] == '!'
}

// close looks for the end of what is open. A doubled quote closes and opens.
func (t *sqlText) close(b []byte, i int) int {
	for i < len(b) {
		switch t.open {
		case '*':
			k := bytes.Index(b[i:], []byte("*/"))
			if k < 0 {
				return len(b)
			}
			t.open = 0
			return i + k + 2
		case '`':
			k := bytes.IndexByte(b[i:], '`')
			if k < 0 {
				return len(b)
			}
			t.shut(b, i+k+1)
			return i + k + 1
		}
		for i < len(b) && b[i] != t.open && b[i] != '\\' {
			i++
		}
		if i < len(b) && b[i] == t.open {
			t.shut(b, i+1)
			return i + 1
		}
		i += 2
	}
	return len(b)
}

// shut closes quotes that were opened on a line before; i is behind them.
func (t *sqlText) shut(b []byte, i int) {
	t.open = 0
	t.glued = t.glued || i < len(b) && (isLetter(b[i]) || isDigit(b[i]))
}

// next does as code and looks at each word.
func (t *sqlText) next(b []byte, i int) int {
	switch c := b[i]; {
	case isLetter(c):
		end := i + 1
		for end < len(b) && (isWord(b[end]) || b[end] == '$' || b[end] >= 0x80) {
			end++
		}
		if i == 0 || b[i-1] != '.' && b[i-1] != '@' {
			t.word(b[i:end])
		}
		return end
	case c == ';':
		t.ended, t.fresh = false, true
	case c == ',':
		t.ended = false
	case c == '/' && t.stage == opening && len(b) > i+2 && b[i+1] == '*' && isVersioned(b[i+2:]):
		t.versioned = true
		return min(i+4, len(b))
	case telling[c]:
		return t.mark(b, i)
	}
	return i + 1
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c >= 0x80 }

func (t *sqlText) word(w []byte) {
	switch t.stage {
	case opening:
		t.first(w)
	case defining:
		t.define(w)
	case beginning:
		t.stage = plain
		if is(w, "not") {
			t.stage, t.depth = body, 1
		}
	case body:
		t.nest(w)
	}
}

// first takes the first word of a statement.
func (t *sqlText) first(w []byte) {
	switch {
	case is(w, "create"), is(w, "alter"):
		t.stage = defining
	case is(w, "begin"):
		t.stage = beginning
	default:
		t.stage = plain
	}
}

// maxDefinition is how many words behind CREATE the one may stand that says what is created: OR REPLACE and a DEFINER are between.
const maxDefinition = 16

// define looks for what is created. What is not known is taken for something without a body.
func (t *sqlText) define(w []byte) {
	t.words++
	switch {
	case is(w, "procedure"), is(w, "function"), is(w, "trigger"), is(w, "event"), is(w, "package"):
		t.stage = body
	case is(w, "table"), is(w, "index"), is(w, "view"), is(w, "database"), is(w, "schema"), is(w, "user"), t.words > maxDefinition:
		t.stage = plain
	}
}

func is(w []byte, word string) bool { return len(w) == len(word) && bytes.EqualFold(w, []byte(word)) }

// nest counts BEGIN … END and CASE … END. END stands where a statement begins, or behind the expression of a CASE; anywhere else it is a name, or
// it is that of UNTIL … END REPEAT. What IF, LOOP and the like open ends with two words, of which the second takes back what END did.
func (t *sqlText) nest(w []byte) {
	ended, fresh := t.ended, t.fresh
	t.ended, t.fresh = false, false
	switch {
	case is(w, "end"):
		if t.ended = fresh || t.cases > 0; !t.ended {
			return
		}
		t.depth--
		if t.inCase = !fresh; t.inCase {
			t.cases--
		}
	case is(w, "begin"):
		t.depth++
		t.fresh = true
	case is(w, "case"):
		if !ended {
			t.depth++
			t.cases++
		} else if t.cases > 0 {
			t.cases--
		}
	case ended && isLoop(w):
		t.depth++
		if t.inCase {
			t.cases++
		}
	}
}

func isLoop(w []byte) bool {
	return is(w, "if") || is(w, "loop") || is(w, "repeat") || is(w, "while") || is(w, "for")
}
