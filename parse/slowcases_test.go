package parse_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/covetlog/covetlog/metric"
	"github.com/covetlog/covetlog/normalize"
	"github.com/covetlog/covetlog/parse"
)

// slowFacts are what a slow log says, in the words of testdata/logs/README.md. What is nil is not judged.
type slowFacts struct {
	Entries         *int64            `json:"entries"`
	Partial         *int64            `json:"partial"`
	Malformed       *int64            `json:"malformed"`
	Ambiguous       *int64            `json:"ambiguous"`
	Executions      *int64            `json:"executions"`
	Errors          *int64            `json:"errors"`
	Killed          *int64            `json:"killed"`
	Codes           map[string]int64  `json:"codes"`
	TotalUS         *int64            `json:"total_us"`
	LockUS          *int64            `json:"lock_us"`
	EngineTimeUS    *int64            `json:"engine_time_us"`
	PagesReadTimeUS *int64            `json:"pages_read_time_us"`
	RowsSent        *int64            `json:"rows_sent"`
	RowsExamined    *int64            `json:"rows_examined"`
	RowsAffected    *int64            `json:"rows_affected"`
	BytesSent       *int64            `json:"bytes_sent"`
	TmpTables       *int64            `json:"tmp_tables"`
	TmpDiskTables   *int64            `json:"tmp_disk_tables"`
	FullScans       *int64            `json:"full_scans"`
	FullJoins       *int64            `json:"full_joins"`
	Filesorts       *int64            `json:"filesorts"`
	Statements      map[string]int64  `json:"statements"`
	Admin           map[string]int64  `json:"admin"`
	Users           map[string]int64  `json:"users"`
	Hosts           map[string]int64  `json:"hosts"`
	Databases       map[string]int64  `json:"databases"`
	Inferred        *int64            `json:"inferred"`
	FirstTime       string            `json:"first_time"`
	LastTime        string            `json:"last_time"`
	RateLimit       *int64            `json:"rate_limit"`
	Unclaimed       *int64            `json:"unclaimed_lines"`
	Attributes      map[string]string `json:"attributes"`
	ExplainRows     *int64            `json:"explain_rows"`
	Tags            map[string]string `json:"tags"`
}

// slowCollect gathers the facts of a slow log.
type slowCollect struct {
	executions, errors, total, inferred, rate, explain, first, last int64
	metrics                                                         [metric.N]int64
	codes, statements, admin, users, hosts, databases               map[string]int64
	attributes, tags                                                map[string]string
}

func newSlowCollect() *slowCollect {
	return &slowCollect{codes: map[string]int64{}, statements: map[string]int64{}, admin: map[string]int64{}, users: map[string]int64{},
		hosts: map[string]int64{}, databases: map[string]int64{}, attributes: map[string]string{}, tags: map[string]string{}}
}

func (c *slowCollect) Event(e *parse.Event) {
	if e.Time != parse.Unknown {
		if c.first == 0 || e.Time < c.first {
			c.first = e.Time
		}
		c.last = max(c.last, e.Time)
	}
	for pair := range strings.SplitSeq(string(e.Attributes), "  ") {
		if key, value, ok := strings.Cut(pair, ": "); ok {
			c.attributes[key] = value
		}
	}
	for line := range bytes.Lines(e.Plan) {
		if text, ok := bytes.CutPrefix(line, []byte("# explain: ")); ok && !bytes.HasPrefix(text, []byte("id\t")) {
			c.explain++
		}
	}
	c.total += max(e.Duration, 0)
	for _, v := range e.Metrics {
		c.metrics[v.Metric] += v.Value
	}
	if e.Kind == parse.Command {
		c.admin[string(e.SQL)]++
		return
	}
	c.execution(e)
}

func (c *slowCollect) execution(e *parse.Event) {
	c.executions++
	if e.Failed {
		c.errors++
		c.codes[string(e.Code)]++
	}
	if e.Inherited {
		c.inferred++
	}
	c.rate = max(c.rate, e.Rate)
	if len(e.SQL) > 0 {
		c.statements[string(e.SQL)]++
	}
	for _, n := range []struct {
		names map[string]int64
		name  string
	}{{c.users, e.Origin.User}, {c.hosts, e.Origin.Client}, {c.databases, e.Origin.Database}} {
		if n.name != "" {
			n.names[n.name]++
		}
	}
	normalize.Tags(e.SQL, func(name, value []byte) bool {
		c.tags[string(name)] = string(value)
		return true
	})
}

// facts answers what want asks for.
func (c *slowCollect) facts(want *slowFacts, counts *parse.Counts) *slowFacts {
	micros := func(m metric.Metric) *int64 { v := c.metrics[m] / 1000; return &v }
	sum := func(m metric.Metric) *int64 { return &c.metrics[m] }
	total, unclaimed := c.total/1000, counts.UnrecognisedLines
	stamp := func(t int64) string {
		if t == 0 {
			return ""
		}
		return time.Unix(0, t).UTC().Format(time.RFC3339Nano)
	}
	attributes := map[string]string{}
	for key := range want.Attributes {
		attributes[key] = c.attributes[key]
	}
	complete := counts.Entries - counts.Partial
	got := &slowFacts{
		Entries: &complete, Killed: sum(metric.Killed), Partial: &counts.Partial, Malformed: &counts.Malformed, Ambiguous: &counts.Ambiguous,
		Executions: &c.executions, Errors: &c.errors, Codes: c.codes, TotalUS: &total, LockUS: micros(metric.LockTime),
		EngineTimeUS: micros(metric.EngineTime), PagesReadTimeUS: micros(metric.PagesReadTime),
		RowsSent: sum(metric.RowsSent), RowsExamined: sum(metric.RowsExamined), RowsAffected: sum(metric.RowsAffected), BytesSent: sum(metric.BytesSent),
		TmpTables: sum(metric.TmpTables), TmpDiskTables: sum(metric.TmpDiskTables),
		FullScans: sum(metric.FullScan), FullJoins: sum(metric.FullJoin), Filesorts: sum(metric.Filesort),
		Statements: c.statements, Admin: c.admin, Users: c.users, Hosts: c.hosts, Databases: c.databases, Inferred: &c.inferred,
		FirstTime: stamp(c.first), LastTime: stamp(c.last), RateLimit: &c.rate, Unclaimed: &unclaimed,
		Attributes: attributes, ExplainRows: &c.explain, Tags: maps.Clone(c.tags),
	}
	// What is not asked for is not answered.
	asked, answer := reflect.ValueOf(want).Elem(), reflect.ValueOf(got).Elem()
	for i := range asked.NumField() {
		if asked.Field(i).IsZero() {
			answer.Field(i).SetZero()
		}
	}
	return got
}

// readSlow reads a whole log as blocks of the given size.
func readSlow(log *parse.Log, data []byte, size int, sink parse.Sink) (counts parse.Counts) {
	p := log.NewParser(sink)
	for _, b := range cut(log, data, size) {
		counts.Add(&p.Parse(b).Counts)
	}
	return counts
}

// Every sample and every trap of slow logs has a small log and the facts that a reader must find in it.
func TestSlowCases(t *testing.T) {
	const folder = logs + "/mysql-cases"
	text, err := os.ReadFile(folder + "/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		File, About string
		Options     struct{ Timezone string }
		Want        slowFacts
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.File, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(folder, c.File))
			if err != nil {
				t.Fatal(err)
			}
			location, err := time.LoadLocation(c.Options.Timezone)
			if err != nil {
				t.Fatal(err)
			}
			log, err := parse.Open(data[:min(len(data), parse.HeadSize)], parse.Options{Location: location})
			if err != nil {
				t.Fatal(err)
			}
			for _, size := range []int{len(data), 64} {
				sink := newSlowCollect()
				counts := readSlow(log, data, size, sink)
				counts.UnrecognisedLines += int64(bytes.Count(data[:counts.Skipped], []byte("\n"))) // the end of an entry before the log
				if diff := cmp.Diff(&c.Want, sink.facts(&c.Want, &counts)); diff != "" {
					t.Errorf("%s\nin blocks of %d bytes, -want +got\n%s", c.About, size, diff)
				}
				if sum := counts.Recognised + counts.Skipped + counts.Unrecognised; sum != int64(len(data)) {
					t.Errorf("%d bytes accounted for, of %d", sum, len(data))
				}
			}
		})
	}
}
