package stats

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lowestNames is the definition of what is kept.
func lowestNames(counts map[string]int64, limit int) Names {
	var list []string
	for name := range counts {
		if name != Other {
			list = append(list, name)
		}
	}
	slices.SortFunc(list, compareNames)
	kept := Names{}
	for i, name := range list {
		if i >= limit {
			name = Other
		}
		kept[name] += counts[list[i]]
	}
	if n := counts[Other]; n > 0 {
		kept[Other] += n
	}
	return kept
}

// Whatever the order of arrival, the parts and the order of merging, the same names are kept and the same number is beyond.
func TestNamesAreLimitedExactly(t *testing.T) {
	r := rand.New(rand.NewPCG(20, 21))
	f := func(distinct, parts int) {
		t.Helper()
		all := map[string]int64{}
		split := make([]Names, parts)
		for i := range split {
			split[i] = Names{}
		}
		for _, i := range r.Perm(distinct * 3) {
			name := fmt.Sprintf("worker-%d", i%distinct)
			all[name]++
			split[r.IntN(parts)].Add(name, 1)
		}
		var merged Names
		for _, i := range r.Perm(parts) {
			if r.IntN(2) == 0 {
				split[i].Limit()
			}
			merged = merged.merge(split[i])
		}
		merged.Limit()
		if diff := cmp.Diff(lowestNames(all, MaxNames), merged); diff != "" {
			t.Errorf("%d names in %d parts (-want +got):\n%s", distinct, parts, diff)
		}
		if len(merged) > MaxNames+1 {
			t.Errorf("%d names are kept", len(merged))
		}
	}
	f(10, 3)
	f(999, 2)
	f(1000, 4)
	f(1001, 1)
	f(1001, 4)
	f(2500, 1)
	f(2500, 7)
	f(20_000, 3)
}

func TestNamesNeverPassTwiceTheLimit(t *testing.T) {
	names := Names{}
	for i := range 10_000 {
		names.Add(fmt.Sprint(i), 1)
		if len(names) > 2*MaxNames {
			t.Fatalf("after %d names %d are kept", i+1, len(names))
		}
	}
}

// A name of the log that reads like the sum of the others is part of it.
func TestANameLikeTheOthers(t *testing.T) {
	few := Names{Other: 5, "a": 1}
	few.Limit()
	if !cmp.Equal(few, Names{Other: 5, "a": 1}) {
		t.Errorf("few names are %v", few)
	}
	many := Names{Other: 5}
	for i := range 1002 {
		many.Add(fmt.Sprint(i), 1)
	}
	many.Limit()
	if many[Other] != 7 || len(many) != 1001 {
		t.Errorf("%d names, %d beyond, want 1001 and 7", len(many), many[Other])
	}
}

func TestErrorsAreLimitedExactly(t *testing.T) {
	r := rand.New(rand.NewPCG(22, 23))
	const distinct = 3000
	key := func(i int) ErrorKey {
		return ErrorKey{[]string{"ERROR", "FATAL"}[i%2], fmt.Sprintf("%05d", i%7), fmt.Sprint("message ", i)}
	}
	all := Errors{}
	sets := []*Set{NewSet(1), NewSet(1), NewSet(1)}
	for _, i := range r.Perm(distinct * 2) {
		all[key(i%distinct)] = &Occurrences{2, int64(i%distinct + 1), int64(i%distinct + 1)}
		sets[r.IntN(3)].Errors.Of(key(i % distinct)).Add(int64(i%distinct + 1))
	}
	for _, order := range [][3]int{{0, 1, 2}, {2, 0, 1}} {
		merged := NewSet(1)
		for _, i := range order {
			part := NewSet(1)
			for k, seen := range sets[i].Errors {
				part.Errors[k] = new(*seen)
			}
			merged.Merge(part)
		}
		checkErrors(t, merged, all)
	}
}

func checkErrors(t *testing.T, got *Set, all Errors) {
	t.Helper()
	var keys []ErrorKey
	for key := range all {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, compareErrors)
	want := Errors{}
	for i, key := range keys {
		if i >= MaxErrors {
			key = ErrorKey{Severity: key.Severity, Message: Other}
		}
		want.Of(key).Merge(all[keys[i]])
	}
	if diff := cmp.Diff(want, got.Errors); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(want) != MaxErrors+2 || len(got.Warnings) != 1 || !strings.Contains(got.Warnings[0], "more than 1000 kinds of errors") {
		t.Errorf("%d kinds are kept, and the warnings are %q", len(got.Errors), got.Warnings)
	}
}

func TestLimitsAreSaidOnlyWhenPassed(t *testing.T) {
	f := func(patterns, names int, want ...string) {
		t.Helper()
		s := NewSet(1)
		s.MaxPatterns = 10
		for i := range patterns {
			p := timed(uint64(i), 0, 1)
			p.Users = Names{}
			for n := range names {
				p.Users.Add(fmt.Sprint("user", n), 1)
			}
			s.Patterns[p.Key] = p
		}
		s.Limit()
		s.Limit()
		if !slices.EqualFunc(s.Warnings, want, strings.HasPrefix) {
			t.Errorf("%d patterns by %d users: the warnings are %q, want %q", patterns, names, s.Warnings, want)
		}
		if s.Totals().Count != int64(patterns) {
			t.Errorf("%d executions are left of %d", s.Totals().Count, patterns)
		}
	}
	f(10, 1000)
	f(11, 5, "there are more than 10 patterns")
	f(1, 1001, "more than 1000 databases, users or applications")
	f(12, 1001, "more than 1000 databases", "there are more than 10 patterns")
}

// What is counted together has neither text nor example: it would be the literal of one of many.
func TestOverflow(t *testing.T) {
	s := NewSet(1)
	s.MaxPatterns = 2
	for i := range uint64(5) {
		p := timed(i, 1, int64(i), 100)
		p.Text, p.First, p.Last, p.Example = "SELECT ?", int64(10+i), int64(20+i), &Example{SQL: "SELECT 1"}
		p.Users = Names{"app": 1, fmt.Sprint(i): 1}
		s.Patterns[p.Key] = p
	}
	s.Limit()
	want := timed(0, 3, 2, 100, 3, 100, 4, 100)
	want.Key, want.First, want.Last = Key{}, 12, 24
	want.Users = Names{"app": 3, "2": 1, "3": 1, "4": 1}
	if diff := cmp.Diff(want, s.Overflow, same); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(s.Patterns) != 2 || s.Patterns[Key{0, PostgreSQL, ByParser}] == nil || s.Patterns[Key{1, PostgreSQL, ByParser}] == nil {
		t.Errorf("kept are %v, want those with the lowest fingerprints", s.Patterns)
	}
}
