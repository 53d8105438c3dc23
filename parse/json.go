package parse

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

var jsonFormat = Format{
	Name:   "pg-json",
	Title:  "PostgreSQL jsonlog (version 15 and up)",
	Sample: `{"timestamp":"2026-11-22 20:31:37.209 UTC","user":"app","dbname":"shop","pid":6844,"error_severity":"LOG","message":"duration: 0.450 ms  statement: SELECT 1"}`,
	detect: func(lines [][]byte, _ *Options) int {
		return countLines(lines, func(line []byte) bool {
			return line[0] == '{' && bytes.Contains(line, []byte(`"error_severity":`)) && bytes.Contains(line, []byte(`"timestamp":`))
		})
	},
	open: func(_ []byte, opts *Options) (layout, error) { return jsonLayout{opts}, nil },
}

type jsonLayout struct{ opts *Options }

func (jsonLayout) sequential() bool            { return false }
func (jsonLayout) prefix() string              { return "" }
func (jsonLayout) cutter() Cutter              { return backward{lineStarts{}} }
func (l jsonLayout) decoder(sink Sink) decoder { return &jsonDecoder{p: newPostgres(sink, l.opts)} }

// The keys of jsonlog that are used. Their texts go to fixed places, so that a line is read in one pass without a map.
type jsonKey uint8

const (
	keyOther jsonKey = iota
	keyTime
	keyUser
	keyDatabase
	keyPID
	keyHost
	keySeverity
	keyCode
	keyMessage
	keyDetail
	keyHint
	keyContext
	keyStatement
	keyAppName
	keyCount
)

func jsonKeyOf(name []byte) jsonKey {
	switch string(name) {
	case "timestamp":
		return keyTime
	case "user":
		return keyUser
	case "dbname":
		return keyDatabase
	case "pid":
		return keyPID
	case "remote_host":
		return keyHost
	case "error_severity":
		return keySeverity
	case "state_code":
		return keyCode
	case "message":
		return keyMessage
	case "detail":
		return keyDetail
	case "hint":
		return keyHint
	case "context":
		return keyContext
	case "statement":
		return keyStatement
	case "application_name":
		return keyAppName
	}
	return keyOther
}

type jsonDecoder struct {
	p       *postgres
	r       record
	values  [keyCount][]byte // as they stand, strings without their quotes
	scratch []byte           // strings without escapes
}

func (d *jsonDecoder) engine() engine { return d.p }

func (d *jsonDecoder) block(b Block) {
	data, c := b.Data, &d.p.result.Counts
	for pos := 0; pos < len(data); c.Lines++ {
		end := nextLine(data, pos)
		line := data[pos:end]
		if d.split(line) {
			d.r.cut = b.Cut && end == len(data)
			d.report(b.Offset + int64(pos))
			c.Recognised += int64(len(line))
		} else {
			d.p.unclaimed(line, b.Offset+int64(pos))
		}
		pos = end
	}
}

// split finds the values of the object in a line; false if it is not one of the server's, whole.
func (d *jsonDecoder) split(line []byte) bool {
	if len(line) == 0 || line[0] != '{' {
		return false
	}
	d.values = [keyCount][]byte{}
	i := 1
	for {
		i = skipSpace(line, i)
		if i >= len(line) || line[i] != '"' {
			return false
		}
		end := stringEnd(line, i+1)
		if end < 0 {
			return false
		}
		key := jsonKeyOf(line[i+1 : end])
		if i = skipSpace(line, end+1); i >= len(line) || line[i] != ':' {
			return false
		}
		start := skipSpace(line, i+1)
		valueStart, valueEnd, next := jsonValue(line, start)
		if next < 0 {
			return false
		}
		if key != keyOther {
			d.values[key] = line[valueStart:valueEnd]
		}
		if i = skipSpace(line, next); i >= len(line) {
			return false
		}
		switch line[i] {
		case ',':
			i++
		case '}':
			return d.values[keySeverity] != nil && isBlank(line[i+1:])
		default:
			return false
		}
	}
}

// jsonValue returns the place of a string without its quotes, or of a number or word, at line[i:], and what comes next; -1 for anything else.
func jsonValue(line []byte, i int) (start, end, next int) {
	if i >= len(line) {
		return 0, 0, -1
	}
	if line[i] == '"' {
		end = stringEnd(line, i+1)
		if end < 0 {
			return 0, 0, -1
		}
		return i + 1, end, end + 1
	}
	start = i
	for i < len(line) && (isWord(line[i]) || line[i] == '-' || line[i] == '.' || line[i] == '+') {
		i++
	}
	if i == start {
		return 0, 0, -1
	}
	return start, i, i
}

// skipSpace passes over blanks; the server writes none.
func skipSpace(b []byte, i int) int {
	if i < len(b) && b[i] > ' ' {
		return i
	}
	for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
		i++
	}
	return i
}

// stringEnd returns the place of the quote that ends the string whose text begins at b[i], -1 if none does.
func stringEnd(b []byte, i int) int {
	for {
		end := indexFrom(b, i, '"')
		if end < 0 {
			return -1
		}
		slashes := 0
		for end-slashes > i && b[end-slashes-1] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return end
		}
		i = end + 1
	}
}

// success is the code that jsonlog leaves out.
var success = []byte("00000")

// report makes a record of the values.
func (d *jsonDecoder) report(offset int64) {
	v := &d.values
	d.scratch = d.scratch[:0]
	r := &d.r
	*r = record{offset: offset, cut: r.cut}
	r.time, _ = d.p.clock.stamp(v[keyTime])
	r.pid, _ = number(v[keyPID])
	r.severity = severityOf(v[keySeverity])
	if r.code = v[keyCode]; r.code == nil {
		r.code = success
	}
	r.message = d.text(v[keyMessage])
	r.detail = d.text(v[keyDetail])
	r.hint = d.text(v[keyHint])
	r.context = d.text(v[keyContext])
	r.statement = d.text(v[keyStatement])
	process := d.p.origins.ofProcess(r.pid, v[keyDatabase], v[keyUser], v[keyAppName], v[keyHost])
	if process.origin == nil {
		d.p.origins.remember(process, d.text(v[keyDatabase]), d.text(v[keyUser]), d.text(v[keyAppName]), d.text(v[keyHost]))
	}
	r.origin = process.origin
	r.background = r.origin.User == ""
	d.p.record(r)
}

// text returns a string without escapes. One that has some is copied.
func (d *jsonDecoder) text(s []byte) []byte {
	if bytes.IndexByte(s, '\\') < 0 {
		return s
	}
	start := len(d.scratch)
	d.scratch = unescapeJSON(d.scratch, s)
	return d.scratch[start:len(d.scratch):len(d.scratch)]
}

var jsonEscapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unescapeJSON appends the text of a JSON string to dst. What is no escape stays as it is.
func unescapeJSON(dst, s []byte) []byte {
	for {
		k := bytes.IndexByte(s, '\\')
		if k < 0 || k+1 >= len(s) {
			return append(dst, s...)
		}
		dst = append(dst, s[:k]...)
		s = s[k:]
		if c := jsonEscapes[s[1]]; c != 0 {
			dst, s = append(dst, c), s[2:]
			continue
		}
		r, n := unicodeEscape(s)
		if n == 0 {
			dst, s = append(dst, s[0]), s[1:]
			continue
		}
		dst, s = utf8.AppendRune(dst, r), s[n:]
	}
}

// unicodeEscape reads \u00e9, and the pairs that write what needs more than 16 bits.
func unicodeEscape(s []byte) (r rune, n int) {
	hi, ok := hex4(s)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(hi) {
		if lo, ok := hex4(s[6:]); ok {
			if r := utf16.DecodeRune(hi, lo); r != utf8.RuneError {
				return r, 12
			}
		}
	}
	return hi, 6
}

func hex4(s []byte) (r rune, ok bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	for _, c := range s[2:6] {
		c |= 0x20
		if !isHex(c) {
			return 0, false
		}
		r = r<<4 | rune(hexValue(c))
	}
	return r, true
}
