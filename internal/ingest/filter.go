package ingest

import (
	"math"
	"slices"
	"time"

	"github.com/covetlog/covetlog/parse"
)

// filter lets through what was chosen by time and names.
type filter struct {
	next         parse.Sink
	since, until int64 // since <= t < until
	names        map[Field]Selection
	allowed      map[*parse.Origin]bool
}

// bounds are since and until as nanoseconds; a zero time is no bound.
func bounds(since, until time.Time) (from, to int64) {
	from, to = math.MinInt64, math.MaxInt64
	if !since.IsZero() {
		from = since.UnixNano()
	}
	if !until.IsZero() {
		to = until.UnixNano()
	}
	return from, to
}

// newFilter puts a filter before next, if there is anything to filter.
func newFilter(next parse.Sink, since, until int64, names map[Field]Selection) parse.Sink {
	if since == math.MinInt64 && until == math.MaxInt64 && len(names) == 0 {
		return next
	}
	return &filter{next, since, until, names, map[*parse.Origin]bool{}}
}

// Event lets an Event through. One without a time is out of any bounds.
func (f *filter) Event(e *parse.Event) {
	if e.Time < f.since || e.Time >= f.until || e.Time == parse.Unknown && (f.since != math.MinInt64 || f.until != math.MaxInt64) {
		return
	}
	if len(f.names) > 0 && !f.allows(e.Origin) {
		return
	}
	f.next.Event(e)
}

func (f *filter) allows(o *parse.Origin) bool {
	allowed, known := f.allowed[o]
	if !known {
		allowed = f.names[Database].allows(o.Database) && f.names[User].allows(o.User) &&
			f.names[Application].allows(o.Application) && f.names[Client].allows(o.Client)
		if o.Number >= 0 { // bounded, and the same pointer the next time
			f.allowed[o] = allowed
		}
	}
	return allowed
}

func (s Selection) allows(name string) bool {
	return (len(s.Only) == 0 || slices.Contains(s.Only, name)) && !slices.Contains(s.Except, name)
}
