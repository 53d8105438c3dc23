package stats

import "cmp"

// Plans count the executions of a pattern by the shape of their plan: at most MaxPlans of them, see Limit. More than one means that the
// server ran the same statements in different ways.
type Plans map[uint64]*Occurrences

// MaxPlans is how many plans are kept of one pattern.
const MaxPlans = 16

// Of returns the Occurrences of a plan.
func (ps *Plans) Of(shape uint64) *Occurrences {
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
	seen = &Occurrences{}
	(*ps)[shape] = seen
	return seen
}

// Limit keeps the plans with the lowest numbers.
func (ps Plans) Limit() {
	keepLowest(ps, MaxPlans, cmp.Compare[uint64], func(uint64, *Occurrences) {})
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
