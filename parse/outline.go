package parse

import "bytes"

// Outline is what the Cutter of a slow log knows about a block: it has to read every statement to the end to find where the next entry
// begins, so the decoder need not look again.
type Outline struct {
	pieces []piece
	// inherited is what the entries before the block left behind, for those that do not say it again.
	inherited legacy
}

// legacy is what an entry takes from those before it. Its memory is never written to again.
type legacy struct {
	time     []byte // the text behind "# Time: "
	database []byte // the name in "use", as written; nil: none
	version  version
}

// piece is a stretch of a slow log. Its places count from the start of the data.
type piece struct {
	kind      pieceKind
	ambiguous bool // whether its statement ends there could not be told for certain
	start     int32
	sql       int32 // where its statement begins; where the next piece does if there is none
	time, use place // the texts of "# Time:" and "use"; empty: the entry has none
}

type place struct{ start, end int32 }

func (p place) of(data []byte) []byte { return data[p.start:p.end] }

type pieceKind uint8

const (
	pieceEntry   pieceKind = iota
	pieceStartup           // the lines that a server writes when it opens the log
	pieceTail              // lines before the first entry: the end of one that began before the file
	pieceStray             // lines between entries that are of none
)

// shift moves the places of a piece n bytes to the front.
func (p *piece) shift(n int) {
	for _, at := range [...]*int32{&p.start, &p.sql, &p.time.start, &p.time.end, &p.use.start, &p.use.end} {
		*at = max(0, *at-int32(n))
	}
}

// inherit takes what a piece leaves behind for those after it.
func (l *legacy) inherit(p *piece, data []byte) {
	if p.kind == pieceStartup {
		l.version, l.database = versionOf(data[p.start:]), nil
	}
	if p.time.end > p.time.start {
		l.time = p.time.of(data)
	}
	if p.use.end > p.use.start {
		l.database = p.use.of(data)
	}
}

// version is that of a server, 80014 for MySQL 8.0.14; of MariaDB it is negative, -101106 for 10.11.6. 0: not known.
type version int

// versionOf reads it from "/usr/sbin/mysqld, Version: 8.0.36 (MySQL Community Server - GPL). started with:".
func versionOf(lines []byte) version {
	line, _, _ := bytes.Cut(lines, []byte("\n"))
	_, text, _ := bytes.Cut(line, []byte(", Version: "))
	v := version(0)
	for part := range 3 {
		n, size := number(text)
		if size == 0 || part < 2 && (size == len(text) || text[size] != '.') {
			return 0
		}
		v, text = v*100+version(min(n, 99)), text[min(size+1, len(text)):]
	}
	if bytes.Contains(line, []byte("MariaDB")) {
		return -v
	}
	return v
}

// startsAt tells whether SET timestamp is when a statement began: from MySQL 8.0.14 and MariaDB 10.11 on. It is when it ended in MySQL
// before that, in MariaDB 10.5, and for all that is known where the version is not.
func (v version) startsAt() bool { return v >= 8_00_14 || v <= -10_11_00 }
