package parse

import (
	"bytes"
	"time"
)

var slowFormat = Format{
	Name:   "mysql-slow",
	Title:  "slow log of MySQL, MariaDB, Percona Server, RDS and Aurora",
	Sample: "# Query_time: 1.500482  Lock_time: 0.000002 Rows_sent: 1  Rows_examined: 40000",
	detect: detectSlow,
	open:   func(_ []byte, opts *Options) (layout, error) { return slowLayout{opts}, nil },
}

// detectSlow counts the lines from the first heading on: whatever follows one is a statement, or another.
func detectSlow(lines [][]byte, _ *Options) int {
	for i, line := range lines {
		if isStartup(line) && i+1 < len(lines) && isPortLine(lines[i+1]) || opensHeading(line) && isHeading(lines[i:]) {
			return len(lines) - i
		}
	}
	return 0
}

func isHeading(lines [][]byte) bool {
	_, is := readHeading(bytes.Join(lines[:min(len(lines), 2*maxHeading)], []byte("\n")), 0, false, true, maxWarnings)
	return is == yes
}

type slowLayout struct{ opts *Options }

func (slowLayout) sequential() bool            { return false }
func (slowLayout) prefix() string              { return "" }
func (slowLayout) cutter() Cutter              { return newSlowCutter() }
func (l slowLayout) decoder(sink Sink) decoder { return slowDecoder{newSlow(sink, l.opts)} }

// slowDecoder takes blocks apart into the pieces that their Cutter found.
type slowDecoder struct{ *slow }

func (d slowDecoder) engine() engine { return d.slow }

func (d slowDecoder) block(b Block) {
	pieces := b.Outline.pieces
	d.legacy = b.Outline.inherited
	d.data, d.base, d.countedTo, d.counted = b.Data, b.Offset, 0, 0
	start := len(b.Data)
	if len(pieces) > 0 {
		start = int(pieces[0].start) - b.mark
	}
	d.foreign(b.Data[:start], 0)
	for i := range pieces {
		p := pieces[i]
		p.shift(b.mark)
		end := len(b.Data)
		if i+1 < len(pieces) {
			end = int(pieces[i+1].start) - b.mark
		}
		d.piece(&p, b.Data[:end], b.Cut && end == len(b.Data))
	}
	d.result.Counts.Lines = lineCount(b.Data)
}

// piece reports a piece, with which data ends.
func (d slowDecoder) piece(p *piece, data []byte, cut bool) {
	c, size := &d.result.Counts, int64(len(data)-int(p.start))
	d.legacy.inherit(p, data)
	switch p.kind {
	case pieceEntry:
		c.Recognised += size
		d.entry(p, data, cut)
	case pieceStartup:
		c.Recognised += size
	case pieceTail:
		c.Skipped += size
	case pieceStray:
		d.foreign(data, int(p.start))
	}
}

// foreign accounts for the lines of data from pos on: they are of no entry.
func (s *slow) foreign(data []byte, pos int) {
	s.result.Counts.Lines = s.linesBefore(pos)
	for pos < len(data) {
		end := nextLine(data, pos)
		s.unclaimed(data[pos:end], s.base+int64(pos))
		s.result.Counts.Lines++
		pos = end
	}
}

// linesBefore returns how many lines of the block end before pos. It is asked about places mostly in their order, and counts on from the
// last one: a log may have something odd in every other line.
func (s *slow) linesBefore(pos int) int64 {
	if pos < s.countedTo {
		s.countedTo, s.counted = 0, 0
	}
	s.counted += int64(bytes.Count(s.data[s.countedTo:pos], []byte("\n")))
	s.countedTo = pos
	return s.counted
}

// slow makes Events of the entries of slow logs, wherever they were written.
type slow struct {
	account
	sink       Sink
	opts       *Options
	clock      clock
	users      users
	attributes attributes
	legacy     legacy
	data       []byte // the block, where entries stand in it as they are
	base       int64  // offset of the data in the source
	countedTo  int    // a place in data, before which so many lines end
	counted    int64
	first      *time.Location
	event      Event
}

func newSlow(sink Sink, opts *Options) *slow {
	return &slow{sink: sink, opts: opts, clock: clock{zone: zone{opts.Location}}, users: users{origins: newOrigins()}}
}

func (s *slow) end() *Result {
	s.zones(&s.clock)
	return &s.result
}

// zone is that of "# Time:"; where that is local, it is worked out from what SET timestamp says beside it.
func (s *slow) zone() *time.Location { return s.first }

// entry reports one entry, with which data ends.
func (s *slow) entry(p *piece, data []byte, cut bool) {
	s.result.Counts.Entries++
	s.read(data[p.start:p.sql])
	e := s.compose(statementOf(data[p.sql:]), int(p.start), cut)
	e.Time = s.timeOf(p, data)
	e.Origin, e.Inherited = s.origin(p)
	if p.ambiguous {
		s.result.Counts.Ambiguous++
		s.note(e.Offset, "it is not certain where the statement of the entry ends: something in it is not closed")
	}
	s.report(e, int(p.sql) == len(data))
}

// compose makes an Event of a statement and the attributes. Its place counts from the start of the data.
func (s *slow) compose(sql []byte, pos int, cut bool) *Event {
	e, a := &s.event, &s.attributes
	*e = Event{Kind: Execution, Dialect: MySQL, Severity: SeverityLog, Offset: s.base + int64(pos), SQL: sql, Cut: cut, Time: Unknown, Duration: a.duration,
		Metrics: a.metrics, Rate: a.rate, Plan: a.plan, Attributes: a.other}
	if command, ok := bytes.CutPrefix(sql, []byte("# administrator command: ")); ok && bytes.IndexByte(command, '\n') < 0 {
		e.Kind, e.SQL = Command, commandNamed(command)
	}
	code := a.errno
	if len(code) == 0 {
		code = a.killed
	}
	if len(code) > 0 {
		e.Failed, e.Severity, e.Code, e.Text = true, SeverityError, code, errorText(code)
	}
	e.Silent = !a.judged && !e.Failed
	return e
}

// report hands over an Event, and counts an entry that is not as it should be. Of one without a statement there is something to tell only
// if it has a duration.
func (s *slow) report(e *Event, bare bool) {
	c := &s.result.Counts
	switch {
	case s.attributes.malformed != "":
		c.Malformed++
		s.note(e.Offset, "its "+s.attributes.malformed+" is no number, or too large a one")
	case e.Duration == Unknown:
		c.Partial++
		s.note(e.Offset, "the entry has no Query_time")
	case bare:
		c.Partial++
		s.note(e.Offset, "the entry has no statement")
	}
	if !bare || e.Duration != Unknown {
		s.sink.Event(e)
	}
}

// note keeps the place of an entry.
func (s *slow) note(offset int64, why string) {
	if len(s.result.Doubtful) >= MaxStrange {
		return
	}
	n := Strange{Line: s.result.Counts.Lines, Offset: offset, Why: why}
	if s.data != nil {
		pos := int(offset - s.base)
		n.Line = s.linesBefore(pos)
		line := s.data[pos:min(nextLine(s.data, pos), pos+maxStrangeText)]
		n.Text = string(line[:trimmed(line)])
	}
	s.result.Doubtful = append(s.result.Doubtful, n)
}

// origin returns where an entry came from, and whether its database was taken from an entry before it: a server writes "use" only where the
// database is another than in the entry before, and not at all in a session without one.
func (s *slow) origin(p *piece) (o *Origin, inherited bool) {
	a := &s.attributes
	database := a.schema
	if !a.hasSchema {
		database = s.legacy.database
		inherited = len(database) > 0 && p.use.end == p.use.start
	}
	return s.users.of(a.user, database), inherited
}

// statementOf cuts off the semicolon that the server puts behind a statement, and the line ends around it.
func statementOf(text []byte) []byte {
	text = text[:trimmed(text)]
	if n := len(text); n > 0 && text[n-1] == ';' {
		text = text[:trimmed(text[:n-1])]
	}
	return text
}

// trimmed returns the length of a text without the white space at its end.
func trimmed(text []byte) int {
	n := len(text)
	for n > 0 && (text[n-1] == '\n' || text[n-1] == ' ' || text[n-1] == '\r' || text[n-1] == '\t') {
		n--
	}
	return n
}

// read reads the lines before the statement.
func (s *slow) read(head []byte) {
	a := &s.attributes
	a.begin()
	warned := false // only the server's warnings follow, which may hold anything, and SET
	for pos := 0; pos < len(head); {
		end, next := lineAt(head, pos)
		if next == 0 {
			next = len(head)
		}
		line := trimCR(head[pos:end])
		switch {
		case len(line) < 3:
		case warned && line[0] != 'S':
			a.warning(line)
		case line[0] == 'S':
			a.setTime(line)
		case line[0] != '#':
		case line[2] == 'T' && bytes.HasPrefix(line, []byte("# Time:")):
			if k := bytes.IndexByte(line[2:], '#'); k >= 0 && len(line) > k+4 {
				a.user = line[k+4:]
			}
		case line[2] == 'U':
			a.user = line[2:]
		case line[2] == 'W' && string(line) == "# Warnings":
			warned = true
		case line[2] == 'e' && bytes.HasPrefix(line, []byte("# explain:")):
			a.explain(head, pos, end)
		default:
			a.read(line[1:])
		}
		pos = next
	}
}

// timeOf returns when an execution ended: by "# Time:" if that tells its zone, otherwise by "SET timestamp=", which has whole seconds.
func (s *slow) timeOf(p *piece, data []byte) int64 {
	own := p.time.of(data)
	if t, ok := s.zoned(own); ok {
		return t
	}
	if set := s.attributes.set; set != Unknown {
		if s.legacy.version.startsAt() && s.attributes.duration != Unknown {
			set += s.attributes.duration
		}
		s.learnZone(own, set)
		return set
	}
	if len(own) == 0 {
		own = s.legacy.time
		if t, ok := s.zoned(own); ok {
			return t
		}
	}
	if t, ok := slowTime(own); ok {
		offset, _ := s.clock.offsetOf(nil, time.Unix(0, t).UTC())
		return t - int64(offset)*second
	}
	return Unknown
}

// zoned reads a time of MySQL 5.7 and later: "2024-05-02T00:30:00.123456+02:00". It is false when the zone is not told.
func (s *slow) zoned(text []byte) (int64, bool) {
	if len(text) < 20 || text[4] != '-' {
		return 0, false
	}
	t, n := s.clock.stamp(text)
	if n == 0 {
		t, n = s.tidb(text)
	}
	if n != len(text) || !isZone(text) {
		return 0, false
	}
	if s.first == nil {
		s.first = s.clock.seen()
	}
	return t, true
}

// isZone tells whether a time ends with a zone.
func isZone(text []byte) bool {
	return text[len(text)-1] == 'Z' || bytes.ContainsAny(text[19:], "+-")
}

// tidb reads "2019-02-12-19:33:56.571953 +0800".
func (s *slow) tidb(text []byte) (int64, int) {
	if text[10] != '-' {
		return 0, 0
	}
	var usual [40]byte
	n := copy(usual[:], text)
	usual[10] = ' '
	return s.clock.stamp(usual[:n])
}

// slowTime reads "071015 21:43:52", the hour perhaps of one digit behind a space, as if it were UTC. Fractions are read, too.
func slowTime(text []byte) (int64, bool) {
	day, clock, ok := bytes.Cut(text, []byte(" "))
	clock = bytes.TrimLeft(clock, " ")
	if len(clock) == 7 || len(clock) > 7 && clock[1] == ':' {
		clock = append([]byte("0"), clock...)
	}
	if !ok || len(day) != 6 || len(clock) < 8 || !isNumber(day) || clock[2] != ':' || clock[5] != ':' {
		return 0, false
	}
	year, _ := twoDigits(day)
	month, _ := twoDigits(day[2:])
	dayOf, _ := twoDigits(day[4:])
	hour, ok1 := twoDigits(clock)
	minute, ok2 := twoDigits(clock[3:])
	sec, ok3 := twoDigits(clock[6:])
	if !ok1 || !ok2 || !ok3 || month < 1 || month > 12 || hour > 23 || minute > 59 || sec > 60 {
		return 0, false
	}
	nanos, _ := fraction(clock, 8)
	year += 2000
	if year > 2069 {
		year -= 100
	}
	t := time.Date(year, time.Month(month), dayOf, hour, minute, sec, 0, time.UTC)
	return t.UnixNano() + nanos, t.Day() == dayOf
}

// quarter is the step of the zones of this earth.
const quarter = 15 * 60

// learnZone works out the zone of a local time from the true one beside it.
func (s *slow) learnZone(local []byte, at int64) {
	if s.first != nil || len(local) == 0 {
		return
	}
	if t, ok := slowTime(local); ok {
		offset := (t - at) / second
		steps := (offset + quarter/2) / quarter
		if offset < 0 {
			steps = (offset - quarter/2) / quarter
		}
		s.first = time.FixedZone("", int(steps*quarter))
	}
}
