package monitor

import (
	"bytes"

	"github.com/covetlog/covetlog/metric"
	"github.com/covetlog/covetlog/parse"
	"github.com/covetlog/covetlog/stats"
)

// weight returns how many executions an Event stands for, and whether that is an estimate.
func (c *Collector) weight(e *parse.Event) (n int64, estimated bool) {
	switch {
	case e.Rate <= 1 || e.Duration >= int64(c.opts.Outlier):
		return 1, false
	case c.opts.NoScale:
		c.sampled = true
		return 1, false
	}
	return e.Rate, true
}

// measure counts what a slow log tells beside the duration.
func (c *Collector) measure(t *tally, e *parse.Event, n int64) {
	if n == 1 {
		t.measured.add(&t.Measures, e.Metrics)
	} else {
		t.Measures.Add(e.Metrics, n)
	}
	if e.Inherited {
		t.Inferred += n
	}
	if e.Silent {
		t.Silent += n
	}
	if len(e.Plan) > 0 && c.opts.Group == nil { // a group has many statements
		c.countPlan(t.Plans.Of(planShape(e.Plan)), e, n)
	}
}

// maxPlan is how many bytes of a plan are kept, of several for each pattern.
const maxPlan = 4 << 10

// countPlan counts n executions by a plan.
func (c *Collector) countPlan(p *stats.Plan, e *parse.Event, n int64) {
	p.AddN(timeOf(e), n)
	p.AddTime(e.Duration, n)
	if c.opts.Examples && (p.Text == "" || e.Duration >= p.Slowest) {
		c.message = bytes.TrimRight(appendPlan(c.message[:0], e.Plan), "\r\n")
		p.Keep(e.Duration, c.message[:min(len(c.message), maxPlan)])
	}
}

// measureBatches hold metrics that are yet to be counted, for the reason that a batch does: three or thirty of each execution.
type measureBatches []measureBatch

type measureBatch struct {
	metric metric.Metric
	n      uint8
	values [7]int64
}

// add takes the metrics of an execution. Most often they come in the order of the execution before.
func (bs *measureBatches) add(to *stats.Measures, values []metric.Value) {
	at := 0
	for _, v := range values {
		if at >= len(*bs) || (*bs)[at].metric != v.Metric {
			at = bs.find(v.Metric)
		}
		b := &(*bs)[at]
		if int(b.n) == len(b.values) {
			b.settle(to)
		}
		b.values[b.n] = v.Value
		b.n++
		at++
	}
}

// find returns the place of a metric, a new one if need be.
func (bs *measureBatches) find(m metric.Metric) int {
	for i := range *bs {
		if (*bs)[i].metric == m {
			return i
		}
	}
	*bs = append(*bs, measureBatch{metric: m})
	return len(*bs) - 1
}

func (b *measureBatch) settle(to *stats.Measures) {
	to.AddAll(b.metric, b.values[:b.n])
	b.n = 0
}

// settle counts what waits.
func (bs measureBatches) settle(to *stats.Measures) {
	for i := range bs {
		bs[i].settle(to)
	}
}

// command counts an administrator command on its own.
func (c *Collector) command(e *parse.Event) {
	p := c.set.Commands[string(e.SQL)] // copies nothing
	if p == nil {
		p = &stats.Pattern{Text: string(e.SQL)}
		c.set.Commands[p.Text] = p
	}
	n, estimated := c.weight(e)
	p.Estimated = p.Estimated || estimated
	p.Count += n
	if e.Failed {
		p.Errors += n
	}
	if e.Duration != parse.Unknown {
		p.Timed.AddN(e.Duration, n)
	}
}

// commandPrefix stands before the name of an administrator command in its pattern, as in the log.
const commandPrefix = "administrator command: "

// commandAsQuery counts an administrator command as one of its own pattern. It is false when it was not chosen.
func (c *Collector) commandAsQuery(e *parse.Event) bool {
	text := commandPrefix + string(e.SQL)
	if c.opts.Match != nil && !c.opts.Match(text) {
		return false
	}
	t := (*tally)(nil)
	if c.opts.Group != nil {
		t = c.group(e)
	} else {
		t = c.pattern(stats.Key{Fingerprint: fnvAdd(fnvStart, text), Dialect: stats.MySQL, By: stats.ByLexer}, text)
	}
	c.execution(t, e)
	return true
}

// planColumns are those of EXPLAIN that make the shape of a plan. Numbers of rows are not among them: they change with the data.
var planColumns = [...]string{"id", "select_type", "table", "type", "key", "key_len", "ref", "Extra"}

// planPrefix stands in front of each line of a plan.
const planPrefix = "# explain: "

// planShape hashes the shape of a plan. Its first line names the columns.
func planShape(plan []byte) uint64 {
	h := uint64(fnvStart)
	var chosen [32]bool
	first := true
	for line := range bytes.Lines(plan) {
		text, ok := bytes.CutPrefix(bytes.TrimRight(line, "\r\n"), []byte(planPrefix))
		if !ok {
			continue
		}
		column := 0
		for value := range bytes.SplitSeq(text, []byte("\t")) {
			if first && column < len(chosen) {
				chosen[column] = isPlanColumn(value)
			}
			if column < len(chosen) && chosen[column] {
				h = fnvAdd(h, value)
			}
			h = (h ^ '\t') * fnvPrime
			column++
		}
		h = (h ^ '\n') * fnvPrime
		first = false
	}
	return h
}

// FNV-1a as hash/fnv has it, which takes memory for each byte that is written through its interface.
const (
	fnvStart = 14695981039346656037
	fnvPrime = 1099511628211
)

func fnvAdd[T string | []byte](h uint64, text T) uint64 {
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * fnvPrime
	}
	return h
}

func isPlanColumn(name []byte) bool {
	for _, column := range planColumns {
		if string(name) == column {
			return true
		}
	}
	return false
}

// planText returns a plan as a table, without the marks of the log.
func planText(plan []byte) string {
	short, _ := shorten(bytes.TrimRight(appendPlan(nil, plan), "\r\n"))
	return short
}

// appendPlan appends the rows of a plan.
func appendPlan(text, plan []byte) []byte {
	for line := range bytes.Lines(plan) {
		if row, ok := bytes.CutPrefix(line, []byte(planPrefix)); ok {
			text = append(text, row...)
		}
	}
	return text
}
