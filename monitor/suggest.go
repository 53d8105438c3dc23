package monitor

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/covetlog/covetlog/metric"
	"github.com/covetlog/covetlog/normalize"
	"github.com/covetlog/covetlog/report"
	"github.com/covetlog/covetlog/stats"
)

const (
	// manyRuns is from where on a statement without WHERE is worth an index or a filter.
	manyRuns = 100
	// cacheableRuns is from where on a read is a candidate for a cache.
	cacheableRuns = 1000
	// wastefulRatio is how many rows may be read for each that is sent.
	wastefulRatio = 1000
	// largeScan is how many rows a scan of a whole table may read.
	largeScan = 1000
	// maxSuggestions bounds the list, and with it the patterns that are judged: a parse tree costs a thousand times a lookup.
	maxSuggestions = 100
	maxJudged      = 1000
	// leastShare is the least percentage of the total time that a pattern takes of which there is advice, while there is some about fewPatterns.
	leastShare  = .1
	fewPatterns = 5
)

// advice is a rule: what it is called, when it applies, and what it says.
type advice struct {
	kind    string
	applies func(normalize.Facts, *stats.Pattern) bool
	text    func(normalize.Facts, *stats.Pattern) string
}

// rules are asked in this order. Those behind the blank line go by what the server measured.
var rules = []advice{
	{"select-star", func(f normalize.Facts, _ *stats.Pattern) bool { return f.SelectStar }, func(normalize.Facts, *stats.Pattern) string {
		return "SELECT * reads every column: name the ones that are needed."
	}},
	{"no-where", func(f normalize.Facts, p *stats.Pattern) bool { return f.NoWhere && p.Count > manyRuns }, func(_ normalize.Facts, p *stats.Pattern) string {
		return fmt.Sprintf("It ran %d times without a WHERE: add a filter, or an index that covers it.", p.Count)
	}},
	{"cache", func(f normalize.Facts, p *stats.Pattern) bool { return f.Read && p.Count > cacheableRuns }, func(_ normalize.Facts, p *stats.Pattern) string {
		return fmt.Sprintf("It read the same way %d times: a candidate for caching.", p.Count)
	}},
	{"large-offset", func(f normalize.Facts, _ *stats.Pattern) bool { return f.LargeOffset > 0 }, func(f normalize.Facts, _ *stats.Pattern) string {
		return fmt.Sprintf("It reads and drops %d rows or more before the first one it returns: continue behind the last key of the page before instead of an OFFSET.", magnitude(f.LargeOffset))
	}},
	{"leading-wildcard", func(f normalize.Facts, _ *stats.Pattern) bool { return f.LeadingWildcard }, func(normalize.Facts, *stats.Pattern) string {
		return "LIKE with a wildcard in front cannot use an index: search for the beginning of a text, or use an index for texts."
	}},
	{"wrapped-column", func(f normalize.Facts, _ *stats.Pattern) bool { return f.WrappedColumn != "" }, func(f normalize.Facts, _ *stats.Pattern) string {
		return fmt.Sprintf("%s is applied to a column in the WHERE, so an index on the column is of no use: compare the column itself, or make an index on the expression.", f.WrappedColumn)
	}},

	{"rows-examined", wasteful, func(f normalize.Facts, p *stats.Pattern) string {
		return fmt.Sprintf("The server read %.0f rows for each it sent: an index on what %s is missing or not used.", examinedRatio(p), compared(f))
	}},
	{"tmp-disk-tables", func(f normalize.Facts, p *stats.Pattern) bool { return f.Data && diskTables(p) > 0 }, func(f normalize.Facts, p *stats.Pattern) string {
		cure := ", perhaps for a query in its FROM, or a view: "
		if clauses := sorting(f); clauses != "" {
			cure = ", as " + clauses + " may need one: index what is sorted, "
		}
		return fmt.Sprintf("%.2f %% of its executions wrote a temporary table to disk%sselect fewer or shorter columns, or raise tmp_table_size.", diskTables(p), cure)
	}},
	{"full-scan", func(f normalize.Facts, p *stats.Pattern) bool { return f.Where && !f.NoWhere && fullScans(p) > 0 }, func(_ normalize.Facts, p *stats.Pattern) string {
		return fmt.Sprintf("%.2f %% of its executions read a whole table: an index on what WHERE compares would spare most of it.", fullScans(p))
	}},
	{"plan-change", func(_ normalize.Facts, p *stats.Pattern) bool { return len(p.Plans) > 1 }, func(_ normalize.Facts, p *stats.Pattern) string {
		return fmt.Sprintf("The server ran it by %d different plans: compare them, and the statistics they were made from.", len(p.Plans))
	}},
}

// wasteful tells whether a statement reads many rows that an index would have spared: not those that aggregates are made of.
func wasteful(f normalize.Facts, p *stats.Pattern) bool {
	return (f.Where || f.Joins) && !f.Aggregates && examinedRatio(p) > wastefulRatio
}

// compared names the clauses that compare columns.
func compared(f normalize.Facts) string {
	switch {
	case f.Where && f.Joins:
		return "WHERE and joins compare"
	case f.Where:
		return "WHERE compares"
	}
	return "joins compare"
}

// sorting names the clauses that may take a temporary table: "GROUP BY, ORDER BY and UNION"; "" without any.
func sorting(f normalize.Facts) string {
	var clauses []string
	for _, c := range []struct {
		there bool
		name  string
	}{{f.Groups, "GROUP BY"}, {f.Orders, "ORDER BY"}, {f.Distinct, "DISTINCT"}, {f.Unions, "UNION"}} {
		if c.there {
			clauses = append(clauses, c.name)
		}
	}
	if last := len(clauses) - 1; last > 0 {
		return strings.Join(clauses[:last], ", ") + " and " + clauses[last]
	}
	return strings.Join(clauses, "")
}

// magnitude is the largest power of ten that is not above n: advice stands in reports that must show no literal.
func magnitude(n int64) int64 {
	power := int64(1)
	for n >= 10 {
		n /= 10
		power *= 10
	}
	return power
}

// examinedRatio is how many rows were read for each one sent or changed; 0 when the log does not tell. A statement that only reads may
// send none: the rows read count as if it had sent one an execution.
func examinedRatio(p *stats.Pattern) float64 {
	examined, sent, affected := p.Measures.Of(metric.RowsExamined), p.Measures.Of(metric.RowsSent), p.Measures.Of(metric.RowsAffected)
	if examined == nil || sent == nil {
		return 0
	}
	rows := max(sent.Sum, sent.Told)
	if affected != nil {
		rows = max(rows, affected.Sum)
	}
	return float64(examined.Sum) / float64(max(rows, 1))
}

// diskTables is the percentage of executions with a temporary table on disk; 0 when the log does not tell.
func diskTables(p *stats.Pattern) float64 {
	share, _ := p.DiskTableShare()
	return share
}

// fullScans is the percentage of executions that scanned a table, if they read more rows than a small one has.
func fullScans(p *stats.Pattern) float64 {
	share, _ := p.ShareOf(metric.FullScan)
	if examined := p.Measures.Of(metric.RowsExamined); examined == nil || examined.Max < largeScan {
		return 0
	}
	return share
}

// Suggest says what could be done about the patterns of a Set, those that take the most time first. It judges their statements and what
// the server measured. About those that take next to no time it says nothing, unless there is little else to say.
func Suggest(set *stats.Set) []report.Suggestion {
	if set.GroupBy != "" { // a group is no statement that could be changed
		return nil
	}
	var list []report.Suggestion
	total, advised := set.Totals().Sum, 0
	for batch := range slices.Chunk(first(set.Sorted(stats.ByTotal), maxJudged), judgedAtOnce) {
		for i, facts := range judgeAll(batch) {
			if advised >= fewPatterns && total > 0 && stats.Percent(batch[i].Timed.Sum, total) < leastShare {
				return list
			}
			before := len(list)
			if list = appendAdvice(list, facts, batch[i]); len(list) > before {
				advised++
			}
		}
		if len(list) >= maxSuggestions {
			return list[:maxSuggestions]
		}
	}
	return list
}

func appendAdvice(list []report.Suggestion, facts normalize.Facts, p *stats.Pattern) []report.Suggestion {
	for _, rule := range rules {
		if rule.applies(facts, p) {
			list = append(list, report.Suggestion{Fingerprint: p.Key, Kind: rule.kind, Text: rule.text(facts, p)})
		}
	}
	return list
}

// judgedAtOnce is how many patterns are judged before the suggestions are counted.
const judgedAtOnce = 64

// judgeAll judges patterns, with all processors: of those of PostgreSQL most of it is taking the trees out of their JSON.
func judgeAll(patterns []*stats.Pattern) []normalize.Facts {
	facts := make([]normalize.Facts, len(patterns))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(patterns)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(patterns); i = int(next.Add(1)) - 1 {
				facts[i] = judge(patterns[i])
			}
		})
	}
	wg.Wait()
	return facts
}

// judge returns the facts of a pattern: those of its example, which has literals, or of its text where there is no whole example.
func judge(p *stats.Pattern) (f normalize.Facts) {
	if harmless(p) {
		return f
	}
	texts := []string{p.Text}
	if p.Example != nil && !p.Example.Cut {
		texts = []string{p.Example.SQL, p.Text}
	}
	for _, text := range texts {
		ok := false
		if p.Dialect == stats.MySQL {
			f, ok = normalize.JudgeMySQL(text)
		} else {
			f, ok = normalize.Judge(text)
		}
		if ok {
			return f
		}
	}
	return normalize.Facts{}
}

// harmless tells whether no rule can apply to the text of a pattern, by what is seen without a parse.
func harmless(p *stats.Pattern) bool {
	switch {
	case p.Dialect == "" || p.Dialect == stats.PostgreSQL && p.By != stats.ByParser:
		return true
	case telling(p.Text) || len(p.Measures) > 0:
		return false
	}
	return p.Count <= manyRuns || !strings.Contains(p.Text, ";") && !isJudged(p.Text)
}

// isJudged tells whether a statement may be one that the rules about whole statements are about.
func isJudged(text string) bool {
	word, _, _ := strings.Cut(text, " ")
	return slices.Contains(judgedWords, word) || strings.HasPrefix(text, "(")
}

// judgedWords start the statements that read, and those that a WHERE may be missing from.
var judgedWords = []string{"SELECT", "WITH", "VALUES", "TABLE", "UPDATE", "DELETE"}

// telling tells whether a pattern has a word or sign that some rule is about.
func telling(text string) bool {
	for _, sign := range []string{"*", "LIKE", "OFFSET", "LIMIT ?, ?"} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	_, condition, found := strings.Cut(text, "WHERE")
	return found && strings.Contains(condition, "(")
}
