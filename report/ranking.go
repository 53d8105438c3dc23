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
	// untold is what no pattern has a figure of: "how many rows were examined". Not every log tells it.
	untold string
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
	{stats.ByAverage, "TOP %d SLOWEST QUERIES (by avg duration)", timed, maximum, ""},
	{stats.ByCount, "TOP %d MOST FREQUENT QUERIES", executed, (*Doc).frequency, ""},
	{stats.ByErrorRate, "ERROR-PRONE QUERIES", failing, (*Doc).failures, ""},
	{stats.ByTotal, "TOP %d BY TOTAL TIME", timed, (*Doc).share, ""},
	{stats.ByMax, "TOP %d BY LONGEST EXECUTION", timed, maximum, ""},
	{stats.ByP95, "TOP %d BY P95", timed, maximum, ""},
	{stats.ByP99, "TOP %d BY P99", timed, func(_ *Doc, p *stats.Pattern) []string {
		return []string{"P99: " + figuresOf(&p.Timed).p99, "Max: " + figuresOf(&p.Timed).max}
	}, ""},
	{stats.ByStddev, "TOP %d BY STANDARD DEVIATION", timed, func(_ *Doc, p *stats.Pattern) []string {
		return []string{"Stddev: " + figuresOf(&p.Timed).stddev, "Max: " + figuresOf(&p.Timed).max}
	}, ""},
	{stats.BySlow, "TOP %d BY SLOW EXECUTIONS", slow, func(_ *Doc, p *stats.Pattern) []string {
		return []string{"Slow: " + integer(p.Slow) + " (" + percent(p.Slow, p.Count) + ")"}
	}, ""},
	{stats.ByRows, "TOP %d BY ROWS EXAMINED", telling(metric.RowsExamined), sums(metric.RowsExamined, metric.RowsSent), "how many rows were examined"},
	{stats.BySent, "TOP %d BY ROWS SENT", telling(metric.RowsSent), sums(metric.RowsSent, metric.RowsExamined), "how many rows were sent"},
	{stats.ByAffected, "TOP %d BY ROWS AFFECTED", telling(metric.RowsAffected), sums(metric.RowsAffected, metric.RowsExamined), "how many rows were affected"},
	{stats.ByLock, "TOP %d BY LOCK TIME", telling(metric.LockTime), func(_ *Doc, p *stats.Pattern) []string {
		return []string{"Lock time: " + optionalSpan(sumOf(p, metric.LockTime)), "Total: " + figuresOf(&p.Timed).total}
	}, "how long executions waited for locks"},
	{stats.ByDisk, "TOP %d BY TEMPORARY TABLES ON DISK", telling(metric.TmpDiskTables, metric.TmpTableOnDisk), func(_ *Doc, p *stats.Pattern) []string {
		return []string{"Temporary tables on disk: " + integer(p.DiskTables())}
	}, "whether temporary tables went to disk"},
	{stats.ByImpact, "TOP %d BY IMPACT (total time, more for uneven durations)", timed, func(d *Doc, p *stats.Pattern) []string {
		return append(d.share(p), "Stddev: "+figuresOf(&p.Timed).stddev)
	}, ""},
}

func timed(p *stats.Pattern) bool    { return p.Timed.Count > 0 }
func executed(p *stats.Pattern) bool { return p.Count > 0 }
func failing(p *stats.Pattern) bool  { return p.Errors > 0 }
func slow(p *stats.Pattern) bool     { return p.Slow > 0 }

// telling keeps the patterns of which the log tells one of some metrics.
func telling(metrics ...metric.Metric) func(*stats.Pattern) bool {
	return func(p *stats.Pattern) bool {
		return slices.ContainsFunc(metrics, func(m metric.Metric) bool { return p.Measures.Of(m) != nil })
	}
}

// sums prints the sums of some metrics.
func sums(metrics ...metric.Metric) func(*Doc, *stats.Pattern) []string {
	return func(_ *Doc, p *stats.Pattern) (list []string) {
		for _, m := range metrics {
			list = append(list, m.Title()+": "+optional(sumOf(p, m)))
		}
		return list
	}
}

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
