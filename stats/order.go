package stats

import (
	"cmp"
	"slices"

	"github.com/covetlog/covetlog/metric"
)

// Order is a key by which patterns are sorted, largest first.
type Order string

// The order keys.
const (
	ByTotal     Order = "total_duration"
	ByAverage   Order = "avg_duration"
	ByCount     Order = "execution_count"
	ByErrorRate Order = "error_rate"
	ByMax       Order = "max_duration"
	ByP95       Order = "p95"
	ByP99       Order = "p99"
	ByStddev    Order = "stddev"
	BySlow      Order = "slow_count"
	ByRows      Order = "rows_examined"
	BySent      Order = "rows_sent"
	ByAffected  Order = "rows_affected"
	ByLock      Order = "lock_time"
	ByDisk      Order = "tmp_disk_tables"
	ByImpact    Order = "impact"
)

var orders = []struct {
	key   Order
	value func(*Pattern) float64
}{
	{ByTotal, func(p *Pattern) float64 { return float64(p.Timed.Sum) }},
	{ByAverage, func(p *Pattern) float64 { return p.Timed.Mean() }},
	{ByCount, func(p *Pattern) float64 { return float64(p.Count) }},
	{ByErrorRate, (*Pattern).ErrorRate},
	{ByMax, func(p *Pattern) float64 { return float64(p.Timed.Max) }},
	{ByP95, func(p *Pattern) float64 { return float64(p.Timed.Quantile(.95)) }},
	{ByP99, func(p *Pattern) float64 { return float64(p.Timed.Quantile(.99)) }},
	{ByStddev, func(p *Pattern) float64 { return p.Timed.Stddev() }},
	{BySlow, func(p *Pattern) float64 { return float64(p.Slow) }},
	{ByRows, sumOf(metric.RowsExamined)},
	{BySent, sumOf(metric.RowsSent)},
	{ByAffected, sumOf(metric.RowsAffected)},
	{ByLock, sumOf(metric.LockTime)},
	{ByDisk, func(p *Pattern) float64 { return float64(p.DiskTables()) }},
	{ByImpact, (*Pattern).Impact},
}

// sumOf makes a key of a metric. A pattern of which the log does not tell it comes with those that have none.
func sumOf(m metric.Metric) func(*Pattern) float64 {
	return func(p *Pattern) float64 {
		if measure := p.Measures.Of(m); measure != nil {
			return float64(measure.Sum)
		}
		return 0
	}
}

// DiskTables is how many temporary tables went to disk, 0 when the log does not tell. Where it tells only whether, each
// execution counts for one.
func (p *Pattern) DiskTables() int64 {
	tables, runs := p.Measures.Of(metric.TmpDiskTables), p.Measures.Of(metric.TmpTableOnDisk)
	switch {
	case tables != nil && runs != nil:
		return max(tables.Sum, runs.Nonzero)
	case tables != nil:
		return tables.Sum
	case runs != nil:
		return runs.Nonzero
	}
	return 0
}

// Impact weighs the time a pattern takes by how uneven it is: its total in nanoseconds times 1 + the coefficient of variation,
// capped at 2. Of two patterns that take the same time, the erratic one comes first.
func (p *Pattern) Impact() float64 {
	mean := p.Timed.Mean()
	if mean == 0 {
		return 0
	}
	return float64(p.Timed.Sum) * (1 + min(1, p.Timed.Stddev()/mean))
}

// Orders lists the order keys.
func Orders() (keys []Order) {
	for _, o := range orders {
		keys = append(keys, o.key)
	}
	return keys
}

// Sorted returns the patterns by key, largest first; ties by fingerprint, so that the order never depends on arrival.
// An unknown key is ByTotal.
func (s *Set) Sorted(key Order) []*Pattern {
	value := orders[0].value
	for _, o := range orders {
		if o.key == key {
			value = o.value
		}
	}
	type ranked struct {
		p *Pattern
		v float64
	}
	list := make([]ranked, 0, len(s.Patterns))
	for _, p := range s.Patterns {
		list = append(list, ranked{p, value(p)})
	}
	slices.SortFunc(list, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.v, a.v), CompareKeys(a.p.Key, b.p.Key))
	})
	sorted := make([]*Pattern, len(list))
	for i, r := range list {
		sorted[i] = r.p
	}
	return sorted
}

// CompareKeys orders keys by fingerprint, then dialect, then origin.
func CompareKeys(a, b Key) int {
	return cmp.Or(cmp.Compare(a.Fingerprint, b.Fingerprint), cmp.Compare(a.Dialect, b.Dialect), cmp.Compare(a.By, b.By))
}
