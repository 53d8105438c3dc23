package parse

import "bytes"

var csvFormat = Format{
	Name:   "pg-csv",
	Title:  "PostgreSQL csvlog, 23, 24 or 26 columns (versions 9.0, 13, 14 and up)",
	Sample: `2026-11-22 20:31:37.209 UTC,"app","shop",6844,"10.0.0.7:40298",6b035129.1abc,3,"SELECT",2026-11-22 20:31:37 UTC,3/0,0,LOG,00000,"duration: 0.450 ms  statement: SELECT 1",,,,,,,,,"psql","client backend",,0`,
	detect: func(lines [][]byte, _ *Options) int {
		hits := countLines(lines, startsCSV)
		if hits == 0 {
			return 0
		}
		return len(lines) // the rest are the further lines of texts
	},
	open: func(_ []byte, opts *Options) (layout, error) { return csvLayout{opts}, nil },
}

// The columns of csvlog that are used.
const (
	csvTime       = 0
	csvUser       = 1
	csvDatabase   = 2
	csvPID        = 3
	csvClient     = 4
	csvSession    = 5
	csvSeverity   = 11
	csvCode       = 12
	csvMessage    = 13
	csvDetail     = 14
	csvHint       = 15
	csvContext    = 18
	csvStatement  = 19
	csvAppName    = 22
	csvMinColumns = 23
	csvMaxColumns = 26
	csvMinStart   = 40 // what startsCSV needs of a line
)

type csvLayout struct{ opts *Options }

func (csvLayout) sequential() bool            { return false }
func (csvLayout) prefix() string              { return "" }
func (csvLayout) cutter() Cutter              { return backward{csvStarts{}} }
func (l csvLayout) decoder(sink Sink) decoder { return &csvDecoder{p: newPostgres(sink, l.opts)} }

// startsCSV tells whether a line is the first of a record, by the form of its first fourteen columns. Within a quoted text it cannot be
// forged: there each quote is doubled, and the message column begins with an odd run of them that does not end the column. A record whose
// message is empty, or is a quote, is the only one that it misses.
func startsCSV(line []byte) bool {
	if len(line) > 0 && line[0] == '"' { // an export with all columns quoted
		line = line[1:]
	}
	if len(line) < csvMinStart || !isDigit(line[0]) || !isDigit(line[3]) || line[4] != '-' || line[13] != ':' || line[16] != ':' {
		return false
	}
	pos := bytes.IndexByte(line, ',') + 1
	for column := 1; column < csvMessage; column++ {
		end := csvColumnEnd(line, pos)
		if end < 0 || end >= len(line) || line[end] != ',' || !csvColumnFits(column, line[pos:end]) {
			return false
		}
		pos = end + 1
	}
	quotes := 0
	for pos+quotes < len(line) && line[pos+quotes] == '"' {
		quotes++
	}
	end := pos + quotes
	return quotes%2 == 1 && end < len(line) && line[end] != ',' && line[end] != '\r' && line[end] != '\n'
}

// csvColumnFits checks the columns whose form is fixed.
func csvColumnFits(column int, text []byte) bool {
	text = bytes.Trim(text, `"`)
	switch column {
	case csvPID:
		return len(text) > 0 && isNumber(text)
	case csvCode:
		return len(text) == 5
	case csvSeverity:
		return len(text) > 0
	}
	return true
}

// csvColumnEnd returns the end of the column at b[pos:]: the place of a comma or newline, or len(b). It is -1 if a quote stays open.
func csvColumnEnd(b []byte, pos int) int {
	if pos < len(b) && b[pos] == '"' {
		for i := pos + 1; ; i++ {
			if i = indexFrom(b, i, '"'); i < 0 {
				return -1
			}
			if i++; i >= len(b) || b[i] != '"' {
				return i
			}
		}
	}
	return commaFrom(b, pos)
}

type csvStarts struct{}

// last finds the last line that starts a record.
func (csvStarts) last(data []byte) int {
	end := bytes.LastIndexByte(data, '\n')
	for end > 0 {
		start := bytes.LastIndexByte(data[:end], '\n') + 1
		if start > 0 && startsCSV(data[start:end]) {
			return start
		}
		end = start - 1
	}
	return 0
}

// csvDecoder reads records. Where a quote is missing the record it is in is lost, and no other: a line that starts a record does so
// whatever came before.
type csvDecoder struct {
	p       *postgres
	r       record
	scratch []byte // texts with their quotes halved
	columns [csvMaxColumns][]byte
}

func (d *csvDecoder) engine() engine { return d.p }

func (d *csvDecoder) block(b Block) {
	data, c := b.Data, &d.p.result.Counts
	for pos := 0; pos < len(data); {
		end := d.split(data, pos)
		switch {
		case end > 0:
			d.r.cut = b.Cut && end == len(data)
			d.report(b.Offset + int64(pos))
			c.Recognised += int64(end - pos)
			c.Lines += lineCount(data[pos:end])
		default:
			end = d.skipLine(data, pos, b.Offset)
		}
		pos = end
	}
}

// skipLine accounts for a line that is not of a record and returns its end.
func (d *csvDecoder) skipLine(data []byte, pos int, offset int64) int {
	end := nextLine(data, pos)
	d.p.unclaimed(data[pos:end], offset+int64(pos))
	d.p.result.Counts.Lines++
	return end
}

// split finds the columns of the record at data[pos:] and returns its end behind the newline. It is 0 if there is no record.
func (d *csvDecoder) split(data []byte, pos int) int {
	b := data[pos:]
	if len(b) < 20 || !isDigit(b[0]) && !(b[0] == '"' && isDigit(b[1])) {
		return 0
	}
	at, n := 0, 0
	for ; n < csvMaxColumns; n++ {
		if at < len(b) && b[at] == ',' { // most columns of most records
			d.columns[n] = nil
			at++
			continue
		}
		end := csvColumnEnd(b, at)
		if end < 0 || end-at > csvMinStart && b[at] == '"' && d.startsWithin(b[at:end]) {
			return 0
		}
		d.columns[n] = b[at:end:end]
		if end == len(b) || b[end] != ',' {
			at = end
			n++
			break
		}
		at = end + 1
	}
	clear(d.columns[n:])
	if at < len(b) && b[at] == '\r' {
		at++
	}
	if n < csvMinColumns || at < len(b) && b[at] != '\n' {
		return 0
	}
	return min(pos+at+1, len(data))
}

// startsWithin tells whether a record starts within a quoted text: then a quote is missing before it.
func (d *csvDecoder) startsWithin(text []byte) bool {
	for {
		k := bytes.IndexByte(text, '\n')
		if k < 0 {
			return false
		}
		text = text[k+1:]
		if len(text) > csvMinStart && isDigit(text[0]) && isDigit(text[1]) && text[4] == '-' {
			line, _, _ := bytes.Cut(text, []byte("\n"))
			if startsCSV(line) {
				return true
			}
		}
	}
}

// report makes a record of the columns.
func (d *csvDecoder) report(offset int64) {
	r := &d.r
	d.scratch = d.scratch[:0]
	col := &d.columns
	*r = record{offset: offset, cut: r.cut}
	r.time, _ = d.p.clock.stamp(unquoted(col[csvTime]))
	r.pid, _ = number(unquoted(col[csvPID]))
	r.severity = severityOf(unquoted(col[csvSeverity]))
	r.code = unquoted(col[csvCode])
	r.message = d.text(col[csvMessage])
	r.detail = d.text(col[csvDetail])
	r.hint = d.text(col[csvHint])
	r.context = d.text(col[csvContext])
	r.statement = d.text(col[csvStatement])
	r.origin = d.origin(r.pid)
	r.background = r.origin.User == ""
	d.p.record(r)
}

// unquoted returns a column that holds no quote within.
func unquoted(column []byte) []byte {
	if len(column) > 0 && column[0] == '"' {
		return bytes.Trim(column, `"`)
	}
	return column
}

// text returns a column without its quotes. One with doubled quotes is copied.
func (d *csvDecoder) text(column []byte) []byte {
	if len(column) < 2 || column[0] != '"' {
		return column
	}
	column = column[1 : len(column)-1]
	if bytes.IndexByte(column, '"') < 0 {
		return column
	}
	start := len(d.scratch)
	d.scratch = appendHalved(d.scratch, column)
	return d.scratch[start:len(d.scratch):len(d.scratch)]
}

// appendHalved appends a text in which each quote is doubled, with single ones.
func appendHalved(dst, text []byte) []byte {
	for {
		k := bytes.IndexByte(text, '"')
		if k < 0 {
			return append(dst, text...)
		}
		dst, text = append(dst, text[:k+1]...), text[min(k+2, len(text)):]
	}
}

// origin interns the names of the record.
func (d *csvDecoder) origin(pid uint32) *Origin {
	col := &d.columns
	process := d.p.origins.ofProcess(pid, col[csvDatabase], col[csvUser], col[csvAppName], col[csvClient])
	if process.origin != nil {
		return process.origin
	}
	client := d.text(col[csvClient])
	if k := bytes.LastIndexByte(client, ':'); k > 0 {
		client = client[:k]
	}
	d.p.origins.remember(process, d.text(col[csvDatabase]), d.text(col[csvUser]), d.text(col[csvAppName]), client)
	return process.origin
}
