package report

import (
	"bufio"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/covetlog/covetlog/metric"
	"github.com/covetlog/covetlog/stats"
)

func (d *Doc) writeJSON(out *bufio.Writer) error { return stream(out, d.document()) }

func (d *Doc) document() document {
	return document{
		Schema:      Schema,
		Inputs:      mapped(d.set.Inputs, d.inputView),
		Window:      window{instant(d.set.Window.Start), instant(d.set.Window.End)},
		Queries:     d.queries(),
		Commands:    mapped(d.commands, commandView),
		Errors:      mapped(d.errors, errorView),
		Messages:    mapped(d.messages, topicView),
		Pools:       []struct{}{},
		Suggestions: mapped(d.suggestions, func(s Suggestion) advice { return advice{hex(s.Fingerprint), s.Kind, s.Text} }),
		Alerts:      []struct{}{},
		Warnings:    d.listWarnings(),
	}
}

// listWarnings are the warnings, and what the list of patterns lacks.
func (d *Doc) listWarnings() []string {
	list := append([]string{}, d.warnings...)
	shown := d.limited(d.patterns, 0)
	if len(shown) > maxDigests && d.opts.Digests != nil && slices.ContainsFunc(shown[maxDigests:], func(p *stats.Pattern) bool { return p.Dialect == stats.MySQL }) {
		list = append(list, fmt.Sprintf("pt_checksum and digest_text are told of the first %s patterns alone", integer(maxDigests)))
	}
	return list
}

// mapped returns view of each of list. It is never nil: an empty list is [] in JSON.
func mapped[A, B any](list []A, view func(A) B) []B {
	views := make([]B, len(list))
	for i, v := range list {
		views[i] = view(v)
	}
	return views
}

func (d *Doc) inputView(in stats.Input) input {
	return input{
		Name: in.Name, Format: name(in.Format), Compression: name(in.Compression), Prefix: name(in.Prefix),
		Bytes: in.Bytes, Lines: in.Lines, BlankLines: in.BlankLines, Entries: in.Entries,
		RecognisedBytes: in.RecognisedBytes, SkippedBytes: in.SkippedBytes,
		UnrecognisedBytes: in.UnrecognisedBytes, UnrecognisedLines: in.UnrecognisedLines,
		Unrecognised:   mapped(in.Unrecognised, d.lostLineView),
		PartialEntries: in.PartialEntries, MalformedEntries: in.MalformedEntries, AmbiguousEntries: in.AmbiguousEntries,
		Doubtful: mapped(in.Doubtful, func(l stats.Line) oddEntry { return oddEntry{d.lostLineView(l), l.Why} }),
		Error:    name(in.Error),
	}
}

// lostLineView has no text without examples: any word of it may be a literal.
func (d *Doc) lostLineView(l stats.Line) lostLine {
	if !d.opts.Examples {
		l.Text = ""
	}
	return lostLine{l.Number, l.Offset, name(l.Text)}
}

func commandView(p *stats.Pattern) command {
	return command{p.Text, p.Count, p.Errors, p.Estimated, distributionView(&p.Timed)}
}

func errorView(e failure) errorCount {
	return errorCount{e.Severity, name(e.Code), e.Message, e.Count, instant(e.First), instant(e.Last)}
}

func topicView(t topic) topicCount {
	return topicCount{t.name, t.Count, instant(t.First), instant(t.Last)}
}

func (d *Doc) queries() queries {
	t := d.totals
	q := queries{
		Total: t.Count, Timed: t.Timed,
		Errors: knownCount(t.Errors, t.OutcomesKnown()), ErrorPercent: knownRate(stats.Percent(t.Errors, t.Count), t.OutcomesKnown()), Silent: t.Silent,
		Patterns: t.Patterns, Threshold: ms(d.set.Threshold), TotalDuration: unknownMS,
		Estimated: t.Estimated, GroupBy: name(d.set.GroupBy),
		Untied: durationsView(&d.set.Untied), Overflow: overflowView(d.set.Overflow), List: d.patternViews(),
	}
	if slow, known := d.slow(); known {
		share := rate(stats.Percent(slow, t.Count))
		q.Slow, q.SlowPercent, q.TotalDuration = &slow, &share, ms(t.Sum)
	}
	return q
}

func overflowView(p *stats.Pattern) *overflow {
	if p == nil {
		return nil
	}
	return &overflow{p.Count, p.Timed.Count, knownCount(p.Errors, p.OutcomesKnown()), slowCount(p), distributionView(&p.Timed).Total}
}

// knownCount is nil for what the log does not tell.
func knownCount(n int64, known bool) *int64 {
	if !known {
		return nil
	}
	return &n
}

func knownRate(v float64, known bool) *rate {
	if !known {
		return nil
	}
	r := rate(v)
	return &r
}

// slowCount is how many executions of p were slow; nil when none has a duration.
func slowCount(p *stats.Pattern) *int64 {
	if p.Timed.Count == 0 {
		return nil
	}
	return &p.Slow
}

func (d *Doc) patternViews() iter.Seq[pattern] {
	return func(yield func(pattern) bool) {
		for i, p := range d.limited(d.patterns, 0) {
			if !yield(d.patternView(i, p)) {
				return
			}
		}
	}
}

func (d *Doc) patternView(place int, p *stats.Pattern) pattern {
	ids := d.listedDigests(place, p)
	return pattern{
		Fingerprint: hex(p.Key), Pattern: p.Text, Dialect: name(p.Dialect), NormalizedBy: name(d.normalizedBy(p)),
		Count: p.Count, Timed: p.Timed.Count, Errors: knownCount(p.Errors, p.OutcomesKnown()), ErrorRate: knownRate(p.ErrorRate(), p.OutcomesKnown()), Silent: p.Silent,
		distribution: distributionView(&p.Timed), Slow: slowCount(p), Estimated: p.Estimated,
		First: instant(p.First), Last: instant(p.Last),
		Databases: validNames(p.Databases), Inferred: p.Inferred, Users: validNames(p.Users), Applications: validNames(p.Applications),
		RowsSent: sumOf(p, metric.RowsSent), RowsExamined: sumOf(p, metric.RowsExamined), Examined: optionalRate(examinedPerSent(p)),
		Lock: known(sumOf(p, metric.LockTime)), LockPercent: optionalRate(shareOfTime(p, metric.LockTime)),
		Metrics: metricViews(p), Plans: mapped(plansOf(p), d.planView), PTChecksum: name(ids.PTChecksum), DigestText: name(ids.DigestText),
		Phases:  phaseTimes{phaseView(&p.ParsePhase), phaseView(&p.BindPhase), phaseView(&p.Nested)},
		Example: exampleView(d.example(p)),
	}
}

func durationsView(t *stats.Durations) durations { return durations{t.Count, distributionView(t)} }

// phaseView is nil when the log has none of a phase.
func phaseView(t *stats.Durations) *durations {
	if t.Count == 0 {
		return nil
	}
	view := durationsView(t)
	return &view
}

func distributionView(t *stats.Durations) distribution {
	if t.Count == 0 {
		return distribution{unknownMS, unknownMS, unknownMS, unknownMS, unknownMS, unknownMS, unknownMS, unknownMS}
	}
	return distribution{
		Total: ms(t.Sum), Avg: ms(math.Round(t.Mean())), Median: ms(t.Quantile(.5)), P95: ms(t.Quantile(.95)),
		P99: ms(t.Quantile(.99)), Min: ms(t.Min), Max: ms(t.Max), Stddev: ms(math.Round(t.Stddev())),
	}
}

func known(ns *int64) ms {
	if ns == nil {
		return unknownMS
	}
	return ms(*ns)
}

func exampleView(e *stats.Example) *example {
	if e == nil {
		return nil
	}
	duration := ms(e.Duration)
	if e.Duration < 0 {
		duration = unknownMS
	}
	return &example{e.SQL, name(e.Params), e.Cut, duration, instant(e.Time), e.Source, e.Offset, name(e.Plan), name(e.Attributes)}
}

func metricViews(p *stats.Pattern) map[string]any {
	views := make(map[string]any, len(p.Measures))
	for i := range p.Measures {
		views[p.Measures[i].Metric.String()] = metricView(&p.Measures[i], p.Count)
	}
	return views
}

func metricView(m *stats.Measure, runs int64) any {
	switch m.Metric.Unit() {
	case metric.Nanoseconds:
		return timeMeasure{m.Told, m.Nonzero, ms(m.Sum), ms(math.Round(m.Mean())), ms(m.Quantile(.95)), ms(m.Max)}
	case metric.Flag:
		return flagMeasure{m.Told, m.Nonzero, rate(stats.Percent(m.Nonzero, runs))}
	}
	view := countMeasure{Told: m.Told, Nonzero: m.Nonzero, Sum: m.Sum, Avg: rate(m.Mean()), Max: m.Max}
	if m.Metric.Spread() {
		p95 := m.Quantile(.95)
		view.P95 = &p95
	}
	return view
}

func (d *Doc) planView(p seenPlan) plan {
	view := plan{fmt.Sprintf("%016x", p.hash), p.Count, unknownMS, unknownMS, instant(p.First), instant(p.Last), ""}
	if p.Timed > 0 {
		view.Total, view.Avg = ms(p.Sum), ms(math.Round(p.mean()))
	}
	if d.opts.Examples {
		view.Plan = name(p.Text)
	}
	return view
}

func optionalRate(v float64, known bool) *rate {
	if !known {
		return nil
	}
	r := rate(v)
	return &r
}

// validNames replaces what is not UTF-8 in names here, as encoding/json would do it to two names alike and print
// one key twice.
func validNames(counts map[string]int64) map[string]int64 {
	valid := make(map[string]int64, len(counts))
	for name, n := range counts {
		valid[strings.ToValidUTF8(name, "\uFFFD")] += n
	}
	return valid
}
