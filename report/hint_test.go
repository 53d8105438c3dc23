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
	const missing = "TOP 5 BY ROWS EXAMINED:\n  The log does not tell how many rows were examined.\n"
	f := func(rows stats.Measures, order stats.Order, want bool) {
		t.Helper()
		set := setOf(&stats.Pattern{Key: postgres(1), Text: "SELECT 1", Count: 3, Measures: rows})
		if got := print(t, New(set, nil, Options{Order: order}), "text"); strings.Contains(got, missing) != want {
			t.Errorf("said is %v, want %v:\n%s", !want, want, got)
		}
	}
	f(nil, stats.ByRows, true)
	f(stats.Measures{{Metric: metric.RowsExamined, Told: 3}}, stats.ByRows, false)
	f(nil, stats.ByTotal, false)
}
