// Package stats holds the numbers of a run and the arithmetic on them.
//
// A Set is what every report, comparison and saved file is made from. Its laws: Merge is exact and commutative, merge(a, b)
// is what one run over both inputs would have counted, and ties are broken by value or position, never by arrival. That holds for what is
// beyond a limit, too.
// Times are nanoseconds since 1970 UTC, durations nanoseconds.
package stats

import (
	"cmp"
	"iter"
	"slices"
)

// Dialects of SQL.
const (
	PostgreSQL = "postgresql"
	MySQL      = "mysql"
)

// Ways in which a pattern was found.
const (
	ByParser = "pg_query"
	ByLexer  = "lexer"
)

// Set is everything that was counted over some inputs.
type Set struct {
	Inputs    []Input
	Window    Window
	Threshold int64  // nanoseconds: an execution is slow from here on
	GroupBy   string // what Patterns are, if they are not patterns: "database", "user", "tag:controller"
	Patterns  map[Key]*Pattern
	// MaxPatterns limits Patterns: those with the lowest fingerprints are kept. 0 is the constant of that name.
	MaxPatterns int
	// Overflow counts the executions of the patterns beyond MaxPatterns, without text and example; nil when there are none.
	Overflow *Pattern
	Commands map[string]*Pattern // administrator commands by name, as a slow log has them; they are no queries
	Untied   Durations           // durations whose statement the log does not give
	Errors   Errors
	Messages map[string]*Occurrences // other server messages, by topic
	Warnings []string                // what the reader of a report must know about it, once each
}

// NewSet returns an empty Set.
func NewSet(threshold int64) *Set {
	return &Set{Threshold: threshold, Patterns: map[Key]*Pattern{}, Errors: Errors{}, Messages: map[string]*Occurrences{}, Commands: map[string]*Pattern{}}
}

// Window is the time between the first and the last counted event. A zero Window is empty: as everywhere in a Set, the time 0 is none.
type Window struct{ Start, End int64 }

// Include widens w to hold t.
func (w *Window) Include(t int64) { widen(&w.Start, &w.End, t, t) }

// Merge widens w to hold o.
func (w *Window) Merge(o Window) { widen(&w.Start, &w.End, o.Start, o.End) }

// widen makes a span of time hold a and b. 0 is no time; before 1970 they are negative.
func widen(first, last *int64, a, b int64) {
	if a != 0 && (*first == 0 || a < *first) {
		*first = a
	}
	if b != 0 && (*last == 0 || b > *last) {
		*last = b
	}
}

// Input accounts for every byte of one source.
type Input struct {
	Name        string // as given by the user, or the path found by a glob
	Format      string // "pg-stderr"; with a compression or an envelope: "pg-csv, gzip", "pg-stderr in syslog"
	Compression string // "", "gzip", "zstd", "bzip2", "xz"
	Prefix      string // PostgreSQL's log_line_prefix as given or learned, "" when there is none
	Window      Window // of its entries, whatever was chosen from them
	Bytes       int64  // decompressed
	Lines       int64
	Entries     int64
	// The three parts of Bytes. Skipped are bytes that a stated rule leaves out: blank lines, the head of an entry that
	// began before the file did.
	RecognisedBytes, SkippedBytes, UnrecognisedBytes int64
	// BlankLines are in Skipped, UnrecognisedLines in Unrecognised.
	BlankLines, UnrecognisedLines int64
	// Of Entries: those that lack their duration or statement, those with a value that is none, and those whose end is not certain.
	PartialEntries, MalformedEntries, AmbiguousEntries int64
	Unrecognised                                       []Line // the first few lines that were not understood
	Doubtful                                           []Line // the first lines of the first few entries that are not as they should be
	Error                                              string // why reading stopped early, "" when it did not
}

// Line is one line of a source.
type Line struct {
	Number, Offset int64 // the number counts from 1
	Text           string
	Why            string // what is wrong with the entry that begins there; "": the line was not understood
}

// Key tells patterns apart.
type Key struct {
	Fingerprint uint64
	Dialect     string
	By          string // ByParser or ByLexer
}

// Pattern is what was counted for one class of statements.
type Pattern struct {
	Count                 int64  // executions, failed ones included
	First, Last           int64  // times; 0 when no event had one
	Slow                  int64  // executions at or above the Set's Threshold
	Errors                int64  // failed executions
	Silent                int64  // executions of which the log does not tell whether they failed
	Key                          // behind what every execution changes: that is one line of the cache
	Text                  string // the smallest text among the shapes of the class: shortest first, then by bytes
	Timed                 Durations
	ParsePhase, BindPhase Durations // the extended protocol's work before executions
	// Nested are runs within other executions, whose time they are part of: statements of functions, from auto_explain.
	Nested                         Durations
	Databases, Users, Applications Names    // executions by name; "" is not in them
	Inferred                       int64    // executions whose database the log does not tell: it is that of the entry before
	Measures                       Measures // what was measured beside durations
	Plans                          Plans    // executions by plan
	Estimated                      bool     // the log has a sample of the executions: what was counted stands for all of them
	Example                        *Example // nil: not kept
}

// Example is one real execution of a pattern: the slowest, or the earliest while none has a duration.
type Example struct {
	SQL        string
	Params     string // the parameter list as logged, "" without one
	Cut        bool   // SQL is shortened, by the log or by the cap on examples, or it is the pattern, as the statement has a password
	Duration   int64  // -1: unknown
	Time       int64  // 0: unknown
	Source     string
	Offset     int64  // of the entry's first byte in Source, decompressed
	Plan       string // how the server ran it, as logged; "" where the log does not tell
	Attributes string // what else the log says about it: "Thread_id: 8"
}

// ErrorKey tells errors apart.
type ErrorKey struct {
	Severity string // "ERROR"
	Code     string // SQLSTATE, "" when the log does not tell
	Message  string // normalised: literals are ?
}

// Occurrences counts something and says when it was first and last seen (0: no time).
type Occurrences struct {
	Count       int64
	First, Last int64
}

// Add counts one occurrence at t; t is 0 when the time is not known.
func (o *Occurrences) Add(t int64) { o.AddN(t, 1) }

// AddN counts n occurrences at t.
func (o *Occurrences) AddN(t, n int64) {
	o.Count += n
	o.seen(t, t)
}

// Merge adds the occurrences of p.
func (o *Occurrences) Merge(p *Occurrences) {
	o.Count += p.Count
	o.seen(p.First, p.Last)
}

func (o *Occurrences) seen(first, last int64) { widen(&o.First, &o.Last, first, last) }

// Merge adds all that was counted in o to s. Both must have the same Threshold, and the same GroupBy unless s is empty. s may share o's memory after it. Only the
// Inputs tell the order of merging; of two limits the smaller one holds.
func (s *Set) Merge(o *Set) {
	s.Inputs = append(s.Inputs, o.Inputs...)
	s.Window.Merge(o.Window)
	s.GroupBy = cmp.Or(s.GroupBy, o.GroupBy)
	s.MaxPatterns = min(s.maxPatterns(), o.maxPatterns())
	for key, p := range o.Patterns {
		if mine := s.Patterns[key]; mine != nil {
			mine.Merge(p)
		} else {
			s.Patterns[key] = p
		}
	}
	switch {
	case s.Overflow == nil:
		s.Overflow = o.Overflow
	case o.Overflow != nil:
		s.Overflow.Merge(o.Overflow)
	}
	for name, p := range o.Commands {
		if mine := s.Commands[name]; mine != nil {
			mine.Merge(p)
		} else {
			s.Commands[name] = p
		}
	}
	s.Untied.Merge(&o.Untied)
	s.Errors.merge(o.Errors)
	for topic, seen := range o.Messages {
		if mine := s.Messages[topic]; mine != nil {
			mine.Merge(seen)
		} else {
			s.Messages[topic] = seen
		}
	}
	for _, w := range o.Warnings {
		s.Warn(w)
	}
	s.Limit()
}

// Warn adds a warning that is not there yet; warnings are kept sorted.
func (s *Set) Warn(text string) {
	if i, found := slices.BinarySearch(s.Warnings, text); !found {
		s.Warnings = slices.Insert(s.Warnings, i, text)
	}
}

// Merge adds what was counted in o, a pattern with the same Key.
func (p *Pattern) Merge(o *Pattern) {
	p.Text = SmallerText(p.Text, o.Text)
	p.Count += o.Count
	p.Errors += o.Errors
	p.Silent += o.Silent
	p.Slow += o.Slow
	p.Timed.Merge(&o.Timed)
	p.ParsePhase.Merge(&o.ParsePhase)
	p.BindPhase.Merge(&o.BindPhase)
	p.Nested.Merge(&o.Nested)
	widen(&p.First, &p.Last, o.First, o.Last)
	p.Databases = p.Databases.merge(o.Databases)
	p.Users = p.Users.merge(o.Users)
	p.Applications = p.Applications.merge(o.Applications)
	p.Inferred += o.Inferred
	p.Measures.Merge(o.Measures)
	p.Plans = p.Plans.merge(o.Plans)
	p.Estimated = p.Estimated || o.Estimated
	if o.Example != nil && (p.Example == nil || o.Example.Before(p.Example)) {
		p.Example = o.Example
	}
}

// SmallerText returns the text that stands for a class: the shorter, of equal lengths the one first by bytes; "" stands for none.
func SmallerText(a, b string) string {
	if a == "" || b != "" && cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(b, a)) < 0 {
		return b
	}
	return a
}

// Before says whether e is kept rather than o: the slower one, then the one at the earlier place. Two logs of one name, such as
// standard input, may have the same place twice; then the texts decide.
func (e *Example) Before(o *Example) bool {
	return cmp.Or(cmp.Compare(o.Duration, e.Duration), cmp.Compare(e.Source, o.Source), cmp.Compare(e.Offset, o.Offset), cmp.Compare(e.Time, o.Time),
		cmp.Compare(e.SQL, o.SQL), cmp.Compare(e.Params, o.Params), cmp.Compare(e.Plan, o.Plan), cmp.Compare(e.Attributes, o.Attributes), compareBools(e.Cut, o.Cut)) < 0
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// Totals are the sums over all patterns of a Set, the overflow included. Sum is of durations, in nanoseconds.
type Totals struct {
	Count, Timed, Errors, Silent, Slow, Sum int64
	Patterns                                int  // distinct ones, without the overflow
	Estimated                               bool // some stand for more executions than the log has
}

// Totals sums up the patterns.
func (s *Set) Totals() Totals {
	t := Totals{Patterns: len(s.Patterns)}
	for p := range s.all() {
		t.add(p)
	}
	return t
}

// CommandTotals sums up the administrator commands; there are as many Patterns as names.
func (s *Set) CommandTotals() Totals {
	t := Totals{Patterns: len(s.Commands)}
	for _, p := range s.Commands {
		t.add(p)
	}
	return t
}

func (t *Totals) add(p *Pattern) {
	t.Count += p.Count
	t.Timed += p.Timed.Count
	t.Errors += p.Errors
	t.Silent += p.Silent
	t.Slow += p.Slow
	t.Sum = addCapped(t.Sum, p.Timed.Sum)
	t.Estimated = t.Estimated || p.Estimated
}

// all yields the patterns in any order, and the overflow.
func (s *Set) all() iter.Seq[*Pattern] {
	return func(yield func(*Pattern) bool) {
		for _, p := range s.Patterns {
			if !yield(p) {
				return
			}
		}
		if s.Overflow != nil {
			yield(s.Overflow)
		}
	}
}

// Percent returns part of whole in percent, 0 when whole is 0.
func Percent(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return 100 * float64(part) / float64(whole)
}

// OutcomesKnown tells whether the log says of any execution whether it failed.
func (p *Pattern) OutcomesKnown() bool { return p.Silent < p.Count || p.Count == 0 }

// OutcomesKnown tells the same of all patterns.
func (t *Totals) OutcomesKnown() bool { return t.Silent < t.Count || t.Count == 0 }

// ErrorRate is the percentage of executions that failed.
func (p *Pattern) ErrorRate() float64 { return Percent(p.Errors, p.Count) }
