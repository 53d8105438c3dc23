// Package monitor is the engine as a library: it counts what parsers report, watches it, and answers questions about it.
//
// A Collector counts Events for a batch report, one for each worker. A QueryMonitor is the same for an application that tracks its
// own queries: safe for many goroutines, with a history and alerts.
package monitor

import (
	"maps"
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
	// Match chooses statements by their pattern; nil takes all. It is asked once for each shape.
	Match func(pattern string) bool
}

// maxExample is how many bytes of an example are kept.
const maxExample = 16 << 10

// UnknownStatement is the pattern of failed executions whose statement the log hides.
const UnknownStatement = "<statement not logged>"

// Collector counts Events. It is a parse.Sink, for one goroutine.
type Collector struct {
	opts     CollectorOptions
	slow     int64
	cache    *normalize.Cache
	set      *stats.Set
	tallies  map[stats.Key]*tally
	unknown  *tally
	roles    roles
	source   string
	topics   [256]stats.Occurrences
	errors   map[string]*errorTally
	errorKey []byte
}

// tally is what one Collector counts for one pattern.
type tally struct {
	stats.Pattern
	roles   []roleCount
	ignored bool // by Match
}

type errorTally struct {
	stats.Occurrences
	key stats.ErrorKey
}

// NewCollector returns a Collector that has counted nothing.
func NewCollector(opts CollectorOptions) *Collector {
	return &Collector{opts: opts, slow: int64(opts.Threshold), cache: normalize.NewCache(), set: stats.NewSet(int64(opts.Threshold)),
		tallies: map[stats.Key]*tally{}, roles: newRoles(), errors: map[string]*errorTally{}}
}

// SetSource names the source of the Events that follow.
func (c *Collector) SetSource(name string) { c.source = name }

// Event counts one Event.
func (c *Collector) Event(e *parse.Event) {
	switch e.Kind {
	case parse.Execution:
		t := c.tally(e)
		if t.ignored {
			return
		}
		c.execution(t, e)
	case parse.ParsePhase, parse.BindPhase, parse.Nested:
		t := c.tally(e)
		if t.ignored {
			return
		}
		c.phase(t, e)
	case parse.Untied:
		if c.opts.Match == nil {
			c.set.Untied.Add(e.Duration)
		}
	case parse.Failure:
		if c.opts.Match == nil {
			c.failure(e)
		}
	default:
		if c.opts.Match == nil {
			c.topics[e.Topic].Add(timeOf(e))
		}
	}
	if e.Time != parse.Unknown {
		c.set.Window.Include(e.Time)
	}
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
	sql, tabbed := e.SQL, e.Tabbed
	switch {
	case len(e.Prepared) > 0:
		sql = normalize.PreparedBody(e.Prepared)
	case len(sql) == 0:
		return c.unknownStatement()
	}
	shape := c.cache.PostgreSQL(sql, tabbed)
	if t, ok := shape.Tag.(*tally); ok {
		return t
	}
	return c.newShape(shape)
}

// newShape finds the pattern of a shape that was not seen before, or not lately.
func (c *Collector) newShape(shape *normalize.Shape) *tally {
	if c.opts.Match != nil && !c.opts.Match(shape.Text) {
		ignored := &tally{ignored: true}
		shape.Tag = ignored
		return ignored
	}
	t := c.byKey(keyOf(&shape.Fingerprint))
	t.Text = stats.SmallerText(t.Text, shape.Text)
	shape.Tag = t
	return t
}

func keyOf(f *normalize.Fingerprint) stats.Key {
	by := stats.ByLexer
	if f.Parsed {
		by = stats.ByParser
	}
	return stats.Key{Fingerprint: f.ID, Dialect: stats.PostgreSQL, By: by}
}

func (c *Collector) byKey(key stats.Key) *tally {
	t := c.tallies[key]
	if t == nil {
		t = &tally{Pattern: stats.Pattern{Key: key}}
		c.tallies[key] = t
	}
	return t
}

func (c *Collector) unknownStatement() *tally {
	if c.unknown == nil {
		if c.opts.Match != nil && !c.opts.Match(UnknownStatement) {
			c.unknown = &tally{ignored: true}
			return c.unknown
		}
		c.unknown = c.byKey(stats.Key{Dialect: stats.PostgreSQL, By: stats.ByLexer})
		c.unknown.Text = UnknownStatement
	}
	return c.unknown
}

func (c *Collector) execution(t *tally, e *parse.Event) {
	t.Count++
	if e.Failed {
		t.Errors++
		c.failure(e)
	}
	if e.Duration != parse.Unknown {
		t.Timed.Add(e.Duration)
		if e.Duration >= c.slow {
			t.Slow++
		}
	}
	t.seen(timeOf(e))
	t.count(c.roles.of(e.Origin))
	if c.opts.Examples && t.wantsExample(e, c.source) {
		c.keepExample(t, e)
	}
}

func (c *Collector) phase(t *tally, e *parse.Event) {
	switch e.Kind {
	case parse.ParsePhase:
		t.ParsePhase.Add(e.Duration)
	case parse.BindPhase:
		t.BindPhase.Add(e.Duration)
	case parse.Nested:
		t.Nested.Add(e.Duration)
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
	if at > t.Last {
		t.Last = at
	}
}

// wantsExample tells whether an execution stands for the pattern rather than the one that is kept.
func (t *tally) wantsExample(e *parse.Event, source string) bool {
	x := t.Example
	d := max(e.Duration, -1)
	if x == nil || d != x.Duration {
		return x == nil || d > x.Duration
	}
	return source < x.Source || source == x.Source && e.Offset < x.Offset
}

func (c *Collector) keepExample(t *tally, e *parse.Event) {
	sql, cut := shorten(e.AppendSQL(nil))
	params, _ := shorten(e.AppendParams(nil))
	t.Example = &stats.Example{SQL: sql, Params: params, Cut: cut || e.Cut, Duration: max(e.Duration, -1), Time: timeOf(e), Source: c.source, Offset: e.Offset}
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
func (c *Collector) failure(e *parse.Event) {
	key := append(c.errorKey[:0], byte(e.Severity))
	key = append(append(key, e.Code...), 0)
	text := len(key)
	key = normalize.AppendMessage(key, e.Text)
	c.errorKey = key
	t := c.errors[string(key)]
	if t == nil {
		t = &errorTally{key: stats.ErrorKey{Severity: e.Severity.String(), Code: string(e.Code), Message: string(key[text:])}}
		c.errors[string(key)] = t
	}
	t.Add(timeOf(e))
}

// Set returns what was counted so far. It shares its memory with the Collector.
func (c *Collector) Set() *stats.Set {
	for key, t := range c.tallies {
		t.Databases, t.Users, t.Applications = c.roles.names(t.roles)
		c.set.Patterns[key] = &t.Pattern
	}
	for _, t := range c.errors {
		c.set.Errors[t.key] = &t.Occurrences
	}
	for topic := range c.topics {
		if n := &c.topics[topic]; n.Count > 0 {
			c.set.Messages[parse.Topic(topic).String()] = n
		}
	}
	return c.set
}

// forget drops the patterns that were last seen before a time.
func (c *Collector) forget(before int64) {
	maps.DeleteFunc(c.tallies, func(_ stats.Key, t *tally) bool { return t.Last < before })
	maps.DeleteFunc(c.errors, func(_ string, t *errorTally) bool { return t.Last < before })
	c.set.Patterns, c.set.Errors = map[stats.Key]*stats.Pattern{}, map[stats.ErrorKey]*stats.Occurrences{}
	c.set.Window.Start = max(c.set.Window.Start, before)
	c.cache = normalize.NewCache() // its shapes point to patterns that are gone
	c.unknown = nil
}
