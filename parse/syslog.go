package parse

import (
	"bytes"
	"cmp"
	"hash/maphash"
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
	return countLines(lines, func(line []byte) bool { return reader.read(line, &e) && e.pid > 0 })
}

// syslogLayout is the layout of a log in syslog lines: what they carry is the text that the server would write to stderr.
type syslogLayout struct {
	inner *stderr
	year  int // of the first line, if it does not tell it; 0: unknown
}

func openSyslog(head []byte, opts *Options) (layout, error) {
	var text []byte
	walk(head, opts, func(_ *envelopeReader, e *envelope) {
		text = append(appendUnescaped(text, e.text), '\n')
	})
	inner, err := newStderr(text, opts)
	if err != nil {
		return nil, err
	}
	return &syslogLayout{inner: inner, year: firstYear(head, inner)}, nil
}

// someYear is what walk takes for the year of the first line.
const someYear = 2000

// walk calls f for each syslog line of the head.
func walk(head []byte, opts *Options, f func(*envelopeReader, *envelope)) {
	reader := &envelopeReader{clock: &clock{zone: zone{opts.Location}}, year: someYear}
	var e envelope
	for line := range bytes.Lines(trimBOM(head)) {
		if reader.read(bytes.TrimRight(line, "\r\n"), &e) {
			f(reader, &e)
		}
	}
}

// firstYear works out the year of the first line where the lines tell none: the last line of the head is of the last such day before the
// log was last written, and the new years between the two are counted. New years behind the head are not known, so a longer log that
// spans several years should tell them itself. When the time of writing is unknown too, as for a pipe, the server's own time tells.
func firstYear(head []byte, inner *stderr) int {
	opts := &inner.opts
	if opts.Modified.IsZero() {
		return innerYear(head, inner)
	}
	limit := opts.Modified.Add(24 * time.Hour) // zones differ
	year := limit.Year()
	walk(head, opts, func(r *envelopeReader, _ *envelope) {
		if r.month != 0 {
			year = limit.Year() - (r.year - someYear)
			if time.Date(limit.Year(), r.month, r.day, 0, 0, 0, 0, limit.Location()).After(limit) {
				year--
			}
		}
	})
	return year
}

// innerYear works out the year of the first line by the first header that has a time; 0 when none has.
func innerYear(head []byte, inner *stderr) (year int) {
	headers := newHeaders(inner, &clock{zone: zone{inner.opts.Location}}, newOrigins())
	walk(head, &inner.opts, func(r *envelopeReader, e *envelope) {
		var h header
		if year == 0 && r.month != 0 && headers.match(e.text, &h) && h.time != Unknown {
			at := time.Unix(0, h.time).In(r.location())
			year = at.Year() + yearsBetween(at.Month(), r.month) - (r.year - someYear)
		}
	})
	return year
}

func (l *syslogLayout) prefix() string { return l.inner.prefix() }

// sequential: the pieces of one message stand between those of other processes, so they cannot be cut between.
func (l *syslogLayout) sequential() bool { return true }

func (l *syslogLayout) cutter() Cutter { return backward{lineStarts{}} }

func (l *syslogLayout) decoder(sink Sink) decoder {
	p := newPostgres(sink, &l.inner.opts)
	reader := &envelopeReader{clock: &clock{zone: zone{l.inner.opts.Location}}, year: l.year}
	return &syslogDecoder{p: p, reader: reader, open: map[process]*piecework{}, inner: stderrDecoder{headers: newHeaders(l.inner, &p.clock, p.origins), p: p}}
}

// envelope is what a syslog line says before the text of the server.
type envelope struct {
	time     int64
	sender   []byte // host and program, "db1 postgres"
	program  []byte
	pid      uint32
	sequence uint32 // of the message; 0: not told
	piece    uint32 // of the message, from 1
	text     []byte
}

// envelopeReader reads syslog lines.
type envelopeReader struct {
	clock *clock
	year  int        // of the last time without one; 0: unknown
	month time.Month // likewise
	day   int
}

func (r *envelopeReader) location() *time.Location {
	if r.clock.location == nil {
		return time.Local
	}
	return r.clock.location
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
	b = b[1:]
	e.sender = b
	host, b, ok := bytes.Cut(b, []byte(" "))
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
	e.sender = e.sender[:len(host)+1+len(e.program)]
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
	nanos, end := fraction(b, 15)
	years := yearsBetween(r.month, month)
	r.month, r.day = month, day
	if r.year == 0 {
		return Unknown, end
	}
	r.year += years
	return time.Date(r.year, month, day, hour, minute, sec, int(nanos), r.location()).UnixNano(), end
}

// yearsBetween tells in which year a line is, counted from that of the line before: a step of more than six months back is one into the
// next year, and one of more than six months ahead is to a late line of the year before. No line before is month 0.
func yearsBetween(before, month time.Month) int {
	switch {
	case before == 0:
		return 0
	case month < before-6:
		return 1
	case month > before+6:
		return -1
	}
	return 0
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
	program, pid, ok := bytes.Cut(b[:colon], []byte("["))
	if len(program) == 0 || ok && !bytes.HasSuffix(pid, []byte("]")) || bytes.IndexByte(program, ' ') >= 0 {
		return nil, false
	}
	e.program = program
	e.pid, _ = number(pid)
	return afterSpace(b[colon+1:]), e.pid > 0 || !ok && !isServer(program) // the kernel has no pid
}

// modernTag reads "postgres 6844 - - " of RFC 5424: program, process, message id and structured data.
func (e *envelope) modernTag(b []byte) ([]byte, bool) {
	program, b, ok1 := bytes.Cut(b, []byte(" "))
	pid, b, ok2 := bytes.Cut(b, []byte(" "))
	_, b, ok3 := bytes.Cut(b, []byte(" "))
	if !ok1 || !ok2 || !ok3 || len(b) == 0 {
		return nil, false
	}
	e.program = program
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

// process is one on any of the hosts that write to the log. Different programs may have one pid, too, over time.
type process struct {
	sender uint64 // a hash of host and program
	pid    uint32
}

// piecework is a message whose pieces are being collected.
type piecework struct {
	process
	sequence uint32
	header   header // of the first line
	foreign  bool   // it is not the server's
	salt     uint32 // see session
	offset   int64
	time     int64
	text     []byte // as the server would have written it to stderr
	cut      bool
}

// syslogDecoder puts the pieces of messages together, by process, and reads what they give as text of stderr.
type syslogDecoder struct {
	p      *postgres
	reader *envelopeReader
	open   map[process]*piecework
	free   []*piecework // their memory is used again
	home   uint64       // the sender of the first message
	begun  bool         // home is known
	swept  int64        // where messages of silent processes were last ended
	inner  stderrDecoder
}

// maxMessage bounds a message that is put together.
const maxMessage = 16 << 20

const (
	maxOpen = 4096    // messages that may be open for long, and pieceworks kept for use
	maxFree = 4 << 10 // bytes of text of one that is kept
)

// fate is what becomes of a line.
type fate uint8

const (
	strange fate = iota // it is not understood
	skipped             // the beginning of its message is not in this log, or another program wrote it
	taken
)

func (d *syslogDecoder) engine() engine { return d.p }

func (d *syslogDecoder) block(b Block) {
	data, c := b.Data, &d.p.result.Counts
	d.inner.before = nil // the memory of the block before
	var e envelope
	for pos := 0; pos < len(data); c.Lines++ {
		end := nextLine(data, pos)
		line := data[pos:end]
		switch d.line(line, b.Offset+int64(pos), &e) {
		case taken:
			c.Recognised += int64(len(line))
		case skipped:
			c.Skipped += int64(len(line))
		default:
			d.p.unclaimed(line, b.Offset+int64(pos))
		}
		pos = end
	}
	if b.Last {
		d.finishBefore(math.MaxInt64)
	}
}

func (d *syslogDecoder) line(line []byte, offset int64, e *envelope) fate {
	if !d.reader.read(bytes.TrimRight(line, "\r\n"), e) {
		return strange
	}
	f := strange
	if e.pid != 0 {
		f = d.take(e, offset)
	}
	if f == strange && !isServer(e.program) {
		return skipped
	}
	return f
}

// take adds a line to the message of its process, or begins a new one.
//
// A message is the server's if its first line has a header. That is told at once, and its further lines share its fate: so the lines of a
// block are accounted for with it, however late the message ends.
func (d *syslogDecoder) take(e *envelope, offset int64) fate {
	id := process{maphash.Bytes(seed, e.sender), e.pid}
	w := d.open[id]
	switch {
	case w != nil && continues(w, e):
		if w.foreign {
			return strange
		}
		d.add(w, e)
		return taken
	case e.sequence != 0 && e.piece > 1, e.sequence == 0 && isTabbed(e.text):
		return skipped
	}
	if w != nil {
		d.finish(w)
	}
	d.finishOld(offset)
	w = d.blank()
	*w = piecework{process: id, sequence: e.sequence, offset: offset, time: e.time, text: appendUnescaped(w.text[:0], e.text)}
	return d.begin(w, e.sender)
}

// begin opens a message that has its first piece.
func (d *syslogDecoder) begin(w *piecework, sender []byte) fate {
	first, _, _ := bytes.Cut(w.text, []byte("\n"))
	d.inner.before = nil // w.header knows nothing of the line before
	switch {
	case !d.inner.header(first, 0, len(first), &w.header):
		w.foreign, w.text = true, w.text[:0]
		d.open[w.process] = w
		return strange
	case !w.header.label.starts():
		d.keep(w)
		return skipped
	}
	if !d.begun {
		d.home, d.begun = w.sender, true
	}
	if w.sender != d.home {
		w.salt = saltOf(sender)
	}
	d.open[w.process] = w
	return taken
}

// isServer tells whether a program is called like a server. A setting of syslog_ident can call it otherwise.
func isServer(program []byte) bool {
	return bytes.Contains(program, []byte("postgres")) || bytes.HasPrefix(program, []byte("pg"))
}

// The sums of FNV-1a with 32 bits. Unlike those of maphash they are the same in each run, and so are sessions that share one.
const (
	fnvBasis = 2166136261
	fnvPrime = 16777619
)

// saltOf makes a number of host and program.
func saltOf(sender []byte) uint32 {
	sum := uint32(fnvBasis)
	for _, c := range sender {
		sum = (sum ^ uint32(c)) * fnvPrime
	}
	return cmp.Or(sum, 1)
}

// session tells the process with the pid from those of other hosts and programs. Those of the first of them, mostly the only one, keep
// their pid.
func (w *piecework) session(pid uint32) uint32 {
	pid = cmp.Or(pid, w.pid)
	if w.salt == 0 {
		return pid
	}
	sum := w.salt
	for ; pid > 0; pid >>= 8 {
		sum = (sum ^ pid&0xff) * fnvPrime
	}
	return cmp.Or(sum, 1) // 0 is no session
}

// continues tells whether a line goes on with the message w. Where lines are not numbered, a TAB or the name of a field does.
func continues(w *piecework, e *envelope) bool {
	if e.sequence != 0 {
		return e.sequence == w.sequence && e.piece > 1
	}
	return isTabbed(e.text) || hasFieldLabel(e.text)
}

func isTabbed(text []byte) bool {
	return bytes.HasPrefix(text, []byte("#011")) || bytes.HasPrefix(text, []byte("\t"))
}

// hasFieldLabel tells whether a line without a number is a DETAIL or the like.
func hasFieldLabel(text []byte) bool {
	k := bytes.Index(text, []byte(":  "))
	if k <= 0 {
		return false
	}
	start := labelStart(text, k)
	return start >= 0 && !labels[string(text[start:k])].starts()
}

// add appends a piece. A line of the message begins with a TAB or with a header; other pieces go on where the one before was cut.
func (d *syslogDecoder) add(w *piecework, e *envelope) {
	if len(w.text)+len(e.text) > maxMessage {
		w.cut = true
		return
	}
	newline := isTabbed(e.text)
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
	delete(d.open, w.process)
	if !w.foreign {
		d.message(w)
	}
	d.keep(w)
}

// keep keeps the memory of a piecework that is done with.
func (d *syslogDecoder) keep(w *piecework) {
	if cap(w.text) <= maxFree && len(d.free) < maxOpen {
		d.free = append(d.free, w)
	}
}

// blank returns a piecework that is not in use.
func (d *syslogDecoder) blank() *piecework {
	n := len(d.free)
	if n == 0 {
		return new(piecework)
	}
	w := d.free[n-1]
	d.free = d.free[:n-1]
	return w
}

// message reads the text of a message. Its envelope tells its place, its session and, if the text does not, its time.
func (d *syslogDecoder) message(w *piecework) {
	in := &d.inner
	in.before = nil
	h := w.header
	for pos := 0; pos < len(w.text); {
		end := bytes.IndexByte(w.text[pos:], '\n') + pos
		if end < pos {
			end = len(w.text)
		}
		switch {
		case w.text[pos] == '\t' && in.field != nil:
			*in.field = w.text[in.from:end]
		case pos == 0 || in.header(w.text, pos, end, &h):
			d.field(w, pos, end, h)
		}
		pos = end + 1
	}
	in.r.cut = w.cut
	in.flush()
}

// field hands a line with a header on, its process and time set.
func (d *syslogDecoder) field(w *piecework, pos, end int, h header) {
	h.pid = w.session(h.pid)
	if h.time == Unknown {
		h.time = w.time
	}
	d.inner.line(w.text, pos, end, 0, &h)
	d.inner.r.offset = w.offset
}

// finishOld ends the messages of processes that have been silent for long, so that they do not pile up.
func (d *syslogDecoder) finishOld(offset int64) {
	const far = 64 << 20
	if len(d.open) >= maxOpen && offset-d.swept > far {
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
