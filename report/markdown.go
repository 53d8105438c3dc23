package report

import (
	"bufio"
	"cmp"
	"fmt"
	"strings"

	"github.com/covetlog/covetlog/metric"
	"github.com/covetlog/covetlog/stats"
)

// widthOfMarkdown is how much of a pattern a table in Markdown shows, in cells.
const widthOfMarkdown = 120

// writeMarkdown prints a report to be pasted into a review or an issue. tablewriter has a Markdown renderer too, but
// it does not escape the pipes of a||b.
func (d *Doc) writeMarkdown(out *bufio.Writer) error {
	m := markdown{out}
	m.heading("# Query performance report")
	if note := d.emptiness(func(s string) string { return markdownCode(s, false) }); note != "" {
		m.line(note)
		m.line("")
	}
	d.markdownMetrics(m)
	d.markdownPatterns(m)
	d.markdownMeasures(m)
	d.markdownExamples(m)
	d.markdownCommands(m)
	d.markdownErrors(m)
	d.markdownMessages(m)
	d.markdownSuggestions(m)
	d.markdownInputs(m)
	m.list("Warnings", d.warnings)
	return nil
}

type markdown struct{ *bufio.Writer }

func (m markdown) line(s string) { m.WriteString(s + "\n") }

func (m markdown) heading(s string) { m.line(s + "\n") }

// table prints rows below titles. An alignment is "l" or "r", one letter a column. The cells are Markdown.
func (m markdown) table(align string, titles []string, rows [][]string) {
	m.row(titles)
	for _, a := range align {
		m.WriteString(map[rune]string{'l': "|:--", 'r': "|--:"}[a])
	}
	m.line("|")
	for _, row := range rows {
		m.row(row)
	}
	m.line("")
}

func (m markdown) row(cells []string) { m.line("| " + strings.Join(cells, " | ") + " |") }

func (m markdown) list(title string, texts []string) {
	if len(texts) == 0 {
		return
	}
	m.heading("## " + title)
	for _, s := range texts {
		m.line("- " + markdownCode(s, false))
	}
	m.line("")
}

// fenced prints a text from a log as a block of code, with its own line breaks.
func (m markdown) fenced(language, text string) {
	lines := strings.Split(strings.TrimRight(text, "\r\n"), "\n")
	for i, line := range lines {
		lines[i] = visible(strings.ReplaceAll(strings.TrimRight(line, "\r"), "\t", "    "))
	}
	block := strings.Join(lines, "\n")
	fence := strings.Repeat("`", max(3, longestRun(block, '`')+1))
	m.line(fence + language + "\n" + block + "\n" + fence + "\n")
}

func (d *Doc) markdownMetrics(m markdown) {
	var rows [][]string
	for _, f := range d.metrics() {
		rows = append(rows, []string{f.name, f.value})
	}
	m.table("lr", []string{"Metric", "Value"}, rows)
}

func (d *Doc) markdownPatterns(m markdown) {
	patterns := d.limited(d.patterns, topOfTable)
	if len(patterns) == 0 {
		return
	}
	m.heading(fmt.Sprintf("## %s by `%s` (%s of %s)", d.markdownThings(), d.opts.Order, integer(int64(len(patterns))), integer(int64(d.totals.Patterns))))
	var rows [][]string
	for i, p := range patterns {
		f := figuresOf(&p.Timed)
		rows = append(rows, []string{integer(int64(i + 1)), d.markdownPattern(p), estimatedCount(p), f.total, d.markdownShare(p), f.avg, f.p95, f.p99, f.max,
			errorsOf(p), "`" + hex(p.Key) + "`"})
	}
	titles := []string{"#", "Pattern", "Executions", "Total", "Share", "Avg", "P95", "P99", "Max", "Errors", "Fingerprint"}
	if d.inGroups() {
		titles[1], titles = "Name", titles[:len(titles)-1]
		for i, row := range rows {
			rows[i] = row[:len(titles)]
		}
	}
	align := "rlrrrrrrrrl"[:len(titles)]
	if d.mixed() {
		align, titles = align+"l", append(titles, "Dialect")
		for i, p := range patterns {
			rows[i] = append(rows[i], dialectNames[p.Dialect])
		}
	}
	m.table(align, titles, rows)
}

// markdownThings are the things that are counted, in the heading of their table.
func (d *Doc) markdownThings() string {
	if tag, tagged := strings.CutPrefix(d.set.GroupBy, "tag:"); tagged {
		return "Values of " + markdownCode(tag, false)
	}
	return capital(d.things())
}

// markdownMeasures prints what a slow log tells beside durations: sums, and percentages of the executions.
func (d *Doc) markdownMeasures(m markdown) {
	var rows [][]string
	share := func(v float64, known bool) string {
		if !known {
			return unknown
		}
		return decimal(v) + "%"
	}
	for i, p := range d.limited(d.patterns, topOfTable) {
		if len(p.Measures) == 0 {
			continue
		}
		ratio := unknown
		if v, known := examinedPerSent(p); known {
			ratio = tenths(v)
		}
		rows = append(rows, []string{integer(int64(i + 1)), d.markdownName(p, true), share(shareOfTime(p, metric.LockTime)), optional(sumOf(p, metric.RowsSent)),
			optional(sumOf(p, metric.RowsExamined)), ratio, optional(sumOf(p, metric.RowsAffected)), share(p.ShareOf(metric.FullScan)),
			share(p.ShareOf(metric.FullJoin)), share(p.DiskTableShare()), share(p.ShareOf(metric.Filesort)), optionalCount(len(p.Plans))})
	}
	if len(rows) == 0 {
		return
	}
	m.heading("## Rows, locks and temporary tables")
	title := "Fingerprint"
	if d.inGroups() {
		title = "Name"
	}
	m.table("rlrrrrrrrrrr", []string{"#", title, "Lock", "Rows sent", "Rows examined", "Examined per sent", "Rows affected",
		"Full scan", "Full join", "Tmp on disk", "Filesort", "Plans"}, rows)
}

// markdownCommands prints the administrator commands.
func (d *Doc) markdownCommands(m markdown) {
	if len(d.commands) == 0 {
		return
	}
	m.heading("## Administrator commands")
	var rows [][]string
	for _, c := range d.commands {
		f := figuresOf(&c.Timed)
		rows = append(rows, []string{estimatedCount(c), f.total, f.max, markdownCode(c.Text, true)})
	}
	m.table("rrrl", []string{"Count", "Total", "Max", "Command"}, rows)
}

func (d *Doc) markdownPattern(p *stats.Pattern) string {
	text := visible(p.Text)
	if !d.opts.Full {
		text = clip(text, widthOfMarkdown)
	}
	return markdownCode(text, true)
}

func (d *Doc) markdownShare(p *stats.Pattern) string {
	if p.Timed.Count == 0 {
		return unknown
	}
	return percent(p.Timed.Sum, d.totals.Sum)
}

func (d *Doc) markdownExamples(m markdown) {
	title := "## Examples"
	for _, p := range d.limited(d.patterns, topOfTable) {
		e := d.example(p)
		if e == nil {
			continue
		}
		if title != "" {
			m.heading(title)
			title = ""
		}
		m.line(fmt.Sprintf("%s: %s, %s, %s, byte %d\n", d.markdownName(p, false), duration(e.Duration), d.time(e.Time, toMilli), markdownCode(e.Source, false), e.Offset))
		if e.SQL != "" {
			m.fenced("sql", e.SQL)
		}
		if e.Params != "" {
			m.line("Parameters: " + markdownCode(oneLine(e.Params), false) + "\n")
		}
		if e.Plan != "" {
			m.fenced("", strings.Join(aligned(planRows(e.Plan)), "\n"))
		}
	}
}

// markdownName tells a pattern from the others; see markdownCode.
func (d *Doc) markdownName(p *stats.Pattern, inTable bool) string {
	if d.inGroups() {
		return markdownCode(p.Text, inTable)
	}
	return "`" + hex(p.Key) + "`"
}

func (d *Doc) markdownErrors(m markdown) {
	if len(d.errors) == 0 {
		return
	}
	shown := d.errors[:min(len(d.errors), cmp.Or(d.opts.Limit, topOfTable))]
	m.heading(fmt.Sprintf("## Errors (%s of %s)", integer(int64(len(shown))), integer(int64(len(d.errors)))))
	var rows [][]string
	for _, e := range shown {
		rows = append(rows, []string{integer(e.Count), markdownCode(e.Severity, true), markdownCode(e.Code, true), markdownCode(e.Message, true)})
	}
	m.table("rlll", []string{"Count", "Severity", "Code", "Message"}, rows)
}

func (d *Doc) markdownMessages(m markdown) {
	if len(d.messages) == 0 {
		return
	}
	m.heading("## Server messages")
	var rows [][]string
	for _, t := range d.messages {
		rows = append(rows, []string{integer(t.Count), markdownCode(t.name, true)})
	}
	m.table("rl", []string{"Count", "Topic"}, rows)
}

func (d *Doc) markdownSuggestions(m markdown) {
	var texts []string
	shown := d.suggestions[:min(len(d.suggestions), cmp.Or(d.opts.Limit, topOfTable))]
	for _, s := range shown {
		texts = append(texts, hex(s.Fingerprint)+": "+s.Text)
	}
	m.list(fmt.Sprintf("Suggestions (%s of %s)", integer(int64(len(shown))), integer(int64(len(d.suggestions)))), texts)
}

func (d *Doc) markdownInputs(m markdown) {
	if len(d.set.Inputs) == 0 {
		return
	}
	m.heading("## Inputs")
	var rows [][]string
	for i := range d.set.Inputs {
		in := &d.set.Inputs[i]
		rows = append(rows, []string{markdownCode(in.Name, true), markdownCode(in.Format, true), integer(in.Lines), integer(in.Entries), integer(in.Bytes),
			integer(in.RecognisedBytes), integer(in.SkippedBytes), integer(in.UnrecognisedBytes), recognised(in), markdownCode(in.Error, true)})
	}
	m.table("llrrrrrrrl", []string{"Input", "Format", "Lines", "Entries", "Bytes", "Recognised", "Skipped", "Unrecognised", "Lines recognised", "Error"}, rows)
	d.markdownDoubtful(m)
}

// markdownDoubtful prints how many entries are not as they should be.
func (d *Doc) markdownDoubtful(m markdown) {
	var rows [][]string
	for i := range d.set.Inputs {
		if in := &d.set.Inputs[i]; doubtful(in) > 0 {
			rows = append(rows, []string{markdownCode(in.Name, true), integer(in.PartialEntries), integer(in.MalformedEntries), integer(in.AmbiguousEntries)})
		}
	}
	if len(rows) > 0 {
		m.table("lrrr", []string{"Input", "Partial entries", "Malformed entries", "Ambiguous entries"}, rows)
	}
}
