package stats

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// A log may hold any number of patterns, names and errors, but a Set does not: of each it keeps as many as its limit says, and counts the
// others together. Which are kept must not depend on the order of the log, on how it was cut, or on what was merged first, so it
// is neither those that came first nor those that count most: it is the ones that hash lowest. That is exact: one that is among the
// lowest of all is among the lowest of every part that it occurs in, so no part ever gives it up.
//
// By the same argument a limit may be passed for a while and applied later; whoever counts does so, to sort seldom.
const (
	// MaxPatterns is how many patterns a Set keeps unless its own limit says otherwise.
	MaxPatterns = 50_000
	// MaxNames is how many databases, users or applications are kept of one pattern.
	MaxNames = 1000
	// MaxErrors is how many kinds of errors a Set keeps.
	MaxErrors = 1000
	// Other is the name, and the message, under which those beyond a limit are counted.
	Other = "(other)"
)

// keepLowest keeps the limit keys of m that rank lowest and hands the others to evict.
func keepLowest[K comparable, V any](m map[K]V, limit int, compare func(a, b K) int, evict func(K, V)) {
	if len(m) <= limit {
		return
	}
	keys := make([]K, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, compare)
	for _, key := range keys[limit:] {
		evict(key, m[key])
		delete(m, key)
	}
}

// hash is FNV-1a with a finalizer: alone, it leaves the high bits of short names close together. It has no seed, so that every process
// ranks alike.
func hash(texts ...string) uint64 {
	h := uint64(14695981039346656037)
	for _, text := range texts {
		for i := range len(text) {
			h = (h ^ uint64(text[i])) * 1099511628211
		}
		h *= 1099511628211 // the text ends
	}
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	return h ^ h>>33
}

// Names counts by name: at most MaxNames of them, the rest as Other. Limit makes that so; until then there may be twice as many.
type Names map[string]int64

// Add counts a name n times.
func (names Names) Add(name string, n int64) {
	names[name] += n
	if len(names) > 2*MaxNames {
		names.Limit()
	}
}

// Limit counts the names beyond the limit as Other.
func (names Names) Limit() {
	if len(names) <= MaxNames {
		return
	}
	other := names[Other] // a name of the log, too, perhaps
	delete(names, Other)
	keepLowest(names, MaxNames, compareNames, func(_ string, n int64) { other += n })
	if other > 0 {
		names[Other] = other
	}
}

func compareNames(a, b string) int {
	return cmp.Or(cmp.Compare(hash(a), hash(b)), cmp.Compare(a, b))
}

// merge adds the counts of o and returns names, or o if names is nil.
func (names Names) merge(o Names) Names {
	if names == nil {
		return o
	}
	for name, n := range o {
		names.Add(name, n)
	}
	return names
}

// Errors counts by kind of error: at most MaxErrors kinds, the rest by severity with the message Other. Limit makes that so; until then
// there may be twice as many.
type Errors map[ErrorKey]*Occurrences

// Of returns the Occurrences of a kind of error, for counting. They are valid until the next call.
func (e Errors) Of(key ErrorKey) *Occurrences {
	seen := e[key]
	if seen != nil {
		return seen
	}
	if len(e) > 2*MaxErrors {
		e.Limit()
	}
	seen = &Occurrences{}
	e[key] = seen
	return seen
}

// Limit counts the kinds of errors beyond the limit together.
func (e Errors) Limit() {
	if len(e) <= MaxErrors {
		return
	}
	others := Errors{}
	fold := func(key ErrorKey, seen *Occurrences) {
		others.Of(ErrorKey{Severity: key.Severity, Message: Other}).Merge(seen)
	}
	for key, seen := range e {
		if key.Code == "" && key.Message == Other {
			fold(key, seen)
			delete(e, key)
		}
	}
	keepLowest(e, MaxErrors, compareErrors, fold)
	maps.Copy(e, others)
}

func compareErrors(a, b ErrorKey) int {
	return cmp.Or(cmp.Compare(a.hash(), b.hash()), cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message))
}

func (k ErrorKey) hash() uint64 { return hash(k.Severity, k.Code, k.Message) }

// merge adds the counts of o, whose memory may be shared.
func (e Errors) merge(o Errors) {
	for key, seen := range o {
		e.Of(key).Merge(seen)
	}
}

// Limit applies the limits of s and warns of those that were passed. Merge does so by itself.
func (s *Set) Limit() {
	s.LimitPatterns()
	if s.Overflow != nil {
		s.Warn(fmt.Sprintf("there are more than %d patterns: the executions of the others are counted together", s.maxPatterns()))
		s.limitNames(s.Overflow)
		s.Overflow.Plans.Limit()
	}
	for _, p := range s.Patterns {
		s.limitNames(p)
		p.Plans.Limit()
	}
	if s.Errors.Limit(); len(s.Errors) > MaxErrors {
		s.Warn(fmt.Sprintf("there are more than %d kinds of errors: the others are counted as %s", MaxErrors, Other))
	}
}

// LimitPatterns counts the patterns beyond the limit together, in Overflow, and returns their keys.
func (s *Set) LimitPatterns() (evicted []Key) {
	keepLowest(s.Patterns, s.maxPatterns(), CompareKeys, func(key Key, p *Pattern) {
		evicted = append(evicted, key)
		if s.Overflow == nil {
			s.Overflow = &Pattern{}
		}
		s.Overflow.Merge(p)
		s.Overflow.Text, s.Overflow.Example = "", nil
	})
	return evicted
}

func (s *Set) maxPatterns() int { return cmp.Or(s.MaxPatterns, MaxPatterns) }

func (s *Set) limitNames(p *Pattern) {
	for _, names := range []Names{p.Databases, p.Users, p.Applications} {
		if names.Limit(); len(names) > MaxNames {
			s.Warn(fmt.Sprintf("more than %d databases, users or applications ran one pattern: the others are counted as %s", MaxNames, Other))
		}
	}
}
