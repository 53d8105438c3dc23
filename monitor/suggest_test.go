package monitor_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/covetlog/covetlog/metric"
	"github.com/covetlog/covetlog/monitor"
	"github.com/covetlog/covetlog/normalize"
	"github.com/covetlog/covetlog/stats"
)

func patternOf(fingerprint uint64, text string, count int64) *stats.Pattern {
	return &stats.Pattern{Key: stats.Key{Fingerprint: fingerprint, Dialect: stats.PostgreSQL, By: stats.ByParser}, Text: text, Count: count}
}

func kinds(set *stats.Set) (list []string) {
	for _, s := range monitor.Suggest(set) {
		list = append(list, s.Kind)
	}
	return list
}

func TestSuggest(t *testing.T) {
	f := func(text string, count int64, want ...string) {
		t.Helper()
		set := stats.NewSet(1)
		p := patternOf(7, text, count)
		set.Patterns[p.Key] = p
		if got := kinds(set); !slices.Equal(got, want) {
			t.Errorf("%s, run %d times: %q, want %q", text, count, got, want)
		}
	}
	f("SELECT * FROM t WHERE id = ?", 1, "select-star")
	f("SELECT t.* FROM t WHERE id = ?", 1, "select-star")
	f("SELECT count(*) FROM t WHERE id = ?", 1)
	f("SELECT a * b FROM t WHERE id = ?", 1)
	f("SELECT '*' FROM t WHERE id = ?", 1)
	f("SELECT a FROM t", 100)
	f("SELECT a FROM t", 101, "no-where")
	f("DELETE FROM t", 101, "no-where")
	f("UPDATE t SET a = ?", 101, "no-where")
	f("UPDATE t SET a = ?", 5000, "no-where")
	f("INSERT INTO t VALUES (?)", 5000)
	f("SELECT ?", 500)
	f("SELECT a FROM t WHERE id = ?", 1000)
	f("SELECT a FROM t WHERE id = ?", 1001, "cache")
	f("SELECT a FROM t WHERE id = ? FOR UPDATE", 1001)
	f("UPDATE t SET a = ? WHERE id = ?", 1001)
	f("SELECT * FROM t", 1001, "select-star", "no-where", "cache")
	f("SELECT * FROM", 5000) // does not parse
}

func TestWhatPostgreSQLDoesNotParseIsNotJudged(t *testing.T) {
	set := stats.NewSet(1)
	p := patternOf(0, "SELECT * FROM t", 5000)
	p.By = stats.ByLexer
	set.Patterns[p.Key] = p
	if got := kinds(set); len(got) > 0 {
		t.Errorf("suggested are %q", got)
	}
}

// In both dialects a rule about literals is asked about the example, since a pattern has none.
func TestSuggestFromExamples(t *testing.T) {
	f := func(dialect, by, sql string, want ...string) {
		t.Helper()
		set := stats.NewSet(1)
		p := &stats.Pattern{Key: stats.Key{Fingerprint: 7, Dialect: dialect, By: by}, Count: 1, Example: &stats.Example{SQL: sql}}
		if p.Text = normalize.MySQL(sql).Text; dialect == stats.PostgreSQL {
			p.Text = normalize.PostgreSQL(sql).Text
		}
		set.Patterns[p.Key] = p
		if got := kinds(set); !slices.Equal(got, want) {
			t.Errorf("%s: %s: %q, want %q", dialect, sql, got, want)
		}
	}
	f(stats.MySQL, stats.ByLexer, "SELECT * FROM t WHERE id = 1", "select-star")
	f(stats.MySQL, stats.ByLexer, "SELECT id FROM t WHERE a LIKE '%x'", "leading-wildcard")
	f(stats.MySQL, stats.ByLexer, "SELECT id FROM t WHERE a LIKE 'x%'")
	f(stats.MySQL, stats.ByLexer, "SELECT id FROM t WHERE a = 1 LIMIT 5000, 10", "large-offset")
	f(stats.MySQL, stats.ByLexer, "SELECT id FROM t WHERE a = 1 LIMIT 10 OFFSET 5000", "large-offset")
	f(stats.MySQL, stats.ByLexer, "SELECT id FROM t WHERE a = 1 LIMIT 10, 10")
	f(stats.MySQL, stats.ByLexer, "SELECT id FROM t WHERE DATE(a) = '2026-01-01'", "wrapped-column")
	f(stats.MySQL, stats.ByLexer, "SELECT id FROM t WHERE a = DATE('2026-01-01')")
	f(stats.PostgreSQL, stats.ByParser, "SELECT id FROM t WHERE a LIKE '%x'", "leading-wildcard")
	f(stats.PostgreSQL, stats.ByParser, "SELECT id FROM t WHERE a = 1 ORDER BY id OFFSET 5000", "large-offset")
	f(stats.PostgreSQL, stats.ByParser, "SELECT id FROM t WHERE lower(a) = 'x'", "wrapped-column")
}

// The number of rows that are skipped is a literal.
func TestAdviceShowsNoLiteral(t *testing.T) {
	set := stats.NewSet(1)
	const sql = "SELECT id FROM t WHERE a = 1 LIMIT 10 OFFSET 987654"
	p := &stats.Pattern{Key: stats.Key{Fingerprint: 7, Dialect: stats.MySQL, By: stats.ByLexer}, Text: normalize.MySQL(sql).Text, Count: 1, Example: &stats.Example{SQL: sql}}
	set.Patterns[p.Key] = p
	list := monitor.Suggest(set)
	if len(list) != 1 || strings.Contains(list[0].Text, "987654") || !strings.Contains(list[0].Text, "100000 rows or more") {
		t.Errorf("%+v", list)
	}
}

func TestSuggestFromMeasures(t *testing.T) {
	f := func(values [][]metric.Value, want ...string) {
		t.Helper()
		set := stats.NewSet(1)
		p := &stats.Pattern{Key: stats.Key{Fingerprint: 7, Dialect: stats.MySQL, By: stats.ByLexer}, Text: "SELECT id FROM t WHERE a = ?"}
		for _, v := range values {
			p.Count++
			p.Measures.Add(v, 1)
		}
		set.Patterns[p.Key] = p
		if got := kinds(set); !slices.Equal(got, want) {
			t.Errorf("%v: %q, want %q", values, got, want)
		}
	}
	rows := func(examined, sent int64, more ...metric.Value) []metric.Value {
		return append(more, metric.Value{Metric: metric.RowsExamined, Value: examined}, metric.Value{Metric: metric.RowsSent, Value: sent})
	}
	is := func(m metric.Metric, v int64) metric.Value { return metric.Value{Metric: m, Value: v} }
	f([][]metric.Value{rows(1000, 1)})
	f([][]metric.Value{rows(1001, 1)}, "rows-examined")
	f([][]metric.Value{rows(1998, 2), rows(2, 0)})                    // 2000 for 2
	f([][]metric.Value{rows(5000, 0)}, "rows-examined")               // none sent counts as one
	f([][]metric.Value{rows(5000, 0, is(metric.RowsAffected, 5000))}) // an UPDATE that changed them all
	f([][]metric.Value{rows(999, 999, is(metric.FullScan, 1))})       // a small table
	f([][]metric.Value{rows(1000, 1000, is(metric.FullScan, 1)), rows(1, 1, is(metric.FullScan, 0))}, "full-scan")
	f([][]metric.Value{rows(1, 1, is(metric.TmpDiskTables, 2))}, "tmp-disk-tables")
	f([][]metric.Value{rows(1, 1, is(metric.TmpTableOnDisk, 1), is(metric.TmpDiskTables, 0))}, "tmp-disk-tables")
	f([][]metric.Value{rows(1, 1, is(metric.TmpTableOnDisk, 0), is(metric.TmpDiskTables, 0))})
}

// Advice is about clauses that the statement has.
func TestSuggestionsApply(t *testing.T) {
	f := func(sql string, want ...string) {
		t.Helper()
		set := stats.NewSet(1)
		p := &stats.Pattern{Key: stats.Key{Fingerprint: 7, Dialect: stats.MySQL, By: stats.ByLexer}, Text: normalize.MySQL(sql).Text, Count: 1}
		p.Measures.Add([]metric.Value{{Metric: metric.RowsExamined, Value: 90000}, {Metric: metric.RowsSent, Value: 1}, {Metric: metric.FullScan, Value: 1},
			{Metric: metric.TmpDiskTables, Value: 1}}, 1)
		set.Patterns[p.Key] = p
		var got []string
		for _, s := range monitor.Suggest(set) {
			got = append(got, s.Text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n%s\nwant\n%s", sql, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	const (
		index = "The server read 90000 rows for each it sent: an index on what "
		scan  = "100.00 % of its executions read a whole table: an index on what WHERE compares would spare most of it."
		table = "100.00 % of its executions wrote a temporary table to disk, "
		cure  = "select fewer or shorter columns, or raise tmp_table_size."
		plain = table + "perhaps for a query in its FROM, or a view: " + cure
	)
	f("select a from t where b = 1", index+"WHERE compares is missing or not used.", plain, scan)
	f("select t.a from t join u on t.id = u.id", index+"joins compare is missing or not used.", plain)
	f("select t.a from t join u using (id) where b = 1 order by c limit 5", index+"WHERE and joins compare is missing or not used.",
		table+"as ORDER BY may need one: index what is sorted, "+cure, scan)
	f("select a from t limit 1", plain)
	f("select count(*) from t", plain)
	f("select count(*), max(a) from t where b = 1", plain, scan)
	f("select a, count(*) from t where b = 1 group by a", index+"WHERE compares is missing or not used.",
		table+"as GROUP BY may need one: index what is sorted, "+cure, scan)
	f("select distinct a from t group by a order by b limit 1", table+"as GROUP BY, ORDER BY and DISTINCT may need one: index what is sorted, "+cure)
	f("show full columns from t where field = 'a'")
	f("explain select * from t where b = 1")
	f("set @a = (select b from t where c = 1)")
	f("create table t select * from u where b = 1")
}

// What takes next to no time is passed over, unless little else is said.
func TestSuggestionsAreWorthTheirWhile(t *testing.T) {
	f := func(slow, quick, want int) {
		t.Helper()
		set := stats.NewSet(1)
		for i := range slow + quick {
			p := patternOf(uint64(i), fmt.Sprintf("SELECT * FROM t%d WHERE id = ?", i), 1)
			p.Timed.Add(1_000_000)
			if i >= slow {
				p.Timed = stats.Durations{}
				p.Timed.Add(999 * int64(slow)) // less than a thousandth of the total
			}
			set.Patterns[p.Key] = p
		}
		if got := monitor.Suggest(set); len(got) != want {
			t.Errorf("of %d slow patterns and %d quick ones there is advice about %d, want %d", slow, quick, len(got), want)
		}
	}
	f(10, 10, 10)
	f(5, 10, 5)
	f(4, 10, 5)
	f(1, 3, 4)
	f(0, 10, 10) // nothing has a duration
}

// Where the time goes comes first, and the list has an end.
func TestSuggestionsAreOrderedAndLimited(t *testing.T) {
	set := stats.NewSet(1)
	for i := range 300 {
		p := patternOf(uint64(i), fmt.Sprintf("SELECT * FROM t%d WHERE id = ?", i), 1)
		p.Timed.Add(int64(i%10) * 1000)
		set.Patterns[p.Key] = p
	}
	got := monitor.Suggest(set)
	if len(got) != 100 {
		t.Fatalf("%d suggestions are made, want 100", len(got))
	}
	for i, s := range got { // 9, 19, 29 … took most; then 8, 18, 28 …
		if want := uint64(i%30*10 + 9 - i/30); s.Fingerprint.Fingerprint != want {
			t.Fatalf("suggestion %d is for pattern %d, want %d", i, s.Fingerprint.Fingerprint, want)
		}
	}
}
