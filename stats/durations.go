package stats

import "math"

// Durations sums up a set of durations in nanoseconds: count, sum, extremes and spread exactly, and a
// Histogram for percentiles. The zero value is an empty set.
type Durations struct {
	Count     int64
	Sum       int64
	Min, Max  int64 // 0 while Count is 0
	Squares   Wide
	Histogram Histogram
}

// Add counts one duration.
func (d *Durations) Add(v int64) {
	if d.Count == 0 || v < d.Min {
		d.Min = v
	}
	if v > d.Max {
		d.Max = v
	}
	d.Count++
	d.Sum += v
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
	d.Sum += o.Sum
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

// Stddev returns the standard deviation of the population in nanoseconds, 0 without durations.
func (d *Durations) Stddev() float64 {
	if d.Count == 0 {
		return 0
	}
	mean := d.Mean()
	return math.Sqrt(max(0, d.Squares.Float()/float64(d.Count)-mean*mean))
}

// Quantile returns the q-quantile in nanoseconds; see Histogram.Quantile. It never leaves [Min, Max].
func (d *Durations) Quantile(q float64) int64 {
	return min(max(d.Histogram.Quantile(q), d.Min), d.Max)
}
