package synth

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Formats are the formats that can be written.
//
//	pg         log_line_prefix '%m [%p] %q%u@%d '
//	pg-kv      log_line_prefix '%t [%p]: user=%u,db=%d,app=%a,client=%h '
//	pg-csv     csvlog with 26 columns
//	pg-json    jsonlog
//	pg-syslog  pg in lines of RFC 3164, long messages in pieces
var Formats = []string{"pg", "pg-kv", "pg-csv", "pg-json", "pg-syslog"}

var encoders = []func() encoder{func() encoder { return stderr{} }, func() encoder { return stderr{keyed: true} }, func() encoder { return csv{} },
	func() encoder { return jsonl{} }, func() encoder { return &syslog{} }}

// encoder writes records in a format.
type encoder interface {
	append(dst []byte, now time.Time, s *session, r *record) []byte
	// end appends what was held back.
	end(dst []byte) []byte
}

const (
	seconds = "2006-01-02 15:04:05 MST"
	millis  = "2006-01-02 15:04:05.000 MST"
)

// forgery returns a text that holds a record of a query that never ran.
func forgery(e encoder) string {
	s := &session{pid: 4242, port: 4242, line: 1, user: "forged", db: "forged", app: "forged", host: "10.1.0.1", backend: "client backend", since: began}
	lie := e.end(e.append(nil, began, s, log(executed, nil, "duration: 99999.000 ms  statement: SELECT 'forged'", "")))
	return "Dear customer,\nit's \"late\" \\o/\n" + string(lie) + "\nregards"
}

// stderr is text with a log_line_prefix.
type stderr struct{ keyed bool }

func (stderr) end(dst []byte) []byte { return dst }

func (f stderr) append(dst []byte, now time.Time, s *session, r *record) []byte {
	for _, field := range [...]struct{ label, text string }{{r.severity, r.message}, {"DETAIL", r.detail}, {"HINT", r.hint},
		{"CONTEXT", r.context}, {"STATEMENT", r.statement}} {
		if field.text == "" {
			continue
		}
		dst = append(append(f.prefix(dst, now, s), field.label...), ":  "...)
		dst = append(append(dst, strings.ReplaceAll(field.text, "\n", "\n\t")...), '\n')
	}
	return dst
}

func (f stderr) prefix(dst []byte, now time.Time, s *session) []byte {
	if f.keyed {
		return fmt.Appendf(now.AppendFormat(dst, seconds), " [%d]: user=%s,db=%s,app=%s,client=%s ", s.pid, s.user, s.db, s.app, s.host)
	}
	dst = append(strconv.AppendInt(append(now.AppendFormat(dst, millis), " ["...), int64(s.pid), 10), "] "...)
	if s.host != "" {
		dst = append(append(append(append(dst, s.user...), '@'), s.db...), ' ')
	}
	return dst
}

// csv is csvlog.
type csv struct{}

func (csv) end(dst []byte) []byte { return dst }

func (csv) append(dst []byte, now time.Time, s *session, r *record) []byte {
	known := s.known()
	dst = append(now.AppendFormat(dst, millis), ',')
	dst = appendQuoted(dst, known.user, known.db)
	dst = append(strconv.AppendInt(dst, int64(s.pid), 10), ',')
	dst = appendQuoted(dst, s.address())
	dst = fmt.Appendf(dst, "%x.%x,%d,", s.since.Unix(), s.pid, s.line)
	dst = appendQuoted(dst, "SELECT")
	dst = append(s.since.AppendFormat(dst, seconds), ',')
	dst = fmt.Appendf(dst, "%d/%d,0,%s,%s,", s.pid%200, s.line, r.severity, r.code)
	dst = appendQuoted(dst, r.message, r.detail, r.hint, "", "", r.context, r.statement, "", "", known.app, s.backend, "")
	return append(dst, "0\n"...)
}

// known is the session with names that are not known left out, as csvlog and jsonlog do.
func (s *session) known() session {
	k := *s
	if k.user == "[unknown]" {
		k.user, k.db = "", ""
	}
	return k
}

func (s *session) address() string {
	if s.host == "" {
		return ""
	}
	return s.host + ":" + strconv.Itoa(s.port)
}

// appendQuoted appends columns in quotes, each with its comma.
func appendQuoted(dst []byte, columns ...string) []byte {
	for _, c := range columns {
		if c != "" {
			dst = append(appendDoubled(append(dst, '"'), []byte(c), '"'), '"')
		}
		dst = append(dst, ',')
	}
	return dst
}

// jsonl is jsonlog.
type jsonl struct{}

func (jsonl) end(dst []byte) []byte { return dst }

func (jsonl) append(dst []byte, now time.Time, s *session, r *record) []byte {
	known := s.known()
	code := strings.TrimPrefix(r.code, "00000")
	dst = append(now.AppendFormat(append(dst, `{"timestamp":"`...), millis), '"')
	dst = appendPair(dst, "user", known.user)
	dst = appendPair(dst, "dbname", known.db)
	dst = fmt.Appendf(dst, `,"pid":%d`, s.pid)
	if s.host != "" {
		dst = fmt.Appendf(dst, `,"remote_host":"%s","remote_port":%d`, s.host, s.port)
	}
	dst = fmt.Appendf(dst, `,"session_id":"%x.%x","line_num":%d,"session_start":"%s","txid":0`, s.since.Unix(), s.pid, s.line, s.since.Format(seconds))
	for _, p := range [...][2]string{{"error_severity", r.severity}, {"state_code", code}, {"message", r.message}, {"detail", r.detail}, {"hint", r.hint},
		{"context", r.context}, {"statement", r.statement}, {"application_name", known.app}, {"backend_type", s.backend}} {
		dst = appendPair(dst, p[0], p[1])
	}
	return append(dst, `,"query_id":0}`+"\n"...)
}

var jsonEscapes = strings.NewReplacer(`"`, `\"`, `\`, `\\`, "\n", `\n`, "\t", `\t`)

func appendPair(dst []byte, key, value string) []byte {
	if value == "" {
		return dst
	}
	dst = append(append(append(dst, `,"`...), key...), `":"`...)
	return append(append(dst, jsonEscapes.Replace(value)...), '"')
}

// syslog is stderr in lines of RFC 3164. The pieces of two messages are written in turns if they are of different sessions.
type syslog struct {
	inner stderr
	text  []byte
	pid   int
	held  [][]byte // the lines of the message before
}

// maxPiece is how many bytes the server gives to syslog at once.
const maxPiece = 900

func (f *syslog) append(dst []byte, now time.Time, s *session, r *record) []byte {
	if s.pid == f.pid {
		dst = f.end(dst)
	}
	f.text = f.inner.append(f.text[:0], now, s, r)
	var lines [][]byte
	for i, piece := range pieces(f.text) {
		line := fmt.Appendf(nil, "%s db1 postgres[%d]: [%d-%d] ", now.Format(time.Stamp), s.pid, s.line, i+1)
		lines = append(lines, append(append(line, bytes.ReplaceAll(piece, []byte("\t"), []byte("#011"))...), '\n'))
	}
	if len(f.held) > 0 {
		dst = append(dst, f.held[0]...)
		for f.held = f.held[1:]; len(f.held) > 0 && len(lines) > 1; f.held = f.held[1:] {
			dst = append(append(dst, lines[0]...), f.held[0]...)
			lines = lines[1:]
		}
		dst = f.end(dst)
	}
	f.pid, f.held = s.pid, lines
	return dst
}

func (f *syslog) end(dst []byte) []byte {
	for _, line := range f.held {
		dst = append(dst, line...)
	}
	f.held = nil
	return dst
}

// pieces cuts a message where the server does: at the end of each line, and in long ones between words.
func pieces(text []byte) (list [][]byte) {
	for len(text) > 0 {
		end := bytes.IndexByte(text, '\n')
		rest := text[end+1:]
		if end > maxPiece {
			end = cutPoint(text)
			rest = text[end:]
		}
		list, text = append(list, text[:end]), rest
	}
	return list
}

// cutPoint is the last space or the last whole letter that fits.
func cutPoint(text []byte) int {
	if k := bytes.LastIndexByte(text[:maxPiece], ' '); k > 0 {
		return k
	}
	return len(bytes.ToValidUTF8(text[:maxPiece], nil))
}
