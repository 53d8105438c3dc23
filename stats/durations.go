package stats

import (
	"math"
	"math/big"
)

// Durations sums up a set of durations in nanoseconds: count, sum, extremes and spread exactly, and a
// Histogram for percentiles. The zero value is an empty set.
//
// Sum ends at 292 years and Squares where it is full: what a log claims can be more than that, and must not make them wrap.
type Durations struct {
	Count     int64
	Sum       int64
	Min, Max  int64 // 0 while Count is 0
	Squares   Wide
	Histogram Histogram
}

// AddN counts a duration n times.
func (d *Durations) AddN(v, n int64) {
	if n == 1 {
		d.Add(v)
		return
	}
	if d.Count == 0 || v < d.Min {
		d.Min = v
	}
	d.Max = max(d.Max, v)
	d.Count += n
	d.Sum = addCapped(d.Sum, mulCapped(v, n))
	var squares Wide
	squares.AddSquare(v)
	d.Squares.Add(squares.times(uint64(n)))
	d.Histogram.AddN(v, n)
}

// Add counts one duration, which must not be negative.
func (d *Durations) Add(v int64) {
	if d.Count == 0 || v < d.Min {
		d.Min = v
	}
	if v > d.Max {
		d.Max = v
	}
	d.Count++
	d.Sum = addCapped(d.Sum, v)
	d.Squares.AddSquare(v)
	d.Histogram.Add(v)
}

// Merge adds the durations of o, which is left as it is.
func (d *Durations) Merge(o *Durations) {
	if o.Count == 0 {
		return
	}
	if d.Count == 0 || o.Min < d.Min {
		d.Min = o.Min
	}
	d.Max = max(d.Max, o.Max)
	d.Count += o.Count
	d.Sum = addCapped(d.Sum, o.Sum)
	d.Squares.Add(o.Squares)
	d.Histogram.Merge(&o.Histogram)
}

// Mean returns the mean in nanoseconds, 0 without durations.
func (d *Durations) Mean() float64 {
	if d.Count == 0 {
		return 0
	}
	return float64(d.Sum) / float64(d.Count)
}

// Stddev returns the standard deviation of the population in nanoseconds, 0 without durations. n*Σx² - (Σx)² is taken of whole
// numbers: in floating point nothing is left of it where durations are long and close together.
func (d *Durations) Stddev() float64 {
	if d.Count == 0 {
		return 0
	}
	sum := big.NewInt(d.Sum)
	spread := d.Squares.big()
	spread.Mul(spread, big.NewInt(d.Count)).Sub(spread, sum.Mul(sum, sum))
	if spread.Sign() <= 0 { // negative where Sum and Squares are full
		return 0
	}
	f, _ := new(big.Float).SetInt(spread).Float64()
	return math.Sqrt(f) / float64(d.Count)
}

// Quantile returns the q-quantile in nanoseconds; see Histogram.Quantile. It never leaves [Min, Max].
func (d *Durations) Quantile(q float64) int64 {
	return min(max(d.Histogram.Quantile(q), d.Min), d.Max)
}

// addCapped adds numbers that are not negative. Where the sum passes 63 bits it is the largest one, so the order of adding does not
// matter.
func addCapped(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
