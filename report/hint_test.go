package report

import (
	"strings"
	"testing"

	"github.com/covetlog/covetlog/metric"
	"github.com/covetlog/covetlog/stats"
)

// unwrapped joins the lines of a text that was wrapped.
func unwrapped(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestFiltersThatLeaveNothingAreNamed(t *testing.T) {
	set := stats.NewSet(1000 * msec)
	set.Inputs = []stats.Input{{Name: "shop.log", Lines: 1234, Entries: 1234}}
	opts := Options{Filters: []string{"--database shop", "--include-query a`b\x1b"}}
	f := func(format, want string) {
		t.Helper()
		got := unwrapped(print(t, New(set, nil, opts), format))
		if !strings.Contains(got, want) || strings.Contains(got, "none has a statement") {
			t.Errorf("%s: no %q in\n%s", format, want, got)
		}
	}
	f("text", `No queries are left: --database shop, --include-query a`+"`"+`b\x1b chose none among 1,234 log entries.`)
	f("table", `No queries are left: --database shop, --include-query a`+"`"+`b\x1b chose none among 1,234 log entries.`)
	f("markdown", "No queries are left: `--database shop`, ``--include-query a`b\\x1b`` chose none among 1,234 log entries.")
	hint := func(format string, window stats.Window, want string, filters ...string) {
		t.Helper()
		set.Inputs = []stats.Input{{Name: "shop.log", Format: format, Entries: 7, Window: window}, {Name: "gone.log"}}
		got := unwrapped(print(t, New(set, nil, Options{Filters: filters}), "table"))
		if want = strings.Join(filters, ", ") + " chose none among 7 log entries." + want; !strings.HasSuffix(got, want) {
			t.Errorf("%q: no %q in\n%s", filters, want, got)
		}
	}
	const names = " Names are compared as the log has them, and a log_line_prefix may lack some."
	day := stats.Window{Start: ten, End: ten + 3600*1000*msec}
	hint("pg-stderr", day, " The log is from 2024-03-01 10:00:00 UTC to 2024-03-01 11:00:00 UTC.", "--since 2030-01-01")
	hint("pg-stderr", day, " The log is from 2024-03-01 10:00:00 UTC to 2024-03-01 11:00:00 UTC."+names, "--user app", "--until 2020-01-01")
	hint("pg-stderr", stats.Window{}, " No entry has a time, and what has none is in no range of times.", "--since 2030-01-01")
	hint("pg-stderr", day, " Patterns have their keywords in upper case; (?i) in front of a regular expression ignores case.", "--include-query select")
	hint("pg-stderr", day, names, "--application web")
	hint("mysql-slow", day, " Slow logs of MySQL have no names of applications.", "--application web")
	hint("mysql-slow", day, "", "--exclude-user app", "--exclude-query select")
	set.Patterns[postgres(1)] = &stats.Pattern{Key: postgres(1), Text: "SELECT 1", Count: 1}
	if got := print(t, New(set, nil, opts), "text"); strings.Contains(got, "No queries") {
		t.Errorf("a query is left:\n%s", got)
	}
}

// As frequent as others, what ends the server stands first, then what ends a session.
func TestErrorsAreOrderedByGravity(t *testing.T) {
	set := stats.NewSet(1000 * msec)
	for _, severity := range []string{"ERROR", "FATAL", "PANIC", "CRITICAL"} {
		set.Errors[stats.ErrorKey{Severity: severity, Message: "m"}] = &stats.Occurrences{Count: 2}
	}
	set.Errors[stats.ErrorKey{Severity: "ERROR", Message: "frequent"}] = &stats.Occurrences{Count: 3}
	var got []string
	for _, e := range New(set, nil, Options{}).errors {
		got = append(got, e.Severity)
	}
	if want := "ERROR PANIC FATAL CRITICAL ERROR"; strings.Join(got, " ") != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Where the log hides a statement, its example tells when and where.
func TestAnExampleWithoutAStatement(t *testing.T) {
	f := func(format string, opts Options, want string) {
		t.Helper()
		opts.Examples = true
		set := setOf(&stats.Pattern{Key: postgres(0), Text: "<statement not logged>", Count: 1, Example: &stats.Example{Duration: -1, Time: ten, Source: "shop.log", Offset: 7}})
		got := print(t, New(set, nil, opts), format)
		if !strings.Contains(got, want) || strings.Contains(got, "```") {
			t.Errorf("%s: no %q in\n%s", format, want, got)
		}
	}
	const where = "     Example: -, 2024-03-01 10:00:00.000 UTC, shop.log, byte 7\n"
	f("text", Options{}, where)
	f("text", Options{Full: true}, where)
	f("markdown", Options{}, "`0000000000000000`: -, 2024-03-01 10:00:00.000 UTC, `shop.log`, byte 7\n")
}

func TestMarkdownSaysHowManyThereAre(t *testing.T) {
	set, _ := sample()
	got := print(t, New(set, []Suggestion{{Text: "one"}, {Text: "two"}, {Text: "three"}}, Options{Limit: 2}), "markdown")
	for _, want := range []string{"## Errors (2 of 3)\n", "## Suggestions (2 of 3)\n", "(2 of 4)\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestTornRunsGiveAHint(t *testing.T) {
	const hint = "Is the log_line_prefix without %p?"
	f := func(timed, untied stats.Durations, want bool) {
		t.Helper()
		set := setOf(&stats.Pattern{Key: postgres(1), Text: "SELECT 1", Count: 3, Timed: timed})
		set.Untied = untied
		if got := print(t, New(set, nil, Options{}), "text"); strings.Contains(got, hint) != want {
			t.Errorf("hint is %v, want %v:\n%s", !want, want, got)
		}
	}
	none, some := stats.Durations{}, durationsOf(5)
	f(none, some, true)
	f(some, some, false)
	f(none, none, false)
}

func TestRowsThatNoLogCounts(t *testing.T) {
	f := func(rows stats.Measures, order stats.Order, missing string, want bool) {
		t.Helper()
		set := setOf(&stats.Pattern{Key: postgres(1), Text: "SELECT 1", Count: 3, Measures: rows})
		if got := print(t, New(set, nil, Options{Order: order}), "text"); strings.Contains(got, missing) != want {
			t.Errorf("said is %v, want %v:\n%s", !want, want, got)
		}
	}
	const rows = "TOP 5 BY ROWS EXAMINED:\n  The log does not tell how many rows were examined.\n"
	f(nil, stats.ByRows, rows, true)
	f(stats.Measures{{Metric: metric.RowsExamined, Told: 3}}, stats.ByRows, rows, false)
	f(nil, stats.ByTotal, rows, false)
	f(nil, stats.BySent, "TOP 5 BY ROWS SENT:\n  The log does not tell how many rows were sent.\n", true)
	f(nil, stats.ByAffected, "TOP 5 BY ROWS AFFECTED:\n  The log does not tell how many rows were affected.\n", true)
	f(nil, stats.ByLock, "TOP 5 BY LOCK TIME:\n  The log does not tell how long executions waited for locks.\n", true)
	f(nil, stats.ByDisk, "TOP 5 BY TEMPORARY TABLES ON DISK:\n  The log does not tell whether temporary tables went to disk.\n", true)
}

func TestRankingsByMeasures(t *testing.T) {
	f := func(order stats.Order, want string) {
		t.Helper()
		p := &stats.Pattern{Key: postgres(1), Text: "SELECT 1", Count: 3, Timed: durationsOf(5, 5, 5)}
		p.Measures.Add([]metric.Value{{Metric: metric.RowsSent, Value: 2}, {Metric: metric.RowsExamined, Value: 7}, {Metric: metric.RowsAffected, Value: 9},
			{Metric: metric.LockTime, Value: msec}, {Metric: metric.TmpDiskTables, Value: 4}}, 3)
		got := print(t, New(setOf(p), nil, Options{Order: order}), "text")
		if _, section, _ := strings.Cut(got, "TOP 5 BY "); !strings.Contains(unwrapped(section), want) {
			t.Errorf("by %s: no %q in\n%s", order, want, section)
		}
	}
	f(stats.ByRows, "Rows examined: 21, Rows sent: 6")
	f(stats.BySent, "Rows sent: 6, Rows examined: 21")
	f(stats.ByAffected, "Rows affected: 27, Rows examined: 21")
	f(stats.ByLock, "Lock time: 3.00ms, Total: 15.00ms")
	f(stats.ByDisk, "Temporary tables on disk: 12")
}
