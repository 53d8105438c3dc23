package parse

import (
	"bytes"
	"time"
)

// record is one message of a PostgreSQL server, whatever format it was logged in.
type record struct {
	offset     int64
	time       int64
	pid        uint32
	severity   Severity
	background bool // a process without a session
	tabbed     bool // each newline in the texts is followed by a TAB of the log
	crlf       bool // and preceded by one \r
	cut        bool
	origin     *Origin

	code, message, detail, hint, context, statement []byte
}

// postgres makes Events of records. It is the same for all of PostgreSQL's formats.
type postgres struct {
	account
	sink    Sink
	clock   clock
	origins *origins
	table   *table
	event   Event
}

func newPostgres(sink Sink, opts *Options) *postgres {
	return &postgres{sink: sink, clock: clock{zone: zone{opts.Location}}, origins: newOrigins(), table: newTable(sink)}
}

func (p *postgres) begin() {
	p.account.begin()
	p.table.begin()
}

func (p *postgres) end() *Result {
	p.table.end()
	p.result.loose = p.table.loose
	p.zones(&p.clock)
	return &p.result
}

func (p *postgres) zone() *time.Location { return p.clock.seen() }

// record reports one record.
func (p *postgres) record(r *record) {
	p.result.Counts.Entries++
	e := &p.event
	e.clear()
	e.Severity, e.Time, e.Origin, e.Offset = r.severity, r.time, r.origin, r.offset
	e.Tabbed, e.CRLF, e.Cut = r.tabbed, r.crlf, r.cut
	if cut := truncated(r.message); cut > 0 {
		r.message, e.Cut = r.message[:len(r.message)-cut], true
	}
	switch {
	case r.severity >= SeverityError:
		p.failure(r, e)
	case r.severity == SeverityLog && p.statement(r, e):
	default:
		p.message(r, e)
	}
}

// clear empties an Event. Most of its texts are empty already: an assignment of the whole took a fifth of the parser's time.
func (e *Event) clear() {
	e.Kind, e.Failed, e.Bound, e.Duration, e.SQL, e.Topic = Execution, false, false, Unknown, nil, Other
	for _, text := range [...]*[]byte{&e.Prepared, &e.Params, &e.Code, &e.Text, &e.Detail, &e.Hint} {
		if *text != nil {
			*text = nil
		}
	}
}

// The marks that services leave where they cut a text.
var cutMarks = [...]string{"[Your log message was truncated]", "<truncated query>", "[truncated]"}

func truncated(text []byte) int {
	if n := len(text); n == 0 || text[n-1] != ']' && text[n-1] != '>' {
		return 0
	}
	for _, mark := range cutMarks {
		if bytes.HasSuffix(text, []byte(mark)) {
			return len(text) - len(bytes.TrimRight(text[:len(text)-len(mark)], " \t\r\n"))
		}
	}
	return 0
}

// failure reports an error. One with a statement is a failed execution, and so is an ERROR of a session that does not tell its statement
// (log_min_error_statement is higher, or the statement was hidden): that is an execution of a statement unknown.
func (p *postgres) failure(r *record, e *Event) {
	e.Code, e.Text, e.Detail, e.Hint = r.code, r.message, r.detail, r.hint
	e.SQL, e.Failed = r.statement, true
	e.Kind = Execution
	if len(r.statement) == 0 && (r.severity > SeverityError || r.background || isMaintenance(r.context)) {
		e.Kind = Failure
	}
	p.table.entry(r.pid, stepFailure, e)
}

// isMaintenance tells whether an error came from autovacuum, which has no statement.
func isMaintenance(context []byte) bool {
	return bytes.HasPrefix(context, []byte("automatic ")) || bytes.HasPrefix(context, []byte("while scanning ")) || bytes.HasPrefix(context, []byte("while vacuuming "))
}

// statement reports what log_statement, log_duration, log_min_duration_statement and auto_explain write; false if it is none of that.
func (p *postgres) statement(r *record, e *Event) bool {
	m := r.message
	switch {
	case len(m) > 10 && string(m[:10]) == "duration: ":
		return p.duration(r, e, m[10:])
	case len(m) > 10 && string(m[:10]) == "statement:":
		e.SQL = afterSpace(m[10:])
	case len(m) > 8 && string(m[:8]) == "execute ":
		if e.SQL = afterName(m[8:]); e.SQL == nil {
			return false
		}
		e.Bound = true
	case bytes.HasPrefix(m, []byte("fastpath function call: ")):
		e.SQL = m
	default:
		return false
	}
	p.details(r, e)
	p.table.entry(r.pid, stepText, e)
	return true
}

// duration reports "5.120 ms  statement: SELECT 1" and its relatives; m is the text behind "duration: ".
func (p *postgres) duration(r *record, e *Event, m []byte) bool {
	nanos, n := milliseconds(m)
	if n == 0 || len(m) < n+3 || m[n] != ' ' || m[n+1] != 'm' || m[n+2] != 's' {
		return false
	}
	e.Duration = nanos
	for m = m[n+3:]; len(m) > 0 && m[0] == ' '; m = m[1:] {
	}
	if len(m) == 0 {
		p.table.entry(r.pid, stepDuration, e)
		return true
	}
	switch m[0] {
	case 's':
		if e.SQL = afterWord(m, "statement:"); e.SQL == nil {
			return false
		}
	case 'e':
		if e.SQL = afterExecute(m); e.SQL == nil {
			return false
		}
		e.Bound = true
	case 'p':
		if plan := afterWord(m, "plan:"); plan != nil {
			p.plan(r, e, plan)
			return true
		}
		return p.phase(r, e, m, "parse ", ParsePhase)
	case 'b':
		return p.phase(r, e, m, "bind ", BindPhase)
	case 'f':
		if !bytes.HasPrefix(m, []byte("fastpath function call: ")) {
			return false
		}
		e.SQL = m
	case 'r': // "rows: 1  size: 5 bytes  statement: …" of Postgres Pro
		i := bytes.Index(m[:min(len(m), 80)], []byte("statement:"))
		if i < 0 {
			return false
		}
		e.SQL = afterSpace(m[i+len("statement:"):])
	default:
		return false
	}
	p.table.complete(r.pid, e)
	p.details(r, e)
	p.sink.Event(e)
	return true
}

func (p *postgres) phase(r *record, e *Event, m []byte, word string, kind Kind) bool {
	if !bytes.HasPrefix(m, []byte(word)) {
		return false
	}
	e.Kind, e.SQL, e.Bound = kind, afterName(m[len(word):]), true
	if e.SQL == nil {
		return false
	}
	p.details(r, e)
	p.sink.Event(e)
	return true
}

// plan reports what auto_explain writes.
func (p *postgres) plan(r *record, e *Event, plan []byte) {
	plan = bytes.TrimLeft(plan, "\r\n")
	e.SQL, e.Tabbed = plannedQuery(plan, r.tabbed)
	if isNested(r.context) {
		e.Kind = Nested
		p.sink.Event(e)
		return
	}
	p.table.entry(r.pid, stepPlan, e)
}

// isNested tells whether a plan is of a statement within a function.
func isNested(context []byte) bool {
	return bytes.Contains(context, []byte("SQL statement \"")) || bytes.Contains(context, []byte("SQL function \"")) || bytes.Contains(context, []byte("PL/"))
}

// details reads the parameters and the prepared statement from a DETAIL.
func (p *postgres) details(r *record, e *Event) {
	d := r.detail
	switch {
	case len(d) < 12:
	case string(d[:12]) == "parameters: ", string(d[:12]) == "Parameters: ": // capital from 17 on
		e.Params = d[12:]
	case string(d[:9]) == "prepare: ":
		e.Prepared = d[9:]
	}
}

// message reports everything else.
func (p *postgres) message(r *record, e *Event) {
	e.Kind, e.Text, e.Topic = Message, r.message, topicOf(r.severity, r.message)
	if e.Topic == Disconnections || e.Topic == Connections && bytes.HasPrefix(r.message, []byte("connection received: ")) {
		p.table.complete(r.pid, e) // what waited was of a process that is over
	}
	p.sink.Event(e)
}

// milliseconds reads "5.120" and returns it in nanoseconds, with its length; 0 if it is no number.
func milliseconds(b []byte) (nanos int64, n int) {
	var ms int64
	for n < len(b) && n < 13 && isDigit(b[n]) {
		ms = ms*10 + int64(b[n]-'0')
		n++
	}
	if n == 0 || n == 13 {
		return 0, 0
	}
	nanos = ms * 1_000_000
	if n < len(b) && b[n] == '.' {
		unit := int64(100_000)
		for n++; n < len(b) && isDigit(b[n]); n++ {
			nanos += int64(b[n]-'0') * unit
			unit /= 10
		}
	}
	return nanos, n
}

// afterWord returns the text behind the word at the start of m and a space; nil if m starts otherwise.
func afterWord(m []byte, word string) []byte {
	if len(m) < len(word) || string(m[:len(word)]) != word {
		return nil
	}
	return afterSpace(m[len(word):])
}

// afterSpace cuts off one space. The result is never nil.
func afterSpace(m []byte) []byte {
	if len(m) > 0 && m[0] == ' ' {
		return m[1:]
	}
	return m[:len(m):len(m)]
}

// afterExecute returns the statement in "execute fetch from S_1/C_2: SELECT 1"; nil if m is something else.
func afterExecute(m []byte) []byte {
	if len(m) < 8 || string(m[:8]) != "execute " {
		return nil
	}
	return afterName(m[8:])
}

// afterName returns the text behind "name: " or "name/portal: ". A name may hold colons and spaces, so the first colon with a space
// behind it ends it.
func afterName(m []byte) []byte {
	for i := 0; i < len(m); i++ {
		k := bytes.IndexByte(m[i:], ':')
		if k < 0 {
			return nil
		}
		if i += k; i+1 == len(m) || m[i+1] == ' ' {
			return afterSpace(m[i+1:])
		}
	}
	return nil
}
