package ingest

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/covetlog/covetlog/internal/synth"
	"github.com/covetlog/covetlog/stats"
)

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: truth (-), report (+):\n%s", what, diff)
	}
}

// namesOf adds up the executions of all patterns by name.
func namesOf(set *stats.Set, names func(*stats.Pattern) map[string]int64) map[string]int64 {
	counts := map[string]int64{}
	for _, p := range set.Patterns {
		for name, n := range names(p) {
			counts[name] += n
		}
	}
	return counts
}

// figures are what is exact of a pattern.
type figures struct {
	Count, Errors, Timed, Parses, Binds, Sum, Least, Most int64
}

// bucketError is how far a percentile that is read from buckets may be off.
const bucketError = 0.0055

// exactUpTo is how many durations of a pattern are kept as they are.
const exactUpTo = 48

// comparePattern is false if there is no pattern to compare.
func comparePattern(t *testing.T, p *stats.Pattern, s *synth.Shape) bool {
	t.Helper()
	if p == nil {
		t.Errorf("%s: there is no such pattern", s.Text)
		return false
	}
	same(t, s.Text, figures{p.Count, p.Errors, p.Timed.Count, p.ParsePhase.Count, p.BindPhase.Count, p.Timed.Sum, p.Timed.Min, p.Timed.Max},
		figures{s.Count, s.Errors, s.N, s.Parses, s.Binds, s.Sum, s.Min, s.Max})
	for _, q := range []struct {
		quantile float64
		want     int64
	}{{.50, s.P50}, {.95, s.P95}, {.99, s.P99}} {
		allowed := float64(q.want) * bucketError
		if p.Timed.Count <= exactUpTo {
			allowed = 0
		}
		if got := p.Timed.Quantile(q.quantile); math.Abs(float64(got-q.want)) > allowed {
			t.Errorf("%s: the %v quantile of %d is %d, the truth %d", s.Text, q.quantile, p.Timed.Count, got, q.want)
		}
	}
	return true
}
