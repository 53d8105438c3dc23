package parse

import (
	"bytes"

	"github.com/covetlog/covetlog/metric"
)

var slowTableFormat = Format{
	Name:   "mysql-table",
	Title:  "rows of mysql.slow_log: as mysql -B prints them, as CSV with a header, or as JSON lines",
	Sample: "2026-11-22 20:31:37.209000\tapp[app] @ web-1 [10.0.0.7]\t00:00:01.500482\t00:00:00.000002\t1\t40000\tshop\t0\t0\t1\tSELECT 1\t42",
	detect: func(lines [][]byte, _ *Options) int {
		if len(lines) == 0 || rowSyntaxOf(lines[0]) == nil {
			return 0
		}
		return len(lines)
	},
	open: openRows,
}

// rowColumn is a column of mysql.slow_log that is used.
type rowColumn uint8

const (
	rowOther rowColumn = iota
	rowStart
	rowUser
	rowQueryTime
	rowLockTime
	rowSent
	rowExamined
	rowAffected
	rowDatabase
	rowSQL
	rowThread
	rowColumns
)

func rowColumnOf(name []byte) rowColumn {
	switch string(name) {
	case "start_time":
		return rowStart
	case "user_host":
		return rowUser
	case "query_time":
		return rowQueryTime
	case "lock_time":
		return rowLockTime
	case "rows_sent":
		return rowSent
	case "rows_examined":
		return rowExamined
	case "rows_affected":
		return rowAffected
	case "db":
		return rowDatabase
	case "sql_text":
		return rowSQL
	case "thread_id":
		return rowThread
	}
	return rowOther
}

// rowSyntax is how a row is written.
type rowSyntax struct {
	separator byte        // of columns; 0: JSON
	columns   []rowColumn // in their order, as the first line names them
}

// rowSyntaxOf finds out from the first line how rows are written; nil if it is no row of mysql.slow_log.
func rowSyntaxOf(line []byte) *rowSyntax {
	if bytes.HasPrefix(line, []byte("{")) {
		known := 0
		ok := eachField(line, func(key, _ []byte) {
			if rowColumnOf(key) != rowOther {
				known++
			}
		})
		if ok && known >= 4 && bytes.Contains(line, []byte(`"sql_text"`)) {
			return &rowSyntax{}
		}
		return nil
	}
	for _, separator := range []byte("\t,;") {
		s := &rowSyntax{separator: separator}
		sql := false
		for name := range bytes.SplitSeq(line, []byte{separator}) {
			column := rowColumnOf(bytes.ToLower(bytes.Trim(name, "\"` ")))
			s.columns = append(s.columns, column)
			sql = sql || column == rowSQL
		}
		if sql && len(s.columns) >= 4 {
			return s
		}
	}
	return nil
}

func openRows(head []byte, opts *Options) (layout, error) {
	line, _, _ := bytes.Cut(bytes.TrimLeft(trimBOM(head), "\r\n"), []byte("\n"))
	s := rowSyntaxOf(trimCR(line))
	if s == nil {
		return nil, &UnknownFormatError{firstTexts([][]byte{line})}
	}
	return rowsLayout{s, opts}, nil
}

type rowsLayout struct {
	syntax *rowSyntax
	opts   *Options
}

func (rowsLayout) sequential() bool { return false }
func (rowsLayout) prefix() string   { return "" }

func (l rowsLayout) cutter() Cutter {
	if l.syntax.quoted() {
		return quotedCutter{}
	}
	return backward{lineStarts{}}
}

func (l rowsLayout) decoder(sink Sink) decoder {
	return &rowsDecoder{slow: newSlow(sink, l.opts), syntax: l.syntax}
}

// quoted tells whether a value may hold newlines, within quotes.
func (s *rowSyntax) quoted() bool { return s.separator == ',' || s.separator == ';' }

// quotedCutter cuts CSV: a row ends with a line behind which the quotes are even in number.
type quotedCutter struct{}

// Cut counts quotes, as what it is given begins with a row.
func (quotedCutter) Cut(data []byte, _ bool, _ *Outline) (cut int) {
	for pos := 0; pos < len(data); {
		if pos = rowEnd(data, pos); pos > 0 && pos < len(data) {
			cut = pos
		} else {
			break
		}
	}
	return cut
}

// rowEnd returns the place behind the row at pos, 0 if it does not end.
func rowEnd(data []byte, pos int) int {
	for quotes := 0; pos < len(data); {
		end, next := lineAt(data, pos)
		if next == 0 {
			return 0
		}
		if quotes += bytes.Count(data[pos:end], []byte{'"'}); quotes%2 == 0 {
			return next
		}
		pos = next
	}
	return 0
}

// Shorten has nothing to note.
func (quotedCutter) Shorten([]byte, int, *Outline) {}

// Rest looks for a line that begins with a time.
func (quotedCutter) Rest(data []byte, last bool) (int, bool) {
	for pos := 0; ; {
		_, next := lineAt(data, pos)
		if next == 0 || next+20 > len(data) {
			if last || len(data)-pos > maxLine {
				pos = len(data)
			}
			return pos, false
		}
		if _, ok := dateAndMinute(bytes.TrimLeft(data[next:next+20], `"`)[:16]); ok {
			return next, true
		}
		pos = next
	}
}

// rowsDecoder makes entries of rows.
type rowsDecoder struct {
	*slow
	syntax  *rowSyntax
	values  [rowColumns][]byte
	scratch []byte
}

func (d *rowsDecoder) engine() engine { return d.slow }

func (d *rowsDecoder) block(b Block) {
	data, c := b.Data, &d.result.Counts
	d.base = b.Offset
	for pos := 0; pos < len(data); {
		end := nextLine(data, pos)
		if d.syntax.quoted() {
			if end = rowEnd(data, pos); end == 0 {
				end = len(data)
			}
		}
		row := data[pos:end]
		switch {
		case isBlank(row):
			d.unclaimed(row, b.Offset+int64(pos))
		case d.split(row):
			c.Recognised += int64(len(row))
			if !d.isHeader() {
				d.row(pos, b.Cut && end == len(data))
			}
		default:
			d.strange(row, b.Offset+int64(pos))
			c.UnrecognisedLines += lineCount(row) - 1 // behind an odd quote it is all that is left
		}
		c.Lines += lineCount(row)
		pos = end
	}
}

// isHeader tells whether the values are the names of the columns.
func (d *rowsDecoder) isHeader() bool { return string(d.values[rowSQL]) == "sql_text" }

// split finds the values of a row; false if it is none.
func (d *rowsDecoder) split(row []byte) bool {
	d.values, d.scratch = [rowColumns][]byte{}, d.scratch[:0]
	row = bytes.TrimRight(row, "\r\n")
	switch {
	case d.syntax.separator == 0:
		return eachField(row, d.field) && d.values[rowSQL] != nil
	case d.syntax.quoted():
		return d.csv(row)
	}
	columns := 0
	for value := range bytes.SplitSeq(row, []byte("\t")) {
		if columns < len(d.syntax.columns) {
			d.values[d.syntax.columns[columns]] = d.unescape(value)
		}
		columns++
	}
	return columns == len(d.syntax.columns)
}

func (d *rowsDecoder) field(key, value []byte) {
	if column := rowColumnOf(key); column != rowOther {
		d.values[column] = d.keep(func(dst []byte) []byte { return unescapeJSON(dst, value) })
	}
}

func (d *rowsDecoder) csv(row []byte) bool {
	columns := 0
	for i := 0; i <= len(row); columns++ {
		end := i
		if i < len(row) && row[i] == '"' {
			if end = csvColumnEnd(row, i); end < 0 {
				return false
			}
		} else if k := bytes.IndexByte(row[i:], d.syntax.separator); k >= 0 {
			end = i + k
		} else {
			end = len(row)
		}
		value := row[i:end]
		if n := len(value); n > 1 && value[0] == '"' {
			value = d.keep(func(dst []byte) []byte { return appendHalved(dst, value[1:n-1]) })
		}
		if columns < len(d.syntax.columns) {
			d.values[d.syntax.columns[columns]] = value
		}
		i = end + 1
	}
	return columns == len(d.syntax.columns)
}

// keep returns what is appended to the scratch memory.
func (d *rowsDecoder) keep(add func(dst []byte) []byte) []byte {
	start := len(d.scratch)
	d.scratch = add(d.scratch)
	return d.scratch[start:len(d.scratch):len(d.scratch)]
}

// unescape returns a value as it was before mysql -B wrote \n, \t, \0 and \\ in it.
func (d *rowsDecoder) unescape(value []byte) []byte {
	if bytes.IndexByte(value, '\\') < 0 {
		return value
	}
	return d.keep(func(dst []byte) []byte {
		for i := 0; i < len(value); i++ {
			c := value[i]
			if c == '\\' && i+1 < len(value) {
				i++
				switch c = value[i]; c {
				case 'n':
					c = '\n'
				case 't':
					c = '\t'
				case '0':
					c = 0
				}
			}
			dst = append(dst, c)
		}
		return dst
	})
}

// row reports the values of a row.
func (d *rowsDecoder) row(pos int, cut bool) {
	v, a := &d.values, &d.attributes
	a.begin()
	d.result.Counts.Entries++
	var ok bool
	if a.duration, ok = clockTime(v[rowQueryTime]); !ok {
		a.duration, a.malformed = Unknown, "query_time"
	}
	if lock, ok := clockTime(v[rowLockTime]); ok {
		a.metrics = append(a.metrics, metric.Value{Metric: metric.LockTime, Value: lock})
	}
	for _, n := range [...]struct {
		column rowColumn
		metric metric.Metric
	}{{rowSent, metric.RowsSent}, {rowExamined, metric.RowsExamined}, {rowAffected, metric.RowsAffected}} {
		if value, ok := decimal(v[n.column], 1); ok {
			a.metrics = append(a.metrics, metric.Value{Metric: n.metric, Value: value})
		}
	}
	a.schema, a.hasSchema = v[rowDatabase], true
	if string(a.schema) == "NULL" {
		a.schema = nil
	}
	if len(v[rowThread]) > 0 {
		a.keep([]byte("Thread_id"), v[rowThread])
	}
	e := d.compose(v[rowSQL], pos, cut)
	e.Origin = d.users.of(append([]byte("User@Host: "), v[rowUser]...), a.schema)
	if start, n := d.clock.stamp(v[rowStart]); n > 0 && start != Unknown && e.Duration != Unknown {
		e.Time = start + e.Duration
	}
	d.report(e, false)
}

// clockTime reads "26:00:00.001257" and returns it in nanoseconds.
func clockTime(b []byte) (int64, bool) {
	hours, n := number(b)
	b = b[n:]
	if n == 0 || len(b) < 6 || b[0] != ':' || b[3] != ':' {
		return 0, false
	}
	minutes, ok1 := twoDigits(b[1:])
	seconds, ok2 := decimal(b[4:], second)
	return (int64(hours)*3600+int64(minutes)*60)*second + seconds, ok1 && ok2
}
