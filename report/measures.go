package report

import (
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
