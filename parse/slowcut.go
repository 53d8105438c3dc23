package parse

import "bytes"

// slowCutter cuts a slow log. A statement is written as it was sent, so it may hold whatever an entry looks like, whole entries included:
// what is an entry is known only to who has read all statements from the last certain one on. The cutter does so, once, and leaves what
// it found to the decoders. It takes about 0.3 s for 1 GiB, under the lock of the reader.
//
// The rules. An entry begins at a heading (see readHeading) if the statement before it has come to an end: a line ended in ";" and
// nothing is open (see sqlText). A heading where something is open is text if the statement goes on to an end of its own within maxAhead
// bytes. Otherwise what is open was never closed, the heading is taken, and the entry that ends there is marked as ambiguous: a broken
// statement costs no entry behind it.
type slowCutter struct {
	// Places count from the start of the data.
	pos     int     // of the next line to read
	current piece   // it goes on at pos, if begun
	begun   bool    // there is a current piece
	found   []piece // those before it
	legacy  legacy  // what the pieces before data left behind

	inText    bool // pos is in the statement of current
	text      sqlText
	ends      bool // a line of it ended in ";" with nothing open: what follows may be an entry
	semicolon bool // the last one ended in ";", open or not
	command   bool // it is an administrator command, which holds no text of a client
	sets      bool // entries have "SET timestamp="
	fine      bool // of a server that sets it in each
	certain   bool // one of the semicolons that may end the statement is not the end of a comment
	credit    int  // bytes that may be looked at in vain
	patience  int  // lines of warnings that may be, before the next entry
}

const (
	// maxAhead is how far a cutter looks for the end of something that is open.
	maxAhead = 1 << 20
	// minAhead is how far it looks when it looked in vain too often: with credit for four times what it reads, a log in which every
	// statement is broken is read five times, not a million.
	minAhead = 4 << 10
	// maxDoubles is how many headings without a statement between them are counted.
	maxDoubles = 16
)

func newSlowCutter() *slowCutter {
	c := new(slowCutter)
	c.reset()
	return c
}

// reset begins another log, in the same memory.
func (c *slowCutter) reset() {
	*c = slowCutter{credit: 4 * maxAhead, patience: maxWarnings, found: c.found[:0]}
}

// Cut reads on and returns where the piece begins that is not known to be whole.
func (c *slowCutter) Cut(data []byte, last bool, o *Outline) int {
	c.read(data, last)
	switch {
	case last:
		c.finish()
		c.release(data, len(data), o)
		return 0
	case len(c.found) == 0:
		return 0
	}
	cut := int(c.current.start)
	c.release(data, cut, o)
	return cut
}

// Shorten leaves the current piece in o, without its end.
func (c *slowCutter) Shorten(data []byte, n int, o *Outline) {
	c.found = append(c.found, c.current)
	if c.pos < n { // within a line
		c.line(data[c.pos:n])
		c.pos = n
	}
	c.release(data, n, o)
}

// Rest looks for the piece behind the current one.
func (c *slowCutter) Rest(data []byte, last bool) (n int, found bool) {
	c.read(data, last)
	switch {
	case len(c.found) > 1:
		n, found = int(c.found[1].start), true
	case len(c.found) == 1:
		n, found = int(c.current.start), true
	case last:
		n = len(data)
	default:
		n = c.pos
	}
	if found {
		c.found = c.found[1:]
	}
	c.shift(n)
	return n, found
}

// release gives away the pieces that were found; from now on the data begins n bytes later.
func (c *slowCutter) release(data []byte, n int, o *Outline) {
	o.pieces, o.inherited = append(o.pieces[:0], c.found...), c.legacy
	for i := range c.found {
		c.legacy.inherit(&c.found[i], data)
	}
	c.legacy.time, c.legacy.database = bytes.Clone(c.legacy.time), bytes.Clone(c.legacy.database)
	c.found = c.found[:0]
	c.shift(n)
}

func (c *slowCutter) shift(n int) {
	c.pos = max(0, c.pos-n)
	c.current.shift(n)
	for i := range c.found {
		c.found[i].shift(n)
	}
}

// read reads the lines of data as far as it can be told what they are.
func (c *slowCutter) read(data []byte, last bool) {
	if !c.begun && c.pos == 0 && bytes.HasPrefix(data, bom) {
		c.pos = len(bom)
	}
	for c.pos < len(data) {
		end, next := lineAt(data, c.pos)
		if next == 0 {
			if !last && len(data)-c.pos <= maxLine {
				return
			}
			next = len(data)
		}
		line := trimCR(data[c.pos:end])
		switch c.judge(data, line, next, last) {
		case more:
			return
		case no:
			c.line(line)
			c.pos = next
		}
	}
}

// lineAt returns the end of the line at pos and the place of the next one, which is 0 if the line has no end.
func lineAt(data []byte, pos int) (end, next int) {
	if k := bytes.IndexByte(data[pos:], '\n'); k >= 0 {
		return pos + k, pos + k + 1
	}
	return len(data), 0
}

func trimCR(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		return line[:n-1]
	}
	return line
}

// answer is one to a question that more data may be needed for.
type answer uint8

const (
	no answer = iota
	yes
	more
)

// judge finds out whether a piece begins with the line at pos. If so, it moves on behind the piece's head.
func (c *slowCutter) judge(data, line []byte, next int, last bool) (is answer) {
	switch {
	case len(line) == 0 || line[0] <= ' ' && isBlank(line):
		return no
	case line[0] == '#' && (!c.inText || c.ends || c.semicolon):
		is = c.heading(data, last)
	case isStartup(line):
		is = c.startup(data, next, last)
	}
	if is == no && !c.inText {
		c.stray()
	}
	return is
}

// stray begins a piece with a line that belongs to no entry.
func (c *slowCutter) stray() {
	kind := pieceStray
	switch {
	case !c.begun:
		kind = pieceTail
	case c.current.kind == pieceTail || c.current.kind == pieceStray:
		return
	}
	c.begin(piece{kind: kind, start: int32(c.pos), sql: int32(c.pos)})
}

// line takes a line that begins nothing.
func (c *slowCutter) line(line []byte) {
	if !c.inText {
		return
	}
	if c.pos == int(c.current.sql) {
		c.command = c.command || isCommand(line)
	}
	c.text.line(line)
	c.semicolon = endsStatement(line) || c.semicolon && isBlank(line)
	c.ends = c.ends || c.semicolon && !c.text.within()
	c.certain = c.certain || c.semicolon && !c.text.within() && !c.text.remark
}

// begin ends the current piece and begins another.
func (c *slowCutter) begin(p piece) {
	c.finish()
	c.current, c.begun, c.inText, c.ends, c.semicolon, c.certain = p, true, false, false, false, false
}

func (c *slowCutter) finish() {
	if c.begun {
		c.found = append(c.found, c.current)
		c.credit = min(c.credit+4*(c.pos-int(c.current.start)), 4*maxAhead)
	}
	c.begun = false
}

// heading finds out whether the line at pos, which begins with #, is the heading of an entry.
func (c *slowCutter) heading(data []byte, last bool) answer {
	h, is := readHeading(data, c.pos, !c.inText, last, c.patience)
	if is == no {
		c.impatient(&h)
	}
	if is != yes {
		return is
	}
	switch {
	case !c.inText:
	case c.text.within():
		if c.sets && !h.set {
			c.impatient(&h)
			return no
		}
		if goesOn, is := c.goesOn(data, last); is == more || goesOn {
			return is
		}
	case c.sets && !c.command && !h.set && h.use.end == 0 && !h.torn && (h.bare || h.command || c.fine):
		c.impatient(&h)
		c.current.ambiguous = c.current.ambiguous || c.certain && !h.bare && !h.command
		return no // comments: the log would set the time, which no comment can
	case h.set && !c.certain:
		if quoted, is := c.quoted(data, h.sql, last); is == more || quoted {
			return is
		}
	}
	c.begin(piece{kind: pieceEntry, start: int32(c.pos), sql: int32(h.sql), time: h.time, use: h.use})
	c.inText, c.command, c.sets, c.pos = !h.bare, h.command, h.set, h.sql
	c.fine, c.patience = h.fine, maxWarnings
	c.text.begin()
	return yes
}

// impatient takes note of a heading that is none: the lines that it took for warnings may be looked at again and again.
func (c *slowCutter) impatient(h *heading) { c.patience = max(maxHeading, c.patience-h.warnings) }

// quoted finds out whether a heading whose SET timestamp ends at pos is a comment and a statement of a client. The semicolon in front of it
// is the end of a comment, which the server may have put there or not. It writes no entry without a statement, so of several headings in a
// row every second one, from the last on, is of a client; before the end of the log the last one is.
func (c *slowCutter) quoted(data []byte, pos int, last bool) (bool, answer) {
	for doubles := range maxDoubles {
		h, is := readHeading(data, pos, false, last, maxHeading)
		switch {
		case is == more:
			return false, more
		case trimmed(data) <= pos:
			return doubles%2 == 0, no
		case is != yes || !h.set:
			return doubles%2 == 1, no
		}
		pos = h.sql
	}
	return false, no
}

// goesOn finds out whether the statement that has something open at pos goes on there to an end of its own, and moves to it if so.
func (c *slowCutter) goesOn(data []byte, last bool) (bool, answer) {
	ahead, patience := min(maxAhead, max(minAhead, c.credit)), c.patience
	end, is := c.closes(data, c.pos+ahead, last)
	if is == more {
		c.patience = patience
		return false, more
	}
	if is == no {
		c.credit = max(0, c.credit-ahead)
		c.current.ambiguous = true
		return false, yes
	}
	c.pos, c.ends, c.certain = end, true, true
	c.text = sqlText{stage: plain}
	return true, yes
}

// closes looks for the end of the statement that has something open at pos: a heading, or the lines of a server that starts, or the end
// of the log, where nothing is.
func (c *slowCutter) closes(data []byte, limit int, last bool) (int, answer) {
	text, ends := c.text, false
	text.glued = false
	for pos := c.pos; pos < len(data) && pos <= limit && !text.strange(); {
		end, next := lineAt(data, pos)
		if next == 0 {
			if !last && len(data) <= limit {
				return 0, more
			}
			next = len(data)
		}
		line := trimCR(data[pos:end])
		if !text.within() && ends && len(line) > 0 && line[0] == '#' {
			h, is := readHeading(data, pos, false, last, c.patience)
			if is == more || is == yes && (h.set || !c.sets) {
				return pos, is
			}
			c.impatient(&h)
		}
		if !text.within() && isStartup(line) {
			return pos, yes
		}
		text.line(line)
		ends = ends || !text.within() && endsStatement(line)
		pos = next
	}
	if !last && len(data) <= limit && !text.strange() {
		return 0, more
	}
	if last && len(data) <= limit && !text.within() && !text.strange() {
		return len(data), yes
	}
	return 0, no
}

// isStartup tells whether a line is the first of those that a server writes when it opens the log:
// "/usr/sbin/mysqld, Version: 8.0.36 (MySQL Community Server - GPL). started with:".
func isStartup(line []byte) bool {
	n := len(line)
	return n > 30 && line[0] > ' ' && line[0] != '#' && (line[n-1] == ':' && bytes.HasSuffix(line, []byte(" started with:")) || line[n-1] == 'y' && bytes.HasSuffix(line, []byte(" embedded library"))) &&
		bytes.Contains(line, []byte(", Version: "))
}

// startup finds out whether the lines at pos are those of a server that starts. next is the second one.
func (c *slowCutter) startup(data []byte, next int, last bool) answer {
	end, third := lineAt(data, next)
	if third == 0 && !last {
		return more
	}
	if !isPortLine(data[next:end]) {
		return no
	}
	if third == 0 {
		third = end
	}
	head := third
	switch end, behind := lineAt(data, third); {
	case behind == 0 && !last:
		return more
	case isColumnLine(data[third:end]):
		if head = behind; behind == 0 {
			head = end
		}
	}
	if c.inText && c.text.within() {
		if goesOn, is := c.goesOn(data, last); is == more || goesOn {
			return is
		}
	}
	c.begin(piece{kind: pieceStartup, start: int32(c.pos), sql: int32(head)})
	c.pos = head
	return yes
}

// isColumnLine knows "Time                 Id Command    Argument", with spaces or TABs.
func isColumnLine(line []byte) bool {
	return len(line) > 5 && string(line[:4]) == "Time" && (line[4] == ' ' || line[4] == '\t') && bytes.Contains(line, []byte("Argument"))
}

// isPortLine knows "Tcp port: 3306  Unix socket: /tmp/mysql.sock" and "TCP Port: 3306, Named Pipe: (null)".
func isPortLine(line []byte) bool {
	const port = "tcp port: "
	return len(line) >= len(port) && bytes.EqualFold(line[:len(port)], []byte(port))
}
