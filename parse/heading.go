package parse

import "bytes"

// heading is what stands before the statement of an entry in a slow log.
type heading struct {
	sql       int  // where the statement begins
	set       bool // "SET timestamp=" stands before it
	command   bool // the statement is a "# administrator command:"
	bare      bool // there is no statement: another heading follows, or the log ends
	torn      bool // the log ends in it
	fine      bool // its Query_time has a fraction, as since MySQL 5.1: before that only statements that asked for the time had it set
	warnings  int  // lines that were taken for MariaDB's warnings
	time, use place
}

// maxHeading is within how many lines "# Query_time:" must stand.
const maxHeading = 25

// maxWarnings is within how many lines MariaDB's warnings must end. Their texts may have several, with whatever in them.
const maxWarnings = 10_000

// readHeading reads the heading at pos: a line that only a heading begins with, then further lines with # of which one is "# Query_time:",
// "use", and "SET timestamp=". Either of the last and "# Query_time:" may be missing, as in logs that are old or damaged.
//
// Between entries loose is true: then any line with # may be the first, as where a log begins in the middle of a heading. Of warnings no more
// than patience lines are read.
func readHeading(data []byte, pos int, loose, last bool, patience int) (h heading, is answer) {
	timed, warned := false, false
	for lines := 0; pos < len(data); lines++ {
		end, next := lineAt(data, pos)
		if lines == 0 && !loose && !opensHeading(data[pos:end]) {
			if next == 0 && !last && end-pos < 16 {
				return h, more
			}
			return h, no
		}
		if next == 0 {
			if !last {
				return h, more
			}
			next = len(data)
		}
		line := trimCR(data[pos:end])
		switch {
		case warned && h.warnings < patience && !setsTime(line) && !isUse(line):
			h.warnings++
		case len(line) > 2 && line[0] == '#':
			switch l := line[2:]; l[0] {
			case 'T':
				switch {
				case !bytes.HasPrefix(l, []byte("Time:")):
				case timed:
					return h.without(pos), yes
				default:
					h.time = timeOfLine(data, pos, end)
				}
			case 'U':
				if timed && bytes.HasPrefix(l, []byte("User@Host:")) {
					return h.without(pos), yes
				}
			case 'Q':
				switch {
				case !bytes.HasPrefix(l, []byte("Query_time:")):
				case timed:
					h.sql = pos
					return h, yes
				default:
					timed, h.fine = true, bytes.IndexByte(l, '.') > 0
				}
			case 'a':
				if bytes.HasPrefix(l, []byte("administrator command:")) {
					h.sql, h.command = pos, true
					return h, yes
				}
			case 'W':
				warned = string(l) == "Warnings"
			}
			if !timed && lines >= maxHeading {
				return h, no
			}
		case len(line) > 0 && line[0] == '#', len(line) == 0:
		case h.use.end == 0 && isUse(line):
			h.use = useOfLine(data, pos, end)
		case setsTime(line):
			h.set, h.sql = true, next
			return h, yes
		case setsInsertID(line):
		default:
			h.sql = pos
			if timed {
				return h, yes
			}
			return h, no
		}
		pos = next
	}
	if !last {
		return h, more
	}
	if endsStatement(data) && data[lastLine(data)] == '#' {
		return h, no // but for commands, no line of a heading ends so: it is a comment behind a statement
	}
	h.torn = true
	return h.without(len(data)), yes
}

// lastLine returns the place of the last line that is not blank.
func lastLine(data []byte) int { return bytes.LastIndexByte(data[:trimmed(data)], '\n') + 1 }

// without is a heading that ends at pos without a statement. Old servers write no other one than "use" for a USE.
func (h heading) without(pos int) heading {
	h.sql, h.bare = pos, true
	if h.use.end > 0 {
		h.sql, h.bare = int(h.use.start)-len("use "), false
	}
	return h
}

// opensHeading tells whether a heading may begin with a line.
func opensHeading(line []byte) bool {
	if len(line) < 7 || line[1] != ' ' {
		return false
	}
	switch l := line[2:]; l[0] {
	case 'T':
		return bytes.HasPrefix(l, []byte("Time: ")) || bytes.HasPrefix(l, []byte("Thread_id: "))
	case 'U':
		return bytes.HasPrefix(l, []byte("User@Host:")) || bytes.HasPrefix(l, []byte("User: "))
	case 'Q':
		return bytes.HasPrefix(l, []byte("Query_time: "))
	case 'S':
		return bytes.HasPrefix(l, []byte("Schema: "))
	}
	return false
}

// isCommand tells whether a statement that begins with a line is an administrator command: it has no other.
func isCommand(line []byte) bool { return bytes.HasPrefix(line, []byte("# administrator command: ")) }

// maxTime is as long as a time gets, with a space and a line end: "2019-02-12-19:33:56.571953000 +0800".
const maxTime = 38

// timeOfLine returns the place of the time in "# Time: 071218 11:48:27 # User@Host: …".
func timeOfLine(data []byte, pos, end int) place {
	start := pos + len("# Time:")
	if end-start > maxTime {
		if k := bytes.IndexByte(data[start:end], '#'); k >= 0 {
			end = start + k
		}
	}
	for start < end && data[start] == ' ' {
		start++
	}
	for end > start && data[end-1] <= ' ' {
		end--
	}
	return place{int32(start), int32(end)}
}

// isUse knows "use shop;" as the server writes it.
func isUse(line []byte) bool {
	return len(line) > 5 && line[len(line)-1] == ';' && string(line[:4]) == "use "
}

func useOfLine(data []byte, pos, end int) place {
	name := trimCR(data[pos:end])
	return place{int32(pos + len("use ")), int32(pos + len(name) - 1)}
}

// setsTime knows "SET timestamp=1197996507;" and "SET last_insert_id=5,insert_id=6,timestamp=1197996507;".
func setsTime(line []byte) bool {
	const usual = "SET timestamp="
	return setsInsertID(line) && (string(line[:len(usual)]) == usual || bytes.Contains(line, []byte(",timestamp=")))
}

// setsInsertID knows the SET that a server writes before a statement: numbers, and nothing else that a client could have sent.
func setsInsertID(line []byte) bool {
	if len(line) < len("SET insert_id=1;") || string(line[:4]) != "SET " || line[len(line)-1] != ';' {
		return false
	}
	for rest := line[4 : len(line)-1]; ; rest = rest[1:] {
		n := settingEnd(rest)
		if n == 0 || n == len(rest) {
			return n > 0
		}
		if rest = rest[n:]; rest[0] != ',' {
			return false
		}
	}
}

// settingEnd returns where the number ends in "timestamp=1197996507.5" and the like, 0 for anything else.
func settingEnd(text []byte) int {
	for _, key := range [...]string{"timestamp=", "last_insert_id=", "insert_id="} {
		if len(text) <= len(key) || string(text[:len(key)]) != key || !isDigit(text[len(key)]) {
			continue
		}
		n := len(key)
		for n < len(text) && (isDigit(text[n]) || text[n] == '.') {
			n++
		}
		return n
	}
	return 0
}
