package ingest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/covetlog/covetlog/parse"
)

// bounds returns what since and until mean for a source. A time without a zone is in that of the log: of each log in its own, so that the
// report of two logs is the sum of their reports.
func (r *run) bounds(o *opened) (since, until int64) {
	if r.opts.Since.IsZero() && r.opts.Until.IsZero() {
		return bounds(time.Time{}, time.Time{})
	}
	zone := r.opts.Location
	if zone == nil {
		zone = o.log.Zone(o.head)
	}
	return bounds(r.opts.Since.Resolve(r.opts.Now, r.end, zone), r.opts.Until.Resolve(r.opts.Now, r.end, zone))
}

// findEnd finds the newest time of all sources, if a bound counts back from it.
func (r *run) findEnd(ctx context.Context, sources []source) error {
	if !r.opts.Since.Relative() && !r.opts.Until.Relative() {
		return nil
	}
	for _, src := range sources {
		if src.once() {
			return fmt.Errorf("a time that counts back from the end of the log cannot be used with %s, which is read only once; give an absolute one", src.title())
		}
	}
	for _, src := range sources {
		if newest := r.newest(ctx, src); newest.After(r.end) {
			r.end = newest
		}
	}
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if r.end.IsZero() {
		return errors.New("a time that counts back from the end of the log was given, but no log has a time")
	}
	return nil
}

// newest finds the newest time of a source.
func (r *run) newest(ctx context.Context, src source) time.Time {
	var times span
	o, err := r.open(ctx, src)
	if o == nil {
		return time.Time{}
	}
	defer o.close()
	if err != nil {
		return time.Time{}
	}
	in := &reader{in: o.stream, cutter: o.log.NewCutter(), size: r.blockSize()}
	p, m := o.log.NewParser(&times), memory{}
	for {
		b, _, ok := in.next(&m)
		if !ok {
			break
		}
		p.Parse(b)
	}
	if ctx.Err() != nil || times.last == 0 {
		return time.Time{}
	}
	return time.Unix(0, times.last)
}

// span is a Sink that keeps the oldest and the newest time of what passes through it; the time 0 is none.
type span struct {
	next        parse.Sink // may be nil
	first, last int64
}

// Event takes an Event before any filter.
func (s *span) Event(e *parse.Event) {
	if e.Time != parse.Unknown {
		s.merge(e.Time, e.Time)
	}
	if s.next != nil {
		s.next.Event(e)
	}
}

func (s *span) merge(first, last int64) {
	if first != 0 && (s.first == 0 || first < s.first) {
		s.first = first
	}
	if last != 0 && (s.last == 0 || last > s.last) {
		s.last = last
	}
}
