package report

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/covetlog/covetlog/metric"
	"github.com/covetlog/covetlog/stats"
)

func TestClip(t *testing.T) {
	f := func(s string, width int, want string) {
		t.Helper()
		if got := clip(s, width); got != want {
			t.Errorf("clip(%q, %d) = %q, want %q", s, width, got, want)
		}
	}
	f("SELECT 1", 8, "SELECT 1")
	f("SELECT 12", 8, "SELECT …")
	f("日本語", 6, "日本語")
	f("日本語", 5, "日本…")
	f("日本語", 4, "日…")
	f("e\u0301te\u0301s", 3, "e\u0301t…")
}

func TestWrap(t *testing.T) {
	f := func(width int, sep, items string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, wrap(width, sep, strings.Split(items, "|")...)); diff != "" {
			t.Errorf("wrap(%d, %q, %q) (-want +got):\n%s", width, sep, items, diff)
		}
	}
	f(10, ", ", "", "")
	f(10, ", ", "one|two", "one, two")
	f(10, ", ", "one|two|three", "one, two,", "three")
	f(8, ", ", "one|two", "one, two")
	f(7, ", ", "one|two", "one,", "two")
	f(4, " ", "abcdefghij|k", "abcd", "efgh", "ij k")
	f(4, " ", "日本語", "日本", "語")
	f(3, " ", "\x1b[1mred\x1b[0m|x", "\x1b[1mred\x1b[0m", "x")
}

// crowded has long, wide and large everything.
func crowded() (*stats.Set, []Suggestion) {
	set, suggestions := sample()
	long := strings.Repeat("SELECT 日本語 👍🏽 e\u0301 FROM t; ", 20)
	unbroken := strings.Repeat("abcdefgh", 40)
	var big stats.Durations
	big.Add(math.MaxInt64 / 4)
	for i, text := range []string{long, unbroken, strings.Repeat("語", 100)} {
		p := &stats.Pattern{Key: postgres(uint64(i)), Text: text, Count: math.MaxInt64 / 100, Errors: math.MaxInt64 / 200, Timed: big,
			ParsePhase: big, BindPhase: big, Users: map[string]int64{text: 1, "a": 2, "b": 1, "c": 1, "d": 1}, Databases: map[string]int64{unbroken: 1},
			Measures: stats.Measures{{Metric: metric.RowsExamined, Told: math.MaxInt64, Nonzero: 1, Sum: math.MaxInt64, Max: math.MaxInt64},
				{Metric: metric.InnoDBRecordLockWait, Told: 1, Nonzero: 1, Sum: math.MaxInt64, Max: math.MaxInt64}, {Metric: metric.RowsSent, Told: 1, Nonzero: 1, Sum: 1, Max: 1}}, Example: &stats.Example{SQL: text + "\n" + strings.Repeat(" ", 300) + text, Params: text, Source: text, Offset: math.MaxInt64, Plan: "id\ttable\n1\t" + text + "\n2\t" + unbroken, Attributes: text},
			Inferred: 1, Estimated: true, Plans: stats.Plans{1: {Occurrences: stats.Occurrences{Count: 1, First: ten}}, 2: {Occurrences: stats.Occurrences{Count: 1, First: math.MaxInt64}}}}
		set.Patterns[p.Key] = p
		set.Errors[stats.ErrorKey{Severity: "ERROR", Code: text, Message: text}] = &stats.Occurrences{Count: math.MaxInt64}
		set.Commands[text] = &stats.Pattern{Text: text, Count: math.MaxInt64 / 8, Timed: big, Estimated: true}
		set.Messages[text] = &stats.Occurrences{Count: math.MaxInt64}
		set.Warn(text)
		set.Inputs = append(set.Inputs, stats.Input{Name: text, Format: text, Prefix: text, Error: text, Lines: math.MaxInt64, UnrecognisedLines: 1,
			PartialEntries: math.MaxInt64 / 8, MalformedEntries: math.MaxInt64 / 8, AmbiguousEntries: math.MaxInt64 / 8,
			Unrecognised: []stats.Line{{Number: math.MaxInt64, Text: text}}})
		suggestions = append(suggestions, Suggestion{p.Key, "long", text})
	}
	return set, suggestions
}

func TestNoLineIsWiderThanThePage(t *testing.T) {
	f := func(format string, opts Options) {
		t.Helper()
		set, suggestions := crowded()
		opts.Digests = func(*stats.Pattern) Digests {
			return Digests{strings.Repeat("0F", 16), strings.Repeat("語 abcdefgh", 40)}
		}
		for line := range strings.Lines(print(t, New(set, suggestions, opts), format)) {
			line = strings.TrimSuffix(line, "\n")
			if n := cells(line); n > opts.Width {
				t.Errorf("%s, %d wide: %d cells: %s", format, opts.Width, n, line)
			}
			if strings.TrimRight(line, " ") != line {
				t.Errorf("%s, %d wide: blanks at the end: %q", format, opts.Width, line)
			}
		}
	}
	for _, width := range []int{40, 80, 200} {
		for _, order := range stats.Orders() {
			f("text", Options{Width: width, Examples: true, Order: order})
		}
		f("text", Options{Width: width, Full: true, Examples: true, Color: true})
		f("text", Options{Width: width, Color: true})
	}
	set, _ := sample()
	for _, width := range []int{40, 80, 200} {
		for _, full := range []bool{false, true} {
			for line := range strings.Lines(print(t, New(set, nil, Options{Width: width, Full: full}), "table")) {
				if n := cells(strings.TrimSuffix(line, "\n")); n > width {
					t.Errorf("table, %d wide: %d cells: %s", width, n, line)
				}
			}
		}
	}
}

func TestFullShowsAll(t *testing.T) {
	words := strings.Fields(strings.Repeat("SELECT alpha beta gamma ", 30) + "omega")
	set := setOf(&stats.Pattern{Key: postgres(1), Text: strings.Join(words, " "), Count: 1, Timed: durationsOf(1)})
	for _, format := range []string{"text", "table"} {
		f := func(full bool, want bool) {
			t.Helper()
			if got := strings.Contains(print(t, New(set, nil, Options{Full: full, Width: 100}), format), "omega"); got != want {
				t.Errorf("%s, full %v: the end is shown: %v", format, full, got)
			}
		}
		f(false, false)
		f(true, true)
	}
}

func TestArrange(t *testing.T) {
	f := func(order stats.Order, want ...stats.Order) {
		t.Helper()
		var got []stats.Order
		for _, v := range arrange(order) {
			got = append(got, v.order)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", order, got, want)
		}
	}
	f(stats.ByTotal, stats.ByAverage, stats.ByCount, stats.ByErrorRate, stats.ByTotal)
	f(stats.ByAverage, stats.ByAverage, stats.ByCount, stats.ByErrorRate, stats.ByTotal)
	f(stats.ByCount, stats.ByCount, stats.ByAverage, stats.ByErrorRate, stats.ByTotal)
	f(stats.ByErrorRate, stats.ByErrorRate, stats.ByAverage, stats.ByCount, stats.ByTotal)
	f(stats.ByP95, stats.ByP95, stats.ByAverage, stats.ByCount, stats.ByErrorRate)
	f("no such", stats.ByAverage, stats.ByCount, stats.ByErrorRate, stats.ByTotal)
	for _, order := range stats.Orders() {
		if !slices.ContainsFunc(views, func(v view) bool { return v.order == order }) {
			t.Errorf("no section is ordered by %s", order)
		}
	}
}

func TestSlowness(t *testing.T) {
	f := func(duration float64, want string) {
		t.Helper()
		if got := painter(true).slowness("x", duration, 1000); got != want {
			t.Errorf("%v: got %q, want %q", duration, got, want)
		}
	}
	f(999, "x")
	f(1000, "\x1b[34mx\x1b[0m")
	f(1999, "\x1b[34mx\x1b[0m")
	f(2000, "\x1b[33mx\x1b[0m")
	f(5000, "\x1b[31mx\x1b[0m")
	f(10000, "\x1b[1;31mx\x1b[0m")
	if got := painter(false).slowness("x", 10000, 1000); got != "x" {
		t.Errorf("without colour: got %q", got)
	}
}

func TestNames(t *testing.T) {
	f := func(counts map[string]int64, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, names("Users", counts)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", counts, diff)
		}
	}
	f(nil)
	f(map[string]int64{"app": 1}, "Users: app")
	f(map[string]int64{"b": 1, "a": 1, "c": 9}, "Users: c/a/b")
	f(map[string]int64{"b": 1, "a": 1, "c": 9, "d": 1, "e": 1}, "Users: c/a/b/2 more")
}

func TestManyInputs(t *testing.T) {
	set := stats.NewSet(msec)
	for range 30 {
		set.Inputs = append(set.Inputs, stats.Input{Name: "fine.log", Lines: 2, Bytes: 10, Entries: 1})
	}
	set.Inputs = append(set.Inputs, stats.Input{Name: "bad.log", Error: "is gone"})
	got := print(t, New(set, nil, Options{}), "text")
	for want, n := range map[string]int{"  fine.log\n": 10, "  bad.log\n": 1, "is gone": 1, "  … and 20 more\n": 1, "  All 31 inputs\n    60 lines, 30 entries, 300 bytes,": 1} {
		if c := strings.Count(got, want); c != n {
			t.Errorf("%q is there %d times, want %d:\n%s", want, c, n, got)
		}
	}
}

func TestRuleIsNotWiderThanTheGuides(t *testing.T) {
	f := func(width, want int) {
		t.Helper()
		got, _, _ := strings.Cut(print(t, New(stats.NewSet(msec), nil, Options{Width: width}), "text"), "\n")
		if got != strings.Repeat("=", want) {
			t.Errorf("%d wide: got %s, want %d =", width, got, want)
		}
	}
	f(0, 80)
	f(50, 50)
	f(200, 80)
	f(1, 40) // the least width
}

// A statement of a megabyte without a blank is wrapped in one go: at 40 cells it would take minutes to measure
// what is left of it anew for each line.
func TestWrapLooksNoFurtherThanALine(t *testing.T) {
	lines := wrapText(40, strings.Repeat("x", 1<<20))
	if len(lines) != 1<<20/40+1 {
		t.Errorf("got %d lines", len(lines))
	}
}

func TestAnExampleIsShownOnce(t *testing.T) {
	set, _ := sample()
	got := print(t, New(set, nil, Options{Examples: true}), "text")
	const want = `
     Example: SELECT * FROM orders WHERE user_id = $1 AND status IN ('new', 'pa…
       55,000.00ms, 2024-03-01 10:00:01.250 UTC, shop.log, byte 4711
       Parameters: $1 = '42'
`
	if strings.Count(got, want) != 1 || strings.Count(got, "Example") != 1 {
		t.Errorf("want once%s\ngot\n%s", want, got)
	}
}

// A plan is a table where that fits, else its rows name what they have.
func TestPlan(t *testing.T) {
	f := func(width int, plan string, want ...string) {
		t.Helper()
		set := setOf(&stats.Pattern{Key: mysql(1), Text: "SELECT ?", Count: 1, Example: &stats.Example{SQL: "SELECT 1", Plan: plan}})
		got := print(t, New(set, nil, Options{Full: true, Examples: true, Width: width}), "text")
		if all := "       Plan:\n         " + strings.Join(want, "\n         ") + "\n"; !strings.HasSuffix(got, all) {
			t.Errorf("%d wide, want at the end\n%s\nof\n%s", width, all, got)
		}
	}
	const plan = "id\ttable\tkey\tExtra\n1\torders\tNULL\tUsing where\n2\tcarts\tnote\t\n"
	f(80, plan, "id  table   key   Extra", "1   orders  NULL  Using where", "2   carts   note")
	f(40, plan, "id  table   key   Extra", "1   orders  NULL  Using where", "2   carts   note")
	f(40, strings.ReplaceAll(plan, "where", "where; Using temporary"), "id 1, table orders,", "  Extra Using where; Using temp", "  orary", "id 2, table carts, key note")
	f(40, "id\tExtra\nNULL\tNULL\n7\ta\tno name for this one, and too long", "id 7, Extra a,", "  no name for this one, and too", "  long")
	f(80, "id", "id")
}
