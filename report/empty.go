package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/covetlog/covetlog/stats"
)

// emptiness says why there are no queries; "" when there are some. Filters are the user's words, and harmless makes them fit the medium.
func (d *Doc) emptiness(harmless func(string) string) string {
	var entries int64
	for _, in := range d.set.Inputs {
		entries += in.Entries
	}
	switch {
	case d.found():
		return ""
	case entries == 0:
		return "Nothing was found: no input has an entry of a log."
	case len(d.opts.Filters) == 0:
		return fmt.Sprintf("No queries were found: of %s log entries none has a statement or a duration.", integer(entries))
	}
	note := fmt.Sprintf("No queries are left: %s chose none among %s log entries.", strings.Join(mapped(d.opts.Filters, harmless), ", "), integer(entries))
	return strings.Join(append([]string{note}, d.filterHints()...), " ")
}

// filterHints say what the filters in force may have missed.
func (d *Doc) filterHints() (hints []string) {
	given := func(flags ...string) bool {
		return slices.ContainsFunc(d.opts.Filters, func(filter string) bool {
			flag, _, _ := strings.Cut(filter, " ")
			return slices.Contains(flags, flag)
		})
	}
	if given("--since", "--until") {
		hints = append(hints, d.logWindow())
	}
	if given("--include-query") {
		hints = append(hints, "Patterns have their keywords in upper case; (?i) in front of a regular expression ignores case.")
	}
	switch {
	case given("--application") && d.slowLogsOnly():
		hints = append(hints, "Slow logs of MySQL have no names of applications.")
	case given("--database", "--user", "--application", "--client"):
		hints = append(hints, "Names are compared as the log has them, and a log_line_prefix may lack some.")
	}
	return hints
}

// logWindow says what times the inputs have.
func (d *Doc) logWindow() string {
	var all stats.Window
	for _, in := range d.set.Inputs {
		all.Merge(in.Window)
	}
	if all == (stats.Window{}) {
		return "No entry has a time, and what has none is in no range of times."
	}
	return "The log is from " + d.time(all.Start, toSecond) + " to " + d.time(all.End, toSecond) + "."
}

// slowLogsOnly tells whether all inputs that were read are slow logs of MySQL.
func (d *Doc) slowLogsOnly() bool {
	return !slices.ContainsFunc(d.set.Inputs, func(in stats.Input) bool { return in.Format != "" && !strings.HasPrefix(in.Format, "mysql-") })
}
