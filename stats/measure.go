package stats

import (
	"cmp"
	"math"
	"slices"

	"github.com/covetlog/covetlog/metric"
)

// Measure sums up a metric over the executions that tell it, exactly; of a metric with a Spread it has a Histogram, too.
type Measure struct {
	Metric    metric.Metric
	Told      int64      // executions that tell it
	Nonzero   int64      // of them with a value above 0
	Sum, Max  int64      // Sum ends at the largest int64
	Histogram *Histogram // of the values above 0; nil without any, and where the spread is of no interest
}

// Add counts a value n times.
func (m *Measure) Add(v, n int64) {
	m.Told += n
	if v <= 0 {
		return
	}
	m.Nonzero += n
	m.Sum = addCapped(m.Sum, mulCapped(v, n))
	m.Max = max(m.Max, v)
	if m.Metric.Spread() {
		if m.Histogram == nil {
			m.Histogram = new(Histogram)
		}
		m.Histogram.AddN(v, n)
	}
}

// Merge adds what was counted in o, a Measure of the same metric.
func (m *Measure) Merge(o *Measure) {
	m.Told += o.Told
	m.Nonzero += o.Nonzero
	m.Sum = addCapped(m.Sum, o.Sum)
	m.Max = max(m.Max, o.Max)
	switch {
	case m.Histogram == nil:
		m.Histogram = o.Histogram
	case o.Histogram != nil:
		m.Histogram.Merge(o.Histogram)
	}
}

// Mean returns the mean over the executions that tell the metric, 0 without any.
func (m *Measure) Mean() float64 {
	if m.Told == 0 {
		return 0
	}
	return float64(m.Sum) / float64(m.Told)
}

// Quantile returns the nearest-rank q-quantile; see Histogram.Quantile. It is 0 for a metric without a Spread.
func (m *Measure) Quantile(q float64) int64 {
	zeros := m.Told - m.Nonzero
	rank := int64(math.Ceil(q * float64(m.Told)))
	if m.Histogram == nil || rank <= zeros {
		return 0
	}
	// Half a rank less, as the quotient times Nonzero may be a hair more than it was.
	return min(m.Histogram.Quantile((float64(rank-zeros)-.5)/float64(m.Nonzero)), m.Max)
}

// Measures are the metrics of a pattern, in the order in which they were first told.
type Measures []Measure

// Add counts the metrics of an execution n times. The entries of one log tell the same ones in the same order, so each is looked for
// behind the one before it.
func (ms *Measures) Add(values []metric.Value, n int64) {
	at := 0
	for _, v := range values {
		if at == len(*ms) || (*ms)[at].Metric != v.Metric {
			at = ms.find(v.Metric)
		}
		(*ms)[at].Add(v.Value, n)
		at++
	}
}

// AddAll counts several values of one metric.
func (ms *Measures) AddAll(m metric.Metric, values []int64) {
	if len(values) == 0 {
		return
	}
	measure := &(*ms)[ms.find(m)]
	for _, v := range values {
		measure.Add(v, 1)
	}
}

// find returns the place of a metric, a new one if need be.
func (ms *Measures) find(m metric.Metric) int {
	for i := range *ms {
		if (*ms)[i].Metric == m {
			return i
		}
	}
	*ms = append(*ms, Measure{Metric: m})
	return len(*ms) - 1
}

// Of returns the Measure of a metric, nil if no execution tells it.
func (ms Measures) Of(m metric.Metric) *Measure {
	for i := range ms {
		if ms[i].Metric == m {
			return &ms[i]
		}
	}
	return nil
}

// Merge adds what was counted in o.
func (ms *Measures) Merge(o Measures) {
	for i := range o {
		at := ms.find(o[i].Metric)
		(*ms)[at].Merge(&o[i])
	}
}

// Sorted returns the Measures in the order of their metrics, whatever came first.
func (ms Measures) Sorted() []*Measure {
	list := make([]*Measure, len(ms))
	for i := range ms {
		list[i] = &ms[i]
	}
	slices.SortFunc(list, func(a, b *Measure) int { return cmp.Compare(a.Metric, b.Metric) })
	return list
}

// SumOf returns the sum of a metric over all patterns, the overflow included; false when no execution tells it. It ends at the largest
// int64.
func (s *Set) SumOf(m metric.Metric) (sum int64, told bool) {
	for p := range s.all() {
		if measure := p.Measures.Of(m); measure != nil {
			sum, told = addCapped(sum, measure.Sum), true
		}
	}
	return sum, told
}

// ShareOf is the percentage of the executions of p for which a metric is not 0; false when the log does not tell. It is of all
// executions, since MariaDB tells of scans and the like only where there is one.
func (p *Pattern) ShareOf(m metric.Metric) (percent float64, known bool) {
	measure := p.Measures.Of(m)
	if measure == nil {
		return 0, false
	}
	return Percent(measure.Nonzero, p.Count), true
}

// DiskTableShare is the percentage of the executions of p that had a temporary table on disk. Some servers say whether, others how many.
func (p *Pattern) DiskTableShare() (percent float64, known bool) {
	whether, known := p.ShareOf(metric.TmpTableOnDisk)
	number, counted := p.ShareOf(metric.TmpDiskTables)
	return max(whether, number), known || counted
}

func mulCapped(v, n int64) int64 {
	if n > 1 && v > math.MaxInt64/n {
		return math.MaxInt64
	}
	return v * n
}
