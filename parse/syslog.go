package parse

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
)

var syslogFormat = Format{
	Name:   "pg-syslog",
	Title:  "PostgreSQL log in syslog lines: RFC 3164, RFC 5424 or ISO time",
	Sample: "Nov 22 20:31:37 db1 postgres[6844]: [3-1] 2026-11-22 20:31:37.209 UTC [6844] app@shop LOG:  duration: 0.450 ms  statement: SELECT 1",
	detect: detectSyslog,
	open:   openSyslog,
}

func detectSyslog(lines [][]byte, opts *Options) int {
	var e envelope
	reader := envelopeReader{clock: &clock{}, year: 2000}
	return countLines(lines, func(line []byte) bool { return reader.read(line, &e) })
}

// syslogLayout is the layout of a log in syslog lines: what they carry is the text that the server would write to stderr.
type syslogLayout struct {
	inner *stderr
	year  int        // of the first line, if it does not tell it
	month time.Month // likewise
}

func openSyslog(head []byte, opts *Options) (layout, error) {
	reader := newEnvelopeReader(head, opts, &clock{zone: zone{opts.Location}})
	l := &syslogLayout{year: reader.year, month: reader.month}
	var e envelope
	var text []byte
	for line := range bytes.Lines(head) {
		if reader.read(bytes.TrimRight(line, "\r\n"), &e) {
			text = append(appendUnescaped(text, e.text), '\n')
		}
	}
	var err error
	l.inner, err = newStderr(text, opts)
	return l, err
}

func (l *syslogLayout) prefix() string { return l.inner.prefix() }

// sequential: the pieces of one message stand between those of other processes, so they cannot be cut between.
func (l *syslogLayout) sequential() bool { return true }

func (l *syslogLayout) cutter() Cutter { return jsonLayout{} }

func (l *syslogLayout) decoder(p *postgres) decoder {
	reader := &envelopeReader{clock: &clock{zone: zone{l.inner.opts.Location}}, year: l.year, month: l.month}
	return &syslogDecoder{p: p, reader: reader, open: map[uint32]*piecework{}, inner: stderrDecoder{headers: newHeaders(l.inner, &p.clock, p.origins), p: p}}
}

// envelope is what a syslog line says before the text of the server.
type envelope struct {
	time     int64
	pid      uint32
	sequence uint32 // of the message; 0: not told
	piece    uint32 // of the message, from 1
	text     []byte
}

// envelopeReader reads syslog lines.
type envelopeReader struct {
	clock *clock
	year  int // of the last time without one
	month time.Month
}

// newEnvelopeReader works out the year of the first line that has none: the last such day before the log was last written.
func newEnvelopeReader(head []byte, opts *Options, c *clock) *envelopeReader {
	r := &envelopeReader{clock: c, year: opts.Modified.Year()}
	if opts.Modified.IsZero() {
		r.year = innerYear(head)
		return r
	}
	line, _, _ := bytes.Cut(trimBOM(head), []byte("\n"))
	if month, day, ok := monthAndDay(afterPriority(line)); ok {
		first := time.Date(r.year, month, day, 0, 0, 0, 0, time.UTC)
		if first.After(opts.Modified.Add(24 * time.Hour)) {
			r.year--
		}
		r.month = month
	}
	return r
}

// innerYear finds the year in the first full time stamp within the head; 1970 when there is none: a source without a date of
// its own, such as a pipe, tells no year.
func innerYear(head []byte) int {
	for i := 0; i+19 < len(head); i++ {
		if isDigit(head[i]) && head[i+4] == '-' {
			if t, ok := dateAndMinute(head[i:]); ok {
				return t.Year()
			}
		}
	}
	return 1970
}

// read reads "Nov 22 20:31:37 db1 postgres[6844]: [3-1] text", the same with an ISO time, and RFC 5424.
func (r *envelopeReader) read(line []byte, e *envelope) bool {
	b := afterPriority(line)
	modern := len(b) > 2 && b[0] == '1' && b[1] == ' ' && len(b) < len(line)
	if modern {
		b = b[2:]
	}
	t, n := r.clock.stamp(b)
	if n == 0 {
		if t, n = r.bsdTime(b); n == 0 {
			return false
		}
	}
	e.time = t
	if b = b[n:]; len(b) == 0 || b[0] != ' ' {
		return false
	}
	_, b, ok := bytes.Cut(b[1:], []byte(" ")) // the host
	if !ok {
		return false
	}
	if modern {
		b, ok = e.modernTag(b)
	} else {
		b, ok = e.tag(b)
	}
	if !ok {
		return false
	}
	e.number(b)
	return true
}

// afterPriority cuts off "<134>".
func afterPriority(line []byte) []byte {
	if len(line) > 3 && line[0] == '<' {
		if k := bytes.IndexByte(line[:min(len(line), 6)], '>'); k > 1 && isNumber(line[1:k]) {
			return line[k+1:]
		}
	}
	return line
}

// bsdTime reads "Nov 22 20:31:37", which has neither year nor zone.
func (r *envelopeReader) bsdTime(b []byte) (int64, int) {
	month, day, ok := monthAndDay(b)
	if !ok || len(b) < 15 || b[9] != ':' || b[12] != ':' {
		return 0, 0
	}
	hour, ok1 := twoDigits(b[7:])
	minute, ok2 := twoDigits(b[10:])
	sec, ok3 := twoDigits(b[13:])
	if !ok1 || !ok2 || !ok3 {
		return 0, 0
	}
	switch {
	case r.month >= time.November && month <= time.February:
		r.year++
	case r.month != 0 && r.month <= time.February && month >= time.November: // a line that was late
		r.year--
	}
	r.month = month
	loc := r.clock.location
	if loc == nil {
		loc = time.Local
	}
	nanos, end := fraction(b, 15)
	return time.Date(r.year, month, day, hour, minute, sec, int(nanos), loc).UnixNano(), end
}

const months = "JanFebMarAprMayJunJulAugSepOctNovDec"

func monthAndDay(b []byte) (time.Month, int, bool) {
	if len(b) < 7 || b[3] != ' ' {
		return 0, 0, false
	}
	k := strings.Index(months, string(b[:3]))
	day, n := number(bytes.TrimLeft(b[4:6], " "))
	if k < 0 || k%3 != 0 || n == 0 || day < 1 || day > 31 {
		return 0, 0, false
	}
	return time.Month(k/3 + 1), int(day), true
}

// tag reads "postgres[6844]: ".
func (e *envelope) tag(b []byte) ([]byte, bool) {
	colon := bytes.IndexByte(b[:min(len(b), 100)], ':')
	if colon < 0 {
		return nil, false
	}
	open := bytes.IndexByte(b[:colon], '[')
	if open <= 0 || b[colon-1] != ']' || bytes.IndexByte(b[:open], ' ') >= 0 {
		return nil, false
	}
	e.pid, _ = number(b[open+1 : colon-1])
	return afterSpace(b[colon+1:]), e.pid > 0
}

// modernTag reads "postgres 6844 - - " of RFC 5424: program, process, message id and structured data.
func (e *envelope) modernTag(b []byte) ([]byte, bool) {
	_, b, ok1 := bytes.Cut(b, []byte(" "))
	pid, b, ok2 := bytes.Cut(b, []byte(" "))
	_, b, ok3 := bytes.Cut(b, []byte(" "))
	if !ok1 || !ok2 || !ok3 || len(b) == 0 {
		return nil, false
	}
	e.pid, _ = number(pid)
	if b[0] == '-' {
		return bytes.TrimPrefix(afterSpace(b[1:]), bom), e.pid > 0
	}
	end := structuredEnd(b)
	return bytes.TrimPrefix(afterSpace(b[end:]), bom), e.pid > 0 && end > 0
}

// structuredEnd returns the end of "[id key=\"value\"][…]".
func structuredEnd(b []byte) (end int) {
	quoted := false
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] == '\\':
			i++
		case b[i] == '"':
			quoted = !quoted
		case b[i] == ']' && !quoted:
			if end = i + 1; end == len(b) || b[end] != '[' {
				return end
			}
		case !quoted && i == end && b[i] != '[':
			return end
		}
	}
	return end
}

// number reads "[3-1] ", perhaps behind a tag of the level such as "[local0.info] ".
func (e *envelope) number(b []byte) {
	e.sequence, e.piece, e.text = 0, 1, b
	if trimmed := bytes.TrimLeft(b, " "); len(trimmed) > 0 && trimmed[0] == '[' { // RFC 5424 writers add a space of their own
		b = trimmed
	}
	for range 2 {
		if len(b) == 0 || b[0] != '[' {
			return
		}
		end := bytes.IndexByte(b[:min(len(b), 40)], ']')
		if end < 0 {
			return
		}
		sequence, n := number(b[1:end])
		if n > 0 && n+1 < end && b[n+1] == '-' {
			if piece, m := number(b[n+2 : end]); m > 0 && n+2+m == end {
				e.sequence, e.piece, e.text = sequence, piece, afterSpace(b[end+1:])
				return
			}
		}
		if bytes.IndexByte(b[1:end], '.') < 0 {
			return
		}
		b = afterSpace(b[end+1:])
		e.text = b
	}
}

// appendUnescaped appends text to dst with the escapes of syslog daemons undone: #011 is a TAB, #012 a newline, #015 a carriage return.
func appendUnescaped(dst, text []byte) []byte {
	for {
		k := bytes.IndexByte(text, '#')
		if k < 0 || k+4 > len(text) {
			return append(dst, text...)
		}
		dst = append(dst, text[:k]...)
		switch string(text[k : k+4]) {
		case "#011":
			dst, text = append(dst, '\t'), text[k+4:]
		case "#012":
			dst, text = append(dst, '\n'), text[k+4:]
		case "#015":
			dst, text = append(dst, '\r'), text[k+4:]
		default:
			dst, text = append(dst, '#'), text[k+1:]
		}
	}
}

// piecework is a message whose pieces are being collected.
type piecework struct {
	pid      uint32
	sequence uint32
	offset   int64
	time     int64
	text     []byte // as the server would have written it to stderr
	cut      bool
}

// syslogDecoder puts the pieces of messages together, by process, and reads what they give as text of stderr.
type syslogDecoder struct {
	p      *postgres
	reader *envelopeReader
	open   map[uint32]*piecework
	swept  int64 // where messages of silent processes were last ended
	inner  stderrDecoder
}

// maxMessage bounds a message that is put together.
const maxMessage = 16 << 20

func (d *syslogDecoder) block(b Block) {
	data, c := b.Data, &d.p.result.Counts
	var e envelope
	for pos := 0; pos < len(data); c.Lines++ {
		end := bytes.IndexByte(data[pos:], '\n') + pos + 1
		if end == pos {
			end = len(data)
		}
		line := data[pos:end]
		switch {
		case d.reader.read(bytes.TrimRight(line, "\r\n"), &e):
			if d.take(&e, b.Offset+int64(pos)) {
				c.Recognised += int64(len(line))
			} else {
				c.Skipped += int64(len(line))
			}
		case isBlank(line):
			c.Skipped += int64(len(line))
			c.BlankLines++
		default:
			d.p.strange(line, b.Offset+int64(pos))
		}
		pos = end
	}
	if b.Last {
		d.finishBefore(math.MaxInt64)
	}
}

// take adds a line to the message of its process, or begins a new one; false if the beginning of its message is not in this log.
func (d *syslogDecoder) take(e *envelope, offset int64) bool {
	w := d.open[e.pid]
	switch {
	case w != nil && continues(w, e):
		d.add(w, e)
		return true
	case e.sequence != 0 && e.piece > 1, e.sequence == 0 && bytes.HasPrefix(e.text, []byte("#011")):
		return false
	}
	if w != nil {
		d.finish(w)
	}
	d.finishOld(offset)
	w = &piecework{pid: e.pid, sequence: e.sequence, offset: offset, time: e.time}
	d.open[e.pid] = w
	w.text = appendUnescaped(w.text, e.text)
	return true
}

// continues tells whether a line goes on with the message w. Where lines are not numbered, a TAB or the name of a field does.
func continues(w *piecework, e *envelope) bool {
	if e.sequence != 0 {
		return e.sequence == w.sequence && e.piece > 1
	}
	return bytes.HasPrefix(e.text, []byte("#011")) || bytes.HasPrefix(e.text, []byte("\t")) || hasFieldLabel(e.text)
}

// hasFieldLabel tells whether a line without a number is a DETAIL or the like.
func hasFieldLabel(text []byte) bool {
	for k := bytes.Index(text, []byte(":  ")); k > 0; k = -1 {
		start := labelStart(text, k)
		return start >= 0 && !labels[string(text[start:k])].starts()
	}
	return false
}

// add appends a piece. A line of the message begins with a TAB or with a header; other pieces go on where the one before was cut.
func (d *syslogDecoder) add(w *piecework, e *envelope) {
	if len(w.text)+len(e.text) > maxMessage {
		w.cut = true
		return
	}
	newline := bytes.HasPrefix(e.text, []byte("#011")) || bytes.HasPrefix(e.text, []byte("\t"))
	if !newline {
		var h header
		newline = d.inner.read(e.text, &h) && !h.label.starts()
	}
	if newline {
		w.text = append(w.text, '\n')
	}
	w.text = appendUnescaped(w.text, e.text)
}

// finish reads a message that is whole.
func (d *syslogDecoder) finish(w *piecework) {
	delete(d.open, w.pid)
	d.inner.message(w)
}

// finishOld ends the messages of processes that have been silent for long, so that they do not pile up.
func (d *syslogDecoder) finishOld(offset int64) {
	const many, far = 4096, 64 << 20
	if len(d.open) >= many && offset-d.swept > far {
		d.swept = offset
		d.finishBefore(offset - far)
	}
}

// finishBefore ends the messages that began before a place, in their order.
func (d *syslogDecoder) finishBefore(offset int64) {
	var old []*piecework
	for _, w := range d.open {
		if w.offset < offset {
			old = append(old, w)
		}
	}
	slices.SortFunc(old, func(a, b *piecework) int { return cmp.Compare(a.offset, b.offset) })
	for _, w := range old {
		d.finish(w)
	}
}
