package report

import (
	"bufio"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/covetlog/covetlog/metric"
	"github.com/covetlog/covetlog/stats"
)

// topOfText is how many entries a section of the text report has by default.
const topOfText = 5

// writeText prints the report in the layout of the monitoring guide, what the guide does not have behind what it has.
func (d *Doc) writeText(out *bufio.Writer) error {
	p := d.page(out)
	d.header(p)
	d.overall(p)
	for _, r := range d.rankings {
		d.ranking(p, r)
	}
	d.phaseTimes(p)
	d.commandList(p)
	d.errorList(p)
	d.messageList(p)
	d.suggestionList(p)
	d.inputList(p)
	d.warningList(p)
	return nil
}

// top is how many entries a section has.
func (d *Doc) top() int { return cmp.Or(d.opts.Limit, topOfText) }

func (d *Doc) header(p *page) {
	p.rule()
	p.line(p.bold("QUERY PERFORMANCE REPORT"))
	p.rule()
	if note := d.emptiness(visible); note != "" {
		p.line("")
		p.lines("", wrapText(p.width, note))
	}
}

func (d *Doc) overall(p *page) {
	p.title("OVERALL METRICS")
	for _, m := range d.metrics() {
		p.prose("  ", m.name+": "+m.value)
	}
	if d.torn() {
		p.prose("  ", "Is the log_line_prefix without %p? Text and duration of a statement cannot be tied together then.")
	}
}

// torn says that texts and durations are there and no text has its duration: nothing tells which belong together.
func (d *Doc) torn() bool { return d.set.Untied.Count > 0 && d.totals.Count > 0 && d.totals.Timed == 0 }

// figure is one about the whole run.
type figure struct{ name, value string }

// metrics lists what is true of the whole run: the guide's five, then what else there is.
func (d *Doc) metrics() []figure {
	t, u := d.totals, &d.set.Untied
	list := []figure{
		{"Total Queries", estimated(integer(t.Count), t.Estimated)},
		{"Slow Queries", d.slowCount()},
		{"Errors", d.errorCount()},
		{"Unique " + d.uniqueThings(), integer(int64(t.Patterns))},
		{"Threshold", d.threshold()},
	}
	add := func(when bool, name string, value func() string) {
		if when {
			list = append(list, figure{name, value()})
		}
	}
	add(t.Timed > 0, "Total Time", func() string { return estimated(span(t.Sum), t.Estimated) })
	lock, told := d.set.SumOf(metric.LockTime)
	add(told, "Lock Time", func() string {
		return estimated(span(lock)+" ("+percent(lock, t.Sum)+" of total time)", t.Estimated)
	})
	for _, m := range []metric.Metric{metric.RowsExamined, metric.RowsSent} {
		sum, told := d.set.SumOf(m)
		add(told, titled(m), func() string { return estimated(integer(sum), t.Estimated) })
	}
	add(len(d.commands) > 0, "Administrator Commands", d.commandTotal)
	add(t.Timed < t.Count, "Queries Without a Duration", func() string { return integer(t.Count - t.Timed) })
	add(u.Count > 0, "Durations Without a Query", func() string { return integer(u.Count) + ", total " + span(u.Sum) })
	add(d.phases.parse.Count > 0, "Parse Time", func() string { return phase(&d.phases.parse, "parse") })
	add(d.phases.bind.Count > 0, "Bind Time", func() string { return phase(&d.phases.bind, "bind") })
	add(d.phases.nested.Count > 0, "Nested Time", func() string { return phase(&d.phases.nested, "run") + ", within other queries" })
	add(d.set.Overflow != nil, "Queries of Patterns Beyond the Cap", func() string { return integer(d.set.Overflow.Count) })
	add(d.set.Window != stats.Window{}, "Window", d.window)
	return list
}

// titled is the title of a metric in capitals, as those of the other figures: "Rows Examined".
func titled(m metric.Metric) string {
	words := strings.Fields(m.Title())
	for i, w := range words {
		words[i] = capital(w)
	}
	return strings.Join(words, " ")
}

// capital makes the first letter of an English word large.
func capital(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// uniqueThings are the things that are counted, in one English word.
func (d *Doc) uniqueThings() string {
	word, _, _ := strings.Cut(d.things(), " ")
	return capital(word)
}

// errorCount is the number of errors, and how much of the log does not tell of any.
func (d *Doc) errorCount() string {
	t := &d.totals
	if !t.OutcomesKnown() {
		return unknown + " (the log does not tell)"
	}
	count := estimated(integer(t.Errors)+" ("+percent(t.Errors, t.Count)+")", t.Estimated)
	if t.Silent > 0 {
		count += "; the log does not tell of " + integer(t.Silent)
	}
	return count
}

func (d *Doc) slowCount() string {
	n, known := d.slow()
	if !known {
		return unknown
	}
	return estimated(integer(n)+" ("+percent(n, d.totals.Count)+")", d.totals.Estimated)
}

func (d *Doc) threshold() string {
	if d.opts.Profile == "" {
		return threshold(d.set.Threshold)
	}
	return threshold(d.set.Threshold) + " (" + visible(d.opts.Profile) + ")"
}

func (d *Doc) window() string {
	w := d.set.Window
	return d.time(w.Start, toSecond) + " to " + d.time(w.End, toSecond) + " (" + clock(w.End-w.Start) + ")"
}

func (d *Doc) ranking(p *page, r ranking) {
	if len(r.patterns) == 0 {
		d.missing(p, r)
		return
	}
	p.title("%s", d.heading(r.view))
	for i, pattern := range d.limited(r.patterns, topOfText) {
		d.entry(p, i+1, pattern, r.facts(d, pattern))
	}
}

// missing says of a section without patterns that it is the log that lacks the figure.
func (d *Doc) missing(p *page, r ranking) {
	if r.untold != "" && d.totals.Count > 0 {
		p.title("%s", d.heading(r.view))
		p.prose("  ", "The log does not tell "+r.untold+".")
	}
}

// below is the indent of what stands below a pattern.
const below = "     "

func (d *Doc) entry(p *page, rank int, pattern *stats.Pattern, facts []string) {
	f := figuresOf(&pattern.Timed)
	p.text(fmt.Sprintf("%3d. ", rank), patternText(pattern))
	p.figures(pattern, "Avg: "+p.slowness(f.avg, pattern.Timed.Mean(), d.set.Threshold), "P95: "+f.p95, "Executions: "+estimatedCount(pattern))
	for i, fact := range facts {
		if strings.HasPrefix(fact, "Error") {
			facts[i] = p.red(fact)
		}
	}
	if p.mixed {
		facts = append([]string{dialectNames[pattern.Dialect]}, facts...)
	}
	facts = append(facts, databases(pattern)...)
	p.items(below, append(facts, names("Users", pattern.Users)...)...)
	if measured := d.facts(pattern); len(measured) > 0 {
		p.items(below, measured...)
	}
	d.once(p, pattern)
}

// once prints what a report has once of each pattern: the sections share many of them.
func (d *Doc) once(p *page, pattern *stats.Pattern) {
	if p.detailed[pattern.Key] {
		return
	}
	p.detailed[pattern.Key] = true
	if p.full {
		d.details(p, pattern)
	}
	d.exampleOf(p, pattern)
}

// figures prints what was measured of a pattern and, faint at the end of the rule, its fingerprint.
func (p *page) figures(pattern *stats.Pattern, items ...string) {
	left, right := below+strings.Join(items, ", "), hex(pattern.Key)
	if p.grouped {
		p.items(below, items...)
		return
	}
	space := min(p.width, 80) - cells(left) - len(right)
	if space < 2 {
		p.items(below, append(items, p.faint(right))...)
		return
	}
	p.line(left + strings.Repeat(" ", space) + p.faint(right))
}

// patternText is the text of a pattern, harmless.
func patternText(p *stats.Pattern) string { return cmp.Or(visible(p.Text), unknown) }

// exampleOf prints the example of a pattern.
func (d *Doc) exampleOf(p *page, pattern *stats.Pattern) {
	e := d.example(pattern)
	if e == nil {
		return
	}
	origin := d.provenance(e)
	if e.SQL == "" { // the log hides it
		origin[0] = "Example: " + origin[0]
		p.items(below, origin...)
	} else if p.full {
		origin[0] = "Example: " + origin[0]
		p.items(below, origin...)
		d.verbatim(p, e.SQL)
	} else {
		p.text(below+"Example: ", visible(oneLine(e.SQL)))
		p.items(below+"  ", origin...)
	}
	if e.Params != "" {
		p.text(below+"  Parameters: ", visible(oneLine(e.Params)))
	}
	if !p.full {
		return
	}
	if e.Attributes != "" {
		p.text(below+"  Attributes: ", visible(oneLine(e.Attributes)))
	}
	if e.Plan != "" {
		p.line(below + "  Plan:")
		planTable(p, below+"    ", e.Plan)
	}
}

// provenance says where and when an example was, and what it took.
func (d *Doc) provenance(e *stats.Example) []string {
	list := []string{duration(e.Duration)}
	if e.Time != 0 {
		list = append(list, d.time(e.Time, toMilli))
	}
	list = append(list, visible(e.Source), fmt.Sprintf("byte %d", e.Offset))
	if e.Cut {
		list = append(list, "text incomplete")
	}
	return list
}

// duration prints nanoseconds, or unknown when they are negative.
func duration(ns int64) string {
	if ns < 0 {
		return unknown
	}
	return millis(float64(ns))
}

// verbatim prints a text with its own line breaks.
func (d *Doc) verbatim(p *page, s string) {
	for line := range strings.Lines(s) {
		line = strings.ReplaceAll(strings.TrimRight(line, "\r\n"), "\t", "    ")
		text := strings.TrimLeft(line, " ")
		indent := below + "  " + strings.Repeat(" ", min(len(line)-len(text), p.width/3))
		p.lines(indent, wrapText(p.width-len(indent), visible(text)))
	}
}

func (d *Doc) phaseTimes(p *page) {
	if len(d.phases.patterns) == 0 {
		return
	}
	title := "TOP %d BY PARSE AND BIND TIME"
	if d.phases.nested.Count > 0 {
		title = "TOP %d BY PARSE, BIND AND NESTED TIME"
	}
	p.title(title, d.top())
	for i, pattern := range d.limited(d.phases.patterns, topOfText) {
		p.text(fmt.Sprintf("%3d. ", i+1), patternText(pattern))
		figures := []string{"Parse: " + phase(&pattern.ParsePhase, "parse"), "Bind: " + phase(&pattern.BindPhase, "bind")}
		if pattern.Nested.Count > 0 {
			figures = append(figures, "Nested: "+phase(&pattern.Nested, "run"))
		}
		p.figures(pattern, figures...)
	}
}

// phase prints the time of a phase and how often it came: "3.00ms in 2 parses".
func phase(t *stats.Durations, name string) string {
	if t.Count == 0 {
		return unknown
	}
	return span(t.Sum) + " in " + plural(t.Count, name)
}

func (d *Doc) errorList(p *page) {
	if len(d.errors) == 0 {
		return
	}
	p.title("ERRORS")
	shown := d.errors[:min(d.top(), len(d.errors))]
	column, kinds := len(integer(shown[0].Count)), 0
	for _, e := range shown {
		kinds = max(kinds, cells(e.kind()))
	}
	for _, e := range shown {
		kind := e.kind() + strings.Repeat(" ", kinds-cells(e.kind()))
		p.text(p.red(fmt.Sprintf("  %*s  %s  ", column, integer(e.Count), kind)), cmp.Or(visible(e.Message), unknown))
	}
	p.more(len(d.errors) - len(shown))
}

// kind is the severity and code of an error, short enough for a column.
func (e failure) kind() string {
	return clip(visible(strings.TrimSpace(e.Severity+" "+e.Code)), 16)
}

// commandList prints the administrator commands.
func (d *Doc) commandList(p *page) {
	if len(d.commands) == 0 {
		return
	}
	p.title("ADMINISTRATOR COMMANDS")
	column := 0
	for _, c := range d.commands {
		column = max(column, len(integer(c.Count)))
	}
	for _, c := range d.commands {
		f := figuresOf(&c.Timed)
		p.prose(fmt.Sprintf("  %*s  ", column, integer(c.Count)), estimated(cmp.Or(visible(c.Text), unknown), c.Estimated)+": total "+f.total+", max "+f.max)
	}
}

// commandTotal is how many administrator commands there are and what they took: "17, total 1.70ms".
func (d *Doc) commandTotal() string {
	t, total := d.set.CommandTotals(), unknown
	if t.Timed > 0 {
		total = span(t.Sum)
	}
	return estimated(integer(t.Count), t.Estimated) + ", total " + total
}

func (d *Doc) messageList(p *page) {
	if len(d.messages) == 0 {
		return
	}
	p.title("SERVER MESSAGES")
	column := len(integer(d.messages[0].Count))
	for _, m := range d.messages {
		p.text(fmt.Sprintf("  %*s  ", column, integer(m.Count)), visible(m.name))
	}
}

func (d *Doc) suggestionList(p *page) {
	if len(d.suggestions) == 0 {
		return
	}
	p.title("SUGGESTIONS")
	shown := d.suggestions[:min(d.top(), len(d.suggestions))]
	for _, s := range shown {
		p.prose("  - ", visible(s.Text))
		if pattern := d.set.Patterns[s.Fingerprint]; pattern != nil {
			p.text("      ", patternText(pattern))
		}
		p.line("      " + p.faint(hex(s.Fingerprint)))
	}
	p.more(len(d.suggestions) - len(shown))
}

func (d *Doc) warningList(p *page) {
	if len(d.warnings) == 0 {
		return
	}
	p.title("WARNINGS")
	for _, w := range d.warnings {
		p.prose("  ", visible(w))
	}
}

// byCount lists the keys of counts, the largest count first, equals by name.
func byCount(counts map[string]int64) []string {
	return slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
}
