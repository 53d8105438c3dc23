package parse

import (
	"bytes"
	"encoding/binary"
)

var stderrFormat = Format{
	Name:   "pg-stderr",
	Title:  "PostgreSQL log as text, with any log_line_prefix",
	Sample: "2026-11-22 20:31:37.209 UTC [6844] app@shop LOG:  duration: 0.450 ms  statement: SELECT 1",
	detect: detectStderr,
	open:   func(head []byte, opts *Options) (layout, error) { return newStderr(head, opts) },
}

func detectStderr(lines [][]byte, opts *Options) int {
	l := &stderr{opts: *opts}
	if opts.HasPrefix {
		if p, err := compilePrefix(opts.Prefix); err == nil {
			l.prefixes = []*prefix{p}
		}
	}
	var h header
	headers := newHeaders(l, &clock{zone: zone{opts.Location}}, newOrigins())
	hits := countLines(lines, func(line []byte) bool { return headers.read(line, &h) })
	if hits > 0 {
		hits += countLines(lines, func(line []byte) bool { return line[0] == '\t' })
	}
	return hits
}

// stderr is the layout of one log of text.
type stderr struct {
	prefixes []*prefix
	native   bool // lines that fit no prefix need two spaces behind the label to be the server's
	given    bool // by the user
	opts     Options
}

func newStderr(head []byte, opts *Options) (*stderr, error) {
	l := &stderr{native: true, given: opts.HasPrefix, opts: *opts}
	settings := []string{opts.Prefix}
	if !opts.HasPrefix {
		settings, l.native = learnPrefixes(trimBOM(head))
	}
	for _, setting := range settings {
		p, err := compilePrefix(setting)
		if err != nil {
			return nil, err
		}
		l.prefixes = append(l.prefixes, p)
	}
	return l, nil
}

func (l *stderr) sequential() bool { return false }

func (l *stderr) prefix() string {
	if len(l.prefixes) == 0 {
		return ""
	}
	return l.prefixes[0].setting
}

func (l *stderr) cutter() Cutter {
	return backward{newHeaders(l, &clock{zone: zone{l.opts.Location}}, newOrigins())}
}

// headers reads the headers of lines by all prefixes of a log.
type headers struct {
	unfit    int64 // lines that a guess was needed for, though a prefix was given
	layout   *stderr
	matchers []*matcher
	before   []byte              // the prefix of the line before, in the same memory; nil: not known
	guessed  map[string]*matcher // by setting
	clock    *clock
	origins  *origins
}

func newHeaders(l *stderr, c *clock, o *origins) *headers {
	h := &headers{layout: l, clock: c, origins: o, guessed: map[string]*matcher{}}
	for _, p := range l.prefixes {
		h.matchers = append(h.matchers, h.matcher(p))
	}
	return h
}

func (hs *headers) matcher(p *prefix) *matcher {
	return &matcher{prefix: p, clock: hs.clock, origins: hs.origins}
}

// read reads the header of a line. A line that fits none of the log's prefixes is taken if it looks like the server's all the same: a
// reload may have changed the prefix.
//
// The lines of one message have one prefix. So a line is first compared with the one before: where the bytes are the same, so is what they
// say, and h keeps it.
func (hs *headers) read(line []byte, h *header) bool {
	if n := len(hs.before); n > 0 && len(line) > n && sameTime(line, hs.before) && string(line[:n]) == string(hs.before) && h.again(line, n) {
		return true
	}
	if !hs.match(line, h) {
		hs.before = nil
		return false
	}
	hs.before = line[:h.prefix]
	return true
}

// sameTime compares where prefixes most often differ, in the seconds: two prefixes that are the same pass it.
func sameTime(line, last []byte) bool {
	return len(last) < 24 || binary.LittleEndian.Uint64(line[16:]) == binary.LittleEndian.Uint64(last[16:])
}

// match reads the header of a line whatever the line before.
func (hs *headers) match(line []byte, h *header) bool {
	for _, m := range hs.matchers {
		if m.match(line, h) {
			return true
		}
	}
	setting, ok := guessPrefix(bytes.TrimRight(line, "\r"), hs.layout.native)
	if !ok {
		return false
	}
	m := hs.guessed[setting]
	if m == nil {
		p, err := compilePrefix(setting)
		if err != nil {
			return false
		}
		if len(hs.guessed) >= 64 {
			clear(hs.guessed)
		}
		m = hs.matcher(p)
		hs.guessed[setting] = m
	}
	if !m.match(line, h) {
		return false
	}
	if hs.layout.given {
		hs.unfit++
	}
	return true
}

// last finds the last line of data that starts an entry.
func (hs *headers) last(data []byte) int {
	hs.before = nil
	var h header
	end := bytes.LastIndexByte(data, '\n')
	for end > 0 {
		start := bytes.LastIndexByte(data[:end], '\n') + 1
		if start == 0 {
			return 0
		}
		if data[start] != '\t' && hs.read(line(data[start:end]), &h) && h.label.starts() {
			return start
		}
		end = start - 1
	}
	return 0
}

// line cuts off the codes that terminals and container tools put around a line.
func line(b []byte) []byte {
	for len(b) > 2 && b[0] == 0x1b && b[1] == '[' {
		k := bytes.IndexByte(b[:min(len(b), 16)], 'm')
		if k < 0 {
			break
		}
		b = b[k+1:]
	}
	return b
}

func (l *stderr) decoder(sink Sink) decoder {
	p := newPostgres(sink, &l.opts)
	return &stderrDecoder{headers: newHeaders(l, &p.clock, p.origins), p: p}
}

// stderrDecoder groups lines to records.
//
// A message begins with a line that has a header. The lines of a text behind its first begin with a TAB that the server adds, and only a
// TAB makes a line such a one: text that looks like a header behind it is part of the statement, and a line without TAB and header
// is somebody else's.
type stderrDecoder struct {
	*headers
	p     *postgres
	r     record
	open  bool    // r is being read
	more  bool    // r has more than a message
	field *[]byte // the text that a TAB continues; nil: of nobody
	from  int     // where that text begins
}

func (d *stderrDecoder) engine() engine { return d.p }

func (d *stderrDecoder) block(b Block) {
	data, c := b.Data, &d.p.result.Counts
	d.open, d.field, d.before = false, nil, nil
	var h header
	started := !b.First
	owned := false // the line before belongs to a record, or was skipped with its head
	for pos := 0; pos < len(data); c.Lines++ {
		end := bytes.IndexByte(data[pos:], '\n') + pos
		next := end + 1
		if end < pos {
			end, next = len(data), len(data)
		}
		size := int64(next - pos)
		switch {
		case data[pos] == '\t' && owned:
			c.Recognised += size
			if d.field != nil {
				*d.field = data[d.from:end]
			}
		case data[pos] == '\t' && !started: // the tail of an entry that began before the file
			c.Skipped += size
		case d.header(data, pos, end, &h):
			if !started && !h.label.starts() { // likewise
				c.Skipped += size
				break
			}
			c.Recognised += size
			d.line(data, pos, end, b.Offset, &h)
			started, owned = true, true
		default:
			owned = owned && isBlank(data[pos:end])
			d.p.unclaimed(data[pos:next], b.Offset+int64(pos))
		}
		pos = next
	}
	d.r.cut = b.Cut
	d.flush()
	c.Unfit, d.unfit = c.Unfit+d.unfit, 0
}

// header reads the header of the line at data[pos:end]; the places in h count from the start of data.
func (d *stderrDecoder) header(data []byte, pos, end int, h *header) bool {
	text := data[pos:end]
	skipped := 0
	if len(text) > 0 && text[0] == 0x1b {
		stripped := line(text)
		skipped = len(text) - len(stripped)
		text = stripped
	}
	if !d.read(text, h) {
		return false
	}
	h.text += pos + skipped
	return true
}

// line takes a line with a header: a new record, or a field of the one before it if it is of the same process.
func (d *stderrDecoder) line(data []byte, pos, end int, offset int64, h *header) {
	if h.label.starts() {
		d.flush()
		r := &d.r
		r.offset, r.time, r.pid, r.severity, r.origin = offset+int64(pos), h.time, h.pid, h.label.severity(), h.origin
		r.background, r.tabbed, r.crlf, r.cut = h.background, true, false, false
		if d.more {
			r.detail, r.hint, r.context, r.statement = nil, nil, nil, nil
			d.more = false
		}
		r.code = h.code
		d.open = true
		d.field = &r.message
	} else {
		d.field = d.fieldOf(h)
		d.more = d.more || d.field != nil
	}
	d.from = h.text
	if d.field != nil {
		*d.field = data[h.text:end]
	}
}

func (d *stderrDecoder) fieldOf(h *header) *[]byte {
	if !d.open || h.pid != d.r.pid {
		return nil
	}
	switch h.label {
	case labelDetail:
		return &d.r.detail
	case labelHint:
		return &d.r.hint
	case labelContext:
		return &d.r.context
	case labelStatement:
		return &d.r.statement
	}
	return nil
}

// flush hands over the record.
func (d *stderrDecoder) flush() {
	if !d.open {
		return
	}
	d.open, d.field = false, nil
	d.trim(&d.r.message)
	if d.more {
		for _, field := range [...]*[]byte{&d.r.detail, &d.r.hint, &d.r.context, &d.r.statement} {
			d.trim(field)
		}
	}
	d.p.record(&d.r)
}

// trim cuts off the code with which a terminal tool resets the colour, and one \r: if the last line has it, all have.
func (d *stderrDecoder) trim(field *[]byte) {
	if n := len(*field); n == 0 || (*field)[n-1] != '\r' && (*field)[n-1] != 'm' {
		return
	}
	text := bytes.TrimSuffix(*field, []byte("\x1b[0m"))
	if bytes.HasSuffix(text, []byte("\r")) {
		text, d.r.crlf = text[:len(text)-1], true
	}
	*field = text
}

func isBlank(b []byte) bool { return len(bytes.TrimSpace(b)) == 0 }
