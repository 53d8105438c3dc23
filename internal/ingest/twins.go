package ingest

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A server can write one log in several formats at once: postgresql.log, postgresql.csv and postgresql.json. Of those that were
// found, one is read; those that were named are all read, and a warning says that they count twice.

// extensions are those of the formats, best first: csv and json tell more than text does.
var extensions = []string{".csv", ".json", ".log"}

// twin is what logs of the same server have in common.
type twin struct {
	stem  string // the path without extensions
	first int64  // second of the first entry: not all formats have fractions
}

// stem splits a name into what the formats of a log share and the rank of its extension, -1 for another one.
func stem(name string) (string, int) {
	switch ext := filepath.Ext(name); ext {
	case ".gz", ".zst", ".bz2", ".xz":
		name = strings.TrimSuffix(name, ext)
	}
	ext := filepath.Ext(name)
	return strings.TrimSuffix(name, ext), slices.Index(extensions, ext)
}

// oneOfEach leaves all but one out of the found sources that hold the same log.
func (r *run) oneOfEach(ctx context.Context, sources []source) []source {
	groups := map[twin][]string{}
	for _, name := range similar(sources) {
		if first := r.firstTime(ctx, name); first != 0 {
			base, _ := stem(name)
			t := twin{base, first / int64(time.Second)}
			groups[t] = append(groups[t], name)
		}
	}
	out := map[string]bool{}
	for _, names := range groups {
		slices.SortStableFunc(names, func(a, b string) int {
			_, i := stem(a)
			_, j := stem(b)
			return i - j
		})
		for _, name := range names[1:] {
			out[name] = true
		}
		switch left := slices.Sorted(slices.Values(names[1:])); len(left) {
		case 0:
		case 1:
			r.warn("%s holds the same log as %s and was left out", left[0], names[0])
		default:
			last := len(left) - 1
			r.warn("%s and %s hold the same log as %s and were left out", strings.Join(left[:last], ", "), left[last], names[0])
		}
	}
	return slices.DeleteFunc(sources, func(src source) bool { return src.found && out[src.name] })
}

// similar lists the found sources whose names differ in nothing but the extension from another's.
func similar(sources []source) (names []string) {
	byStem := map[string][]string{}
	for _, src := range sources {
		if base, rank := stem(src.name); src.found && rank >= 0 {
			byStem[base] = append(byStem[base], src.name)
		}
	}
	for _, group := range byStem {
		if len(group) > 1 {
			names = append(names, group...)
		}
	}
	slices.Sort(names)
	return names
}

// firstTime returns the oldest time at the head of a log, 0 if there is none.
func (r *run) firstTime(ctx context.Context, name string) int64 {
	o, err := r.open(ctx, source{name: name})
	if o == nil {
		return 0
	}
	defer o.close()
	if err != nil {
		return 0
	}
	in := &reader{in: o.stream, cutter: o.log.NewCutter(), size: len(o.head)}
	b, _, ok := in.next(new(memory))
	if !ok {
		return 0
	}
	var times span
	joiner := o.log.NewJoiner(&times)
	joiner.Join(o.log.NewParser(&times).Parse(b))
	joiner.Close()
	return times.first
}

// warnOfTwins warns of inputs that look like one log in two formats.
func (r *run) warnOfTwins() {
	type looks struct{ entries, first, last int64 }
	seen := map[looks][]int{}
	for i, in := range r.inputs {
		if in.Entries == 0 || r.spans[i].first == 0 {
			continue
		}
		l := looks{in.Entries, r.spans[i].first / int64(time.Second), r.spans[i].last / int64(time.Second)}
		for _, j := range seen[l] {
			if r.inputs[j].Format != in.Format {
				r.warn("%s and %s look like the same log in two formats; everything is counted twice", r.inputs[j].Name, in.Name)
			}
		}
		seen[l] = append(seen[l], i)
	}
}
