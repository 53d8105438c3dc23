package report

import (
	"bufio"
	"encoding/json"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/covetlog/covetlog/stats"
)

// Schema names the JSON document and the version of it. Keys may be added within a version; docs/json.md describes them.
const Schema = "covetlog.report/1"

// The types below are the document, key by key in the order of printing. Patterns are built one at a time while they are
// printed: 20,000 of them never stand in memory together.
type (
	document struct {
		Schema      string       `json:"schema"`
		Inputs      []input      `json:"inputs"`
		Window      window       `json:"window"`
		Queries     queries      `json:"queries"`
		Errors      []errorCount `json:"errors"`
		Messages    []topicCount `json:"messages"`
		Pools       []struct{}   `json:"pools"`
		Suggestions []advice     `json:"suggestions"`
		Alerts      []struct{}   `json:"alerts"`
		Warnings    []string     `json:"warnings"`
	}
	input struct {
		Name              string     `json:"name"`
		Format            name       `json:"format"`
		Compression       name       `json:"compression"`
		Prefix            name       `json:"prefix"`
		Bytes             int64      `json:"bytes"`
		Lines             int64      `json:"lines"`
		BlankLines        int64      `json:"blank_lines"`
		Entries           int64      `json:"entries"`
		RecognisedBytes   int64      `json:"recognised_bytes"`
		SkippedBytes      int64      `json:"skipped_bytes"`
		UnrecognisedBytes int64      `json:"unrecognised_bytes"`
		UnrecognisedLines int64      `json:"unrecognised_lines"`
		Unrecognised      []lostLine `json:"unrecognised"`
		Error             name       `json:"error"`
	}
	lostLine struct {
		Number int64  `json:"number"`
		Offset int64  `json:"offset"`
		Text   string `json:"text"`
	}
	window struct {
		Start instant `json:"start"`
		End   instant `json:"end"`
	}
	queries struct {
		Total         int64             `json:"total"`
		Timed         int64             `json:"timed"`
		Slow          *int64            `json:"slow"`
		SlowPercent   *rate             `json:"slow_percent"`
		Errors        int64             `json:"errors"`
		ErrorPercent  rate              `json:"error_percent"`
		Patterns      int               `json:"unique_patterns"`
		Threshold     ms                `json:"threshold_ms"`
		TotalDuration ms                `json:"total_duration_ms"`
		Untied        durations         `json:"untied"`
		Overflow      *overflow         `json:"overflow"`
		List          iter.Seq[pattern] `json:"patterns"`
	}
	overflow struct {
		Count  int64  `json:"count"`
		Timed  int64  `json:"timed"`
		Errors int64  `json:"errors"`
		Slow   *int64 `json:"slow_count"`
		Total  ms     `json:"total_ms"`
	}
	pattern struct {
		Fingerprint  string `json:"fingerprint"`
		Pattern      string `json:"pattern"`
		Dialect      name   `json:"dialect"`
		NormalizedBy name   `json:"normalized_by"`
		Count        int64  `json:"count"`
		Timed        int64  `json:"timed"`
		Errors       int64  `json:"errors"`
		ErrorRate    rate   `json:"error_rate"`
		distribution
		Slow         *int64           `json:"slow_count"`
		First        instant          `json:"first_seen"`
		Last         instant          `json:"last_seen"`
		Databases    map[string]int64 `json:"databases"`
		Users        map[string]int64 `json:"users"`
		Applications map[string]int64 `json:"applications"`
		RowsSent     *int64           `json:"rows_sent"`
		RowsExamined *int64           `json:"rows_examined"`
		Lock         ms               `json:"lock_ms"`
		Phases       phaseTimes       `json:"phases"`
		Example      *example         `json:"example"`
	}
	phaseTimes struct {
		Parse *durations `json:"parse"`
		Bind  *durations `json:"bind"`
	}
	durations struct {
		Count int64 `json:"count"`
		distribution
	}
	distribution struct {
		Total  ms `json:"total_ms"`
		Avg    ms `json:"avg_ms"`
		Median ms `json:"median_ms"`
		P95    ms `json:"p95_ms"`
		P99    ms `json:"p99_ms"`
		Min    ms `json:"min_ms"`
		Max    ms `json:"max_ms"`
		Stddev ms `json:"stddev_ms"`
	}
	example struct {
		SQL      string  `json:"sql"`
		Params   name    `json:"params"`
		Plan     name    `json:"plan"`
		Cut      bool    `json:"cut"`
		Duration ms      `json:"duration_ms"`
		Time     instant `json:"time"`
		Source   string  `json:"source"`
		Offset   int64   `json:"offset"`
	}
	errorCount struct {
		Severity string  `json:"severity"`
		Code     name    `json:"code"`
		Message  string  `json:"message"`
		Count    int64   `json:"count"`
		First    instant `json:"first_seen"`
		Last     instant `json:"last_seen"`
	}
	topicCount struct {
		Topic string  `json:"topic"`
		Count int64   `json:"count"`
		First instant `json:"first_seen"`
		Last  instant `json:"last_seen"`
	}
	advice struct {
		Fingerprint string `json:"fingerprint"`
		Kind        string `json:"kind"`
		Text        string `json:"text"`
	}
)

// ms is a duration in nanoseconds, printed as milliseconds: all its digits, never an exponent, no float on the way.
type ms int64

// unknownMS is printed as null.
const unknownMS ms = math.MinInt64

func (v ms) MarshalJSON() ([]byte, error) {
	if v == unknownMS {
		return []byte("null"), nil
	}
	return []byte(v.String()), nil
}

// String prints the milliseconds with up to six decimals.
func (v ms) String() string {
	digits := strconv.FormatInt(int64(v), 10)
	sign := ""
	if v < 0 {
		sign, digits = "-", digits[1:]
	}
	if len(digits) < 7 {
		digits = strings.Repeat("0", 7-len(digits)) + digits
	}
	point := len(digits) - 6
	return strings.TrimSuffix(sign+digits[:point]+"."+strings.TrimRight(digits[point:], "0"), ".")
}

// rate is a percentage, printed with up to two decimals.
type rate float64

func (r rate) MarshalJSON() ([]byte, error) { return []byte(r.String()), nil }

func (r rate) String() string {
	return strconv.FormatFloat(math.Round(float64(r)*100)/100, 'f', -1, 64)
}

// instant is a time in nanoseconds since 1970, printed as RFC 3339 in UTC; 0 is null.
type instant int64

func (t instant) MarshalJSON() ([]byte, error) {
	if t == 0 {
		return []byte("null"), nil
	}
	return []byte(`"` + t.String() + `"`), nil
}

func (t instant) String() string { return time.Unix(0, int64(t)).UTC().Format(time.RFC3339Nano) }

// name is a text that a log may not give; "" is null.
type name string

func (n name) MarshalJSON() ([]byte, error) {
	if n == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(n))
}

func (d *Doc) writeJSON(out *bufio.Writer) error { return stream(out, d.document()) }

func (d *Doc) document() document {
	return document{
		Schema:      Schema,
		Inputs:      mapped(d.set.Inputs, inputView),
		Window:      window{instant(d.set.Window.Start), instant(d.set.Window.End)},
		Queries:     d.queries(),
		Errors:      mapped(d.errors, errorView),
		Messages:    mapped(d.messages, topicView),
		Pools:       []struct{}{},
		Suggestions: mapped(d.suggestions, func(s Suggestion) advice { return advice{hex(s.Fingerprint), s.Kind, s.Text} }),
		Alerts:      []struct{}{},
		Warnings:    append([]string{}, d.set.Warnings...),
	}
}

// mapped returns view of each of list. It is never nil: an empty list is [] in JSON.
func mapped[A, B any](list []A, view func(A) B) []B {
	views := make([]B, len(list))
	for i, v := range list {
		views[i] = view(v)
	}
	return views
}

func inputView(in stats.Input) input {
	return input{
		Name: in.Name, Format: name(in.Format), Compression: name(in.Compression), Prefix: name(in.Prefix),
		Bytes: in.Bytes, Lines: in.Lines, BlankLines: in.BlankLines, Entries: in.Entries,
		RecognisedBytes: in.RecognisedBytes, SkippedBytes: in.SkippedBytes,
		UnrecognisedBytes: in.UnrecognisedBytes, UnrecognisedLines: in.UnrecognisedLines,
		Unrecognised: mapped(in.Unrecognised, func(l stats.Line) lostLine { return lostLine{l.Number, l.Offset, l.Text} }),
		Error:        name(in.Error),
	}
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
		Errors: t.Errors, ErrorPercent: rate(stats.Percent(t.Errors, t.Count)),
		Patterns: t.Patterns, Threshold: ms(d.set.Threshold), TotalDuration: unknownMS,
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
	return &overflow{p.Count, p.Timed.Count, p.Errors, slowCount(p), distributionView(&p.Timed).Total}
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
		for _, p := range d.limited(d.patterns, 0) {
			if !yield(d.patternView(p)) {
				return
			}
		}
	}
}

func (d *Doc) patternView(p *stats.Pattern) pattern {
	return pattern{
		Fingerprint: hex(p.Key), Pattern: p.Text, Dialect: name(p.Dialect), NormalizedBy: name(p.By),
		Count: p.Count, Timed: p.Timed.Count, Errors: p.Errors, ErrorRate: rate(p.ErrorRate()),
		distribution: distributionView(&p.Timed), Slow: slowCount(p),
		First: instant(p.First), Last: instant(p.Last),
		Databases: validNames(p.Databases), Users: validNames(p.Users), Applications: validNames(p.Applications),
		RowsSent: p.RowsSent, RowsExamined: p.RowsExamined, Lock: known(p.Lock),
		Phases:  phaseTimes{phaseView(&p.ParsePhase), phaseView(&p.BindPhase)},
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
	return &example{e.SQL, name(e.Params), name(e.Plan), e.Cut, duration, instant(e.Time), e.Source, e.Offset}
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
