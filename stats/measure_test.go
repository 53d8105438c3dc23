package stats

import (
	"math"
	"testing"

	"github.com/covetlog/covetlog/metric"
)

func TestMeasures(t *testing.T) {
	f := func(values []int64, n int64, told, nonzero, sum, largest, median int64) {
		t.Helper()
		var ms Measures
		for _, v := range values {
			ms.Add([]metric.Value{{Metric: metric.RowsSent, Value: v}}, n)
		}
		m := ms.Of(metric.RowsSent)
		if m.Told != told || m.Nonzero != nonzero || m.Sum != sum || m.Max != largest || m.Quantile(.5) != median {
			t.Errorf("%v, each %d times: %+v, median %d", values, n, *m, m.Quantile(.5))
		}
	}
	f([]int64{0}, 1, 1, 0, 0, 0, 0)
	f([]int64{7}, 1, 1, 1, 7, 7, 7)
	f([]int64{0, 0, 5}, 1, 3, 1, 5, 5, 0)
	f([]int64{0, 4, 5}, 1, 3, 2, 9, 5, 4)
	f([]int64{0, 4, 5}, 10, 30, 20, 90, 5, 4)
	// The 18th smallest of 36 is the 7th of 25 that are not 0: 7.0/25*25 is more than 7.
	f(append(make([]int64, 11), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25), 1, 36, 25, 325, 25, 7)
	f([]int64{math.MaxInt64, 1}, 3, 6, 6, math.MaxInt64, math.MaxInt64, 1)
	if m := (Measures{}).Of(metric.LockTime); m != nil {
		t.Errorf("what no execution tells is %+v", m)
	}
}

// Measures come in the order of a log's entries, which is another in every log.
func TestMeasuresMergeInAnyOrder(t *testing.T) {
	rows, lock, scan := metric.Value{Metric: metric.RowsSent, Value: 3}, metric.Value{Metric: metric.LockTime, Value: 50}, metric.Value{Metric: metric.FullScan, Value: 1}
	var a, b Measures
	a.Add([]metric.Value{rows, lock}, 1)
	b.Add([]metric.Value{scan, lock, rows}, 2)
	a.Merge(b)
	want := []Measure{{Metric: metric.LockTime, Told: 3, Sum: 150}, {Metric: metric.RowsSent, Told: 3, Sum: 9}, {Metric: metric.FullScan, Told: 2, Sum: 2}}
	for i, m := range a.Sorted() {
		if w := want[i]; m.Metric != w.Metric || m.Told != w.Told || m.Sum != w.Sum {
			t.Errorf("%s is %+v, want %+v", w.Metric, *m, w)
		}
	}
}

func TestAddNIsAddTimesN(t *testing.T) {
	f := func(v, n int64) {
		t.Helper()
		var one, many Durations
		for range n {
			one.Add(v)
		}
		many.AddN(v, n)
		if one.Count != many.Count || one.Sum != many.Sum || one.Min != many.Min || one.Max != many.Max || one.Squares != many.Squares {
			t.Errorf("%d times %d: %+v, want %+v", n, v, many, one)
		}
		for _, q := range []float64{.01, .5, .99, 1} {
			if a, b := one.Quantile(q), many.Quantile(q); a != b {
				t.Errorf("%d times %d: the %v-quantile is %d, want %d", n, v, q, b, a)
			}
		}
	}
	for _, v := range []int64{0, 1, 1_000_000, 1 << 50} {
		for _, n := range []int64{1, 2, 48, 49, 1000, 70_000} {
			f(v, n)
		}
	}
}

func TestSumOfTakesInTheOverflow(t *testing.T) {
	set := NewSet(0)
	if sum, told := set.SumOf(metric.RowsSent); told || sum != 0 {
		t.Errorf("nobody tells the rows, got %d, %v", sum, told)
	}
	add := func(p *Pattern, rows int64) *Pattern {
		p.Measures.Add([]metric.Value{{Metric: metric.RowsSent, Value: rows}}, 1)
		return p
	}
	set.Patterns[Key{Fingerprint: 1}] = add(&Pattern{}, 7)
	set.Patterns[Key{Fingerprint: 2}] = &Pattern{}
	set.Overflow = add(&Pattern{}, 5)
	if sum, told := set.SumOf(metric.RowsSent); !told || sum != 12 {
		t.Errorf("got %d, %v, want 7 + 5", sum, told)
	}
	set.Patterns[Key{Fingerprint: 3}] = add(&Pattern{}, math.MaxInt64)
	if sum, _ := set.SumOf(metric.RowsSent); sum != math.MaxInt64 {
		t.Errorf("got %d, want the largest number", sum)
	}
}

func TestCommandTotals(t *testing.T) {
	set := NewSet(0)
	quit := &Pattern{Count: 3, Errors: 1}
	quit.Timed.AddN(100, 3)
	set.Commands["Quit"], set.Commands["Ping"] = quit, &Pattern{Count: 2, Estimated: true}
	set.Patterns[Key{}] = &Pattern{Count: 1000}
	if got, want := set.CommandTotals(), (Totals{Count: 5, Timed: 3, Errors: 1, Sum: 300, Patterns: 2, Estimated: true}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestMergingKeepsTheGroups(t *testing.T) {
	set, groups := NewSet(0), NewSet(0)
	groups.GroupBy = "user"
	set.Merge(groups)
	set.Merge(NewSet(0))
	if set.GroupBy != "user" {
		t.Errorf("groups by %q, want user", set.GroupBy)
	}
}
