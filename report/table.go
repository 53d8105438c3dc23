package report

import (
	"bufio"
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"github.com/covetlog/covetlog/metric"
	"github.com/covetlog/covetlog/stats"
)

// topOfTable is how many patterns the table and the Markdown report have by default.
const topOfTable = 20

const (
	// gap is the number of cells between two columns.
	gap = 2
	// leastPattern is how many cells the patterns get, if they fill them, before columns make room for them.
	leastPattern = 24
)

// column is a column of the table. Where the width does not do, those with the highest spare go first; 0 stays, and so does the one
// that the table is sorted by.
type column struct {
	title string
	spare int
	order stats.Order // "": nothing is sorted by it
	cell  func(*stats.Pattern) string
}

var columns = []column{
	{"fingerprint", 3, "", func(p *stats.Pattern) string { return hex(p.Key) }},
	{"count", 0, stats.ByCount, func(p *stats.Pattern) string { return integer(p.Count) }},
	{"total ms", 0, stats.ByTotal, cellMS(func(t *stats.Durations) float64 { return float64(t.Sum) })},
	{"avg ms", 1, stats.ByAverage, cellMS((*stats.Durations).Mean)},
	{"p95 ms", 2, stats.ByP95, cellMS(func(t *stats.Durations) float64 { return float64(t.Quantile(.95)) })},
	{"p99 ms", 6, stats.ByP99, cellMS(func(t *stats.Durations) float64 { return float64(t.Quantile(.99)) })},
	{"max ms", 5, stats.ByMax, cellMS(func(t *stats.Durations) float64 { return float64(t.Max) })},
	{"errors %", 4, stats.ByErrorRate, func(p *stats.Pattern) string {
		if !p.OutcomesKnown() {
			return unknown
		}
		return decimal(p.ErrorRate())
	}},
}

// rowColumns stand behind the columns where the log tells of rows and locks.
var rowColumns = []column{
	{"lock %", 8, "", cellShare(func(p *stats.Pattern) (float64, bool) { return shareOfTime(p, metric.LockTime) })},
	{"examined", 7, stats.ByRows, cellSum(metric.RowsExamined)},
	{"sent", 9, stats.BySent, cellSum(metric.RowsSent)},
	{"full scan %", 10, "", cellShare(shareOf(metric.FullScan))},
}

// keyColumns are there when the table is sorted by them.
var keyColumns = []column{
	{"stddev ms", 0, stats.ByStddev, cellMS((*stats.Durations).Stddev)},
	{"slow", 0, stats.BySlow, func(p *stats.Pattern) string { return optional(slowCount(p)) }},
	{"affected", 0, stats.ByAffected, cellSum(metric.RowsAffected)},
	{"lock ms", 0, stats.ByLock, func(p *stats.Pattern) string {
		if lock := sumOf(p, metric.LockTime); lock != nil {
			return decimal(float64(*lock) / 1e6)
		}
		return unknown
	}},
	{"disk tables", 0, stats.ByDisk, func(p *stats.Pattern) string {
		if _, known := p.DiskTableShare(); !known {
			return unknown
		}
		return integer(p.DiskTables())
	}},
	{"impact", 0, stats.ByImpact, func(p *stats.Pattern) string {
		if p.Timed.Count == 0 {
			return unknown
		}
		return decimal(p.Impact() / 1e6)
	}},
}

func cellSum(m metric.Metric) func(*stats.Pattern) string {
	return func(p *stats.Pattern) string { return optional(sumOf(p, m)) }
}

func cellShare(share func(*stats.Pattern) (float64, bool)) func(*stats.Pattern) string {
	return func(p *stats.Pattern) string {
		v, known := share(p)
		if !known {
			return unknown
		}
		return decimal(v)
	}
}

// columns are those that the log has something for, and the one that the table is sorted by.
func (d *Doc) columns(patterns []*stats.Pattern) []column {
	list := slices.Clone(columns)
	if d.inGroups() {
		list = list[1:] // groups have no fingerprint
	}
	if d.mixed() {
		list = append(list, column{"dialect", 0, "", func(p *stats.Pattern) string { return dialectNames[p.Dialect] }})
	}
	for _, c := range slices.Concat(rowColumns, keyColumns) {
		told := func(p *stats.Pattern) bool { return c.cell(p) != unknown }
		if c.order == d.opts.Order || c.spare > 0 && slices.ContainsFunc(patterns, told) {
			list = append(list, c)
		}
	}
	for i := range list {
		if list[i].order == d.opts.Order {
			list[i].spare = 0
		}
	}
	return list
}

// cellMS makes a column of milliseconds.
func cellMS(value func(*stats.Durations) float64) func(*stats.Pattern) string {
	return func(p *stats.Pattern) string {
		if p.Timed.Count == 0 {
			return unknown
		}
		return decimal(value(&p.Timed) / 1e6)
	}
}

// writeTable prints a row a pattern and notes about the rest below.
func (d *Doc) writeTable(out *bufio.Writer) error {
	p := d.page(out)
	patterns := d.limited(d.patterns, topOfTable)
	fitting, left := fit(d.columns(patterns), patterns, p.width, lastCells(patterns, d.thing()))
	if len(patterns) > 0 {
		if err := table(p, fitting, patterns, d.thing()); err != nil {
			return err
		}
	}
	d.tableNotes(p, len(patterns), left)
	d.warningList(p)
	return nil
}

// fit keeps the columns that leave room for what stands last, which takes some cells, the least spare first. The titles of the others
// are left. One that is too wide does not keep out a narrower one that is more to spare.
func fit(columns []column, patterns []*stats.Pattern, width, last int) (fitting []column, left []string) {
	fits := func(c column) bool {
		return c.spare == 0 || roomBeside(cellsOf(append(slices.Clip(fitting), c), patterns), width) >= last
	}
	bySpare := slices.Clone(columns)
	slices.SortStableFunc(bySpare, func(a, b column) int { return cmp.Compare(a.spare, b.spare) })
	for _, c := range bySpare {
		if fits(c) {
			fitting = append(fitting, c)
		} else {
			left = append(left, c.title)
		}
	}
	place := func(c column) int {
		return slices.IndexFunc(columns, func(o column) bool { return o.title == c.title })
	}
	slices.SortFunc(fitting, func(a, b column) int { return cmp.Compare(place(a), place(b)) })
	return fitting, left
}

// lastCells is how many cells the patterns are given before columns make room for them.
func lastCells(patterns []*stats.Pattern, title string) int {
	widest := cells(title)
	for _, p := range patterns {
		widest = max(widest, cells(clip(patternText(p), leastPattern)))
	}
	return min(widest, leastPattern)
}

// cellsOf makes the rows of the table, the titles first, with a rank in front and without the patterns.
func cellsOf(columns []column, patterns []*stats.Pattern) [][]string {
	rows := make([][]string, len(patterns)+1)
	rows[0] = []string{"#"}
	for i := range patterns {
		rows[i+1] = []string{integer(int64(i + 1))}
	}
	for _, c := range columns {
		rows[0] = append(rows[0], c.title)
		for i, p := range patterns {
			rows[i+1] = append(rows[i+1], c.cell(p))
		}
	}
	return rows
}

// roomBeside is how many cells of a line the rows leave for the patterns.
func roomBeside(rows [][]string, width int) int {
	for i := range rows[0] {
		widest := 0
		for _, row := range rows {
			widest = max(widest, len(row[i]))
		}
		width -= widest + gap
	}
	return width - gap
}

func table(p *page, columns []column, patterns []*stats.Pattern, last string) error {
	rows := cellsOf(columns, patterns)
	room := max(1, roomBeside(rows, p.width))
	rows[0] = append(rows[0], clip(last, room))
	for i, pattern := range patterns {
		text := clip(patternText(pattern), room)
		if p.full {
			text = strings.Join(wrapText(room, patternText(pattern)), "\n")
		}
		rows[i+1] = append(rows[i+1], text)
	}
	var b strings.Builder
	if err := draw(&b, rows); err != nil {
		return err
	}
	for line := range strings.Lines(b.String()) {
		p.line(strings.TrimRight(line, " \n"))
	}
	return nil
}

// draw lays out rows, the first of which is the titles. Columns of numbers are flush right, the last is flush left.
func draw(w io.Writer, rows [][]string) error {
	align := slices.Repeat(tw.Alignment{tw.AlignRight}, len(rows[0]))
	align[len(align)-1] = tw.AlignLeft
	t := tablewriter.NewTable(w,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders: tw.BorderNone,
			Symbols: tw.NewSymbols(tw.StyleLight),
			Settings: tw.Settings{
				Separators: tw.Separators{BetweenColumns: tw.Off, BetweenRows: tw.Off},
				Lines:      tw.Lines{ShowTop: tw.Off, ShowBottom: tw.Off, ShowHeaderLine: tw.On},
			},
		})),
		tablewriter.WithEastAsian(tw.Off), // it would ask the locale
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithHeaderAutoFormat(tw.Off), // it would print p95 as P 95
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithPadding(tw.Padding{Right: strings.Repeat(" ", gap), Overwrite: true}),
		tablewriter.WithAlignment(align),
	)
	t.Header(rows[0])
	if err := t.Bulk(rows[1:]); err != nil {
		return err
	}
	return t.Render()
}

// tableNotes says what the table stands for and what it leaves out.
func (d *Doc) tableNotes(p *page, shown int, left []string) {
	if note := d.emptiness(visible); note != "" {
		p.lines("", wrapText(p.width, note))
		return
	}
	p.line("")
	t := d.totals
	p.items("", integer(int64(shown))+" of "+integer(int64(t.Patterns))+" "+d.things()+" by "+string(d.opts.Order),
		estimated(integer(t.Count)+" executions", t.Estimated), d.errorsInAll(), "total "+d.totalTime())
	if u := &d.set.Untied; u.Count > 0 {
		p.items("", plural(u.Count, "duration")+" without a query", "total "+span(u.Sum))
	}
	if len(d.commands) > 0 {
		p.items("", "administrator commands "+d.commandTotal())
	}
	if len(left) > 0 {
		p.items("", append([]string{"no room for " + left[0]}, left[1:]...)...)
	}
}

// totalTime is the time of all queries, unknown when none has a duration.
func (d *Doc) totalTime() string {
	if d.totals.Timed == 0 {
		return unknown
	}
	return span(d.totals.Sum)
}
