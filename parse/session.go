package parse

import (
	"bytes"
	"cmp"
	"hash/maphash"
	"maps"
	"slices"
)

// A run of a statement can be spread over several entries of its session: log_statement writes the text before the run, log_duration
// the time after it, auto_explain a plan in between, and an error its own entry with the text again. This file counts such a run
// once.
//
// Per session there is at most one waiting run, and each entry either completes it, replaces it, or leaves it alone:
//
//	text      a waiting run is over; this one waits
//	plan      of the waiting text: the run took that long. Of another text: within a waiting text it is a nested statement, otherwise
//	          the waiting one is over and this one waits
//	duration  ends the waiting run; without one its statement is not known
//	complete  a text with its duration: a waiting plan of the same text was this run's
//	failure   ends the waiting run if it is of the same text or says none
//
// A block knows nothing of the blocks before it. So a session is undecided at the start of a block until an entry comes whose outcome
// is the same whatever waited; until then its entries are put aside, with a copy, for the Joiner, which sees all blocks in order. At
// the end of a block the waiting runs go the same way.

// step is the kind of an entry of a session.
type step uint8

const (
	stepText step = iota
	stepPlan
	stepDuration
	stepComplete
	stepFailure
)

// loose is an entry that was put aside.
type loose struct {
	pid   uint32
	step  step
	text  uint64 // hash of the statement, 0 without one
	nanos int64  // what a complete run took; it was reported
	event *Event // a copy of any other entry
}

// session is the state of one.
type session struct {
	pid     uint32
	used    bool
	decided bool // what waits is known
	planned bool // the waiting run is known by its plan alone
	text    uint64
	run     *held   // the waiting run; nil when none waits
	plans   []*held // earlier plans of the same text, when the run is known by its plan
}

// held is a copy of an Event in memory of its own.
type held struct {
	Event
	memory []byte
}

// hold copies e.
func (h *held) hold(e *Event) {
	h.Event = *e
	h.memory = h.memory[:0]
	for _, field := range h.texts() {
		h.memory = append(h.memory, *field...)
	}
	rest := h.memory
	for _, field := range h.texts() {
		n := len(*field)
		*field, rest = rest[:n:n], rest[n:]
	}
}

func (e *Event) texts() [7]*[]byte {
	return [...]*[]byte{&e.SQL, &e.Prepared, &e.Params, &e.Code, &e.Text, &e.Detail, &e.Hint}
}

// clone returns a copy of e that shares no memory with it.
func (e *Event) clone() *Event {
	h := new(held)
	h.hold(e)
	return &h.Event
}

// hashText tells statements apart; 0 is no statement. It goes by lines, so that what the log adds at their ends is not part of it.
func hashText(e *Event) (h uint64) {
	rest := bytes.TrimSpace(e.SQL)
	for len(rest) > 0 {
		k := bytes.IndexByte(rest, '\n')
		if k < 0 {
			k = len(rest)
		}
		line := rest[:k]
		rest = rest[min(k+1, len(rest)):]
		if e.Tabbed && len(rest) > 0 && rest[0] == '\t' {
			rest = rest[1:]
		}
		if e.CRLF {
			line = bytes.TrimSuffix(line, []byte("\r"))
		}
		h = h*0x9e3779b97f4a7c15 + cmp.Or(maphash.Bytes(seed, line), 1)
	}
	return h
}

// runs applies entries to sessions and reports the runs that are over.
type runs struct {
	sink Sink
	free []*held
}

// maxWait is how far apart, in bytes of the log, a text and its duration may stand.
const maxWait = 4 << 30

func (r *runs) apply(t *session, l *loose) {
	switch e := l.event; l.step {
	case stepText:
		r.finish(t)
		r.wait(t, l.text, e, false)
	case stepPlan:
		r.plan(t, l.text, e)
	case stepDuration:
		r.duration(t, e)
	case stepComplete:
		r.complete(t, l.text, l.nanos)
	case stepFailure:
		r.failure(t, l.text, e)
	}
}

func (r *runs) wait(t *session, text uint64, e *Event, planned bool) {
	if n := len(r.free); n > 0 {
		t.run, r.free = r.free[n-1], r.free[:n-1]
	} else {
		t.run = new(held)
	}
	t.run.hold(e)
	t.text, t.planned = text, planned
}

// finish reports what waits: nothing more is heard of it.
func (r *runs) finish(t *session) {
	if t.run == nil {
		return
	}
	for _, plan := range t.plans {
		r.sink.Event(&plan.Event)
	}
	r.sink.Event(&t.run.Event)
	r.drop(t)
}

func (r *runs) drop(t *session) {
	r.free = append(append(r.free, t.plans...), t.run)
	t.plans, t.run = t.plans[:0], nil
}

// complete ends a waiting run when one that took nanos is told whole.
func (r *runs) complete(t *session, text uint64, nanos int64) {
	if t.run == nil {
		return
	}
	if !t.planned || t.text != text || !r.swallow(t, nanos) {
		r.finish(t)
		return
	}
	r.drop(t)
}

// swallow takes the waiting plans for parts of a run that took nanos, the last one first, as long as they fit in: a string of several
// statements is one run with a plan for each. The others were runs of their own and are reported. It is false when none fits.
func (r *runs) swallow(t *session, nanos int64) bool {
	if t.run.Duration > nanos {
		return false
	}
	nanos -= t.run.Duration
	own := len(t.plans)
	for own > 0 && t.plans[own-1].Duration <= nanos {
		own--
		nanos -= t.plans[own].Duration
	}
	for _, plan := range t.plans[:own] {
		r.sink.Event(&plan.Event)
	}
	return true
}

// maxPlans is how many plans of one text wait for its duration.
const maxPlans = 64

func (r *runs) plan(t *session, text uint64, e *Event) {
	switch {
	case t.run == nil:
		r.wait(t, text, e, true)
	case !t.planned && t.text == text:
		t.run.Duration = max(t.run.Duration, 0) + e.Duration
	case !t.planned:
		e.Kind = Nested
		r.sink.Event(e)
	case t.text == text && len(t.plans) < maxPlans:
		t.plans = append(t.plans, t.run)
		r.wait(t, text, e, true)
	default:
		r.finish(t)
		r.wait(t, text, e, true)
	}
}

func (r *runs) duration(t *session, e *Event) {
	if t.run == nil || t.planned && !r.swallow(t, e.Duration) {
		r.finish(t)
		e.Kind = Untied
		r.sink.Event(e)
		return
	}
	t.run.Duration, t.run.Time = e.Duration, e.Time
	r.sink.Event(&t.run.Event)
	r.drop(t)
}

func (r *runs) failure(t *session, text uint64, e *Event) {
	switch {
	case t.run == nil || t.planned || text == 0 && e.Severity != SeverityError:
		r.finish(t)
	case text == t.text, text == 0: // an error need not repeat its statement
		e.Kind, e.SQL, e.Prepared, e.Params = Execution, t.run.SQL, t.run.Prepared, t.run.Params
		e.Tabbed, e.CRLF = t.run.Tabbed, t.run.CRLF
		r.sink.Event(e)
		r.drop(t)
		return
	default:
		r.finish(t)
	}
	r.sink.Event(e)
}

// table holds the sessions of a block by pid.
type table struct {
	runs
	slots []session // open addressing
	inUse []uint32  // slots
	loose []loose
}

func newTable(sink Sink) *table {
	return &table{runs: runs{sink: sink}, slots: make([]session, 1<<9)}
}

// of returns the session of a pid.
func (s *table) of(pid uint32) *session {
	mask := uint32(len(s.slots) - 1)
	for i := pid * 2654435761 >> 16 & mask; ; i = (i + 1) & mask {
		t := &s.slots[i]
		if t.pid == pid && t.used {
			return t
		}
		if !t.used {
			return s.add(pid, i)
		}
	}
}

func (s *table) add(pid, slot uint32) *session {
	if len(s.inUse) >= len(s.slots)/2 {
		s.grow()
		return s.of(pid)
	}
	s.inUse = append(s.inUse, slot)
	s.slots[slot] = session{pid: pid, used: true}
	return &s.slots[slot]
}

func (s *table) grow() {
	old := s.slots
	s.slots, s.inUse = make([]session, 2*len(old)), nil
	for i := range old {
		if old[i].used {
			*s.of(old[i].pid) = old[i]
		}
	}
}

// complete is called for each run that one entry tells whole, before it is reported. It is on the path of nearly every event.
func (s *table) complete(pid uint32, e *Event) {
	if pid == 0 {
		return
	}
	t := s.of(pid)
	switch {
	case !t.decided:
		t.decided = true
		s.loose = append(s.loose, loose{pid: pid, step: stepComplete, text: hashText(e), nanos: e.Duration})
	case t.run != nil:
		s.runs.complete(t, hashText(e), e.Duration)
	}
}

// entry takes an entry that is part of a run.
func (s *table) entry(pid uint32, st step, e *Event) {
	if pid == 0 {
		s.alone(st, e)
		return
	}
	text := hashText(e)
	t := s.of(pid)
	switch {
	case t.decided:
		s.apply(t, &loose{pid: pid, step: st, text: text, event: e})
	case st == stepText: // what waited is over, whatever it was
		s.loose = append(s.loose, loose{pid: pid, step: stepComplete})
		t.decided = true
		s.wait(t, text, e, false)
	default:
		s.loose = append(s.loose, loose{pid: pid, step: st, text: text, event: e.clone()})
		t.decided = st != stepPlan
	}
}

// alone reports an entry whose session is not known.
func (s *table) alone(st step, e *Event) {
	if st == stepDuration {
		e.Kind = Untied
	}
	s.sink.Event(e)
}

// begin empties the table for a new block.
func (s *table) begin() { s.loose = s.loose[:0] }

// end puts the waiting runs aside, in the order of the log.
func (s *table) end() {
	first := len(s.loose)
	for _, i := range s.inUse {
		t := &s.slots[i]
		if t.run != nil {
			st := stepText
			if t.planned {
				st = stepPlan
			}
			for _, plan := range t.plans {
				s.loose = append(s.loose, loose{pid: t.pid, step: st, text: t.text, event: plan.clone()})
			}
			s.loose = append(s.loose, loose{pid: t.pid, step: st, text: t.text, event: t.run.clone()})
			s.drop(t)
		}
		t.used = false
	}
	s.inUse = s.inUse[:0]
	slices.SortFunc(s.loose[first:], func(a, b loose) int { return cmp.Compare(a.event.Offset, b.event.Offset) })
}

// Joiner ties together the entries of one run that stand in different blocks. It is given the Results of a log in their order.
type Joiner struct {
	runs
	waiting map[uint32]*session
	expired int64
}

// maxWaiting is how many processes may wait for the end of a run. A process that ends without a word, because neither connections nor
// disconnections are logged, waits for ever.
const maxWaiting = 100_000

// Expired returns how many runs were reported without waiting longer for their durations, because too many were waiting.
func (j *Joiner) Expired() int64 { return j.expired }

// NewJoiner returns a Joiner that pushes the Events it completes into sink.
func (l *Log) NewJoiner(sink Sink) *Joiner {
	return &Joiner{runs: runs{sink: sink}, waiting: map[uint32]*session{}}
}

// Join takes the next Result.
func (j *Joiner) Join(r *Result) {
	for i := range r.loose {
		l := &r.loose[i]
		t := j.waiting[l.pid]
		switch {
		case t == nil && l.step == stepComplete:
			continue
		case t == nil:
			t = &session{pid: l.pid}
		case l.step != stepComplete && l.event.Offset-t.run.Offset > maxWait:
			j.finish(t)
		}
		j.apply(t, l)
		if t.run == nil {
			delete(j.waiting, l.pid)
		} else {
			j.waiting[l.pid] = t
		}
	}
	if len(j.waiting) > maxWaiting {
		j.expired += maxWaiting / 2
		j.end(maxWaiting / 2)
	}
}

// end reports the first n of the waiting runs, in the order of the log.
func (j *Joiner) end(n int) {
	left := slices.SortedFunc(maps.Values(j.waiting), func(a, b *session) int { return cmp.Compare(a.run.Offset, b.run.Offset) })
	for _, t := range left[:n] {
		j.finish(t)
		delete(j.waiting, t.pid)
	}
}

// Close reports the runs that were still waiting, in the order of the log.
func (j *Joiner) Close() { j.end(len(j.waiting)) }
