package stats

import "cmp"

// Plans count the executions of a pattern by the shape of their plan: at most MaxPlans of them, see Limit. More than one means that the
// server ran the same statements in different ways.
type Plans map[uint64]*Plan

// Plan is what was counted for one plan of a pattern.
type Plan struct {
	Occurrences
	Timed int64 // executions with a duration
	Sum   int64 // of their durations; it ends at the largest int64
	// Slowest is the duration of the execution whose plan Text is, as logged: the slowest, of equals the one with the smallest Text.
	// It is -1 when its duration is not known. Text may be "", then nothing is kept.
	Slowest int64
	Text    string
}

// MaxPlans is how many plans are kept of one pattern.
const MaxPlans = 16

// AddTime counts the duration of n executions; one that is negative is not known.
func (p *Plan) AddTime(duration, n int64) {
	if duration >= 0 {
		p.Timed += n
		p.Sum = addCapped(p.Sum, mulCapped(duration, n))
	}
}

// Keep keeps the text of an execution if it is the slowest. It copies what it keeps.
func (p *Plan) Keep(duration int64, text []byte) {
	duration = max(duration, -1)
	if len(text) > 0 && p.outdone(duration, string(text) < p.Text) { // copies nothing
		p.Slowest, p.Text = duration, string(text)
	}
}

// outdone tells whether an execution stands for the plan rather than the one that is kept. smaller says how their texts compare.
func (p *Plan) outdone(duration int64, smaller bool) bool {
	return p.Text == "" || duration > p.Slowest || duration == p.Slowest && smaller
}

// Merge adds what was counted in o, the same plan of the same pattern.
func (p *Plan) Merge(o *Plan) {
	p.Occurrences.Merge(&o.Occurrences)
	p.Timed += o.Timed
	p.Sum = addCapped(p.Sum, o.Sum)
	if o.Text != "" && p.outdone(o.Slowest, o.Text < p.Text) {
		p.Slowest, p.Text = o.Slowest, o.Text
	}
}

// Of returns a plan, a new one if need be.
func (ps *Plans) Of(shape uint64) *Plan {
	seen := (*ps)[shape]
	if seen != nil {
		return seen
	}
	if *ps == nil {
		*ps = Plans{}
	}
	if len(*ps) > 2*MaxPlans {
		ps.Limit()
	}
	seen = &Plan{}
	(*ps)[shape] = seen
	return seen
}

// Limit keeps the plans with the lowest numbers.
func (ps Plans) Limit() {
	keepLowest(ps, MaxPlans, cmp.Compare[uint64], func(uint64, *Plan) {})
}

// merge adds the counts of o and returns ps, or o if ps is nil.
func (ps Plans) merge(o Plans) Plans {
	if ps == nil {
		return o
	}
	for shape, seen := range o {
		ps.Of(shape).Merge(seen)
	}
	return ps
}
