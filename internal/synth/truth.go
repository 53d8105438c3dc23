package synth

import (
	"math"
	"slices"
	"time"
)

// Truth is what is in a log. Durations are nanoseconds.
type Truth struct {
	Format     string `json:"format"`
	Executions int64  `json:"executions"` // failed ones included
	Errors     int64  `json:"errors"`     // failed executions
	Failures   int64  `json:"failures"`   // errors of no statement: refused logins
	Parses     int64  `json:"parses"`     // durations of the parse phase
	Binds      int64  `json:"binds"`
	Untied     int64  `json:"untied"` // durations of phases of which the log tells no more
	Records    int64  `json:"records"`
	Lines      int64  `json:"lines"`
	Bytes      int64  `json:"bytes"`
	Sum        int64  `json:"sum_ns"` // of the executions that did not fail
	// Databases, Users and Applications count the executions of those that have a name.
	Databases    map[string]int64 `json:"databases"`
	Users        map[string]int64 `json:"users"`
	Applications map[string]int64 `json:"applications"`
	// Messages counts the other records by what they are about.
	Messages map[string]int64 `json:"messages"`
	Shapes   []*Shape         `json:"shapes"` // those that occur
}

// Shape is what is in a log of one class of statements.
type Shape struct {
	Text    string `json:"text"`    // its pattern
	Example string `json:"example"` // one of its statements
	Count   int64  `json:"count"`
	Errors  int64  `json:"errors"` // failed executions; they have no duration
	Parses  int64  `json:"parses"`
	Binds   int64  `json:"binds"`
	Sum     int64  `json:"sum_ns"`
	Min     int64  `json:"min_ns"`
	Max     int64  `json:"max_ns"`
	// The percentiles are nearest ranks: the ceil(q*n)-th smallest.
	P50 int64 `json:"p50_ns"`
	P95 int64 `json:"p95_ns"`
	P99 int64 `json:"p99_ns"`

	durations []int64
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
	return Truth{Format: format, Databases: map[string]int64{}, Users: map[string]int64{}, Applications: map[string]int64{}, Messages: map[string]int64{}}
}

func (t *Truth) count(s *session, r *record) {
	t.Records++
	if r.fact == executed || r.fact == failed {
		t.Databases[s.db]++
		t.Users[s.user]++
		if s.app != "" {
			t.Applications[s.app]++
		}
	}
	switch r.fact {
	case executed:
		t.Executions++
		t.Sum += int64(r.took)
		r.shape.executed(r.took)
	case failed:
		t.Executions++
		t.Errors++
		r.shape.Count++
		r.shape.Errors++
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

func (s *Shape) executed(took time.Duration) {
	s.Count++
	s.Sum += int64(took)
	s.durations = append(s.durations, int64(took))
}

// conclude keeps the shapes that occur and works out what needs all their durations.
func (t *Truth) conclude(shapes []*shape) {
	for _, s := range shapes {
		if s.Count+s.Parses+s.Binds == 0 {
			continue
		}
		t.Shapes = append(t.Shapes, &s.Shape)
		if n := len(s.durations); n > 0 {
			slices.Sort(s.durations)
			s.Min, s.Max = s.durations[0], s.durations[n-1]
			s.P50, s.P95, s.P99 = s.percentile(50), s.percentile(95), s.percentile(99)
		}
	}
}

// percentile returns the ceil(p*n/100)-th smallest of n durations.
func (s *Shape) percentile(p float64) int64 {
	return s.durations[int(math.Ceil(p*float64(len(s.durations))/100))-1]
}
