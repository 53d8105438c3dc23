package report

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/covetlog/covetlog/stats"
)

// unknown is shown for what a log cannot give. It is never 0.
const unknown = "-"

// integer prints n with thousands separators. Own code: golang.org/x/text/message would bring its tables of all
// locales for one comma.
func integer(n int64) string { return grouped(strconv.FormatInt(n, 10)) }

// grouped puts a comma between each three digits before the point.
func grouped(number string) string {
	end := len(number)
	for i, c := range number {
		if c == '.' {
			end = i
			break
		}
	}
	for i := end - 3; i > 0 && number[i-1] != '-'; i -= 3 {
		number = number[:i] + "," + number[i:]
	}
	return number
}

// decimal prints v with two decimals and thousands separators.
func decimal(v float64) string { return grouped(strconv.FormatFloat(v, 'f', 2, 64)) }

// millis prints nanoseconds as "2,345.67ms".
func millis(ns float64) string { return decimal(ns/1e6) + "ms" }

// span prints a sum of nanoseconds, with its size in words from a minute on: "3,723,000.00ms (1h 02m)".
func span(ns int64) string {
	if ns < int64(time.Minute) {
		return millis(float64(ns))
	}
	return millis(float64(ns)) + " (" + clock(ns) + ")"
}

// clock prints nanoseconds in their two largest units, the rest cut off.
func clock(ns int64) string {
	d := time.Duration(ns)
	days, hours := d/(24*time.Hour), d%(24*time.Hour)/time.Hour
	minutes, seconds := d%time.Hour/time.Minute, d%time.Minute/time.Second
	switch {
	case days > 0:
		return fmt.Sprintf("%dd %02dh", days, hours)
	case hours > 0:
		return fmt.Sprintf("%dh %02dm", hours, minutes)
	case minutes > 0:
		return fmt.Sprintf("%dm %02ds", minutes, seconds)
	}
	return fmt.Sprintf("%ds", seconds)
}

// percent prints part of whole as "3.65%".
func percent(part, whole int64) string { return decimal(stats.Percent(part, whole)) + "%" }

// threshold prints nanoseconds as the guide does: "1000ms".
func threshold(ns int64) string { return strconv.FormatFloat(float64(ns)/1e6, 'f', -1, 64) + "ms" }

// figures are those of a set of durations, ready to be shown; all are unknown when it is empty.
type figures struct{ total, avg, p95, p99, max, stddev string }

func figuresOf(d *stats.Durations) figures {
	if d.Count == 0 {
		return figures{unknown, unknown, unknown, unknown, unknown, unknown}
	}
	return figures{
		total:  span(d.Sum),
		avg:    millis(d.Mean()),
		p95:    millis(float64(d.Quantile(.95))),
		p99:    millis(float64(d.Quantile(.99))),
		max:    millis(float64(d.Max)),
		stddev: millis(d.Stddev()),
	}
}

// optional prints n, or unknown.
func optional(n *int64) string {
	if n == nil {
		return unknown
	}
	return integer(*n)
}

// optionalSpan prints a sum of nanoseconds, or unknown.
func optionalSpan(ns *int64) string {
	if ns == nil {
		return unknown
	}
	return span(*ns)
}

// optionalCount prints n, or unknown when there is none.
func optionalCount(n int) string {
	if n == 0 {
		return unknown
	}
	return integer(int64(n))
}

// inUnits prints bytes in the largest binary unit they fill, in brackets behind the exact number: " (1.5 KiB)"; nothing below 1 KiB.
func inUnits(bytes int64) string {
	const units = "KMGTPE"
	v, unit := float64(bytes), -1
	for math.Round(v*10)/10 >= 1024 {
		v /= 1024
		unit++
	}
	if unit < 0 {
		return ""
	}
	return " (" + strconv.FormatFloat(v, 'f', 1, 64) + " " + units[unit:unit+1] + "iB)"
}

// plural prints a number of things that take an s.
func plural(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return integer(n) + " " + thing + "s"
}

func entries(n int64) string {
	if n == 1 {
		return "1 entry"
	}
	return integer(n) + " entries"
}

// recognised prints the percentage of an input's lines that were understood, blank ones aside. It is not 100 % while
// a line was not.
func recognised(in *stats.Input) string {
	lines := in.Lines - in.BlankLines
	if lines <= 0 {
		return unknown
	}
	share := stats.Percent(lines-in.UnrecognisedLines, lines)
	if in.UnrecognisedLines > 0 {
		share = min(share, 99.99)
	}
	return decimal(share) + "%"
}

// hex prints a fingerprint as 16 hexadecimal digits.
func hex(k stats.Key) string { return fmt.Sprintf("%016x", k.Fingerprint) }

func (d *Doc) time(ns int64, layout string) string {
	if ns == 0 {
		return unknown
	}
	return time.Unix(0, ns).In(d.opts.Location).Format(layout)
}

const (
	toSecond = "2006-01-02 15:04:05 MST"
	toMilli  = "2006-01-02 15:04:05.000 MST"
)

// errorsOf prints the errors of a pattern and their share.
func errorsOf(p *stats.Pattern) string {
	if !p.OutcomesKnown() {
		return unknown
	}
	return integer(p.Errors) + " (" + percent(p.Errors, p.Count) + ")"
}

// errorsInAll prints the errors of all patterns.
func (d *Doc) errorsInAll() string {
	if !d.totals.OutcomesKnown() {
		return "errors not told"
	}
	return plural(d.totals.Errors, "error")
}
