// Package report prints a stats.Set: as text for a terminal, as a table, as Markdown, CSV or JSON.
//
// It goes in two steps. New sorts a Set out into a Doc, and Doc.Write prints the Doc in one of the Formats.
// Nothing is counted here, no clock is read, and the output depends on the Set and the Options alone.
//
// Whoever writes SQL, a user name or an application name writes into a report. So every text that comes from a log passes
// through the one function that makes it harmless for the medium: visible, markdownCode, csvText, jsonSafe.
package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/covetlog/covetlog/stats"
)

// Options choose what a report shows. The zero value of a field is its default.
type Options struct {
	// Order sorts the patterns; "" is stats.ByTotal. In text the section of the key asked for comes first.
	Order stats.Order
	// Limit is how many patterns are shown. 0 is 5 a section in text, 20 in table and markdown, all in csv and json.
	Limit int
	// Full shows statements whole, wrapped to the width; otherwise they are cut to fit.
	Full bool
	// Width is that of a line in text and table, in terminal cells; 0 is 80, and the least is 40.
	Width int
	// Color paints text with ANSI sequences.
	Color bool
	// Examples shows a real statement of each pattern and the lines that were not understood, with their literals.
	// Without it no format has any.
	Examples bool
	// Profile is the name of the settings that the threshold came from; shown beside it.
	Profile string
	// Filters are those in force, as they were given, such as "--user app". A report that they leave empty names them.
	Filters []string
	// Digests returns what other tools call a pattern. It is asked about those that are shown; nil: nothing is known.
	Digests func(*stats.Pattern) Digests
	// Location is the zone of the times in text and markdown; nil is UTC. CSV and JSON are always in UTC.
	Location *time.Location
}

// Digests are what other tools call a pattern; "" where they have no name for it.
type Digests struct {
	PTChecksum string // of pt-query-digest, 32 hexadecimal digits
	DigestText string // as in MySQL's performance_schema
}

// Suggestion is advice about one pattern. It is made elsewhere and shown here.
type Suggestion struct {
	Fingerprint stats.Key // of the pattern
	Kind        string    // a stable name, such as "select-star"
	Text        string    // a sentence for a person
}

// Doc is a report that has been built and not yet printed. It refers to the Set it was made from, which must not change meanwhile.
type Doc struct {
	opts        Options
	set         *stats.Set
	totals      stats.Totals
	patterns    []*stats.Pattern // all, by opts.Order
	rankings    []ranking        // of the text report, in its order
	phases      phases
	commands    []*stats.Pattern // administrator commands, by the time they took
	errors      []failure
	messages    []topic
	suggestions []Suggestion
	warnings    []string
}

// phases sums up what is beside the executions of all patterns: parse and bind work, and runs within functions.
type phases struct {
	parse, bind, nested stats.Durations
	patterns            []*stats.Pattern // those that have any, by the time they took
}

type failure struct {
	stats.ErrorKey
	*stats.Occurrences
}

type topic struct {
	name string
	*stats.Occurrences
}

// New builds the report of a Set. The suggestions are shown in the order given.
func New(set *stats.Set, suggestions []Suggestion, opts Options) *Doc {
	opts.Order = cmp.Or(opts.Order, stats.ByTotal)
	opts.Limit = max(opts.Limit, 0)
	opts.Width = max(cmp.Or(opts.Width, 80), 40)
	if opts.Location == nil {
		opts.Location = time.UTC
	}
	d := &Doc{
		opts:        opts,
		set:         set,
		totals:      set.Totals(),
		patterns:    set.Sorted(opts.Order),
		rankings:    rank(set, opts.Order),
		phases:      sumPhases(set),
		commands:    sortCommands(set.Commands),
		errors:      sortErrors(set.Errors),
		messages:    sortMessages(set.Messages),
		suggestions: suggestions,
	}
	d.warnings = append(d.scaling(), set.Warnings...)
	slices.Sort(d.warnings)
	return d
}

func sortCommands(commands map[string]*stats.Pattern) []*stats.Pattern {
	list := slices.Collect(maps.Values(commands))
	slices.SortFunc(list, func(a, b *stats.Pattern) int {
		return cmp.Or(cmp.Compare(b.Timed.Sum, a.Timed.Sum), cmp.Compare(b.Count, a.Count), cmp.Compare(a.Text, b.Text))
	})
	return list
}

// scaling warns that figures are estimates, and of how many patterns.
func (d *Doc) scaling() []string {
	estimated := 0
	for _, p := range d.patterns {
		if p.Estimated {
			estimated++
		}
	}
	if !d.totals.Estimated && !slices.ContainsFunc(d.commands, func(p *stats.Pattern) bool { return p.Estimated }) {
		return nil
	}
	return []string{fmt.Sprintf("The server logged a sample of its executions (log_slow_rate_limit). The figures of %s of %s %s are estimates: "+
		"an entry that stands for n executions counts n times. --no-scale counts each entry once.",
		integer(int64(estimated)), integer(int64(d.totals.Patterns)), d.things())}
}

func sumPhases(set *stats.Set) (sum phases) {
	for _, p := range set.Patterns {
		if p.ParsePhase.Count+p.BindPhase.Count+p.Nested.Count == 0 {
			continue
		}
		sum.nested.Merge(&p.Nested)
		sum.parse.Merge(&p.ParsePhase)
		sum.bind.Merge(&p.BindPhase)
		sum.patterns = append(sum.patterns, p)
	}
	slices.SortFunc(sum.patterns, func(a, b *stats.Pattern) int {
		return cmp.Or(cmp.Compare(phaseSum(b), phaseSum(a)), stats.CompareKeys(a.Key, b.Key))
	})
	return sum
}

func phaseSum(p *stats.Pattern) int64 { return p.ParsePhase.Sum + p.BindPhase.Sum + p.Nested.Sum }

func sortErrors(errors map[stats.ErrorKey]*stats.Occurrences) []failure {
	list := make([]failure, 0, len(errors))
	for key, seen := range errors {
		list = append(list, failure{key, seen})
	}
	slices.SortFunc(list, func(a, b failure) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(gravity(a), gravity(b)), cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message))
	})
	return list
}

// gravity is the place of an error among those that are as frequent: what ends the server, what ends a session, the rest.
func gravity(f failure) int {
	switch f.Severity {
	case "PANIC":
		return 0
	case "FATAL":
		return 1
	}
	return 2
}

func sortMessages(messages map[string]*stats.Occurrences) []topic {
	list := make([]topic, 0, len(messages))
	for name, seen := range messages {
		list = append(list, topic{name, seen})
	}
	slices.SortFunc(list, func(a, b topic) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.name, b.name))
	})
	return list
}

// limited returns the patterns that a format shows when it has n by default; 0 is all.
func (d *Doc) limited(patterns []*stats.Pattern, n int) []*stats.Pattern {
	if n = cmp.Or(d.opts.Limit, n); n == 0 {
		return patterns
	}
	return patterns[:min(n, len(patterns))]
}

// slow is how many executions were slow; unknown when none has a duration.
func (d *Doc) slow() (n int64, known bool) {
	return d.totals.Slow, d.totals.Timed > 0 || d.totals.Count == 0
}

// found says whether the log had any query, command or duration.
func (d *Doc) found() bool {
	return d.totals.Count+d.set.Untied.Count+int64(len(d.phases.patterns)+len(d.commands)) > 0
}

// maxDigests is how many patterns of a list have their names in other tools. One takes some tenths of a millisecond, and a list may have 50,000
// patterns.
const maxDigests = 10_000

// listedDigests are the digests of the pattern at a place of a list, from 0.
func (d *Doc) listedDigests(place int, p *stats.Pattern) Digests {
	if place >= maxDigests {
		return Digests{}
	}
	return d.digests(p)
}

// digests returns what other tools call p.
func (d *Doc) digests(p *stats.Pattern) Digests {
	if d.opts.Digests == nil || d.inGroups() {
		return Digests{}
	}
	return d.opts.Digests(p)
}

// grouped says whether what is counted are groups of executions, such as databases, in place of patterns.
func (d *Doc) inGroups() bool { return d.set.GroupBy != "" }

// normalizedBy is how a pattern was found; "" for a group.
func (d *Doc) normalizedBy(p *stats.Pattern) string {
	if d.inGroups() {
		return ""
	}
	return p.By
}

// mixed tells whether there are patterns of more than one dialect, so that each must say which is its own.
func (d *Doc) mixed() bool {
	return slices.ContainsFunc(d.patterns, func(p *stats.Pattern) bool { return p.Dialect != d.patterns[0].Dialect })
}

// dialectNames are those of dialects for people.
var dialectNames = map[string]string{stats.PostgreSQL: "PostgreSQL", stats.MySQL: "MySQL"}

// thing is what is counted: "pattern", "database", "value of controller".
func (d *Doc) thing() string {
	tag, tagged := strings.CutPrefix(d.set.GroupBy, "tag:")
	if tagged {
		return "value of " + visible(tag)
	}
	return visible(cmp.Or(d.set.GroupBy, "pattern"))
}

// things are several of them.
func (d *Doc) things() string {
	what, of, _ := strings.Cut(d.thing(), " ")
	return strings.TrimRight(what+"s "+of, " ")
}

// example returns the example of p that may be shown, or nil.
func (d *Doc) example(p *stats.Pattern) *stats.Example {
	if !d.opts.Examples {
		return nil
	}
	return p.Example
}

var formats = []struct {
	name  string
	write func(*Doc, *bufio.Writer) error
}{
	{"text", (*Doc).writeText},
	{"table", (*Doc).writeTable},
	{"markdown", (*Doc).writeMarkdown},
	{"csv", (*Doc).writeCSV},
	{"json", (*Doc).writeJSON},
}

// Formats lists the names that Write knows.
func Formats() (names []string) {
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// Write prints the report in a format. An error is w's, or says that there is no such format.
func (d *Doc) Write(w io.Writer, format string) error {
	for _, f := range formats {
		if f.name == format {
			out := bufio.NewWriter(w)
			return cmp.Or(f.write(d, out), out.Flush())
		}
	}
	return fmt.Errorf("no report format %q: there are %s", format, strings.Join(Formats(), ", "))
}
