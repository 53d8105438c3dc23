package synth

import (
	"math"
	"slices"
	"strconv"
	"time"
)

// Truth is what is in a log. Durations are nanoseconds.
type Truth struct {
	Format     string    `json:"format"`
	Executions int64     `json:"executions"` // failed ones included, administrator commands not
	Timed      int64     `json:"timed"`      // executions with a duration: of PostgreSQL those that did not fail, of MySQL all
	Errors     int64     `json:"errors"`     // failed executions, if the log tells them
	Failures   int64     `json:"failures"`   // errors of no statement: refused logins
	Parses     int64     `json:"parses"`     // durations of the parse phase
	Binds      int64     `json:"binds"`
	Untied     int64     `json:"untied"` // durations of phases of which the log tells no more
	Records    int64     `json:"records"`
	Lines      int64     `json:"lines"`
	Bytes      int64     `json:"bytes"`
	Sum        int64     `json:"sum_ns"` // of the timed executions
	First      time.Time `json:"first"`  // when the first and the last record were written; formats cut fractions of seconds
	Last       time.Time `json:"last"`
	Names                // of the executions
	// Messages counts the other records by what they are about.
	Messages map[string]int64 `json:"messages"`
	Codes    map[string]int64 `json:"codes"`    // failed executions of MySQL by error number
	Shapes   []*Shape         `json:"shapes"`   // those that occur
	Commands []*Shape         `json:"commands"` // administrator commands of MySQL; they are not among the shapes
}

// Names count the executions of those that have a name. A slow log that names the database only when it changes has the last one named
// for statements of sessions without one.
type Names struct {
	Databases    map[string]int64 `json:"databases"`
	Users        map[string]int64 `json:"users"`
	Applications map[string]int64 `json:"applications,omitempty"`
}

// Shape is what is in a log of one class of statements. Its figures are of the durations of its executions, as far as they have one.
type Shape struct {
	Text    string `json:"text"`    // its pattern
	Example string `json:"example"` // one of its statements
	Count   int64  `json:"count"`
	Errors  int64  `json:"errors"` // failed executions; those of PostgreSQL have no duration
	Parses  int64  `json:"parses"`
	Binds   int64  `json:"binds"`
	Figures
	Names
	// Metrics are of what a slow log tells beside the duration, each over the entries that tell it, by the names that Percona Server
	// has for them, in lower case. Times are nanoseconds, Yes is 1.
	Metrics map[string]*Figures `json:"metrics,omitempty"`

	metrics *[metrics]Figures
}

// Figures are those of a quantity. The percentiles are nearest ranks: the ceil(q*n)-th smallest.
type Figures struct {
	N   int64 `json:"n"` // how many values the log has
	Sum int64 `json:"sum"`
	Min int64 `json:"min"`
	Max int64 `json:"max"`
	P50 int64 `json:"p50"`
	P95 int64 `json:"p95"`
	P99 int64 `json:"p99"`

	values []int64
}

func (f *Figures) add(value int64) {
	f.N++
	f.Sum += value
	f.values = append(f.values, value)
}

// conclude works out what needs all values.
func (f *Figures) conclude() {
	if f.N > 0 {
		slices.Sort(f.values)
		f.Min, f.Max = f.values[0], f.values[f.N-1]
		f.P50, f.P95, f.P99 = f.percentile(50), f.percentile(95), f.percentile(99)
	}
}

// percentile returns the ceil(p*n/100)-th smallest of n values.
func (f *Figures) percentile(p float64) int64 {
	return f.values[int(math.Ceil(p*float64(len(f.values))/100))-1]
}

func newNames() Names {
	return Names{Databases: map[string]int64{}, Users: map[string]int64{}, Applications: map[string]int64{}}
}

func (n *Names) count(database, user, application string) {
	if n.Users == nil {
		*n = newNames()
	}
	for _, c := range [...]struct {
		counts map[string]int64
		name   string
	}{{n.Databases, database}, {n.Users, user}, {n.Applications, application}} {
		if c.name != "" {
			c.counts[c.name]++
		}
	}
}

// fact is what a record tells.
type fact int

const (
	announced fact = iota // a statement that begins; its end is another record
	executed
	failed
	parsed
	bound
	untied
	refused
	message
)

func newTruth(format string) Truth {
	return Truth{Format: format, Names: newNames(), Messages: map[string]int64{}, Codes: map[string]int64{}}
}

// record counts a record of any kind.
func (t *Truth) record(now time.Time) {
	t.Records++
	t.Last = now
	if t.First.IsZero() {
		t.First = now
	}
}

// count counts what a record of PostgreSQL tells.
func (t *Truth) count(s *session, r *record) {
	if r.fact == executed || r.fact == failed {
		t.execution(r.shape, s.db, s.user, s.app)
	}
	switch r.fact {
	case executed:
		t.duration(r.shape, r.took)
	case failed:
		t.failure(r.shape)
	case parsed:
		t.Parses++
		r.shape.Parses++
	case bound:
		t.Binds++
		r.shape.Binds++
	case untied:
		t.Untied++
	case refused:
		t.Failures++
	case message:
		t.Messages[r.topic]++
	}
}

func (t *Truth) execution(s *shape, database, user, application string) {
	t.Executions++
	t.Names.count(database, user, application)
	s.Count++
	s.Names.count(database, user, application)
}

func (t *Truth) duration(s *shape, took time.Duration) {
	t.Timed++
	t.Sum += int64(took)
	s.add(int64(took))
}

func (t *Truth) failure(s *shape) {
	t.Errors++
	s.Errors++
}

// concluded keeps the shapes that occur and works out what needs all their values.
func concluded(shapes []*shape) (occurring []*Shape) {
	for _, s := range shapes {
		if s.Count+s.Parses+s.Binds > 0 {
			s.conclude()
			occurring = append(occurring, &s.Shape)
		}
	}
	return occurring
}

// conclude works out what needs all values.
func (s *Shape) conclude() {
	s.Figures.conclude()
	if s.metrics == nil {
		return
	}
	s.Metrics = map[string]*Figures{}
	for i := range s.metrics {
		if f := &s.metrics[i]; f.N > 0 {
			f.conclude()
			s.Metrics[metricNames[i]] = f
		}
	}
}

// entry counts what an entry of a slow log tells, once it is written.
func (t *Truth) entry(l *slowLog, e *entry) {
	t.record(e.end)
	s, database := e.shape, l.database(e)
	if e.command {
		s.Count++
		s.Names.count(database, e.user, "")
		s.add(int64(e.took))
	} else {
		t.execution(s, database, e.user, "")
		t.duration(s, e.took)
	}
	if l.format.errors && e.errno > 0 {
		t.failure(s)
		t.Codes[strconv.Itoa(e.errno)]++
	}
	for m, told := range e.told {
		if told {
			s.metrics[m].add(e.values[m])
		}
	}
}
