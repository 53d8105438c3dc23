package report

import (
	"strings"
	"testing"

	"github.com/covetlog/covetlog/metric"
	"github.com/covetlog/covetlog/stats"
)

// measuredPattern took 2, 4 and 6 ms, and the server told much about it.
func measuredPattern() *stats.Pattern {
	p := &stats.Pattern{Key: mysql(1), Text: "SELECT a FROM t WHERE b = ? AND c = ?", Count: 3, Slow: 1, Timed: durationsOf(2, 4, 6)}
	p.Measures.Add([]metric.Value{{Metric: metric.RowsSent, Value: 11}, {Metric: metric.RowsExamined, Value: 71}, {Metric: metric.RowsAffected, Value: 91},
		{Metric: metric.LockTime, Value: msec / 4}, {Metric: metric.TmpDiskTables, Value: 4}}, 3)
	return p
}

// However narrow, the column that a table is sorted by is there.
func TestTheTableShowsWhatItIsSortedBy(t *testing.T) {
	f := func(order stats.Order, title, cell string) {
		t.Helper()
		for _, width := range []int{40, 80, 200} {
			got := print(t, New(setOf(measuredPattern()), nil, Options{Order: order, Width: width}), "table")
			lines := strings.SplitN(got, "\n", 4)
			if !strings.Contains(lines[0], title) || !strings.Contains(lines[2], " "+cell+" ") {
				t.Errorf("by %s, %d wide: no %q with %s in\n%s", order, width, title, cell, got)
			}
		}
	}
	f(stats.ByTotal, "total ms", "12.00")
	f(stats.ByAverage, "avg ms", "4.00")
	f(stats.ByCount, "count", "3")
	f(stats.ByErrorRate, "errors %", "0.00")
	f(stats.ByMax, "max ms", "6.00")
	f(stats.ByP95, "p95 ms", "6.00")
	f(stats.ByP99, "p99 ms", "6.00")
	f(stats.ByStddev, "stddev ms", "1.63") // √(8/3)
	f(stats.BySlow, "slow", "1")
	f(stats.ByRows, "examined", "213")
	f(stats.BySent, "sent", "33")
	f(stats.ByAffected, "affected", "273")
	f(stats.ByLock, "lock ms", "0.75")
	f(stats.ByDisk, "disk tables", "12")
	f(stats.ByImpact, "impact", "16.90") // 12 · (1 + 1.633/4)
	for _, order := range stats.Orders() {
		set := setOf(&stats.Pattern{Key: postgres(1), Text: "COMMIT", Count: 3}) // of which nothing is known
		if got := print(t, New(set, nil, Options{Order: order}), "table"); !strings.Contains(got, "by "+string(order)) {
			t.Errorf("by %s:\n%s", order, got)
		}
	}
}

// A column is left out only where those that are shown and 24 cells of the patterns, if these are so long, leave no room for it.
func TestTheTableUsesItsRoom(t *testing.T) {
	widths := map[string]int{"fingerprint": 16, "p99 ms": 6, "max ms": 6, "errors %": 8, "examined": 8, "sent": 4, "lock %": 6, "avg ms": 6, "p95 ms": 6}
	for _, text := range []string{"COMMIT", "SELECT a FROM t WHERE b = ? AND c = ?"} {
		for width := 40; width < 140; width++ {
			p := measuredPattern()
			p.Text = text
			got := print(t, New(setOf(p), nil, Options{Width: width}), "table")
			rows := strings.SplitN(got, "\n", 4)
			used := strings.Index(rows[0], "pattern") + min(24, max(len("pattern"), len(text))) + 2 // the rule is longer than the text
			_, left, _ := strings.Cut(got, "no room for ")
			for title, cells := range widths {
				if strings.Contains(unwrapped(left), title) && used+2+cells <= width {
					t.Errorf("%d wide: there is room for %q in\n%s", width, title, got)
				}
			}
		}
	}
}
