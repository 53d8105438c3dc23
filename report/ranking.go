package report

import (
	"slices"
	"strconv"
	"strings"

	"github.com/covetlog/covetlog/metric"
	"github.com/covetlog/covetlog/stats"
)

// view is one way to rank patterns in the text report.
type view struct {
	order stats.Order
	title string // %d is the limit
	keeps func(*stats.Pattern) bool
	facts func(*Doc, *stats.Pattern) []string // what the ranking is about
}

// heading is the title of a section. It speaks of databases where those are ranked in place of patterns.
func (d *Doc) heading(v view) string {
	title := strings.Replace(v.title, "%d", strconv.Itoa(d.top()), 1)
	if !d.inGroups() {
		return title
	}
	what, rest, _ := strings.Cut(d.things(), " ")
	what = strings.TrimRight(strings.ToUpper(what)+" "+strings.Replace(rest, "of ", "OF ", 1), " ")
	if strings.Contains(title, "QUERIES") {
		return strings.Replace(title, "QUERIES", what, 1)
	}
	return strings.Replace(title, "BY ", what+" BY ", 1)
}

// ranking is a view with the patterns it keeps, the first to be shown first.
type ranking struct {
	view
	patterns []*stats.Pattern
}

// usual is how many of views a report has when no other order is asked for: the three of the monitoring guide, in its order,
// and where the time went.
const usual = 4

var views = []view{
	{stats.ByAverage, "TOP %d SLOWEST QUERIES (by avg duration)", timed, maximum},
	{stats.ByCount, "TOP %d MOST FREQUENT QUERIES", executed, (*Doc).frequency},
	{stats.ByErrorRate, "ERROR-PRONE QUERIES", failing, (*Doc).failures},
	{stats.ByTotal, "TOP %d BY TOTAL TIME", timed, (*Doc).share},
	{stats.ByMax, "TOP %d BY LONGEST EXECUTION", timed, maximum},
	{stats.ByP95, "TOP %d BY P95", timed, maximum},
	{stats.ByP99, "TOP %d BY P99", timed, func(_ *Doc, p *stats.Pattern) []string {
		return []string{"P99: " + figuresOf(&p.Timed).p99, "Max: " + figuresOf(&p.Timed).max}
	}},
	{stats.ByStddev, "TOP %d BY STANDARD DEVIATION", timed, func(_ *Doc, p *stats.Pattern) []string {
		return []string{"Stddev: " + figuresOf(&p.Timed).stddev, "Max: " + figuresOf(&p.Timed).max}
	}},
	{stats.BySlow, "TOP %d BY SLOW EXECUTIONS", slow, func(_ *Doc, p *stats.Pattern) []string {
		return []string{"Slow: " + integer(p.Slow) + " (" + percent(p.Slow, p.Count) + ")"}
	}},
	{stats.ByRows, "TOP %d BY ROWS EXAMINED", examining, func(_ *Doc, p *stats.Pattern) []string {
		return []string{"Rows examined: " + optional(sumOf(p, metric.RowsExamined)), "Rows sent: " + optional(sumOf(p, metric.RowsSent))}
	}},
	{stats.ByImpact, "TOP %d BY IMPACT (total time, more for uneven durations)", timed, func(d *Doc, p *stats.Pattern) []string {
		return append(d.share(p), "Stddev: "+figuresOf(&p.Timed).stddev)
	}},
}

func timed(p *stats.Pattern) bool     { return p.Timed.Count > 0 }
func executed(p *stats.Pattern) bool  { return p.Count > 0 }
func failing(p *stats.Pattern) bool   { return p.Errors > 0 }
func slow(p *stats.Pattern) bool      { return p.Slow > 0 }
func examining(p *stats.Pattern) bool { return p.Measures.Of(metric.RowsExamined) != nil }

func maximum(_ *Doc, p *stats.Pattern) []string {
	f := figuresOf(&p.Timed)
	return []string{"Max: " + f.max, "Total: " + f.total}
}

func (d *Doc) frequency(p *stats.Pattern) []string {
	return []string{"Share: " + percent(p.Count, d.totals.Count), "Total: " + figuresOf(&p.Timed).total}
}

func (d *Doc) failures(p *stats.Pattern) []string {
	return []string{"Errors: " + integer(p.Errors), "Error Rate: " + percent(p.Errors, p.Count)}
}

func (d *Doc) share(p *stats.Pattern) []string {
	return []string{"Total: " + figuresOf(&p.Timed).total, "Share: " + percent(p.Timed.Sum, d.totals.Sum)}
}

// rank makes the rankings of the text report. The one that was asked for comes first; when it is not a usual one,
// it takes the place of total time, the order of those who did not ask.
func rank(set *stats.Set, order stats.Order) (list []ranking) {
	for _, v := range arrange(order) {
		patterns := slices.DeleteFunc(set.Sorted(v.order), func(p *stats.Pattern) bool { return !v.keeps(p) })
		list = append(list, ranking{v, patterns})
	}
	return list
}

func arrange(order stats.Order) []view {
	asked := slices.IndexFunc(views, func(v view) bool { return v.order == order })
	if asked < 0 || order == stats.ByTotal {
		return views[:usual]
	}
	chosen := []view{views[asked]}
	for _, v := range views[:usual] {
		if v.order != order && (asked < usual || v.order != stats.ByTotal) {
			chosen = append(chosen, v)
		}
	}
	return chosen
}

// names prints the names that executions came from, the most frequent first.
func names(label string, counts map[string]int64) []string {
	const most = 3
	if len(counts) == 0 {
		return nil
	}
	list := byCount(counts)
	shown := make([]string, 0, most+1)
	for _, name := range list[:min(most, len(list))] {
		shown = append(shown, clip(visible(name), 24))
	}
	if len(list) > most {
		shown = append(shown, integer(int64(len(list)-most))+" more")
	}
	return []string{label + ": " + strings.Join(shown, "/")}
}
