package normalize

import (
	"bytes"
	"unicode/utf8"
)

// Caps of Tags. A comment with a longer name is taken for prose; longer values are cut off; further tags are left out.
const (
	maxTags     = 16  // of a statement
	maxTagName  = 64  // bytes, as written
	maxTagValue = 256 // bytes, decoded
)

// Tags calls yield for each tag that an application has put into comments at the start or the end of a statement of MySQL, until it returns
// false: first what stands in front of the statement, then what stands behind it. It reads
//
//   - sqlcommenter: /*action='run%2Bthis',controller='index'*/, names and values URL-encoded, quotes and backslashes behind a backslash;
//   - Marginalia: /*app:web,controller:users*/, where no blank and no // follows the colon, as in prose and in addresses;
//   - the like with an equals sign and without quotes: /* app=web, controller=users */.
//
// A comment in which one part is none of that has no tags, and neither have hints, code for some versions and the text of literals. name
// and value are not empty, but for a quoted value; they are any bytes, up to the caps, and valid until yield returns. Nothing
// is allocated but for what is encoded.
func Tags(sql []byte, yield func(name, value []byte) bool) {
	if !bytes.Contains(sql, []byte("/*")) {
		return
	}
	t := tagReader{yield: yield, left: maxTags}
	var s mysqlScanner
	s.reset(sql, nil)
	kind := s.next()
	if t.comments(sql[:s.start], false); kind == mysqlEnd || t.left == 0 || !endsInComment(sql) {
		return
	}
	end, code := s.pos, s.code
	for ; kind != mysqlEnd; kind = s.next() {
		switch kind {
		case mysqlHollow:
			return
		case mysqlSemicolon:
		default:
			end, code = s.pos, s.code
		}
	}
	t.comments(sql[end:], code)
}

// endsInComment tells whether the last of a statement may be a comment. It spares most statements the way to their end.
func endsInComment(sql []byte) bool {
	sql = trimBlanks(sql)
	for len(sql) > 0 && sql[len(sql)-1] == ';' {
		sql = trimBlanks(sql[:len(sql)-1])
	}
	return bytes.HasSuffix(sql, []byte("*/"))
}

// trimBlanks cuts blanks off the end.
func trimBlanks(text []byte) []byte {
	for len(text) > 0 && classes[text[len(text)-1]] == classBlank {
		text = text[:len(text)-1]
	}
	return text
}

// skipBlanks cuts them off the start.
func skipBlanks(text []byte) []byte {
	for len(text) > 0 && classes[text[0]] == classBlank {
		text = text[1:]
	}
	return text
}

// tagReader reads the tags of comments.
type tagReader struct {
	yield func(name, value []byte) bool
	left  int // tags that may still come
}

// comments reads text that has nothing but blanks, semicolons, comments and the marks of code, in which it starts or not.
func (t *tagReader) comments(text []byte, code bool) {
	s := mysqlScanner{src: text}
	for s.pos < len(text) && t.left > 0 {
		start := s.pos
		switch s.commentAt(start) {
		case lineComment:
			s.skipLine()
		case codeComment:
			code = true
			s.pos += len("/*")
		case hintComment:
			s.skipComment()
		case blockComment:
			if s.skipComment() && !code {
				t.comment(text[start+len("/*") : s.pos-len("*/")])
			}
		default:
			if bytes.HasPrefix(text[start:], []byte("*/")) {
				code = false
			}
			s.pos++
		}
	}
}

// comment yields the tags of a comment if there is nothing else in it.
func (t *tagReader) comment(text []byte) {
	var tags [maxTags]tag
	n := 0
	for more := true; more; {
		var next tag
		var ok bool
		if next, text, more, ok = cutTag(text); !ok {
			return
		}
		if n < t.left {
			tags[n] = next
			n++
		}
	}
	for _, next := range tags[:n] {
		if t.left--; !t.yield(next.parts()) {
			t.left = 0
			return
		}
	}
}

// tag is a part of a comment, as it is written.
type tag struct {
	name, value []byte
	encoded     bool // as in sqlcommenter
}

// cutTag reads the tag that a text starts with, and the comma behind it.
func cutTag(text []byte) (first tag, rest []byte, more, ok bool) {
	text = skipBlanks(text)
	n := 0
	for n < len(text) && inTagName(text[n]) {
		n++
	}
	if n == 0 || n > maxTagName || n+1 >= len(text) || classes[text[0]] != classWord && text[0] != '%' {
		return tag{}, nil, false, false
	}
	first.name = text[:n]
	switch sign, next := text[n], text[n+1]; {
	case sign == '=' && (next == '\'' || next == '"'):
		first.encoded = true
		first.value, rest, ok = cutQuoted(text[n+1:])
	case sign == '=' || sign == ':':
		first.value, rest = cutBare(text[n+1:])
		ok = isBare(sign, first.value)
	}
	if rest, more = bytes.CutPrefix(rest, []byte(",")); !more && len(rest) > 0 {
		ok = false
	}
	return first, rest, more, ok
}

func inTagName(c byte) bool {
	return classes[c] == classWord || classes[c] == classDigit || c == '-' || c == '.' || c == '%'
}

// cutQuoted returns what is between quotes, and what follows them and blanks.
func cutQuoted(text []byte) (value, rest []byte, ok bool) {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case text[0]:
			return text[1:i], skipBlanks(text[i+1:]), true
		}
	}
	return nil, nil, false
}

// cutBare returns what stands in front of a comma or the end.
func cutBare(text []byte) (value, rest []byte) {
	n := bytes.IndexByte(text, ',')
	if n < 0 {
		n = len(text)
	}
	return trimBlanks(text[:n]), text[n:]
}

// isBare tells whether text behind a sign can be a value without quotes. Prose, addresses and code that was commented out should not be:
// note: slow, http://x, a::int, x=5 AND y=6.
func isBare(sign byte, value []byte) bool {
	if len(value) == 0 || value[0] == sign || classes[value[0]] == classBlank {
		return false
	}
	if sign == '=' {
		return !bytes.ContainsAny(value, " \t\r\n")
	}
	return !bytes.HasPrefix(value, []byte("//"))
}

// parts returns name and value decoded and cut to their caps.
func (t *tag) parts() (name, value []byte) {
	name, value = t.name, t.value
	if t.encoded {
		name, value = decodeTag(name), decodeTag(value)
	}
	if len(value) <= maxTagValue {
		return name, value
	}
	n := maxTagValue
	for n > maxTagValue-utf8.UTFMax && !utf8.RuneStart(value[n]) {
		n--
	}
	return name, value[:n]
}

// decodeTag undoes the encoding of URLs and the backslashes in front of quotes and backslashes. What is not encoded right stays. It reads no
// more than what can be of use.
func decodeTag(text []byte) []byte {
	if bytes.IndexByte(text, '%') < 0 && bytes.IndexByte(text, '\\') < 0 {
		return text
	}
	out := make([]byte, 0, min(len(text), maxTagValue+utf8.UTFMax))
	for i := 0; i < len(text) && len(out) < cap(out); i++ {
		c := text[i]
		switch {
		case c == '\\' && i+1 < len(text) && (text[i+1] == '\'' || text[i+1] == '"' || text[i+1] == '\\'):
			i++
			c = text[i]
		case c == '%' && i+2 < len(text) && hexDigit[text[i+1]] && hexDigit[text[i+2]]:
			c = hexValue(text[i+1])<<4 | hexValue(text[i+2])
			i += 2
		}
		out = append(out, c)
	}
	return out
}

func hexValue(digit byte) byte {
	if digit <= '9' {
		return digit - '0'
	}
	return digit&0x0f + 9
}
