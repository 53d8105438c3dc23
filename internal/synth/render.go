package synth

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// part is a piece of a statement: a fixed text and the hole behind it, which another value fills each time.
type part struct {
	text, hole string
	columns    []string // the holes of each row, for a hole that is rows
}

// compile takes a template apart. Its holes stand in braces: {id}, {row id text}.
func compile(template string) (parts []part) {
	for template != "" {
		text, rest, _ := strings.Cut(template, "{")
		hole, after, _ := strings.Cut(rest, "}")
		p := part{text: text}
		if fields := strings.Fields(hole); len(fields) > 0 {
			p.hole, p.columns = fields[0], fields[1:]
		}
		parts, template = append(parts, p), after
	}
	return parts
}

// pattern returns the text that stands for all statements made of the parts.
func pattern(parts []part) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.text)
		switch p.hole {
		case "":
		case "list":
			b.WriteString("...")
		case "row", "rows":
			b.WriteString("(...)")
		default:
			b.WriteString("?")
		}
	}
	return b.String()
}

// renderer makes statements.
type renderer struct {
	r           *rand.Rand
	dialect     *dialect
	letter      string // a text that holds a record, "" for prose
	extended    bool   // values are parameters
	sql, params []byte
	count       int // of params
	scratch     []byte
}

// statement returns a statement of a shape and, if it is sent with parameters, their list as it is logged.
func (g *renderer) statement(s *shape, extended bool) (sql, params string) {
	g.extended, g.sql, g.params, g.count = extended, g.sql[:0], g.params[:0], 0
	for i := range s.parts {
		p := &s.parts[i]
		g.sql = append(g.sql, p.text...)
		switch p.hole {
		case "":
		case "tag":
			g.sql = fmt.Appendf(g.sql, "%016x", g.r.Uint64())
		case "list":
			g.list(1 + g.r.IntN(12))
		case "row":
			g.row(p.columns)
		case "rows":
			g.rows(p.columns, 1+g.r.IntN(20))
		default:
			g.value(p.hole)
		}
	}
	return string(g.sql), string(g.params)
}

func (g *renderer) list(n int) {
	for i := range n {
		g.sql = append(g.sql, ", "[:2*min(i, 1)]...)
		g.value("id")
	}
}

func (g *renderer) rows(columns []string, n int) {
	for i := range n {
		g.sql = append(g.sql, ", "[:2*min(i, 1)]...)
		g.row(columns)
	}
}

func (g *renderer) row(columns []string) {
	for i, hole := range columns {
		g.sql = append(g.sql, "(, "[min(i, 1):1+2*min(i, 1)]...)
		if g.dialect.nulls && g.r.IntN(50) == 0 {
			g.sql = append(g.sql, "NULL"...)
			continue
		}
		g.value(hole)
	}
	g.sql = append(g.sql, ')')
}

// value appends a value as a literal or as a parameter.
func (g *renderer) value(hole string) {
	text, quoted := g.random(hole)
	switch {
	case g.extended:
		g.parameter(text)
	case quoted:
		g.sql = g.dialect.quote(g.r, g.sql, text)
	default:
		g.sql = append(g.sql, text...)
	}
}

func (g *renderer) parameter(text []byte) {
	g.count++
	g.sql = strconv.AppendInt(append(g.sql, '$'), int64(g.count), 10)
	g.params = strconv.AppendInt(append(g.params, ", $"[2*min(1, 1/g.count):]...), int64(g.count), 10)
	if g.r.IntN(50) == 0 {
		g.params = append(g.params, " = NULL"...)
		return
	}
	g.params = appendDoubled(append(g.params, " = '"...), text, '\'')
	g.params = append(g.params, '\'')
}

// quotePostgres appends a string in one of the ways in which it can be written.
func quotePostgres(r *rand.Rand, dst, text []byte) []byte {
	switch r.IntN(100) {
	case 0:
		return append(append(append(dst, "$q$"...), text...), "$q$"...)
	case 1:
		return append(append(append(dst, "E'"...), escapes.Replace(string(text))...), '\'')
	}
	return append(appendDoubled(append(dst, '\''), text, '\''), '\'')
}

var escapes = strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`)

// appendDoubled appends text with each quote doubled.
func appendDoubled(dst, text []byte, quote byte) []byte {
	for {
		k := bytes.IndexByte(text, quote)
		if k < 0 {
			return append(dst, text...)
		}
		dst = append(append(dst, text[:k+1]...), quote)
		text = text[k+1:]
	}
}

var words = strings.Fields("anvil birch cobalt dahlia ember fjord glacier heron indigo jasmine krokus lagoon mango nimbus opal plume " +
	"quill raven sable thicket umber vesper walnut yarrow zinnia Zürich crème 北京 Ωmega")

var oddWords = []string{"D'Arcy", `C:\tmp\`, "--", "/*", "*/", "50%", ";", "$1", `"quoted"`, "(", ")", "?", "#", "[3-1]", "LOG:  duration: 7.000 ms", "STATEMENT:  SELECT 2"}

// bare are the kinds of values that stand without quotes, or bring their own.
var bare = []string{"id", "integer", "money", "flag", "digest"}

// random returns a value of a kind, and whether it is written in quotes. It is valid until the next call.
func (g *renderer) random(hole string) (text []byte, quoted bool) {
	r, dst := g.r, g.scratch[:0]
	if hole == "letter" && g.letter == "" {
		hole = "text"
	}
	switch hole {
	case "id":
		dst = strconv.AppendInt(dst, 1+int64(r.ExpFloat64()*50_000), 10)
	case "integer":
		dst = strconv.AppendInt(dst, int64(r.NormFloat64()*20)+15, 10)
	case "money":
		dst = strconv.AppendFloat(dst, float64(r.IntN(200_000)-10_000)/100, 'f', 2, 64)
	case "flag":
		dst = strconv.AppendBool(dst, r.IntN(2) == 0)
	case "stamp":
		dst = began.Add(-time.Duration(r.IntN(90*86400))*time.Second).AppendFormat(dst, time.DateTime)
	case "uuid":
		dst = fmt.Appendf(dst, "%08x-%04x-4%03x-b%03x-%012x", r.Uint32(), r.IntN(1<<16), r.IntN(1<<12), r.IntN(1<<12), r.Uint64()>>16)
	case "digest":
		dst = fmt.Appendf(dst, []string{"0x%016x", "X'%016X'", "x'%016x'"}[r.IntN(3)], r.Uint64())
	case "word":
		dst = append(dst, words[r.IntN(len(words))]...)
	case "letter":
		dst = append(dst, g.letter...)
	default:
		dst = g.prose(dst)
	}
	g.scratch = dst
	return dst, !slices.Contains(bare, hole)
}

func (g *renderer) prose(dst []byte) []byte {
	for i := range 1 + g.r.IntN(6) {
		from := words
		if g.r.IntN(100) == 0 {
			from = g.dialect.oddWords
		}
		dst = append(append(dst, " "[:min(i, 1)]...), from[g.r.IntN(len(from))]...)
	}
	return dst
}
