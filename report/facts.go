package report

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/covetlog/covetlog/metric"
	"github.com/covetlog/covetlog/stats"
)

// waits are the metrics that are parts of a pattern's time, with their short names.
var waits = []struct {
	metric metric.Metric
	name   string
}{
	{metric.LockTime, "Lock"},
	{metric.InnoDBRecordLockWait, "Row lock"},
	{metric.InnoDBReadWait, "InnoDB read"},
	{metric.InnoDBQueueWait, "InnoDB queue"},
}

// signs are what an execution may do that it had better not, with their short names.
var signs = []struct {
	name  string
	share func(*stats.Pattern) (float64, bool)
}{
	{"Full scan", shareOf(metric.FullScan)},
	{"Full join", shareOf(metric.FullJoin)},
	{"Tmp on disk", (*stats.Pattern).DiskTableShare},
	{"Filesort", shareOf(metric.Filesort)},
	{"Filesort on disk", shareOf(metric.FilesortOnDisk)},
	{"Killed", shareOf(metric.Killed)},
}

func shareOf(m metric.Metric) func(*stats.Pattern) (float64, bool) {
	return func(p *stats.Pattern) (float64, bool) { return p.ShareOf(m) }
}

// leastShare is the least percentage that is not printed as 0.
const leastShare = .005

// facts lists what a slow log tells about a pattern beside its durations, as far as it is not 0.
func (d *Doc) facts(p *stats.Pattern) (list []string) {
	for _, w := range waits {
		if share, known := shareOfTime(p, w.metric); known && share >= leastShare {
			list = append(list, w.name+": "+decimal(share)+"% of time")
		}
	}
	list = append(list, rowFacts(p)...)
	for _, s := range signs {
		if share, known := s.share(p); known && share >= leastShare {
			list = append(list, s.name+": "+decimal(share)+"%")
		}
	}
	return append(list, d.planFacts(p)...)
}

// rowFacts are the rows of an execution in the mean: "Avg rows: 12.0 sent", "4,800.0 examined (ratio 400.0)".
func rowFacts(p *stats.Pattern) (list []string) {
	for _, row := range []struct {
		metric metric.Metric
		name   string
	}{{metric.RowsSent, " sent"}, {metric.RowsExamined, " examined"}, {metric.RowsAffected, " affected"}} {
		m := p.Measures.Of(row.metric)
		if m == nil || m.Sum == 0 {
			continue
		}
		fact := tenths(m.Mean()) + row.name
		if ratio, known := examinedPerSent(p); known && row.metric == metric.RowsExamined {
			fact += " (ratio " + tenths(ratio) + ")"
		}
		list = append(list, fact)
	}
	if len(list) > 0 {
		list[0] = "Avg rows: " + list[0]
	}
	return list
}

// planFacts says that the server ran a pattern in several ways, and when the latest of them was new.
func (d *Doc) planFacts(p *stats.Pattern) []string {
	plans := plansOf(p)
	if len(plans) < 2 {
		return nil
	}
	fact := "Plans: " + integer(int64(len(plans)))
	if first, latest := plans[0].First, plans[len(plans)-1].First; first != 0 && latest > first {
		fact += " (changed " + d.time(latest, toSecond) + ")"
	}
	return []string{fact}
}

// databases prints the databases of a pattern, and how much of that is inferred.
func databases(p *stats.Pattern) []string {
	list := names("Databases", p.Databases)
	if len(list) == 0 || p.Inferred == 0 {
		return list
	}
	var named int64
	for _, n := range p.Databases {
		named += n
	}
	mark := " (inferred)"
	if p.Inferred < named {
		mark = " (" + percent(p.Inferred, named) + " inferred)"
	}
	list[0] += mark
	return list
}

// estimated marks a figure that stands for more executions than the log has.
func estimated(figure string, is bool) string {
	if is {
		return figure + " (estimated)"
	}
	return figure
}

// estimatedCount is the same for a line that has little room.
func estimatedCount(p *stats.Pattern) string {
	if p.Estimated {
		return integer(p.Count) + " (est.)"
	}
	return integer(p.Count)
}

// tenths prints v with one decimal and thousands separators.
func tenths(v float64) string { return grouped(strconv.FormatFloat(v, 'f', 1, 64)) }

// details prints all that is known of a pattern, in full reports.
func (d *Doc) details(p *page, pattern *stats.Pattern) {
	ids := d.digests(pattern)
	if ids.PTChecksum != "" {
		p.text(below+"pt-query-digest: ", visible(ids.PTChecksum))
	}
	if ids.DigestText != "" {
		p.text(below+"Digest: ", visible(ids.DigestText))
	}
	var zeros []string
	for _, m := range pattern.Measures.Sorted() {
		if m.Sum == 0 {
			zeros = append(zeros, m.Metric.Title())
			continue
		}
		items := measured(m, pattern.Count)
		items[0] = m.Metric.Title() + ": " + items[0]
		p.items(below, items...)
	}
	if len(zeros) > 0 {
		zeros[0] = "Always 0: " + zeros[0]
		p.items(below, zeros...)
	}
	d.planDetails(p, pattern)
}

// planDetails prints the plans of a pattern that has several, for comparison.
func (d *Doc) planDetails(p *page, pattern *stats.Pattern) {
	plans := plansOf(pattern)
	if len(plans) < 2 {
		return
	}
	for _, plan := range plans {
		items := []string{fmt.Sprintf("Plan %016x: ", plan.hash) + plural(plan.Count, "execution")}
		if plan.Timed > 0 {
			items = append(items, "avg "+millis(plan.mean()), "total "+span(plan.Sum))
		}
		p.items(below, append(items, "first "+d.time(plan.First, toSecond))...)
		if d.opts.Examples && plan.Text != "" {
			planTable(p, below+"  ", plan.Text)
		}
	}
}

// measured prints the figures of a metric.
func measured(m *stats.Measure, runs int64) []string {
	number := func(v float64) string { return integer(int64(v)) }
	mean := tenths
	switch m.Metric.Unit() {
	case metric.Flag:
		return []string{integer(m.Nonzero) + " of " + integer(runs) + " (" + percent(m.Nonzero, runs) + ")"}
	case metric.Nanoseconds:
		number, mean = millis, millis
	}
	items := []string{"mean " + mean(m.Mean())}
	if m.Metric.Spread() {
		items = append(items, "p95 "+number(float64(m.Quantile(.95))))
	}
	return append(items, "max "+number(float64(m.Max)), "sum "+number(float64(m.Sum)))
}

// planTable prints how the server ran an example: as a table where that fits, otherwise a row at a time with the names of its values.
func planTable(p *page, indent, plan string) {
	rows := planRows(plan)
	lines := aligned(rows)
	for _, line := range lines {
		if cells(indent+line) > p.width {
			namedRows(p, indent, rows)
			return
		}
	}
	p.lines(indent, lines)
}

// planRows takes a plan apart. The first row has the names of the columns.
func planRows(plan string) (rows [][]string) {
	for line := range strings.Lines(plan) {
		var row []string
		for value := range strings.SplitSeq(strings.TrimRight(line, "\r\n"), "\t") {
			row = append(row, visible(value))
		}
		rows = append(rows, row)
	}
	return rows
}

// aligned lays out rows in columns that are as wide as their widest cell.
func aligned(rows [][]string) []string {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], cells(cell))
		}
	}
	lines := make([]string, len(rows))
	for i, row := range rows {
		line := ""
		for j, cell := range row {
			line += cell + strings.Repeat(" ", widths[j]-cells(cell)+gap)
		}
		lines[i] = strings.TrimRight(line, " ")
	}
	return lines
}

// namedRows prints rows with the names of their values, which the first one has. NULL stands for what a row does not have.
func namedRows(p *page, indent string, rows [][]string) {
	for _, row := range rows[1:] {
		var items []string
		for i, value := range row {
			if value == "NULL" || value == "" {
				continue
			}
			if i < len(rows[0]) {
				value = rows[0][i] + " " + value
			}
			items = append(items, value)
		}
		if len(items) == 0 {
			continue
		}
		for i, line := range wrap(p.width-len(indent)-2, ", ", items...) {
			p.line(indent + strings.Repeat(" ", min(i, 1)*2) + line)
		}
	}
}
