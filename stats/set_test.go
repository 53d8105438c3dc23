package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/covetlog/covetlog/metric"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// same compares Sets by what they tell: where a histogram keeps its counts is its own affair.
var same = cmp.Options{
	cmp.Transformer("shown", func(h Histogram) map[string]uint64 { return shown(&h) }),
	cmp.FilterValues(func(a, b Measures) bool { return len(a)+len(b) > 0 }, cmp.Transformer("sorted", func(ms Measures) []*Measure { return ms.Sorted() })),
	cmpopts.EquateEmpty(),
}

// observed is one thing to count.
type observed struct {
	fingerprint    uint64
	text, name     string
	duration, time int64
	failed         bool
	place          int64
	plan           uint64 // 0: the log has none
	sampled        bool   // it stands for several
	command        string // an administrator command beside it, "" without one
}

// randomObserved draws from few values, so that all kinds of ties occur.
func randomObserved(r *rand.Rand, place int64) observed {
	class := r.Uint64N(7)
	return observed{class, fmt.Sprint("SELECT ", class, " AS ", r.IntN(12)), fmt.Sprint("app", r.IntN(4)), r.Int64N(5) * 1_000_000, r.Int64N(9) - 3, r.IntN(4) == 0, place,
		r.Uint64N(40), r.IntN(9) == 0, []string{"", "", "Quit", "Ping"}[r.IntN(4)]}
}

func (o *observed) count(s *Set) {
	key := Key{o.fingerprint, PostgreSQL, ByParser}
	p := &Pattern{Key: key, Text: o.text, Count: 1, First: o.time, Last: o.time, Users: Names{o.name: 1}, Databases: Names{"shop": 1},
		Example:  &Example{SQL: o.text, Duration: o.duration, Time: o.time, Source: o.name, Offset: o.place % 50, Plan: fmt.Sprint(o.plan), Attributes: fmt.Sprint("Thread_id: ", o.place)},
		Inferred: o.place % 2, Estimated: o.sampled}
	p.Timed.Add(o.duration)
	p.BindPhase.Add(o.duration / 2)
	if o.duration >= s.Threshold {
		p.Slow++
	}
	if o.fingerprint%2 == 0 {
		values := []metric.Value{{Metric: metric.RowsSent, Value: o.place}, {Metric: metric.LockTime, Value: o.duration}}
		if o.place%4 < 2 { // as in logs of two servers
			slices.Reverse(values)
		}
		p.Measures.Add(values, 1+o.place%3)
	}
	if o.plan > 0 {
		plan := p.Plans.Of(o.plan)
		plan.AddN(o.time, 1+o.place%3)
		duration := o.duration
		if o.place%7 == 0 {
			duration = -1
		}
		plan.AddTime(duration, 1+o.place%3)
		plan.Keep(duration, []byte([]string{"", "id 1", "id 2"}[o.place%3]))
	}
	if o.command != "" {
		ran := &Pattern{Text: o.command, Count: 1, Estimated: o.sampled}
		ran.Timed.Add(o.duration)
		if s.Commands[o.command] == nil {
			s.Commands[o.command] = &Pattern{}
		}
		s.Commands[o.command].Merge(ran)
	}
	if o.failed {
		p.Errors++
		s.Errors.Of(ErrorKey{"ERROR", "42P01", o.text}).Add(o.time)
	}
	if mine := s.Patterns[key]; mine != nil {
		mine.Merge(p)
	} else {
		s.Patterns[key] = p
	}
	s.Untied.Add(o.duration)
	s.Window.Include(o.time)
	if s.Messages[o.name] == nil {
		s.Messages[o.name] = &Occurrences{}
	}
	s.Messages[o.name].Add(o.time)
	if o.place%5 == 0 {
		s.Warn(o.name + " is odd")
	}
}

func setOf(limit int, observations []observed) *Set {
	s := NewSet(2_000_000)
	s.MaxPatterns = limit
	for _, o := range observations {
		o.count(s)
	}
	s.Limit()
	return s
}

// Law 4: merging is exact and commutative. What several parts say, merged in any order and grouping, is what one run over all says; so it is
// where a limit on patterns bites.
func TestSetsMergeExactly(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 11))
	for round := range 80 {
		limit := 1 + r.IntN(9) // of 7
		var all []observed
		var parts [3][]observed
		for i := range r.IntN(400) {
			o := randomObserved(r, int64(i))
			part := r.IntN(3)
			all, parts[part] = append(all, o), append(parts[part], o)
		}
		part := func(i int) *Set { return setOf(limit, parts[i]) }
		merge := func(a, b *Set) *Set { a.Merge(b); return a }
		want := setOf(limit, all)
		for name, got := range map[string]*Set{
			"(a+b)+c":     merge(merge(part(0), part(1)), part(2)),
			"a+(b+c)":     merge(part(0), merge(part(1), part(2))),
			"(c+b)+a":     merge(merge(part(2), part(1)), part(0)),
			"nothing+a+…": merge(merge(merge(NewSet(2_000_000), part(0)), part(1)), part(2)),
			"…+nothing":   merge(merge(part(1), merge(part(2), part(0))), NewSet(2_000_000)),
		} {
			if diff := cmp.Diff(want, got, same); diff != "" {
				t.Fatalf("round %d, %d patterns allowed, %s (-want +got):\n%s", round, limit, name, diff)
			}
		}
		if got := want.Totals(); got.Count != int64(len(all)) || got.Timed != got.Count || got.Patterns > limit {
			t.Fatalf("round %d: totals are %+v of %d executions", round, got, len(all))
		}
	}
}

func TestTotalsAdd(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 13))
	var parts [2][]observed
	for i := range 300 {
		parts[i%2] = append(parts[i%2], randomObserved(r, int64(i)))
	}
	a, b := setOf(3, parts[0]), setOf(3, parts[1])
	ta, tb := a.Totals(), b.Totals()
	a.Merge(b)
	want := Totals{ta.Count + tb.Count, ta.Timed + tb.Timed, ta.Errors + tb.Errors, ta.Silent + tb.Silent, ta.Slow + tb.Slow, ta.Sum + tb.Sum, 3, true}
	if got := a.Totals(); got != want || want.Slow == 0 || want.Errors == 0 || a.Overflow == nil {
		t.Errorf("totals are %+v, want %+v", got, want)
	}
}

func TestWarningsAreSaidOnceAndSorted(t *testing.T) {
	s, o := NewSet(1), NewSet(1)
	for _, w := range []string{"b", "a", "c", "a"} {
		s.Warn(w)
	}
	o.Warn("bb")
	o.Warn("a")
	s.Merge(o)
	if want := []string{"a", "b", "bb", "c"}; !slices.Equal(s.Warnings, want) {
		t.Errorf("warnings are %q, want %q", s.Warnings, want)
	}
}

func TestWindow(t *testing.T) {
	f := func(want Window, times ...int64) {
		t.Helper()
		var w, back, merged Window
		for i, at := range times {
			w.Include(at)
			back.Include(times[len(times)-1-i])
			merged.Merge(Window{at, at})
		}
		if w != want || back != want || merged != want {
			t.Errorf("%v: %v, backward %v, merged %v, want %v", times, w, back, merged, want)
		}
	}
	f(Window{})
	f(Window{5, 5}, 5)
	f(Window{3, 9}, 5, 9, 3)
	f(Window{5, 5}, 0, 5)
	f(Window{-7, -2}, -2, -7)
	f(Window{-7, 2}, 0, -7, 2)
}

func TestOccurrences(t *testing.T) {
	f := func(want Occurrences, times ...int64) {
		t.Helper()
		var one, merged Occurrences
		for _, at := range times {
			one.Add(at)
			var single Occurrences
			single.Add(at)
			merged.Merge(&single)
		}
		if one != want || merged != want {
			t.Errorf("at %v: %+v, merged %+v, want %+v", times, one, merged, want)
		}
	}
	f(Occurrences{})
	f(Occurrences{Count: 1}, 0)
	f(Occurrences{3, 4, 9}, 9, 0, 4)
	f(Occurrences{2, -9, -4}, -4, -9)
}

func TestSmallerText(t *testing.T) {
	f := func(a, b, want string) {
		t.Helper()
		if SmallerText(a, b) != want || SmallerText(b, a) != want {
			t.Errorf("of %q and %q, %q and backward %q stands for both, want %q", a, b, SmallerText(a, b), SmallerText(b, a), want)
		}
	}
	f("", "", "")
	f("", "x", "x")
	f("b", "aa", "b")
	f("SELECT a", "SELECT b", "SELECT a")
	f("x", "x", "x")
}

// Before is a total order: one of two different examples comes first, and three never form a ring.
func TestExamplesAreOrdered(t *testing.T) {
	var list []*Example
	for i := range 512 {
		list = append(list, &Example{Duration: int64(i&1) - 1, Source: "ab"[i>>1&1 : i>>1&1+1], Offset: int64(i >> 2 & 1), Time: int64(i >> 3 & 1),
			SQL: "xy"[i>>4&1 : i>>4&1+1], Params: "pq"[i>>5&1 : i>>5&1+1], Cut: i>>6&1 == 1,
			Plan: "vw"[i>>7&1 : i>>7&1+1], Attributes: "st"[i>>8&1 : i>>8&1+1]})
	}
	for _, a := range list {
		for _, b := range list {
			if (a == b) != (!a.Before(b) && !b.Before(a)) {
				t.Fatalf("%+v and %+v have no order, or two", a, b)
			}
		}
	}
	slices.SortFunc(list, func(a, b *Example) int {
		if a.Before(b) {
			return -1
		}
		return 1
	})
	for i := range list {
		for j := range i {
			if !list[j].Before(list[i]) {
				t.Fatalf("%+v is before %+v, though not by way of others", list[i], list[j])
			}
		}
	}
	if first := list[0]; first.Duration != 0 || first.Source != "a" || first.Offset != 0 {
		t.Errorf("the first is %+v, want the slowest at the earliest place", first)
	}
}

func TestPercent(t *testing.T) {
	f := func(part, whole int64, want float64) {
		t.Helper()
		if got := Percent(part, whole); got != want {
			t.Errorf("%d of %d are %v %%, want %v", part, whole, got, want)
		}
	}
	f(0, 0, 0)
	f(5, 0, 0)
	f(0, 9, 0)
	f(1, 4, 25)
	f(9, 9, 100)
}

// timed returns a pattern with these durations in milliseconds.
func timed(fingerprint uint64, errors int64, ms ...int64) *Pattern {
	p := &Pattern{Key: Key{fingerprint, PostgreSQL, ByParser}, Count: int64(len(ms)), Errors: errors}
	for _, v := range ms {
		p.Timed.Add(v * 1_000_000)
		if v >= 100 {
			p.Slow++
		}
	}
	return p
}

func TestSorted(t *testing.T) {
	s := NewSet(100_000_000)
	for _, p := range []*Pattern{
		timed(1, 0, 10, 10, 10, 10, 10, 10), // total 60, mean 10
		timed(2, 1, 100, 200, 300),          // total 600, mean 200, stddev 81.6
		timed(3, 0, 500),                    // total 500
		timed(4, 2, 1, 1, 1, 596),           // total 599, mean 149.75, stddev 257.6
		timed(5, 0, 10, 10, 10, 10, 10, 10), // as 1
		{Key: Key{6, PostgreSQL, ByLexer}, Count: 2, Errors: 2, Measures: Measures{ // no durations
			{Metric: metric.RowsExamined, Told: 1, Nonzero: 1, Sum: 9, Max: 9},
			{Metric: metric.RowsSent, Told: 2, Nonzero: 1, Sum: 7, Max: 7},
			{Metric: metric.RowsAffected, Told: 2, Nonzero: 1, Sum: 4, Max: 4},
			{Metric: metric.LockTime, Told: 2, Nonzero: 2, Sum: 3, Max: 2},
			{Metric: metric.TmpDiskTables, Told: 2, Nonzero: 2, Sum: 5, Max: 4}}},
	} {
		s.Patterns[p.Key] = p
	}
	measured := func(fingerprint uint64, ms ...Measure) {
		p := s.Patterns[Key{fingerprint, PostgreSQL, ByParser}]
		p.Measures = ms
	}
	measured(3, Measure{Metric: metric.RowsSent, Told: 1, Nonzero: 1, Sum: 8, Max: 8}, Measure{Metric: metric.TmpTableOnDisk, Told: 1, Nonzero: 1, Sum: 1, Max: 1})
	measured(5, Measure{Metric: metric.RowsAffected, Told: 1, Nonzero: 1, Sum: 5, Max: 5}, Measure{Metric: metric.LockTime, Told: 1, Nonzero: 1, Sum: 9, Max: 9},
		Measure{Metric: metric.TmpTableOnDisk, Told: 6, Nonzero: 6, Sum: 6, Max: 1}, Measure{Metric: metric.TmpDiskTables, Told: 1, Nonzero: 1, Sum: 2, Max: 2})
	f := func(key Order, want ...uint64) {
		t.Helper()
		for range 20 { // maps have another order each time
			var got []uint64
			for _, p := range s.Sorted(key) {
				got = append(got, p.Fingerprint)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("by %s: %v, want %v", key, got, want)
			}
		}
	}
	f(ByTotal, 2, 4, 3, 1, 5, 6)
	f(ByAverage, 3, 2, 4, 1, 5, 6)
	f(ByCount, 1, 5, 4, 2, 6, 3)
	f(ByErrorRate, 6, 4, 2, 1, 3, 5)
	f(ByMax, 4, 3, 2, 1, 5, 6)
	f(ByP95, 4, 3, 2, 1, 5, 6)
	f(ByP99, 4, 3, 2, 1, 5, 6)
	f(ByStddev, 4, 2, 1, 3, 5, 6)
	f(BySlow, 2, 3, 4, 1, 5, 6)
	f(ByRows, 6, 1, 2, 3, 4, 5)
	f(BySent, 3, 6, 1, 2, 4, 5)
	f(ByAffected, 5, 6, 1, 2, 3, 4)
	f(ByLock, 5, 6, 1, 2, 3, 4)
	f(ByDisk, 5, 6, 3, 1, 2, 4)   // at least 6, 5, 1
	f(ByImpact, 4, 2, 3, 1, 5, 6) // 599*2, 600*1.41, 500, 60, 60, 0
	f("no such key", 2, 4, 3, 1, 5, 6)
	if len(Orders()) != 15 || Orders()[0] != ByTotal {
		t.Errorf("the keys are %v", Orders())
	}
}

func TestImpact(t *testing.T) {
	f := func(want float64, p *Pattern) {
		t.Helper()
		if got := p.Impact(); math.Abs(got-want) > 1e-9*want {
			t.Errorf("impact is %v, want %v", got, want)
		}
	}
	f(0, &Pattern{})
	f(0, timed(1, 0, 0, 0))
	f(30e6, timed(1, 0, 10, 10, 10))      // even: the total
	f(20e6*1.5, timed(1, 0, 5, 15))       // stddev 5 at a mean of 10
	f(596e6*2, timed(1, 0, 0, 0, 0, 596)) // more than twice the total it never is
}

// Keys that agree in a part are told apart by the others.
func TestKeysAreOrdered(t *testing.T) {
	keys := []Key{{1, MySQL, ByLexer}, {1, PostgreSQL, ByLexer}, {1, PostgreSQL, ByParser}, {2, MySQL, ByLexer}}
	for i, a := range keys {
		for j, b := range keys {
			if got := CompareKeys(a, b); got != cmpInt(i, j) {
				t.Errorf("%v against %v: %d", a, b, got)
			}
		}
	}
}

func cmpInt(a, b int) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
