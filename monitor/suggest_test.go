package monitor_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/covetlog/covetlog/monitor"
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

func TestOnlyWhatWasParsedIsJudged(t *testing.T) {
	set := stats.NewSet(1)
	for i, key := range []stats.Key{{Dialect: stats.PostgreSQL, By: stats.ByLexer}, {Dialect: stats.MySQL, By: stats.ByParser}} {
		p := patternOf(0, "SELECT * FROM t", 5000)
		p.Key = key
		p.Fingerprint = uint64(i)
		set.Patterns[p.Key] = p
	}
	if got := kinds(set); len(got) > 0 {
		t.Errorf("suggested are %q", got)
	}
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
