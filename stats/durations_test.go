package stats

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

func durationsOf(values ...int64) (d Durations) {
	for _, v := range values {
		d.Add(v)
	}
	return d
}

// exactStddev is the definition, in fractions.
func exactStddev(values []int64) float64 {
	n := big.NewRat(int64(len(values)), 1)
	mean := new(big.Rat)
	for _, v := range values {
		mean.Add(mean, new(big.Rat).SetInt64(v))
	}
	mean.Quo(mean, n)
	variance := new(big.Rat)
	for _, v := range values {
		off := new(big.Rat).SetInt64(v)
		off.Sub(off, mean)
		variance.Add(variance, off.Mul(off, off))
	}
	f, _ := variance.Quo(variance, n).Float64()
	return math.Sqrt(f)
}

func TestDurations(t *testing.T) {
	f := func(values []int64, mean, stddev float64, low, high int64) {
		t.Helper()
		d := durationsOf(values...)
		if d.Count != int64(len(values)) || d.Mean() != mean || d.Stddev() != stddev || d.Min != low || d.Max != high {
			t.Errorf("%v: %d values, mean %v, stddev %v, min %d, max %d; want mean %v, stddev %v, min %d, max %d",
				values, d.Count, d.Mean(), d.Stddev(), d.Min, d.Max, mean, stddev, low, high)
		}
	}
	f(nil, 0, 0, 0, 0)
	f([]int64{0}, 0, 0, 0, 0)
	f([]int64{7}, 7, 0, 7, 7)
	f([]int64{2, 4, 4, 4, 5, 5, 7, 9}, 5, 2, 2, 9)
	f([]int64{0, 10}, 5, 5, 0, 10)
}

// Where values are large and close, sums of squares in floating point say nothing: an hour, give or take a nanosecond.
func TestStddevIsExact(t *testing.T) {
	const hour = 3600 * 1_000_000_000
	r := rand.New(rand.NewPCG(5, 6))
	f := func(name string, base, spread int64, n int) {
		t.Helper()
		var values []int64
		for range n {
			values = append(values, base+r.Int64N(spread))
		}
		d := durationsOf(values...)
		want := exactStddev(values)
		if got := d.Stddev(); math.Abs(got-want) > 1e-12*want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	f("an hour, one ns apart", hour, 2, 1000)
	f("an hour, 100 ns apart", hour, 100, 100)
	f("30 days", 720*hour, 3, 50)
	f("short", 1000, 1_000_000, 1000)
	f("equal", hour, 1, 10_000)
}

// What a log claims must not make sums wrap, whatever the order.
func TestSumsEnd(t *testing.T) {
	const century = 3_155_760_000 * 1_000_000_000
	var values []int64
	for range 400 {
		values = append(values, century)
	}
	d := durationsOf(values...)
	a, b := durationsOf(values[:1]...), durationsOf(values[1:]...)
	a.Merge(&b)
	for _, d := range []Durations{d, a} {
		if d.Sum != math.MaxInt64 || d.Count != 400 || d.Max != century || d.Stddev() < 0 || math.IsNaN(d.Stddev()) {
			t.Errorf("400 centuries are %+v, stddev %v", d, d.Stddev())
		}
	}
	if d.Squares != a.Squares {
		t.Errorf("the squares are %v in one go, %v in two", d.Squares, a.Squares)
	}
}

func TestDurationsMergeExactly(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	for range 500 {
		var parts [3]Durations
		var all Durations
		for range r.IntN(200) {
			v := int64(r.Uint64() >> (12 + r.IntN(50)))
			all.Add(v)
			parts[r.IntN(3)].Add(v)
		}
		var ab, ba Durations
		for _, i := range []int{0, 1, 2} {
			ab.Merge(&parts[i])
			ba.Merge(&parts[2-i])
		}
		for _, got := range []Durations{ab, ba} {
			if got.Count != all.Count || got.Sum != all.Sum || got.Min != all.Min || got.Max != all.Max || got.Squares != all.Squares ||
				got.Stddev() != all.Stddev() || got.Quantile(.95) != all.Quantile(.95) {
				t.Fatalf("merged %+v, want %+v", got, all)
			}
		}
	}
}

// The middle of a bucket may lie outside of what was seen.
func TestQuantileStaysWithinTheExtremes(t *testing.T) {
	var d Durations
	for range 1000 {
		d.Add(123_456_789)
	}
	for _, q := range quantiles {
		if got := d.Quantile(q); got != 123_456_789 {
			t.Errorf("the %v-quantile of equal values is %d", q, got)
		}
	}
}
