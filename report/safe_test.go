package report

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/covetlog/covetlog/metric"
	"github.com/covetlog/covetlog/stats"
)

func TestVisible(t *testing.T) {
	f := func(s, want string) {
		t.Helper()
		if got := visible(s); got != want {
			t.Errorf("visible(%q) = %q, want %q", s, got, want)
		}
	}
	f("SELECT 1", "SELECT 1")
	f(`C:\temp`, `C:\temp`)
	f("a\x1b[31mred", `a\x1b[31mred`)
	f("bell\a del\x7f", `bell\x07 del\x7f`)
	f("a\r\n\tb", `a\r\n\tb`)
	f("C1 \u009b31m", `C1 \u009b31m`)
	f("trojan\u202esource\u2066", `trojan\u202esource\u2066`)
	f("zero\u200bwidth\ufeff\u00ad", `zero\u200bwidth\ufeff\u00ad`)
	f("line\u2028sep", `line\u2028sep`)
	f("tag\U000E0041", `tag\U000e0041`)
	f("selector\ufe0f filler\u3164", `selector\ufe0f filler\u3164`)
	f("latin1 \xe9t\xe9", `latin1 \xe9t\xe9`)
	f("true \uFFFD", "true \uFFFD")
	f("« x »", "« x »") // no-break spaces of a French server
	f("été 日本語 👍", "été 日本語 👍")
}

func TestMarkdownCode(t *testing.T) {
	f := func(s, want string) {
		t.Helper()
		if got := markdownCode(s, true); got != want {
			t.Errorf("markdownCode(%q) = %s, want %s", s, got, want)
		}
	}
	f("SELECT *, a_b FROM <t>", "`SELECT *, a_b FROM <t>`")
	f("a||b", "`a\\|\\|b`")
	f("`t`", "`` `t` ``")
	f("x `` y", "```x `` y```")
	f("a\n# heading\n", "`a\\n# heading\\n`")
	f(" a ", "`  a  `")
	f("", "-")
	f(" ", "-")
	f("@team <img src=x> [a](b)", "`@team <img src=x> [a](b)`")
	if got := markdownCode("a|b", false); got != "`a|b`" {
		t.Errorf("outside of tables a pipe is no markup, got %s", got)
	}
}

func TestCSVText(t *testing.T) {
	f := func(s, want string) {
		t.Helper()
		if got := csvText(s); got != want {
			t.Errorf("csvText(%q) = %q, want %q", s, got, want)
		}
	}
	f("", "")
	f("SELECT 1", "SELECT 1")
	f("=HYPERLINK(1)", "'=HYPERLINK(1)")
	f("+1", "'+1")
	f("-1", "'-1")
	f("@SUM(1)", "'@SUM(1)")
	f("＝1", "'＝1")
	f("\t=1", `\t=1`)
	f("\r=1", `\r=1`)
	f("a=1", "a=1")
}

// hostile is what a user of the database may write anywhere.
const hostile = "=cmd|' /C calc'!A1 \x1b]0;title\a \x1b[2J \u202e \u200b \u009b31m \xff\xfe <script>alert(1)</script> | ``` `x` ** [a](javascript:b)\r\n# @all"

// hostileSet has it in every text.
func hostileSet() (*stats.Set, []Suggestion) {
	names := map[string]int64{hostile: 3, hostile + "2": 2}
	p := &stats.Pattern{Key: postgres(1), Text: hostile, Count: 9, Errors: 2, Timed: durationsOf(2000), BindPhase: durationsOf(1),
		Databases: names, Users: names, Applications: names,
		Inferred: 1, Estimated: true, Plans: stats.Plans{1: {Occurrences: stats.Occurrences{Count: 1, First: ten}}, 2: {Occurrences: stats.Occurrences{Count: 1, First: ten + 1}}},
		Measures: stats.Measures{{Metric: metric.RowsExamined, Told: 9, Nonzero: 9, Sum: 9, Max: 1}},
		Example: &stats.Example{SQL: hostile, Params: hostile, Source: hostile, Cut: true, Attributes: hostile,
			Plan: "id\t" + hostile + "\n1\t" + hostile + "\t" + hostile + "\n\n" + hostile}}
	set := setOf(p)
	set.Commands[hostile] = &stats.Pattern{Text: hostile, Count: 1, Estimated: true}
	set.Errors[stats.ErrorKey{Severity: hostile, Code: hostile, Message: hostile}] = &stats.Occurrences{Count: 1}
	set.Messages[hostile] = &stats.Occurrences{Count: 1}
	set.Inputs = []stats.Input{{Name: hostile, Format: hostile, Prefix: hostile, Error: hostile, Lines: 2, UnrecognisedLines: 1,
		PartialEntries: 1, Unrecognised: []stats.Line{{Number: 1, Text: hostile}}, Doubtful: []stats.Line{{Number: 2, Text: hostile, Why: hostile}}}}
	set.Warn(hostile)
	return set, []Suggestion{{Fingerprint: p.Key, Kind: hostile, Text: hostile}}
}

// Law: log text is hostile.
func TestLogTextIsHostile(t *testing.T) {
	digests := func(*stats.Pattern) Digests { return Digests{PTChecksum: hostile, DigestText: hostile} }
	for _, format := range Formats() {
		for i := range 8 {
			set, suggestions := hostileSet()
			if i&4 != 0 {
				set.GroupBy = "tag:" + hostile
			}
			got := print(t, New(set, suggestions, Options{Full: i&1 != 0, Examples: true, Width: 100 * (1 + i&2), Digests: digests}), format)
			if !utf8.ValidString(got) {
				t.Errorf("%s: not UTF-8", format)
			}
			for _, r := range strings.ReplaceAll(got, "\r\n", "\n") {
				if r != '\n' && !unicode.IsPrint(r) {
					t.Errorf("%s: has %U", format, r)
				}
			}
		}
	}
}

func TestMarkdownKeepsItsShape(t *testing.T) {
	for _, by := range []string{"", "tag:" + hostile} {
		set, suggestions := hostileSet()
		set.GroupBy = by
		for line := range strings.Lines(print(t, New(set, suggestions, Options{Full: true}), "markdown")) {
			bare := withoutCode(line)
			if strings.ContainsAny(bare, "<>*[]@`") || strings.Count(bare, "#") > 2 {
				t.Errorf("outside of code: %q in %q", bare, line)
			}
		}
	}
}

// withoutCode removes code spans as CommonMark finds them: a run of backticks up to the next run of the same length.
func withoutCode(line string) string {
	var out strings.Builder
	for line != "" {
		n := len(line) - len(strings.TrimLeft(line, "`"))
		if n == 0 {
			out.WriteByte(line[0])
			line = line[1:]
			continue
		}
		end := closing(line[n:], n)
		if end < 0 {
			return out.String() + line
		}
		line = line[n+end+n:]
	}
	return out.String()
}

func closing(s string, n int) int {
	for i := 0; i < len(s); {
		run := len(s[i:]) - len(strings.TrimLeft(s[i:], "`"))
		if run == n {
			return i
		}
		i += max(1, run)
	}
	return -1
}

func TestMarkdownFence(t *testing.T) {
	set := setOf(&stats.Pattern{Key: postgres(1), Count: 1, Example: &stats.Example{SQL: "SELECT '\n```\n# not a heading\n````\n'"}})
	got := print(t, New(set, nil, Options{Examples: true}), "markdown")
	if !strings.Contains(got, "\n`````sql\nSELECT '\n```\n# not a heading\n````\n'\n`````\n") {
		t.Errorf("the fence must be longer than any run inside:\n%s", got)
	}
}

func TestCSVKeepsItsShape(t *testing.T) {
	set, _ := hostileSet()
	rows, err := csv.NewReader(strings.NewReader(print(t, New(set, nil, Options{}), "csv"))).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("got %d rows, %v", len(rows), err)
	}
	if text := rows[1][4]; !strings.HasPrefix(text, "'=cmd") {
		t.Errorf("a spreadsheet would run %q", text)
	}
}

func TestJSONKeepsText(t *testing.T) {
	set, _ := hostileSet()
	got := print(t, New(set, nil, Options{Examples: true}), "json")
	for _, raw := range []string{"<script", "\u009b", "\u202e"} {
		if strings.Contains(got, raw) {
			t.Errorf("has %q", raw)
		}
	}
	var doc struct {
		Queries struct {
			Patterns []struct{ Pattern string }
		}
	}
	if err := json.Unmarshal([]byte(got), &doc); err != nil {
		t.Fatal(err)
	}
	if want := strings.ToValidUTF8(strings.ReplaceAll(hostile, "\xff\xfe", "\uFFFD\uFFFD"), "?"); doc.Queries.Patterns[0].Pattern != want {
		t.Errorf("got  %q\nwant %q", doc.Queries.Patterns[0].Pattern, want)
	}
}

func TestJSONSafe(t *testing.T) {
	f := func(s, want string) {
		t.Helper()
		if got := string(jsonSafe([]byte(s))); got != want {
			t.Errorf("jsonSafe(%q) = %s, want %s", s, got, want)
		}
	}
	f(`"a"`, `"a"`)
	f(`"日本"`, `"日本"`)
	f("\"\x7f\"", `"\u007f"`)
	f("\"a\u202eb\u200bc\"", `"a\u202eb\u200bc"`)
	f("\"\U000E0041\"", `"\udb40\udc41"`)
}

func TestJSONMergesBrokenNames(t *testing.T) {
	set := setOf(&stats.Pattern{Key: postgres(1), Count: 3, Users: map[string]int64{"a\xff": 1, "a\xfe": 2}})
	if got := print(t, New(set, nil, Options{}), "json"); !strings.Contains(got, "\"users\":{\"a\uFFFD\":3}") {
		t.Errorf("two names that print alike must be one key:\n%s", got)
	}
}
