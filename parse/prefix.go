package parse

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// field is a piece of a log_line_prefix.
type field uint8

const (
	literal      field = iota
	quit               // %q: processes without a session stop here
	fieldTime          // %m %t
	fieldEpoch         // %n
	fieldStart         // %s, the start of the process
	fieldPID           // %p
	fieldLeader        // %P
	fieldSession       // %c
	fieldLine          // %l
	fieldVXID          // %v
	fieldXID           // %x
	fieldQueryID       // %Q
	fieldCode          // %e
	// The free texts.
	fieldUser        // %u
	fieldDatabase    // %d
	fieldApplication // %a
	fieldHost        // %h
	fieldHostPort    // %r
	fieldLocal       // %L
	fieldTag         // %i
	fieldBackend     // %b
	fieldCount
)

var escapes = map[byte]field{'q': quit, 'm': fieldTime, 't': fieldTime, 'n': fieldEpoch, 's': fieldStart, 'p': fieldPID, 'P': fieldLeader,
	'c': fieldSession, 'l': fieldLine, 'v': fieldVXID, 'x': fieldXID, 'Q': fieldQueryID, 'e': fieldCode, 'u': fieldUser, 'd': fieldDatabase,
	'a': fieldApplication, 'h': fieldHost, 'r': fieldHostPort, 'L': fieldLocal, 'i': fieldTag, 'b': fieldBackend}

// free tells whether the field holds any text, so that only what follows says where it ends.
func (f field) free() bool { return f >= fieldUser }

// constant tells whether the field seldom changes within a session.
func (f field) constant() bool {
	return f.free() && f != fieldTag || f == literal || f == quit || f == fieldSession || f == fieldStart
}

// element is one step of a compiled prefix.
type element struct {
	field
	text  []byte // of a literal
	width int    // the least width; the rest is padded with spaces
	left  bool   // the value stands left, the padding behind it
}

// prefix is a compiled log_line_prefix.
type prefix struct {
	setting  string
	elements []element
	has      [fieldCount]bool
	// elements[from:to] are the first run with free texts that is the same for all lines of a session; lines are compared with what that
	// run held in earlier lines before it is taken apart.
	from, to int
	// stamp is the element of the time, if nothing behind it changes within a session; -1 otherwise.
	stamp int
}

// compilePrefix reads a log_line_prefix as the server would.
func compilePrefix(setting string) (*prefix, error) {
	p := &prefix{setting: setting}
	for i := 0; i < len(setting); i++ {
		if setting[i] != '%' {
			p.addLiteral(setting[i])
			continue
		}
		e, end, err := escape(setting, i+1)
		if err != nil {
			return nil, err
		}
		if i = end; setting[i] == '%' {
			p.addLiteral('%')
			continue
		}
		p.elements = append(p.elements, e)
		p.has[e.field] = true
	}
	p.findConstantRun()
	p.findStamp()
	return p, nil
}

func (p *prefix) addLiteral(c byte) {
	if n := len(p.elements); n > 0 && p.elements[n-1].field == literal {
		p.elements[n-1].text = append(p.elements[n-1].text, c)
		return
	}
	p.elements = append(p.elements, element{text: []byte{c}})
}

// escape reads "-10u" at setting[i:], the text behind a percent sign; end is the place of its letter.
func escape(setting string, i int) (e element, end int, err error) {
	start := i
	for i < len(setting) && (isDigit(setting[i]) || setting[i] == '-' && i == start) {
		i++
	}
	if i == len(setting) {
		return e, i, fmt.Errorf("the prefix %q ends within an escape", setting)
	}
	if i > start {
		n, err := strconv.Atoi(setting[start:i])
		if err != nil || n > 200 || n < -200 {
			return e, i, fmt.Errorf("the prefix %q has a bad padding: %%%s", setting, setting[start:i+1])
		}
		e.width, e.left = max(n, -n), n < 0
	}
	f, ok := escapes[setting[i]]
	if !ok && setting[i] != '%' {
		return e, i, fmt.Errorf("the prefix %q has an unknown escape: %%%c", setting, setting[i])
	}
	e.field = f
	return e, i, nil
}

// findConstantRun finds the run that holds the first free text or %q: up to there the form of the fields says where they end. If that is the
// command tag, which is free and changes, there is none: from and to are both its place.
func (p *prefix) findConstantRun() {
	first := 0
	for first < len(p.elements) && !p.elements[first].free() && p.elements[first].field != quit {
		first++
	}
	p.from, p.to = first, first
	for p.from > 0 && first < len(p.elements) && p.elements[first].constant() && p.elements[p.from-1].constant() {
		p.from--
	}
	for p.to < len(p.elements) && p.elements[p.to].constant() {
		p.to++
	}
}

// findStamp finds the time that stands at the start, perhaps behind a literal, and is all that changes within a session.
func (p *prefix) findStamp() {
	p.stamp = -1
	for i, e := range p.elements {
		switch {
		case p.stamp < 0 && e.field == literal:
		case p.stamp < 0 && e.field == fieldTime && e.width == 0:
			p.stamp = i
		case p.stamp < 0 || !e.constant() && e.field != fieldPID:
			p.stamp = -1
			return
		}
	}
}

// header is what the prefix and the label of a line say.
type header struct {
	time       int64
	pid        uint32 // 0: not told
	label      label
	background bool // a process without a session
	code       []byte
	origin     *Origin
	prefix     int    // where the label begins
	text       int    // where the text behind the label begins
	fromPrefix []byte // the code, if the prefix told it
}

// again reads the label at line[pos:], behind the prefix that h was read from.
func (h *header) again(line []byte, pos int) bool {
	l, n := readLabel(line[pos:])
	if l == noLabel {
		return false
	}
	h.label, h.text, h.code = l, pos+n, h.fromPrefix
	h.verbose(line)
	return true
}

// verbose reads the SQLSTATE that log_error_verbosity = verbose puts before the message.
func (h *header) verbose(line []byte) {
	if h.label.starts() {
		if code, n := readCode(line[h.text:]); n > 0 {
			h.code = code
			h.text += n
		}
	}
}

// matcher reads headers by a prefix; one worker's.
type matcher struct {
	*prefix
	clock   *clock
	origins *origins
	tails   tails                 // by what they hold
	memo    [memoSlots]remembered // by process, two a set
	spans   [fieldCount][]byte    // of the slow way
	steps   int
	runEnd  int // where the slow way found the end of the constant run
}

// remembered is what the constant run held for one process.
type remembered struct {
	text       []byte
	origin     *Origin
	pid        uint32
	background bool
	stopped    bool // at a %q within the run
}

// maxHeader is how far into a line the label is looked for: names have at most 63 bytes, an application name too.
const maxHeader = 1024

// match reads the header at the start of line.
func (m *matcher) match(line []byte, h *header) bool {
	h.time, h.pid, h.code, h.origin, h.background = Unknown, 0, nil, m.origins.none, false
	if m.stamp >= 0 {
		return m.byTail(line, h)
	}
	return m.whole(line, 0, 0, h)
}

// byTail matches a line in which a time stamp stands before what is the same for all lines of a session.
func (m *matcher) byTail(line []byte, h *header) bool {
	pos, ok := m.run(line, 0, 0, m.stamp, h)
	if !ok {
		return false
	}
	at, n := m.clock.stamp(line[pos:])
	if n == 0 {
		return false
	}
	h.time = at
	pos += n
	t, set := m.tails.find(line[pos:])
	if t != nil {
		h.pid, h.origin, h.background = t.pid, t.origin, t.background
		if m.label(line, pos+len(t.text), h) {
			return true
		}
	}
	h.pid, h.origin, h.background = 0, m.origins.none, false
	if !m.whole(line, pos, m.stamp+1, h) {
		return false
	}
	keepTail(set, line[pos:h.prefix], h)
	return true
}

// whole matches the elements from one on at line[pos:] and the label.
func (m *matcher) whole(line []byte, pos, from int, h *header) bool {
	pos, ok := m.run(line, pos, from, m.from, h)
	if !ok {
		return false
	}
	if m.from == len(m.elements) {
		return m.label(line, pos, h)
	}
	return m.from < m.to && m.remembered(line, pos, h) || m.slow(line, pos, h)
}

// remembered matches the rest of the line when its constant run holds what it held for the same process before.
func (m *matcher) remembered(line []byte, pos int, h *header) bool {
	slot := memoSlot(h.pid, line, pos)
	known := &m.memo[slot]
	if !known.fits(line[pos:]) {
		if known = &m.memo[slot^1]; !known.fits(line[pos:]) {
			return false
		}
	}
	h.origin, h.background = known.origin, known.background
	if h.pid == 0 {
		h.pid = known.pid
	}
	end, ok := pos+len(known.text), true
	if !known.stopped {
		end, ok = m.run(line, end, m.to, len(m.elements), h)
	}
	return ok && m.label(line, end, h)
}

func (r *remembered) fits(rest []byte) bool {
	return len(r.text) > 0 && len(rest) >= len(r.text) && string(rest[:len(r.text)]) == string(r.text)
}

// label reads the label at line[pos:], which ends the header.
func (m *matcher) label(line []byte, pos int, h *header) bool {
	h.prefix, h.fromPrefix = pos, h.code
	return h.again(line, pos)
}

func memoSlot(pid uint32, line []byte, pos int) uint32 {
	if pid == 0 && pos+8 < len(line) {
		pid = uint32(line[pos+2])<<16 | uint32(line[pos+5])<<8 | uint32(line[pos+7])
	}
	return (pid * 2654435761) >> (32 - memoBits)
}

// A server has hundreds of processes, and one that is forgotten costs ten times one that is not.
const (
	memoBits  = 11
	memoSlots = 1 << memoBits
)

// run matches elements from to to, none of which is free, at line[pos:] and returns where they end. %q is passed over. It is on the path
// of every line: literals, the time and the pid are read without further calls.
func (m *matcher) run(line []byte, pos, from, to int, h *header) (int, bool) {
	for i := from; i < to; i++ {
		e := &m.elements[i]
		n := 0
		switch {
		case e.field == literal:
			if n = len(e.text); len(line)-pos < n || string(line[pos:pos+n]) != string(e.text) {
				return 0, false
			}
		case e.width > 0:
			if n = m.fixed(e, line, pos, h) - pos; n < 0 {
				return 0, false
			}
		case e.field == fieldTime:
			if h.time, n = m.clock.stamp(line[pos:]); n == 0 {
				return 0, false
			}
		case e.field == fieldPID:
			if h.pid, n = number(line[pos:]); n == 0 {
				return 0, false
			}
		case e.free():
			return 0, false
		default:
			if n = m.value(e.field, line[pos:], h); n < 0 {
				return 0, false
			}
		}
		pos += n
	}
	return pos, true
}

// fixed matches a field whose form says where it ends, with its padding; -1 if it is not there.
func (m *matcher) fixed(e *element, line []byte, pos int, h *header) int {
	start := pos
	if e.width > 0 && !e.left {
		for pos < len(line) && line[pos] == ' ' && pos-start < e.width {
			pos++
		}
	}
	n := m.value(e.field, line[pos:], h)
	if n < 0 {
		return -1
	}
	pos += n
	for e.left && pos-start < e.width && pos < len(line) && line[pos] == ' ' {
		pos++
	}
	return pos
}

// value reads a field of fixed form and returns its length, -1 if it is not there.
func (m *matcher) value(f field, b []byte, h *header) (n int) {
	switch f {
	case quit:
		return 0
	case fieldTime:
		h.time, n = m.clock.stamp(b)
	case fieldEpoch:
		h.time, n = epoch(b)
	case fieldStart:
		n = startLength(b)
	case fieldPID:
		h.pid, n = number(b)
	case fieldSession:
		var pid uint32
		if pid, n = sessionID(b); h.pid == 0 {
			h.pid = pid
		}
	case fieldCode:
		if n = 5; len(b) < 5 || !isCode(b[:5]) {
			return -1
		}
		h.code = b[:5]
	case fieldLine, fieldXID:
		_, n = number(b)
	case fieldLeader, fieldVXID, fieldQueryID: // may be empty
		for n < len(b) && (isDigit(b[n]) || b[n] == '/' || b[n] == '-') {
			n++
		}
		return n
	}
	if n == 0 {
		return -1
	}
	return n
}

// startLength returns the length of a time stamp that is not the entry's own.
func startLength(b []byte) int {
	if len(b) < 19 {
		return 0
	}
	if _, ok := dateAndMinute(b); !ok {
		return 0
	}
	_, end := fraction(b, 19)
	return end + zoneLength(b[end:])
}

// number reads decimal digits, at most ten.
func number(b []byte) (v uint32, n int) {
	for n < len(b) && n < 10 && isDigit(b[n]) {
		v = v*10 + uint32(b[n]-'0')
		n++
	}
	return v, n
}

// sessionID reads "6b035129.1ab3": the start of the process in seconds since 1970 and its pid, both in hexadecimal.
func sessionID(b []byte) (pid uint32, n int) {
	for n < len(b) && isHex(b[n]) {
		n++
	}
	if n < 4 || n > 12 || n >= len(b) || b[n] != '.' {
		return 0, 0
	}
	start := n + 1
	for n = start; n < len(b) && isHex(b[n]) && n-start < 8; n++ {
		pid = pid<<4 | uint32(hexValue(b[n]))
	}
	if n == start {
		return 0, 0
	}
	return pid, n
}

func isHex(c byte) bool { return isDigit(c) || c >= 'a' && c <= 'f' }

func hexValue(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return c - 'a' + 10
}

// slow matches the constant run and what follows it by trying where each free text may end, the shortest first. What a name holds can
// look like a label or a delimiter; the first way in which the whole prefix fits is taken.
func (m *matcher) slow(line []byte, pos int, h *header) bool {
	line = line[:min(len(line), maxHeader)]
	m.spans = [fieldCount][]byte{}
	m.steps = 4096
	key := h.pid
	end, stopped, ok := m.try(line, pos, m.from, h)
	if !ok {
		return false
	}
	m.splitAtLast()
	client := m.spans[fieldHost]
	if client == nil {
		client = hostOf(m.spans[fieldHostPort])
	}
	h.origin = m.origins.intern(known(m.spans[fieldDatabase]), known(m.spans[fieldUser]), known(m.spans[fieldApplication]), known(client))
	h.background = stopped || m.has[fieldUser] && h.origin.User == ""
	if stopped {
		m.runEnd = end
	}
	first := memoSlot(key, line, pos)
	slot := &m.memo[first]
	*slot, m.memo[first^1] = m.memo[first^1], *slot // two in a set: the older one goes
	slot.text = append(slot.text[:0], line[pos:m.runEnd]...)
	slot.origin, slot.pid, slot.background, slot.stopped = h.origin, h.pid, h.background, stopped
	return m.label(line, end, h)
}

// try matches the elements from i on at line[pos:] and a label behind them. It returns where the label begins and whether the line
// stops at a %q.
func (m *matcher) try(line []byte, pos, i int, h *header) (end int, stopped, ok bool) {
	if m.steps--; m.steps < 0 || pos > len(line) {
		return 0, false, false
	}
	if i == m.to {
		m.runEnd = pos
	}
	if i == len(m.elements) {
		l, _ := readLabel(line[pos:])
		return pos, false, l != noLabel
	}
	e := &m.elements[i]
	switch {
	case e.field == literal:
		if !bytes.HasPrefix(line[pos:], e.text) {
			return 0, false, false
		}
		return m.try(line, pos+len(e.text), i+1, h)
	case e.field == quit:
		if l, _ := readLabel(line[pos:]); l != noLabel {
			return pos, true, true
		}
		return m.try(line, pos, i+1, h)
	case e.free():
		return m.tryFree(line, pos, i, h)
	}
	if pos = m.fixed(e, line, pos, h); pos < 0 {
		return 0, false, false
	}
	return m.try(line, pos, i+1, h)
}

func (m *matcher) tryFree(line []byte, pos, i int, h *header) (end int, stopped, ok bool) {
	e := &m.elements[i]
	if e.field == fieldTag {
		if n := tagLength(line[pos:]); n > 0 {
			if end, stopped, ok = m.try(line, pos+n, i+1, h); ok {
				return end, stopped, true
			}
		}
	}
	var next []byte
	if i+1 < len(m.elements) && m.elements[i+1].field == literal {
		next = m.elements[i+1].text
	}
	for at := pos + e.width; at <= len(line); at++ {
		if next != nil {
			k := bytes.Index(line[min(at, len(line)):], next)
			if k < 0 {
				return 0, false, false
			}
			at += k
		}
		if end, stopped, ok = m.try(line, at, i+1, h); ok {
			m.spans[e.field] = line[pos:at]
			if e.width > 0 {
				m.spans[e.field] = bytes.Trim(line[pos:at], " ")
			}
			return end, stopped, true
		}
		if m.steps < 0 {
			break
		}
	}
	return 0, false, false
}

// tagLength returns the length of what %i shows: the name of a command in capitals, or one of the states of a session, perhaps with
// " waiting" behind it. It has spaces, so it is tried before the shortest text.
func tagLength(b []byte) int {
	n := 0
	for _, state := range [...]string{"idle in transaction (aborted)", "idle in transaction", "idle"} {
		if bytes.HasPrefix(b, []byte(state)) {
			n = len(state)
			break
		}
	}
	for n < len(b) && (isUpper(b[n]) || b[n] == ' ' && n > 0 && n+1 < len(b) && isUpper(b[n+1])) {
		n++
	}
	if bytes.HasPrefix(b[n:], []byte(" waiting")) {
		n += len(" waiting")
	}
	return n
}

// splitAtLast divides "a@b@shop" between user and database: names of users hold an @ now and then, those of databases hardly.
func (m *matcher) splitAtLast() {
	k := bytes.LastIndexByte(m.spans[fieldDatabase], '@')
	if k < 0 || !strings.Contains(m.setting, "%u@%d") {
		return
	}
	user, database := m.spans[fieldUser], m.spans[fieldDatabase]
	m.spans[fieldUser], m.spans[fieldDatabase] = user[:len(user)+1+k:len(user)+1+k], database[k+1:]
}

// known returns nothing for what the server writes when there is no name.
func known(name []byte) []byte {
	if string(name) == "[unknown]" {
		return nil
	}
	return name
}

// hostOf cuts the port off "10.0.0.1(5432)".
func hostOf(client []byte) []byte {
	if i := bytes.LastIndexByte(client, '('); i > 0 {
		return client[:i]
	}
	return client
}
