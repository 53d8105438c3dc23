package parse_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/covetlog/covetlog/normalize"
	"github.com/covetlog/covetlog/parse"
)

const logs = "../testdata/logs"

// facts are what a log says, in the words of testdata/logs/README.md.
type facts struct {
	Executions   *int           `json:"executions,omitempty"`
	Timed        *int           `json:"timed,omitempty"`
	TotalUS      *int64         `json:"total_us,omitempty"`
	Errors       *int           `json:"errors,omitempty"`
	Codes        map[string]int `json:"codes,omitempty"`
	Patterns     *int           `json:"patterns,omitempty"`
	Statements   map[string]int `json:"statements,omitempty"`
	Prepared     map[string]int `json:"prepared,omitempty"`
	Parameters   []string       `json:"parameters,omitempty"`
	Parses       *int           `json:"parses,omitempty"`
	ParseUS      *int64         `json:"parse_us,omitempty"`
	Binds        *int           `json:"binds,omitempty"`
	BindUS       *int64         `json:"bind_us,omitempty"`
	Untied       *int           `json:"untied,omitempty"`
	UntiedUS     *int64         `json:"untied_us,omitempty"`
	Cut          *int           `json:"cut,omitempty"`
	Messages     *int           `json:"messages,omitempty"`
	Users        map[string]int `json:"users,omitempty"`
	Databases    map[string]int `json:"databases,omitempty"`
	Applications map[string]int `json:"applications,omitempty"`
	Clients      map[string]int `json:"clients,omitempty"`
	FirstTime    string         `json:"first_time,omitempty"`
	LastTime     string         `json:"last_time,omitempty"`
	SpanMS       *int64         `json:"span_ms,omitempty"`
	Unclaimed    *int           `json:"unclaimed_lines,omitempty"`
	UnclaimedB   *int64         `json:"unclaimed_bytes,omitempty"`
}

// collect reads a log whole and gathers its facts.
type collect struct {
	executions, timed, errors, parses, binds, untied, cut, messages int
	total, parse, bind, untiedTotal, first, last                    int64
	codes, statements, prepared, users, databases, apps, clients    map[string]int
	patterns                                                        map[uint64]bool
	parameters                                                      []string
}

func newCollect() *collect {
	return &collect{codes: map[string]int{}, statements: map[string]int{}, prepared: map[string]int{}, users: map[string]int{}, databases: map[string]int{},
		apps: map[string]int{}, clients: map[string]int{}, patterns: map[uint64]bool{}}
}

func (c *collect) Event(e *parse.Event) {
	if e.Time != parse.Unknown {
		if c.first == 0 || e.Time < c.first {
			c.first = e.Time
		}
		c.last = max(c.last, e.Time)
	}
	if e.Severity >= parse.SeverityError {
		c.errors++
		c.codes[string(e.Code)]++
	}
	switch e.Kind {
	case parse.Execution:
		c.execution(e)
	case parse.ParsePhase:
		c.parses++
		c.parse += e.Duration
	case parse.BindPhase:
		c.binds++
		c.bind += e.Duration
	case parse.Untied:
		c.untied++
		c.untiedTotal += e.Duration
	case parse.Message:
		c.messages++
	}
}

func (c *collect) execution(e *parse.Event) {
	c.executions++
	if e.Duration != parse.Unknown {
		c.timed++
		c.total += e.Duration
	}
	if e.Cut {
		c.cut++
	}
	sql := string(e.AppendSQL(nil))
	if sql != "" {
		c.statements[sql]++
		body := []byte(sql)
		if len(e.Prepared) > 0 {
			c.prepared[strings.ReplaceAll(string(e.Prepared), "\n\t", "\n")]++
			body = normalize.PreparedBody(e.Prepared)
		}
		c.patterns[normalize.PostgreSQL(string(body)).ID] = true
	} else {
		c.patterns[0] = true
	}
	if len(e.Params) > 0 {
		c.parameters = append(c.parameters, string(e.AppendParams(nil)))
	}
	for _, n := range []struct {
		names map[string]int
		name  string
	}{{c.users, e.Origin.User}, {c.databases, e.Origin.Database}, {c.apps, e.Origin.Application}, {c.clients, e.Origin.Client}} {
		if n.name != "" {
			n.names[strings.TrimSpace(n.name)]++
		}
	}
}

// facts answers what want asks for.
func (c *collect) facts(want *facts, counts parse.Counts) *facts {
	var got facts
	number := func(asked *int, v int) *int {
		if asked == nil {
			return nil
		}
		return &v
	}
	micros := func(asked *int64, v int64) *int64 {
		if asked == nil {
			return nil
		}
		v /= 1000
		return &v
	}
	tallies := func(asked, v map[string]int) map[string]int {
		if asked == nil {
			return nil
		}
		return v
	}
	stamp := func(asked string, v int64) string {
		if asked == "" {
			return ""
		}
		if at, err := time.Parse(time.RFC3339Nano, asked); err == nil && at.UnixNano() == v {
			return asked
		}
		return time.Unix(0, v).UTC().Format(time.RFC3339Nano)
	}
	got.Executions, got.Timed, got.Errors = number(want.Executions, c.executions), number(want.Timed, c.timed), number(want.Errors, c.errors)
	got.Patterns, got.Parses, got.Binds = number(want.Patterns, len(c.patterns)), number(want.Parses, c.parses), number(want.Binds, c.binds)
	got.Untied, got.Cut, got.Messages = number(want.Untied, c.untied), number(want.Cut, c.cut), number(want.Messages, c.messages)
	got.Unclaimed = number(want.Unclaimed, int(counts.UnrecognisedLines+counts.BlankLines))
	if want.UnclaimedB != nil {
		unclaimed := counts.Unrecognised + counts.Skipped
		got.UnclaimedB = &unclaimed
	}
	got.TotalUS, got.ParseUS, got.BindUS, got.UntiedUS = micros(want.TotalUS, c.total), micros(want.ParseUS, c.parse), micros(want.BindUS, c.bind), micros(want.UntiedUS, c.untiedTotal)
	got.Codes, got.Statements, got.Prepared = tallies(want.Codes, c.codes), tallies(want.Statements, c.statements), tallies(want.Prepared, c.prepared)
	got.Users, got.Databases, got.Applications, got.Clients = tallies(want.Users, c.users), tallies(want.Databases, c.databases), tallies(want.Applications, c.apps), tallies(want.Clients, c.clients)
	got.FirstTime, got.LastTime = stamp(want.FirstTime, c.first), stamp(want.LastTime, c.last)
	if want.SpanMS != nil {
		span := (c.last - c.first) / 1e6
		got.SpanMS = &span
	}
	if want.Parameters != nil {
		got.Parameters = append([]string{}, c.parameters...)
	}
	return &got
}

// readAll reads a whole log in one block.
func readAll(t *testing.T, data []byte, opts parse.Options, sink parse.Sink) parse.Counts {
	t.Helper()
	log, err := parse.Open(data[:min(len(data), parse.HeadSize)], opts)
	if err != nil {
		t.Fatal(err)
	}
	r := log.NewParser(sink).Parse(parse.Block{Data: data, First: true, Last: true})
	joiner := log.NewJoiner(sink)
	joiner.Join(r)
	joiner.Close()
	return r.Counts
}

// Every trap of the format has a small log and the facts that a reader must find in it.
func TestCases(t *testing.T) {
	text, err := os.ReadFile(logs + "/cases/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		File, About string
		Prefix      *string
		Want        facts
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.File, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(logs, "cases", c.File))
			if err != nil {
				t.Fatal(err)
			}
			opts := parse.Options{Location: time.UTC, Modified: time.Date(2027, 1, 5, 0, 0, 0, 0, time.UTC)}
			if c.Prefix != nil {
				opts.Prefix, opts.HasPrefix = *c.Prefix, true
			}
			sink := newCollect()
			counts := readAll(t, data, opts, sink)
			if diff := cmp.Diff(&c.Want, sink.facts(&c.Want, counts)); diff != "" {
				t.Errorf("%s\n-want +got\n%s", c.About, diff)
			}
		})
	}
}

// undecidable are settings that one line does not give away: words without a name before them, and text that could be part of a name.
var undecidable = map[string]bool{
	"%m %r %u %a [%c] [%p] ":                           true,
	"%t [%p]: [%l-1] user=%u,db=%d - PG-%e ":           true,
	"%p-%s-%c-%l-%h-%u-%d-%m ":                         true,
	"%m|%p|%u|%d|%a|%r|%c|%l|%s|%v|%x|%i|%e|%b|%P|%Q|": true,
	"%m [%7p] %-10u|%10d|%-3e|":                        true,
	"%30m [%-7p] %-20a%3u ":                            true,
	"%m [%p] %L %q%u@%d ":                              true,
}

// Each setting of log_line_prefix reads what a server wrote with it, and so does the setting that is learned from the line.
func TestPrefixes(t *testing.T) {
	text, err := os.ReadFile(logs + "/prefixes.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []struct {
		Prefix, Timezone, Line string
		Want                   struct{ Time, User, Database, Application, Client, Session, SQLState, Severity, Message string }
	}
	if err := json.Unmarshal(text, &list); err != nil || len(list) < 35 {
		t.Fatal(len(list), err)
	}
	for _, c := range list {
		location, err := time.LoadLocation(c.Timezone)
		if err != nil {
			t.Fatal(err)
		}
		for _, given := range []bool{true, false} {
			var sink lastEvent
			data := []byte(c.Line + "\n")
			opts := parse.Options{Location: location, Prefix: c.Prefix, HasPrefix: given}
			counts := readAll(t, data, opts, &sink)
			if counts.Entries != 1 || counts.UnrecognisedLines != 0 {
				t.Errorf("%q (given: %v) reads %+v from\n%s", c.Prefix, given, counts, c.Line)
				continue
			}
			want, got := c.Want, sink
			if !given && c.Want.Time == "" {
				got.time = ""
			}
			if !sameTime(want.Time, got.time) {
				t.Errorf("%q (given: %v) reads time %q, want %q, from\n%s", c.Prefix, given, got.time, want.Time, c.Line)
			}
			wantNames := [4]string{want.User, want.Database, want.Application, want.Client}
			if got.names != wantNames && given {
				t.Errorf("%q reads %q, want %q, from\n%s", c.Prefix, got.names, wantNames, c.Line)
			} else if got.names != wantNames && !undecidable[c.Prefix] {
				t.Errorf("%q, learned, reads %q, want %q, from\n%s", c.Prefix, got.names, wantNames, c.Line)
			}
		}
	}
}

func sameTime(a, b string) bool {
	x, _ := time.Parse(time.RFC3339Nano, a)
	y, _ := time.Parse(time.RFC3339Nano, b)
	return x.Equal(y)
}

// lastEvent keeps what a test looks at of the last Event.
type lastEvent struct {
	time  string
	names [4]string
}

func (l *lastEvent) Event(e *parse.Event) {
	l.time = ""
	if e.Time != parse.Unknown {
		l.time = time.Unix(0, e.Time).UTC().Format(time.RFC3339Nano)
	}
	l.names = [4]string{e.Origin.User, e.Origin.Database, e.Origin.Application, e.Origin.Client}
}
