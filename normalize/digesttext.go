package normalize

import "strings"

// DigestText returns the DIGEST_TEXT that MySQL 8 gives a statement in performance_schema and sys, so that patterns can be
// joined with events_statements_summary_by_digest: names in back quotes, keywords in upper case and by the last of their names
// (SHOW DATABASES is SHOW SCHEMAS), a space between all tokens, literals as ?, lists of them as ?, ... and (...), optimizer hints
// kept, comments gone. What follows the 1024 bytes of tokens that max_digest_length allows by default is missing, without a
// mark. It is valid UTF-8, and empty when there is no token or only an administrator command.
//
// Where MySQL and MariaDB differ, this is MySQL's text: most tools that show digests expect it. MariaDBDigestText gives the other, and
// digestServer lists the differences. Comments of code for some versions are read, whatever the version, and sql_mode is the
// default.
//
// The DIGEST of the server cannot be had: it is a hash of token numbers, which differ between versions. A statement that the server
// did not accept has no text there, but has one here.
func DigestText(sql string) string { return digest(sql, digestMySQL()) }

// MariaDBDigestText returns the DIGEST_TEXT of MariaDB 10.11, as DigestText does MySQL's.
func MariaDBDigestText(sql string) string { return digest(sql, digestMariaDB()) }

// maxDigestBytes is the default of max_digest_length. The server counts its own token numbers of two bytes, and the names.
const maxDigestBytes = 1024

const (
	digestTokenBytes = 2
	digestNameBytes  = 2 + 2 // before the name: its kind and length
)

// digestKind is what a token of a digest can be folded into.
type digestKind uint8

const (
	digestMark   digestKind = iota // keywords, operators, everything that stays
	digestTight                    // a mark without a space behind
	digestName                     // a name: nothing is folded over it
	digestValue                    // ?
	digestValues                   // ?, ...
	digestRow                      // (?)
	digestRows                     // (?) /* , ... */
	digestTuple                    // (...)
	digestTuples                   // (...) /* , ... */
)

var digestTexts = [...]string{digestValue: "?", digestValues: "?, ...", digestRow: "(?)", digestRows: "(?) /* , ... */",
	digestTuple: "(...)", digestTuples: "(...) /* , ... */"}

type digestToken struct {
	kind digestKind
	text string // as it is printed
	size int    // bytes of max_digest_length
}

// digester collects the tokens of a digest and folds them as it goes, as the server does: the limit is on what is left.
type digester struct {
	mysqlScanner
	server *digestServer
	tokens []digestToken
	size   int
	full   bool
}

func digest(sql string, server *digestServer) string {
	if strings.HasPrefix(sql, "administrator command: ") {
		return ""
	}
	d := digester{server: server}
	d.reset([]byte(sql), nil)
	for !d.full {
		k := d.next()
		if (k == mysqlTorn || k == mysqlHollow) && escapesQuote(d.src) || k == mysqlOther && d.src[d.start] == '\\' { // see mysqlReducer.reduce
			return ""
		}
		if k == mysqlEnd || k == mysqlHollow {
			d.dropSemicolon()
			break
		}
		d.add(k)
	}
	return d.String()
}

func (d *digester) add(k mysqlKind) {
	switch {
	case k == mysqlHex && d.server.hexString != "" && d.src[d.start] != '0':
		d.mark(d.server.hexString)
	case k.literal():
		d.literal(k)
	case k == mysqlWord:
		d.word(string(d.token()))
	case k == mysqlName:
		d.name(string(d.src[d.start+1 : d.pos-1]))
	case k == mysqlVariable:
		d.variable(string(d.token()[1:]))
	case k == mysqlAt || k == mysqlSystem:
		d.tight(string(d.token()))
	case k == mysqlHint && !d.server.hints:
		d.skipHint()
	case k == mysqlClose:
		d.close()
	default:
		d.mark(string(d.token()))
	}
}

// skipHint skips to the end of a hint.
func (d *digester) skipHint() {
	for d.hint {
		if d.next() == mysqlEnd {
			return
		}
	}
}

// last returns the nth token from the end, from 1 on; a mark without a text where there is none.
func (d *digester) last(n int) digestToken {
	if n > len(d.tokens) {
		return digestToken{}
	}
	return d.tokens[len(d.tokens)-n]
}

func (d *digester) drop(n int) {
	for range n {
		d.size -= d.last(1).size
		d.tokens = d.tokens[:len(d.tokens)-1]
	}
}

func (d *digester) push(t digestToken) {
	if d.full = d.size+t.size > maxDigestBytes; !d.full {
		d.tokens = append(d.tokens, t)
		d.size += t.size
	}
}

func (d *digester) fold(k digestKind) { d.push(digestToken{k, digestTexts[k], digestTokenBytes}) }

func (d *digester) mark(text string) {
	if printed, ok := digestSynonyms[text]; ok {
		text = printed
	} else if printed, ok := d.server.synonyms[text]; ok {
		text = printed
	}
	d.push(digestToken{digestMark, text, digestTokenBytes})
}

func (d *digester) tight(text string) { d.push(digestToken{digestTight, text, digestTokenBytes}) }

func (d *digester) name(text string) {
	d.push(digestToken{digestName, "`" + text + "`", digestNameBytes + len(text)})
}

// variable adds what follows an @: in a statement it counts as a literal, in a hint it is the name of a query block.
func (d *digester) variable(name string) {
	if n := len(d.tokens); d.hint && n > 0 && d.tokens[n-1].kind == digestName && d.src[d.start-1] != ' ' {
		d.tokens[n-1].kind = digestTight // `t`@`block`
	}
	d.tight("@")
	switch {
	case name == "":
	case d.hint:
		d.name(name)
	default:
		d.value()
	}
}

func (d *digester) word(text string) {
	word := upperASCII(text)
	switch {
	case d.start > 0 && d.src[d.start-1] == '.' && d.last(1).text == ".":
		d.name(text)
	case d.hint && digestHints[word]:
		d.mark(word)
	case d.hint:
		d.name(text)
	case word == "NULL" && d.awaitsOperand(1):
		d.value()
	case word[0] == '_' && d.server.charsets[strings.ToLower(word[1:])]:
		d.mark("(_charset)")
	case d.server.words[word] || d.at(d.pos) == '(' && d.server.functions[word]:
		d.mark(word)
	default:
		d.name(text)
	}
}

// upperASCII leaves other letters alone: the upper case of some is in ASCII, of ſ it is S.
func upperASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'a' && c <= 'z' {
			b[i] = c - 'a' + 'A'
		}
	}
	return string(b)
}

// awaitsOperand tells whether an operand follows the nth token from the end, so that NULL is a literal there and not part of IS NULL or of
// the definition of a column.
func (d *digester) awaitsOperand(n int) bool {
	t := d.last(n)
	for ; t.text == "NOT"; t = d.last(n) {
		n++
	}
	return t.kind == digestMark && (digestSigned[t.text] || digestOperand[t.text])
}

// literal adds a constant. A number takes the signs in front of it along, but only where the server knows that an expression starts:
// behind a comparison it does not.
func (d *digester) literal(k mysqlKind) {
	switch k {
	case mysqlInteger, mysqlDecimal, mysqlFloat, mysqlHex, mysqlBits:
		for sign := d.last(1).text; (sign == "-" || sign == "+") && digestSigned[d.last(2).text]; sign = d.last(1).text {
			d.drop(1)
		}
	}
	d.value()
}

func (d *digester) value() {
	if k := d.last(2).kind; d.last(1).text == "," && (k == digestValue || k == digestValues) {
		d.drop(2)
		d.fold(digestValues)
		return
	}
	d.fold(digestValue)
}

// close adds a closing bracket, which makes a row of the literals in front of it.
func (d *digester) close() {
	k := d.last(1).kind
	if k != digestValue && k != digestValues || d.last(2).text != "(" {
		d.mark(")")
		return
	}
	d.drop(2)
	row, rows := digestRow, digestRows
	if k == digestValues {
		row, rows = digestTuple, digestTuples
	}
	switch k = d.last(2).kind; {
	case d.last(1).text == "," && (k == row || k == rows):
		d.drop(2)
		d.fold(rows)
	case d.last(1).text == "IN" && d.server.foldsIn:
		d.drop(1)
		d.mark("IN (...)")
	default:
		d.fold(row)
	}
}

// dropSemicolon drops the end of the statement; those in a body stay.
func (d *digester) dropSemicolon() {
	if d.last(1).text == ";" {
		d.drop(1)
	}
}

func (d *digester) String() string {
	var b strings.Builder
	for _, t := range d.tokens {
		b.WriteString(t.text)
		if t.kind != digestTight {
			b.WriteByte(' ')
		}
	}
	text := b.String()
	if !d.server.endsInSpace {
		text = strings.TrimSuffix(text, " ")
	}
	return strings.ToValidUTF8(text, "�")
}
