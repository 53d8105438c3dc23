package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/covetlog/covetlog/metric"
	"github.com/covetlog/covetlog/stats"
)

var update = flag.Bool("update", false, "write the golden files anew; read what changed")

const msec = int64(time.Millisecond)

// ten is 2024-03-01 10:00:00 UTC.
var ten = time.Date(2024, 3, 1, 10, 0, 0, 0, time.UTC).UnixNano()

// durationsOf makes Durations of milliseconds.
func durationsOf(values ...int64) (d stats.Durations) {
	for _, v := range values {
		d.Add(v * msec)
	}
	return d
}

// measured10 makes the Measure of ten executions; values that are not given are 0.
func measured10(m metric.Metric, values ...int64) (ms stats.Measures) {
	for i := range 10 {
		v := int64(0)
		if i < len(values) {
			v = values[i]
		}
		ms.Add([]metric.Value{{Metric: m, Value: v}}, 1)
	}
	return ms
}

func setOf(patterns ...*stats.Pattern) *stats.Set {
	set := stats.NewSet(1000 * msec)
	for _, p := range patterns {
		set.Patterns[p.Key] = p
	}
	return set
}

func postgres(id uint64) stats.Key {
	return stats.Key{Fingerprint: id, Dialect: stats.PostgreSQL, By: stats.ByParser}
}

// sample is a Set with a bit of everything, small enough to be reckoned by hand:
//
//	orders  5 executions, 1 failed, 5+15+25+55 s = 100 s, mean 25 s, variance (400+100+0+900)/4 = 350 s², stddev 18.708287 s
//	stock   10 executions of 20 ms = 200 ms
//	COMMIT  3 executions without a duration
//	plan    no execution, one bind of 40 ms
//	beyond  2 executions of 50 ms = 100 ms
//
// in all 20 executions, 16 timed, 100,300 ms, 4 slow (20 %), 1 error (5 %).
func sample() (*stats.Set, []Suggestion) {
	orders := &stats.Pattern{
		Key: postgres(0xa0ff5f8af7bbbd8c), Text: "SELECT * FROM orders WHERE user_id = ? AND status IN (...)",
		Count: 5, Errors: 1, Slow: 4, Timed: durationsOf(5000, 15000, 25000, 55000),
		ParsePhase: durationsOf(1, 2), BindPhase: durationsOf(4),
		First: ten, Last: ten + 9000*msec,
		Databases: map[string]int64{"shop": 5}, Users: map[string]int64{"etl": 1, "app": 4}, Applications: map[string]int64{"psql": 1},
		Example: &stats.Example{
			SQL: "SELECT *\n\tFROM orders\n\tWHERE user_id = $1 AND status IN ('new', 'paid')", Params: "$1 = '42'",
			Duration: 55000 * msec, Time: ten + 1250*msec, Source: "shop.log", Offset: 4711,
		},
	}
	stock := &stats.Pattern{
		Key: stats.Key{Fingerprint: 0xb2, Dialect: stats.MySQL, By: stats.ByLexer}, Text: "UPDATE stock SET n = n - ? WHERE id = ?",
		Count: 10, Timed: durationsOf(20, 20, 20, 20, 20, 20, 20, 20, 20, 20), First: ten, Last: ten,
		Measures: slices.Concat(
			measured10(metric.RowsSent, 0),
			measured10(metric.RowsExamined, 200, 115, 115, 115, 115, 115, 115, 115, 115, 114), // 1234
			measured10(metric.LockTime, 900_000, 300_000, 300_000)),                           // 1.5 ms
	}
	commit := &stats.Pattern{Key: postgres(0xc3), Text: "COMMIT", Count: 3}
	plan := &stats.Pattern{Key: postgres(0xd4), Text: "SELECT 'never run'", BindPhase: durationsOf(40)}
	set := setOf(orders, stock, commit, plan)
	set.Overflow = &stats.Pattern{Count: 2, Timed: durationsOf(50, 50)}
	set.Untied = durationsOf(7, 13)
	set.Window = stats.Window{Start: ten, End: ten + 9005250*msec}
	set.Errors = map[stats.ErrorKey]*stats.Occurrences{
		{Severity: "ERROR", Code: "40P01", Message: "deadlock detected"}:                                {Count: 2, First: ten, Last: ten + 1500*msec},
		{Severity: "FATAL", Message: "password authentication failed for user ?"}:                       {Count: 1200},
		{Severity: "ERROR", Code: "23505", Message: "duplicate key value violates unique constraint ?"}: {Count: 2},
	}
	set.Messages = map[string]*stats.Occurrences{"connection": {Count: 1500, First: ten, Last: ten}, "checkpoint": {Count: 3}}
	set.Inputs = []stats.Input{
		{Name: "shop.log", Format: "pg-stderr", Prefix: "%m [%p] %q%u@%d ", Bytes: 2048000, Lines: 2000, Entries: 1900, RecognisedBytes: 2047000,
			SkippedBytes: 900, UnrecognisedBytes: 100, BlankLines: 10, UnrecognisedLines: 1, Unrecognised: []stats.Line{{Number: 7, Offset: 512, Text: "what is 'paid'"}}},
		{Name: "old.csv.gz", Format: "pg-csv", Compression: "gzip", Bytes: 1000, Lines: 10, Entries: 10, RecognisedBytes: 1000, Error: "unexpected EOF"},
	}
	set.Warn("the time zone CST is ambiguous; taken as -06:00")
	return set, []Suggestion{{Fingerprint: orders.Key, Kind: "select-star", Text: "Name the columns that are needed instead of SELECT *."}}
}

func print(t *testing.T, d *Doc, format string) string {
	t.Helper()
	var b bytes.Buffer
	if err := d.Write(&b, format); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

func TestGolden(t *testing.T) {
	f := func(name, format string, opts Options) {
		t.Helper()
		set, suggestions := sample()
		golden(t, name, print(t, New(set, suggestions, opts), format))
	}
	tokyo := time.FixedZone("JST", 9*3600)
	f("text", "text", Options{})
	f("full", "text", Options{Full: true, Examples: true, Limit: 1, Order: stats.ByP99, Width: 60, Location: tokyo, Profile: "production"})
	f("color", "text", Options{Color: true, Limit: 2})
	f("table", "table", Options{})
	f("table-wide", "table", Options{Width: 140, Order: stats.ByCount, Limit: 3})
	f("markdown", "markdown", Options{Examples: true})
	f("csv", "csv", Options{})
	f("json", "json", Options{Examples: true})
	f("json-limit", "json", Options{Limit: 1, Order: stats.ByErrorRate})
}

// mysqlSample is what a slow log gives:
//
//	carts  10 executions of 100 ms = 1 s, of which locks took 1.5 ms (0.15 %), rows sent 5 × 1 = 5, examined 1234 (246.8 for each one sent,
//	       123.4 an execution), full scans 9 of 10, temporary tables on disk in 1, 8 executions in shop, 2 of which by inference; 2 plans
//	trace  each of 3 entries stands for 100: 300 executions of 2 s = 600 s, 300 errors
//
// in all 310 executions, 601 s, locks 1.5 ms (0.00025 %), 300 slow (96.77 %), 300 errors (96.77 %); and 12 commands in 4.5 ms.
func mysqlSample() *stats.Set {
	carts := &stats.Pattern{
		Key: mysql(0xca), Text: "SELECT * FROM carts WHERE note = ?", Count: 10, Timed: durationsOf(100, 100, 100, 100, 100, 100, 100, 100, 100, 100), First: ten, Last: ten + 9000*msec,
		Databases: map[string]int64{"shop": 8}, Users: map[string]int64{"app": 10}, Inferred: 2,
		Measures: slices.Concat(
			measured10(metric.BytesSent, 4096, 4096),
			measured10(metric.RowsSent, 1, 1, 1, 1, 1),
			measured10(metric.RowsAffected),
			measured10(metric.RowsExamined, 200, 115, 115, 115, 115, 115, 115, 115, 115, 114),
			measured10(metric.LockTime, 900_000, 300_000, 300_000),
			measured10(metric.FullScan, 1, 1, 1, 1, 1, 1, 1, 1, 1),
			measured10(metric.TmpDiskTables, 3)),
		Plans: stats.Plans{0xbbb: {Occurrences: stats.Occurrences{Count: 4, First: ten, Last: ten + 3000*msec}, Timed: 4, Sum: 6 * msec, Slowest: 2 * msec, Text: "id\ttable\tkey\n1\torders\tNULL"}, 0xaaa: {Occurrences: stats.Occurrences{Count: 6, First: ten + 4000*msec, Last: ten + 9000*msec}}},
		Example: &stats.Example{SQL: "SELECT * FROM carts WHERE note = 'secret'", Duration: 100 * msec, Time: ten, Source: "slow.log", Offset: 99,
			Plan: "id\tselect_type\ttable\ttype\tkey\trows\tExtra\n1\tSIMPLE\tcarts\tALL\tNULL\t200\tUsing where; Using temporary; Using filesort", Attributes: "Thread_id: 8"},
	}
	trace := &stats.Pattern{Key: mysql(0x7a), Text: "INSERT INTO trace VALUES (...)", Count: 300, Errors: 300, Slow: 300, Estimated: true}
	trace.Timed.AddN(2000*msec, 300)
	set := setOf(carts, trace)
	set.Commands = map[string]*stats.Pattern{"Quit": {Text: "Quit", Count: 10, Timed: durationsOf(1, 2)}, "Ping": {Text: "Ping", Count: 2}}
	set.Commands["Quit"].Timed.Add(1_500_000)
	set.Errors[stats.ErrorKey{Severity: "ERROR", Code: "1062", Message: "duplicate entry for a key (ER_DUP_ENTRY)"}] = &stats.Occurrences{Count: 300}
	set.Window = stats.Window{Start: ten, End: ten + 9000*msec}
	set.Inputs = []stats.Input{{Name: "slow.log", Format: "mysql-slow", Bytes: 900, Lines: 90, Entries: 17, RecognisedBytes: 880, UnrecognisedBytes: 20, UnrecognisedLines: 1,
		PartialEntries: 2, MalformedEntries: 1, AmbiguousEntries: 3, Unrecognised: []stats.Line{{Number: 9, Offset: 400, Text: "what is 'this'"}},
		Doubtful: []stats.Line{{Number: 3, Offset: 40, Text: "# User@Host: app[app] @ [10.0.0.7]", Why: "the entry has no Query_time"}}}}
	return set
}

func mysql(id uint64) stats.Key {
	return stats.Key{Fingerprint: id, Dialect: stats.MySQL, By: stats.ByLexer}
}

func TestGoldenMySQL(t *testing.T) {
	digests := func(p *stats.Pattern) Digests {
		if p.Fingerprint != 0xca {
			return Digests{}
		}
		return Digests{PTChecksum: "0123456789ABCDEF0123456789ABCDEF", DigestText: "SELECT * FROM `carts` WHERE `note` = ?"}
	}
	f := func(name, format string, opts Options) {
		t.Helper()
		opts.Digests = digests
		golden(t, "mysql-"+name, print(t, New(mysqlSample(), nil, opts), format))
	}
	f("text", "text", Options{})
	f("full", "text", Options{Full: true, Examples: true, Order: stats.ByCount, Width: 100})
	f("table", "table", Options{Width: 140})
	f("markdown", "markdown", Options{Examples: true})
	f("csv", "csv", Options{})
	f("json", "json", Options{Examples: true})
}

// Groups have names where patterns have texts, and no fingerprints.
func TestGoldenGroups(t *testing.T) {
	set := stats.NewSet(1000 * msec)
	set.GroupBy = "tag:page"
	for i, name := range []string{"cart", "(none)"} {
		key := stats.Key{Fingerprint: uint64(0xabc + i), By: set.GroupBy}
		set.Patterns[key] = &stats.Pattern{Key: key, Text: name, Count: 2, Timed: durationsOf(20, int64(10-i))}
	}
	for _, format := range []string{"text", "table", "markdown", "json"} {
		got := print(t, New(set, nil, Options{}), format)
		if format != "json" && strings.Contains(got, "0abc") {
			t.Errorf("%s: a group has no fingerprint:\n%s", format, got)
		}
		golden(t, "groups-"+format, got)
	}
}

func TestEmpty(t *testing.T) {
	for _, format := range Formats() {
		golden(t, "empty-"+format, print(t, New(stats.NewSet(1000*msec), nil, Options{}), format))
	}
	set := stats.NewSet(msec / 2)
	set.Inputs = []stats.Input{{Name: "quiet.log", Format: "pg-stderr", Lines: 1234, Entries: 1234}}
	got := print(t, New(set, nil, Options{}), "text")
	for _, want := range []string{"No queries were found: of 1,234 log entries none has a statement or a duration.\n", "Threshold: 0.5ms\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// A list of 50,000 patterns must not wait for all their names; that some are missing is said.
func TestNotAllNamesOfOtherToolsAreListed(t *testing.T) {
	f := func(patterns, want int, warned bool) {
		t.Helper()
		set := stats.NewSet(1000 * msec)
		for i := range patterns {
			p := &stats.Pattern{Key: mysql(uint64(i)), Text: "SELECT ?", Count: 1}
			set.Patterns[p.Key] = p
		}
		got := print(t, New(set, nil, Options{Digests: func(*stats.Pattern) Digests { return Digests{PTChecksum: "C0FFEE"} }}), "json")
		if n := strings.Count(got, `"C0FFEE"`); n != want || strings.Contains(got, `"warnings":["pt_checksum`) != warned {
			t.Errorf("%d patterns: %d names, want %d; warning wanted: %v", patterns, n, want, warned)
		}
	}
	f(9_999, 9_999, false)
	f(10_000, 10_000, false)
	f(10_001, 10_000, true)
}

func TestWriteUnknownFormat(t *testing.T) {
	err := New(stats.NewSet(0), nil, Options{}).Write(&bytes.Buffer{}, "docx")
	if err == nil || !strings.Contains(err.Error(), `"docx"`) || !strings.Contains(err.Error(), "markdown") {
		t.Errorf("got %v, want an error that names docx and what there is", err)
	}
}

func TestUnknownIsNotZero(t *testing.T) {
	set := setOf(&stats.Pattern{Key: postgres(1), Text: "SELECT 1", Count: 3})
	f := func(format string, want ...string) {
		t.Helper()
		got := print(t, New(set, nil, Options{}), format)
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %q in\n%s", format, w, got)
			}
		}
		if strings.Contains(got, "0.00ms") {
			t.Errorf("%s: an unknown duration is shown as 0:\n%s", format, got)
		}
	}
	f("text", "Slow Queries: -\n", "Avg: -, P95: -, Executions: 3", "Queries Without a Duration: 3\n")
	f("table", "3         -       -       -      0.00  SELECT 1\n", "total -\n")
	f("markdown", "| Slow Queries | - |", "| `SELECT 1` | 3 | - | - |")
	f("csv", ",SELECT 1,3,0,0,0,,,,,,,,,,,")
	f("json", `"slow":null`, `"slow_percent":null`, `"total_duration_ms":null`, `"avg_ms":null`, `"slow_count":null`, `"rows_sent":null`)
}

// Law: literals stay home unless they are asked for.
func TestExamplesOnlyWhenAsked(t *testing.T) {
	for _, format := range Formats() {
		set, suggestions := sample()
		if got := print(t, New(set, suggestions, Options{Full: true}), format); strings.Contains(got, "paid") || strings.Contains(got, "'42'") {
			t.Errorf("%s: shows literals:\n%s", format, got)
		}
	}
}

func TestLimit(t *testing.T) {
	f := func(format string, limit, want int) {
		t.Helper()
		if got := strings.Count(print(t, New(randomSet(30), nil, Options{Limit: limit}), format), "SELECT "); got != want {
			t.Errorf("%s, limit %d: %d patterns, want %d", format, limit, got, want)
		}
	}
	f("text", 0, 4*5) // four sections
	f("text", 7, 4*7)
	f("table", 0, 20)
	f("table", 3, 3)
	f("markdown", 0, 20)
	f("csv", 0, 30)
	f("csv", 3, 3)
	f("json", 0, 30)
	f("json", 3, 3)
}
