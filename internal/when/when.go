// Package when reads the times that people type: absolute, relative, with and without a zone.
//
//	time     = date [("T" | " ") clock] [zone] | clock [zone] | "@" unix | "now" | "today" | "yesterday"
//	         | ["-"] span | span " ago"
//	date     = "YYYY-MM-DD"
//	clock    = "HH:MM" [":SS" ["." fraction]]
//	zone     = "Z" | ("+" | "-") "HH" [[":"] "MM"] | a name of the time zone database
//	span     = 1*(number unit), unit = "s" | "m" | "h" | "d" | "w"
//
// A clock alone is today's. A span counts back from the end of the log, because last month's log has
// no entries in the last two hours of the wall clock. A day is 24 hours.
package when

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Accepted says what Parse takes, for an error or a help text.
const Accepted = `2025-01-31, "2025-01-31 14:30", 2025-01-31T14:30:00+02:00, 14:30 (today), @1738330200, now, today, yesterday, ` +
	`or 90s, 15m, 2h, 1h30m, 2d, 1w before the end of the log`

// Spec is a point in time as written. The zero Spec is no time.
type Spec struct {
	text  string
	form  form
	at    time.Time     // instant; date and clock in UTC when zoned is false
	zoned bool          // at has a zone of its own
	back  time.Duration // span
}

type form uint8

const (
	none    form = iota
	instant      // at, in its own zone or in that of the log
	clock        // the clock of at, today
	now
	today
	yesterday
	span // back from the end of the log
)

var words = map[string]form{"now": now, "today": today, "yesterday": yesterday}

// Parse reads a Spec. Its error says what is wrong and what is accepted.
func Parse(text string) (Spec, error) {
	s, err := parse(strings.TrimSpace(text))
	if err != nil {
		return Spec{}, fmt.Errorf("%q is not a time%w; accepted are %s", text, err, Accepted)
	}
	s.text = text
	return s, nil
}

func parse(text string) (Spec, error) {
	if f := words[text]; f != none {
		return Spec{form: f}, nil
	}
	if seconds, ok := strings.CutPrefix(text, "@"); ok {
		return parseUnix(seconds)
	}
	if m := absolute.FindStringSubmatch(text); m != nil {
		return parseAbsolute(m[1], m[2]+m[3], m[4])
	}
	return parseSpan(text)
}

// String returns the Spec as it was written.
func (s Spec) String() string { return s.text }

// IsZero tells whether s is no time.
func (s Spec) IsZero() bool { return s.form == none }

// Relative tells whether s counts back from the end of the log ("2h", "90m ago").
func (s Spec) Relative() bool { return s.form == span }

// Resolve returns the time that s means. Wall is the wall clock, end the newest time of the log, loc the zone for times without
// one; nil stands for the local zone. The zero Spec gives the zero Time.
func (s Spec) Resolve(wall, end time.Time, loc *time.Location) time.Time {
	if loc == nil {
		loc = time.Local
	}
	if s.zoned {
		loc = s.at.Location()
	}
	y, m, d := wall.In(loc).Date()
	switch s.form {
	case instant:
		y, m, d = s.at.Date()
		return s.clockOn(y, m, d, loc)
	case clock:
		return s.clockOn(y, m, d, loc)
	case now:
		return wall
	case today:
		return time.Date(y, m, d, 0, 0, 0, 0, loc)
	case yesterday:
		return time.Date(y, m, d-1, 0, 0, 0, 0, loc)
	case span:
		return end.Add(-s.back)
	default:
		return time.Time{}
	}
}

func (s Spec) clockOn(y int, m time.Month, d int, loc *time.Location) time.Time {
	return time.Date(y, m, d, s.at.Hour(), s.at.Minute(), s.at.Second(), s.at.Nanosecond(), loc)
}

const clockPattern = `(\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)`

// The parts of an absolute time; time.Parse and the zone database check what is in them.
var absolute = regexp.MustCompile(`^(?:(\d{4}-\d{2}-\d{2})(?:[Tt ] *` + clockPattern + `)?|` + clockPattern + `) *([-+A-Za-z].*)?$`)

func parseAbsolute(date, clockText, zone string) (Spec, error) {
	s := Spec{form: instant, zoned: zone != ""}
	layout, text := time.DateOnly, date
	if date == "" {
		s.form, layout, text = clock, "", ""
	}
	if clockText != "" {
		layout, text = layout+" 15:04:05"[:6+3*(strings.Count(clockText, ":")-1)], text+" "+clockText
	}
	loc, err := Zone(zone)
	if zone == "" {
		loc, err = time.UTC, nil
	}
	if err != nil {
		return Spec{}, fmt.Errorf(": %w", err)
	}
	if s.at, err = time.ParseInLocation(layout, text, loc); err != nil {
		return Spec{}, outOfRange(err)
	}
	return s, checkYear(s)
}

// outOfRange keeps what is worth saying of an error of time.Parse: "hour out of range".
func outOfRange(err error) error {
	var bad *time.ParseError
	if errors.As(err, &bad) && strings.HasPrefix(bad.Message, ": ") {
		return errors.New(bad.Message)
	}
	return errors.New("")
}

// checkYear refuses what nanoseconds since 1970 cannot hold in 64 bits.
func checkYear(s Spec) error {
	if y := s.at.Year(); s.form == instant && (y < 1678 || y > 2261) {
		return errors.New(": year out of range")
	}
	return nil
}

const lastSecond = math.MaxInt64 / int64(time.Second)

func parseUnix(text string) (Spec, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n > lastSecond || n < -lastSecond {
		return Spec{}, errors.New(": @ wants seconds since 1970")
	}
	s := Spec{form: instant, zoned: true, at: time.Unix(n, 0).UTC()}
	return s, checkYear(s)
}

var units = map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}

var (
	spanPattern = regexp.MustCompile(`^(?:-((?:\d+[smhdw])+)|((?:\d+[smhdw])+)(?: ago)?)$`)
	stepPattern = regexp.MustCompile(`(\d+)([smhdw])`)
)

func parseSpan(text string) (Spec, error) {
	m := spanPattern.FindStringSubmatch(text)
	if m == nil {
		return Spec{}, errors.New("")
	}
	s := Spec{form: span}
	for _, step := range stepPattern.FindAllStringSubmatch(m[1]+m[2], -1) {
		n, err := strconv.ParseInt(step[1], 10, 64)
		unit := units[step[2]]
		if err != nil || n > int64((math.MaxInt64-s.back)/unit) {
			return Spec{}, errors.New(": more than 292 years")
		}
		s.back += time.Duration(n) * unit
	}
	return s, nil
}
