package monitor_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/covetlog/covetlog/monitor"
	"github.com/covetlog/covetlog/parse"
	"github.com/covetlog/covetlog/stats"
)

// same compares Sets by what they tell.
var same = cmp.Options{
	cmp.Transformer("shown", func(h stats.Histogram) map[float64]uint64 {
		m := map[float64]uint64{-.5: uint64(h.Quantile(.5)), -.95: uint64(h.Quantile(.95))}
		for upper, count := range h.Buckets {
			m[upper] = count
		}
		return m
	}),
	cmpopts.EquateEmpty(),
}

var nobody = &parse.Origin{Number: -1}

// execution returns an Event of a run.
func execution(sql string, duration int64, place int, origin *parse.Origin) *parse.Event {
	return &parse.Event{Kind: parse.Execution, Severity: parse.SeverityLog, SQL: []byte(sql), Duration: duration, Time: int64(1000 + place), Offset: int64(place), Origin: origin}
}

func failed(e *parse.Event, text string) *parse.Event {
	e.Failed, e.Severity, e.Code, e.Text, e.Duration = true, parse.SeverityError, []byte("23505"), []byte(text), parse.Unknown
	return e
}

// split gives Events to as many collectors, each the next one at random, and merges what they counted.
func split(r *rand.Rand, collectors int, opts monitor.CollectorOptions, events []*parse.Event) *stats.Set {
	var workers []*monitor.Collector
	for range collectors {
		c := monitor.NewCollector(opts)
		c.SetSource("a.log")
		workers = append(workers, c)
	}
	for _, e := range events {
		copied := *e
		w := workers[r.IntN(collectors)]
		w.Event(&copied)
		if r.IntN(100) == 0 {
			w.Set() // looking changes nothing
		}
	}
	merged := stats.NewSet(int64(opts.Threshold))
	for _, i := range r.Perm(collectors) {
		merged.Merge(workers[i].Set())
	}
	return merged
}

// Laws 3, 4 and 6: what is kept within the limits, and all that is counted beyond them, is the same for any number of workers and any order.
func TestLimitsDoNotShowTheMachinery(t *testing.T) {
	r := rand.New(rand.NewPCG(30, 31))
	var events []*parse.Event
	for i := range 4000 {
		shape := r.IntN(150)
		sql := fmt.Sprintf("SELECT c%d FROM t WHERE id = %d", shape, i)
		if shape%10 == 0 {
			sql = fmt.Sprintf("SELECT c%d AS alias_%d FROM t", shape, r.IntN(3)) // one pattern, several texts
		}
		e := execution(sql, r.Int64N(3_000_000), i, &parse.Origin{Number: -1, Database: "shop", User: fmt.Sprint("user", r.IntN(1500)), Application: fmt.Sprint(r.IntN(3))})
		switch r.IntN(12) {
		case 0:
			failed(e, fmt.Sprintf("duplicate key %c%c%c", 'a'+r.IntN(26), 'a'+r.IntN(26), 'a'+r.IntN(26)))
		case 1:
			failed(e, "out of memory").SQL = nil
		case 2:
			e.Kind = parse.BindPhase
		}
		events = append(events, e)
	}
	for _, limit := range []int{1, 10, 100, 149, 1000} {
		opts := monitor.CollectorOptions{Threshold: 2 * 1_000_000, Examples: true, MaxPatterns: limit}
		want := split(r, 1, opts, events)
		for _, workers := range []int{1, 2, 5} {
			r.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
			if diff := cmp.Diff(want, split(r, workers, opts, events), same); diff != "" {
				t.Fatalf("%d workers, at most %d patterns (-want +got):\n%s", workers, limit, diff)
			}
		}
		if len(want.Patterns) > limit || (want.Overflow == nil) != (limit == 1000) {
			t.Errorf("of at most %d patterns there are %d", limit, len(want.Patterns))
		}
	}
}

// The limit bites, and is lifted: the sums are those of a run without it.
func TestNothingIsLostBeyondTheLimit(t *testing.T) {
	r := rand.New(rand.NewPCG(32, 33))
	var events []*parse.Event
	for i := range 3000 {
		e := execution(fmt.Sprintf("SELECT c%d FROM t", r.IntN(400)), r.Int64N(1000), i, nobody)
		if i%7 == 0 {
			failed(e, "no")
		}
		events = append(events, e)
	}
	all := split(r, 1, monitor.CollectorOptions{Threshold: 500}, events)
	few := split(r, 3, monitor.CollectorOptions{Threshold: 500, MaxPatterns: 20}, events)
	want := all.Totals()
	want.Patterns = 20
	if got := few.Totals(); got != want {
		t.Errorf("totals are %+v, want %+v", got, want)
	}
	for key, p := range few.Patterns {
		if diff := cmp.Diff(all.Patterns[key], p, same); diff != "" {
			t.Errorf("a pattern within the limit (-want +got):\n%s", diff)
		}
	}
	if len(few.Warnings) != 1 || !strings.Contains(few.Warnings[0], "more than 20 patterns") || len(all.Warnings) > 0 {
		t.Errorf("warnings are %q, without limit %q", few.Warnings, all.Warnings)
	}
}

// More roles than are told apart at a time, by one pattern and by many.
func TestNames(t *testing.T) {
	f := func(users, applications, patterns int) {
		t.Helper()
		c := monitor.NewCollector(monitor.CollectorOptions{})
		want := map[string]stats.Names{}
		origins := map[int]*parse.Origin{}
		for i := range users * applications {
			n := i % 5000 // a parser reuses its own
			if origins[n] == nil || n%3 == 0 {
				origins[n] = &parse.Origin{Number: n, Database: "shop", User: fmt.Sprint("u", i%users), Application: fmt.Sprint("a", i/users)}
			}
			sql := fmt.Sprintf("SELECT c%d FROM t", i%patterns)
			c.Event(execution(sql, 1, i, origins[n]))
			c.Event(execution(sql, 1, i, nobody))
			if want[sql] == nil {
				want[sql] = stats.Names{}
			}
			want[sql]["u "+origins[n].User]++
			want[sql]["a "+origins[n].Application]++
			want[sql]["d shop"]++
		}
		for _, p := range c.Set().Patterns {
			got := stats.Names{}
			for kind, names := range map[string]stats.Names{"u ": p.Users, "a ": p.Applications, "d ": p.Databases} {
				for name, n := range names {
					got[kind+name] = n
				}
			}
			if diff := cmp.Diff(want[p.Text], got); diff != "" {
				t.Errorf("%d users, %d applications, %d patterns: %s (-want +got):\n%s", users, applications, patterns, p.Text, diff)
			}
		}
	}
	f(1, 1, 1)
	f(63, 1, 1)
	f(64, 1, 1)
	f(65, 1, 1)
	f(900, 2, 3)
	f(200, 150, 1)
	f(300, 100, 7)
}

func TestEvents(t *testing.T) {
	c := monitor.NewCollector(monitor.CollectorOptions{Threshold: 100, Examples: true})
	c.SetSource("a.log")
	app := &parse.Origin{Database: "shop", User: "app"}
	c.Event(execution("SELECT a FROM t WHERE b = 1", 99, 1, app))
	c.Event(execution("SELECT a FROM t WHERE b = 2", 100, 2, app))
	c.Event(execution("SELECT a FROM t WHERE b = 3", parse.Unknown, 3, nobody))
	c.Event(failed(execution("SELECT a FROM t WHERE b = 4", 0, 4, app), `value "7" is wrong`))
	c.Event(failed(execution("", 0, 5, app), `value "8" is wrong`))
	for i, kind := range []parse.Kind{parse.ParsePhase, parse.BindPhase, parse.Nested} {
		e := execution("SELECT a FROM t WHERE b = 5", int64(10+i), 6, app)
		e.Kind = kind
		c.Event(e)
	}
	c.Event(&parse.Event{Kind: parse.Untied, Duration: 77, Time: parse.Unknown, Origin: nobody})
	c.Event(&parse.Event{Kind: parse.Failure, Severity: parse.SeverityFatal, Code: []byte("28P01"), Text: []byte(`no`), Time: 2000, Origin: nobody})
	c.Event(&parse.Event{Kind: parse.Message, Topic: parse.Checkpoints, Time: 900, Origin: nobody})
	set := c.Set()

	known := &stats.Pattern{Text: "SELECT a FROM t WHERE b = ?", Count: 4, Errors: 1, Slow: 1, First: 1001, Last: 1006,
		Databases: stats.Names{"shop": 3}, Users: stats.Names{"app": 3},
		Example: &stats.Example{SQL: "SELECT a FROM t WHERE b = 2", Duration: 100, Time: 1002, Source: "a.log", Offset: 2}}
	known.Timed.Add(99)
	known.Timed.Add(100)
	known.ParsePhase.Add(10)
	known.BindPhase.Add(11)
	known.Nested.Add(12)
	hidden := &stats.Pattern{Text: monitor.UnknownStatement, Count: 1, Errors: 1, First: 1005, Last: 1005, Databases: stats.Names{"shop": 1}, Users: stats.Names{"app": 1},
		Example: &stats.Example{Duration: -1, Time: 1005, Source: "a.log", Offset: 5}}
	got := set.Sorted(stats.ByTotal)
	if diff := cmp.Diff([]*stats.Pattern{known, hidden}, got, same, cmpopts.IgnoreFields(stats.Pattern{}, "Key")); diff != "" {
		t.Errorf("patterns (-want +got):\n%s", diff)
	}
	wantErrors := stats.Errors{{Severity: "ERROR", Code: "23505", Message: `value "?" is wrong`}: {Count: 2, First: 1004, Last: 1005},
		{Severity: "FATAL", Code: "28P01", Message: "no"}: {Count: 1, First: 2000, Last: 2000}}
	if diff := cmp.Diff(wantErrors, set.Errors); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]*stats.Occurrences{"checkpoint": {Count: 1, First: 900, Last: 900}}, set.Messages); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
	if set.Untied.Count != 1 || set.Untied.Sum != 77 || set.Window != (stats.Window{Start: 900, End: 2000}) {
		t.Errorf("untied are %+v, the window is %v", set.Untied, set.Window)
	}
}

func TestMatch(t *testing.T) {
	c := monitor.NewCollector(monitor.CollectorOptions{Match: func(pattern string) bool { return strings.Contains(pattern, "users") }})
	for i, sql := range []string{"SELECT a FROM users", "SELECT a FROM orders", "SELECT a FROM users", ""} {
		c.Event(failed(execution(sql, 0, i, nobody), "no"))
	}
	c.Event(&parse.Event{Kind: parse.Untied, Duration: 1, Time: 5000, Origin: nobody})
	set := c.Set()
	if got := set.Totals(); got.Count != 2 || got.Patterns != 1 || set.Untied.Count != 0 || len(set.Errors) != 1 {
		t.Errorf("totals are %+v, %d untied, errors %v; want two executions", got, set.Untied.Count, set.Errors)
	}
}

// An example is the slowest execution, or the earliest where none has a duration, and never longer than 16 KiB.
func TestExamples(t *testing.T) {
	f := func(want string, cut bool, events ...*parse.Event) {
		t.Helper()
		for range 2 {
			c := monitor.NewCollector(monitor.CollectorOptions{Examples: true})
			for _, e := range events {
				copied := *e
				c.Event(&copied)
			}
			for _, p := range c.Set().Patterns {
				if p.Example.SQL != want || p.Example.Cut != cut {
					t.Errorf("the example is %.40q, cut %v, want %.40q", p.Example.SQL, p.Example.Cut, want)
				}
			}
			slices.Reverse(events)
		}
	}
	f("SELECT 2", false, execution("SELECT 1", 5, 1, nobody), execution("SELECT 2", 7, 2, nobody), execution("SELECT 3", 6, 3, nobody))
	f("SELECT 1", false, execution("SELECT 1", 5, 1, nobody), execution("SELECT 2", 5, 2, nobody))
	f("SELECT 1", false, failed(execution("SELECT 1", 0, 1, nobody), "no"), failed(execution("SELECT 2", 0, 2, nobody), "no"))
	f("SELECT 2", false, failed(execution("SELECT 1", 0, 1, nobody), "no"), execution("SELECT 2", 0, 2, nobody))
	long := "SELECT '" + strings.Repeat("é", 9000) + "'"
	f(long[:16<<10], true, execution(long, 5, 1, nobody)) // the cut falls between two runes
	long = "SELECT  '" + strings.Repeat("é", 9000) + "'"
	f(long[:16<<10-1], true, execution(long, 5, 1, nobody)) // the cut would fall into one
}

// What other tools call a key is understood.
func TestNewGrouping(t *testing.T) {
	f := func(by, want string) {
		t.Helper()
		if g, err := monitor.NewGrouping(by); err != nil || g.By != want {
			t.Errorf("%s: %+v, %v, want %s", by, g, err, want)
		}
	}
	f("host", "host")
	f("client", "host")
	f("db", "database")
	f("tag:db", "tag:db")
}
