package report

import (
	"cmp"
	"slices"

	"github.com/covetlog/covetlog/metric"
	"github.com/covetlog/covetlog/stats"
)

// sumOf is the sum of a metric over the executions of p; nil when the log does not tell it.
func sumOf(p *stats.Pattern, m metric.Metric) *int64 {
	if measure := p.Measures.Of(m); measure != nil {
		return &measure.Sum
	}
	return nil
}

// examinedPerSent is how many rows were read for each one that was sent; false when the log does not tell, or none was sent.
func examinedPerSent(p *stats.Pattern) (float64, bool) {
	examined, sent := p.Measures.Of(metric.RowsExamined), p.Measures.Of(metric.RowsSent)
	if examined == nil || sent == nil || sent.Sum == 0 {
		return 0, false
	}
	return float64(examined.Sum) / float64(sent.Sum), true
}

// shareOfTime is the percentage of the time of p that a metric took; false when the log does not tell.
func shareOfTime(p *stats.Pattern, m metric.Metric) (float64, bool) {
	measure := p.Measures.Of(m)
	if measure == nil || p.Timed.Sum == 0 {
		return 0, false
	}
	return stats.Percent(measure.Sum, p.Timed.Sum), true
}

// seenPlan is a plan of a pattern, by the hash of its shape.
type seenPlan struct {
	hash uint64
	*stats.Plan
}

// mean is the mean duration of its executions, in nanoseconds.
func (p seenPlan) mean() float64 { return float64(p.Sum) / float64(p.Timed) }

// plansOf lists the plans of p, the one that was there first first.
func plansOf(p *stats.Pattern) []seenPlan {
	list := make([]seenPlan, 0, len(p.Plans))
	for hash, seen := range p.Plans {
		list = append(list, seenPlan{hash, seen})
	}
	slices.SortFunc(list, func(a, b seenPlan) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.hash, b.hash))
	})
	return list
}
