// Package monitor is the engine as a library: it counts what parsers report, watches it, and answers questions about it.
//
// A Collector counts Events for a batch report, one for each worker. A QueryMonitor is the same for an application that tracks its
// own queries: safe for many goroutines, with a history and alerts.
package monitor

import (
	"cmp"
	"maps"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/covetlog/covetlog/normalize"
	"github.com/covetlog/covetlog/parse"
	"github.com/covetlog/covetlog/stats"
)

// CollectorOptions say what a Collector keeps.
type CollectorOptions struct {
	Threshold time.Duration // an execution is slow from here on
	Examples  bool          // keep the slowest execution of each pattern
	// MaxPatterns limits the patterns that are told apart; 0 is stats.MaxPatterns. See stats.Set for which are kept.
	MaxPatterns int
	// Match chooses statements by their pattern; nil takes all. It is asked once for each shape.
	Match func(pattern string) bool
	// Group counts by something else than patterns; nil counts by pattern.
	Group *Grouping
	// Commands counts administrator commands as queries. Otherwise they are kept apart.
	Commands bool
	// NoScale counts what the log has. Otherwise, where a server logs one in n executions, each counts for n, except those of Outlier and
	// longer, which servers log always; 0 is DefaultOutlier.
	NoScale bool
	Outlier time.Duration
}

// DefaultOutlier is from where on Percona Server logs each execution, whatever its Log_slow_rate_limit, unless it is set otherwise.
const DefaultOutlier = 10 * time.Second

// maxExample is how many bytes of an example are kept.
const maxExample = 16 << 10

// UnknownStatement is the pattern of failed executions whose statement the log hides.
const UnknownStatement = "<statement not logged>"

// Collector counts Events. It is a parse.Sink, for one goroutine.
type Collector struct {
	opts    CollectorOptions
	slow    int64
	cache   *normalize.Cache
	set     *stats.Set
	tallies map[stats.Key]*tally // those of set.Patterns
	unknown [len(dialects)]*tally
	groups  map[string]*tally
	// overflow counts the patterns beyond the limit. While crowded, those above highest are among them.
	overflow tally
	crowded  bool
	highest  stats.Key
	roles    roles
	source   string
	topics   [256]stats.Occurrences
	message  []byte
	sampled  bool // a log has a sample, and NoScale takes it for all
}

// tally is what one Collector counts for one pattern. What an execution changes stands together, in as few lines of the cache as it goes.
type tally struct {
	timed                 batch
	roles                 roleCounts
	longest               int64 // of the example, -1 if it has no duration
	ignored               bool  // by Match
	evicted               bool  // its counts went to the overflow; shapes may still point to it
	stats.Pattern               // without what is in the batches and roles
	parsed, bound, nested batch
	measured              measureBatches
}

// noExample is less than any example's duration.
const noExample = -2

// batch holds durations that are yet to be added to others. Where a pattern has its buckets is seldom in the first-level cache: several values
// in a row wait for it together, one at a time would each wait alone.
type batch struct {
	n      int
	values [7]int64 // with n a line of the cache
}

func (b *batch) add(to *stats.Durations, v int64) {
	if b.n == len(b.values) {
		b.settle(to)
	}
	b.values[b.n] = v
	b.n++
}

// settle adds what waits.
func (b *batch) settle(to *stats.Durations) {
	for _, v := range b.values[:b.n] {
		to.Add(v)
	}
	b.n = 0
}

// settle brings the Pattern up to date, but for its names.
func (t *tally) settle() {
	t.timed.settle(&t.Timed)
	t.parsed.settle(&t.ParsePhase)
	t.bound.settle(&t.BindPhase)
	t.nested.settle(&t.Nested)
	t.measured.settle(&t.Measures)
}

// NewCollector returns a Collector that has counted nothing.
func NewCollector(opts CollectorOptions) *Collector {
	opts.MaxPatterns = cmp.Or(opts.MaxPatterns, stats.MaxPatterns)
	opts.Outlier = cmp.Or(opts.Outlier, DefaultOutlier)
	c := &Collector{opts: opts, slow: int64(opts.Threshold), cache: normalize.NewCache(), set: stats.NewSet(int64(opts.Threshold)),
		tallies: map[stats.Key]*tally{}, roles: newRoles()}
	c.set.MaxPatterns = opts.MaxPatterns
	if opts.Group != nil {
		c.set.GroupBy = opts.Group.By
	}
	return c
}

// SetSource names the source of the Events that follow.
func (c *Collector) SetSource(name string) { c.source = name }

// Event counts one Event.
func (c *Collector) Event(e *parse.Event) {
	if c.count(e) && e.Time != parse.Unknown {
		c.set.Window.Include(e.Time)
	}
}

// count is false when the Event was not chosen by Match. What is not about a statement is never chosen.
func (c *Collector) count(e *parse.Event) bool {
	if e.Kind == parse.Command && c.opts.Commands {
		return c.commandAsQuery(e)
	}
	switch e.Kind {
	case parse.Execution, parse.ParsePhase, parse.BindPhase, parse.Nested:
		t := c.tally(e)
		switch {
		case t.ignored:
			return false
		case e.Kind == parse.Execution:
			c.execution(t, e)
		default:
			c.phase(t, e)
		}
		return true
	}
	if c.opts.Match != nil {
		return false
	}
	switch e.Kind {
	case parse.Untied:
		c.set.Untied.Add(e.Duration)
	case parse.Failure:
		c.failure(e, 1)
	case parse.Command:
		c.command(e)
	default:
		c.topics[e.Topic].Add(timeOf(e))
	}
	return true
}

// timeOf returns the time of an Event as stats writes it: 0 is none.
func timeOf(e *parse.Event) int64 {
	if e.Time == parse.Unknown {
		return 0
	}
	return e.Time
}

// tally finds the pattern of a statement.
func (c *Collector) tally(e *parse.Event) *tally {
	shape := c.shape(e)
	if shape == nil {
		return c.unknownStatement(e)
	}
	t, ok := shape.Tag.(*tally)
	if !ok || t.evicted {
		t = c.newShape(shape, e.Dialect)
		shape.Tag = t
	}
	if c.opts.Group != nil && !t.ignored {
		return c.group(e)
	}
	return t
}

// shape returns the shape of an Event's statement, nil if the log hides it.
func (c *Collector) shape(e *parse.Event) *normalize.Shape {
	switch {
	case len(e.Prepared) > 0:
		return c.cache.PostgreSQL(normalize.PreparedBody(e.Prepared), e.Tabbed)
	case len(e.SQL) == 0:
		return nil
	case e.Dialect == parse.MySQL:
		return c.cache.MySQL(e.SQL)
	case e.Bound:
		return c.cache.Bound(e.SQL, e.Tabbed)
	}
	return c.cache.PostgreSQL(e.SQL, e.Tabbed)
}

// newShape finds the pattern of a shape that was not seen before, or not lately.
func (c *Collector) newShape(shape *normalize.Shape, d parse.Dialect) *tally {
	switch {
	case c.opts.Match != nil && !c.opts.Match(shape.Text):
		return &tally{ignored: true}
	case c.opts.Group != nil: // its executions go to groups
		return &tally{}
	}
	return c.pattern(keyOf(&shape.Fingerprint, d), shape.Text)
}

// dialects are the names of parse's.
var dialects = [...]string{parse.PostgreSQL: stats.PostgreSQL, parse.MySQL: stats.MySQL}

func keyOf(f *normalize.Fingerprint, d parse.Dialect) stats.Key {
	by := stats.ByLexer
	if f.Parsed {
		by = stats.ByParser
	}
	return stats.Key{Fingerprint: f.ID, Dialect: dialects[d], By: by}
}

func unknownKey(d parse.Dialect) stats.Key { return stats.Key{Dialect: dialects[d], By: stats.ByLexer} }

func (c *Collector) unknownStatement(e *parse.Event) *tally {
	unknown := &c.unknown[e.Dialect]
	switch {
	case *unknown != nil && !(*unknown).evicted:
	case c.opts.Match != nil && !c.opts.Match(UnknownStatement):
		*unknown = &tally{ignored: true}
	case c.opts.Group != nil:
		return c.group(e)
	default:
		*unknown = c.pattern(unknownKey(e.Dialect), UnknownStatement)
	}
	return *unknown
}

// pattern returns the tally of a pattern that text is one form of, or that of all patterns beyond the limit.
func (c *Collector) pattern(key stats.Key, text string) *tally {
	t := c.tallies[key]
	if t == nil {
		if c.crowded && stats.CompareKeys(key, c.highest) > 0 {
			return &c.overflow
		}
		if len(c.tallies) >= c.opts.MaxPatterns+c.opts.MaxPatterns/8 { // an eighth, so that they are sorted seldom
			c.evict()
		}
		t = &tally{Pattern: stats.Pattern{Key: key}, longest: noExample}
		c.tallies[key], c.set.Patterns[key] = t, &t.Pattern
	}
	t.Text = stats.SmallerText(t.Text, text)
	return t
}

// settle brings the patterns of the set up to date.
func (c *Collector) settle() {
	for _, t := range c.tallies {
		t.settle()
	}
	c.overflow.settle()
	c.addUpNames()
}

// evict moves the counts of the patterns beyond the limit to the overflow.
func (c *Collector) evict() {
	if len(c.tallies) <= c.opts.MaxPatterns {
		return
	}
	c.settle()
	c.set.Overflow = &c.overflow.Pattern
	for _, key := range c.set.LimitPatterns() {
		*c.tallies[key] = tally{evicted: true} // frees what it points to
		delete(c.tallies, key)
	}
	c.crowded, c.highest = true, slices.MaxFunc(slices.Collect(maps.Keys(c.tallies)), stats.CompareKeys)
}

func (c *Collector) execution(t *tally, e *parse.Event) {
	n, estimated := c.weight(e)
	t.Estimated = t.Estimated || estimated
	t.Count += n
	if e.Failed {
		t.Errors += n
		c.failure(e, n)
	}
	if e.Duration != parse.Unknown {
		if n == 1 {
			t.timed.add(&t.Timed, e.Duration)
		} else {
			t.Timed.AddN(e.Duration, n)
		}
		if e.Duration >= c.slow {
			t.Slow += n
		}
	}
	t.seen(timeOf(e))
	c.countRole(t, e.Origin, n)
	if e.Dialect == parse.MySQL {
		c.measure(t, e, n)
	}
	if c.opts.Examples && t != &c.overflow && t.wantsExample(e, c.source) {
		c.keepExample(t, e)
	}
}

func (c *Collector) phase(t *tally, e *parse.Event) {
	switch e.Kind {
	case parse.ParsePhase:
		t.parsed.add(&t.ParsePhase, e.Duration)
	case parse.BindPhase:
		t.bound.add(&t.BindPhase, e.Duration)
	case parse.Nested:
		t.nested.add(&t.Nested, e.Duration)
	}
	t.seen(timeOf(e))
}

func (t *tally) seen(at int64) {
	if at == 0 {
		return
	}
	if t.First == 0 || at < t.First {
		t.First = at
	}
	if t.Last == 0 || at > t.Last {
		t.Last = at
	}
}

// wantsExample tells whether an execution stands for the pattern rather than the one that is kept.
func (t *tally) wantsExample(e *parse.Event, source string) bool {
	if d := max(e.Duration, -1); d != t.longest {
		return d > t.longest
	}
	x := t.Example
	return source < x.Source || source == x.Source && e.Offset < x.Offset
}

func (c *Collector) keepExample(t *tally, e *parse.Event) {
	text := e.AppendSQL(nil)
	sql, cut := shorten(text)
	params, _ := shorten(e.AppendParams(nil))
	if setsPassword(e.Dialect, text) {
		sql, params, cut = c.shape(e).Text, "", true
	}
	t.longest = max(e.Duration, -1)
	t.Example = &stats.Example{SQL: sql, Params: params, Cut: cut || e.Cut, Duration: t.longest, Time: timeOf(e), Source: c.source, Offset: e.Offset,
		Plan: planText(e.Plan), Attributes: string(e.Attributes)}
}

// setsPassword tells whether a statement has a password in it, so that its pattern is shown in its place.
func setsPassword(d parse.Dialect, sql []byte) bool {
	if d == parse.MySQL {
		return normalize.SetsPasswordMySQL(sql)
	}
	return normalize.SetsPassword(sql)
}

// shorten cuts a text to maxExample bytes, between runes.
func shorten(text []byte) (string, bool) {
	if len(text) <= maxExample {
		return string(text), false
	}
	end := maxExample
	for end > maxExample-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return string(text[:end]), true
}

// failure counts an error by its normalised message.
func (c *Collector) failure(e *parse.Event, times int64) {
	c.message = normalize.AppendMessage(c.message[:0], e.Text)
	n := c.set.Errors[stats.ErrorKey{Severity: e.Severity.String(), Code: string(e.Code), Message: string(c.message)}] // copies nothing
	if n == nil {
		n = c.set.Errors.Of(stats.ErrorKey{Severity: e.Severity.String(), Code: string(e.Code), Message: string(c.message)})
	}
	n.AddN(timeOf(e), times)
}

// Set returns what was counted so far. It shares its memory with the Collector.
func (c *Collector) Set() *stats.Set {
	if c.sampled {
		c.set.Warn("a log has a sample of the executions (Log_slow_rate_limit), and it is counted as if it had all of them")
	}
	c.settle()
	c.evict()
	c.set.Limit()
	for topic := range c.topics {
		if n := &c.topics[topic]; n.Count > 0 {
			c.set.Messages[parse.Topic(topic).String()] = n
		}
	}
	return c.set
}

// forget drops the patterns and errors that were last seen before a time.
func (c *Collector) forget(before int64) {
	maps.DeleteFunc(c.set.Errors, func(_ stats.ErrorKey, n *stats.Occurrences) bool { return n.Last < before })
	maps.DeleteFunc(c.tallies, func(_ stats.Key, t *tally) bool { return t.Last < before })
	gone := len(c.tallies) < len(c.set.Patterns)
	maps.DeleteFunc(c.set.Patterns, func(_ stats.Key, p *stats.Pattern) bool { return p.Last < before })
	if c.set.Overflow != nil && c.overflow.Last < before {
		c.overflow, c.set.Overflow, gone = tally{}, nil, true
	}
	if gone {
		c.cache, c.unknown = normalize.NewCache(), [len(dialects)]*tally{} // its shapes point to them
		clear(c.groups)
		c.crowded = false
	}
	c.set.Warnings = nil // of limits; Set looks again
	if c.set.Window.End < before {
		c.set.Window = stats.Window{}
	} else {
		c.set.Window.Start = max(c.set.Window.Start, before)
	}
}
