package monitor

import (
	"fmt"
	"strings"

	"github.com/covetlog/covetlog/normalize"
	"github.com/covetlog/covetlog/report"
	"github.com/covetlog/covetlog/stats"
)

const (
	// manyRuns is from where on a statement without WHERE is worth an index or a filter.
	manyRuns = 100
	// cacheableRuns is from where on a read is a candidate for a cache.
	cacheableRuns = 1000
	// maxSuggestions bounds the list, and with it the patterns that are judged: a parse tree costs a thousand times a lookup.
	maxSuggestions = 100
	maxJudged      = 1000
)

// advice is a rule: what it is called, when it applies, and what it says.
type advice struct {
	kind    string
	applies func(normalize.Facts, *stats.Pattern) bool
	text    func(*stats.Pattern) string
}

var rules = []advice{
	{"select-star", func(f normalize.Facts, _ *stats.Pattern) bool { return f.SelectStar }, func(p *stats.Pattern) string {
		return "SELECT * reads every column: name the ones that are needed."
	}},
	{"no-where", func(f normalize.Facts, p *stats.Pattern) bool { return f.NoWhere && p.Count > manyRuns }, func(p *stats.Pattern) string {
		return fmt.Sprintf("It ran %d times without a WHERE: add a filter, or an index that covers it.", p.Count)
	}},
	{"cache", func(f normalize.Facts, p *stats.Pattern) bool { return f.Read && p.Count > cacheableRuns }, func(p *stats.Pattern) string {
		return fmt.Sprintf("It read the same way %d times: a candidate for caching.", p.Count)
	}},
}

// Suggest says what could be done about the patterns of a Set, those that take the most time first. It judges their parse trees.
func Suggest(set *stats.Set) []report.Suggestion {
	var list []report.Suggestion
	for _, p := range first(set.Sorted(stats.ByTotal), maxJudged) {
		if p.By != stats.ByParser || p.Dialect != stats.PostgreSQL || p.Count <= manyRuns && !strings.Contains(p.Text, "*") {
			continue
		}
		facts, ok := normalize.Judge(p.Text)
		if !ok {
			continue
		}
		for _, rule := range rules {
			if rule.applies(facts, p) {
				list = append(list, report.Suggestion{Fingerprint: p.Key, Kind: rule.kind, Text: rule.text(p)})
			}
		}
		if len(list) >= maxSuggestions {
			return list[:maxSuggestions]
		}
	}
	return list
}
