package when

import (
	"strings"
	"testing"
	"time"
)

var (
	paris, _ = time.LoadLocation("Europe/Paris")
	// Half past midnight on 1 July in Paris is still 30 June in UTC.
	wall = time.Date(2025, 6, 30, 22, 30, 15, 500, time.UTC)
	end  = time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)
)

func TestResolve(t *testing.T) {
	f := func(input, want string) {
		t.Helper()
		spec, err := Parse(input)
		if err != nil {
			t.Errorf("Parse(%q): %v", input, err)
			return
		}
		if got := spec.Resolve(wall, end, paris).UTC().Format(time.RFC3339Nano); got != want {
			t.Errorf("%q is %s, want %s", input, got, want)
		}
	}
	// With a zone of its own.
	f("2025-01-31T14:30:00Z", "2025-01-31T14:30:00Z")
	f("2025-01-31t14:30:00z", "2025-01-31T14:30:00Z")
	f("2025-01-31T14:30:00+02:00", "2025-01-31T12:30:00Z")
	f("2025-01-31T14:30:00.123456789-03:30", "2025-01-31T18:00:00.123456789Z")
	f("2025-01-31 14:30:00.123 UTC", "2025-01-31T14:30:00.123Z")
	f("2025-01-31 14:30 America/New_York", "2025-01-31T19:30:00Z")
	f("2025-01-31 14:30+0530", "2025-01-31T09:00:00Z")
	f("2025-01-31 +03", "2025-01-30T21:00:00Z")
	f("2025-07-31 14:30:00 CET", "2025-07-31T12:30:00Z") // as the zone database has it: with summer time
	f("14:30 UTC", "2025-06-30T14:30:00Z")
	f("@1738330200", "2025-01-31T13:30:00Z")
	f("@-1", "1969-12-31T23:59:59Z")

	// In the zone given, Paris: UTC+1 in winter, UTC+2 in summer.
	f("2025-01-31", "2025-01-30T23:00:00Z")
	f("2025-07-31", "2025-07-30T22:00:00Z")
	f(" 2025-01-31 ", "2025-01-30T23:00:00Z")
	f("2025-01-31T14:30", "2025-01-31T13:30:00Z")
	f("2025-01-31 14:30:05", "2025-01-31T13:30:05Z")
	f("2025-01-31 14:30:05.25", "2025-01-31T13:30:05.25Z")
	f("2025-01-31 14:30:05,250", "2025-01-31T13:30:05.25Z") // a comma, as log_line_prefix never writes it and Java always does
	f("2024-02-29", "2024-02-28T23:00:00Z")

	// Today, in Paris.
	f("14:30", "2025-07-01T12:30:00Z")
	f("9:05", "2025-07-01T07:05:00Z")
	f("00:00:01", "2025-06-30T22:00:01Z")
	f("now", "2025-06-30T22:30:15.0000005Z")
	f("today", "2025-06-30T22:00:00Z")
	f("yesterday", "2025-06-29T22:00:00Z")

	// Back from the end of the log.
	f("2h", "2024-02-29T10:00:00Z")
	f("-2h", "2024-02-29T10:00:00Z")
	f("2h ago", "2024-02-29T10:00:00Z")
	f("1h30m", "2024-02-29T10:30:00Z")
	f("90s", "2024-02-29T11:58:30Z")
	f("2d", "2024-02-27T12:00:00Z")
	f("1w", "2024-02-22T12:00:00Z")
	f("1w1d1h1m1s", "2024-02-21T10:58:59Z")
	f("0s", "2024-02-29T12:00:00Z")
}

func TestParseRefuses(t *testing.T) {
	f := func(input, why string) {
		t.Helper()
		spec, err := Parse(input)
		if err == nil {
			t.Errorf("Parse(%q) gave %v", input, spec)
			return
		}
		if !strings.Contains(err.Error(), why) || !strings.Contains(err.Error(), "accepted are 2025-01-31") {
			t.Errorf("Parse(%q): %v; want %q in it and what is accepted", input, err, why)
		}
		if !spec.IsZero() {
			t.Errorf("Parse(%q) gave an error and %v", input, spec)
		}
	}
	f("", `"" is not a time;`)
	f("tomorrow", `"tomorrow" is not a time;`)
	f("2h later", "not a time;")
	f("-2h ago", "not a time;")
	f("2 h", "not a time;")
	f("2", "not a time;")
	f("1.5h", "not a time;")
	f("2025-02-30", "day out of range")
	f("2025-13-01", "month out of range")
	f("2025-01-31 24:00", "hour out of range")
	f("2025-01-31 23:60", "minute out of range")
	f("2025-01-31 23:59:60", "second out of range")
	f("2025-01-31T", `unknown time zone "T"`)
	f("2025-01-31 14:30 CEST", `unknown time zone "CEST"`)
	f("2025-01-31 14:30 Europe/Pari", `unknown time zone "Europe/Pari"`)
	f("2025-01-31 14:30 +15", "offset of 15 hours")
	f("2025-1-31", "not a time;")
	f("31.01.2025", "not a time;")
	f("1500-01-01", "year out of range")
	f("@", "@ wants seconds since 1970")
	f("@1738330200123", "@ wants seconds since 1970")
	f("999999999999999999999w", "more than 292 years")
	f("292w999999999999h", "more than 292 years")
}

func TestSpec(t *testing.T) {
	if s := (Spec{}); !s.IsZero() || s.Relative() || s != (Spec{}) || !s.Resolve(wall, end, paris).IsZero() {
		t.Error("the zero Spec is a time")
	}
	f := func(input string, relative bool) {
		t.Helper()
		s, err := Parse(input)
		if err != nil || s.IsZero() || s.Relative() != relative || s.String() != input {
			t.Errorf("%q: %v, zero %t, relative %t, %q", input, err, s.IsZero(), s.Relative(), s)
		}
	}
	f("2h", true)
	f("90m ago", true)
	f("-1w", true)
	f("now", false)
	f("today", false)
	f("14:30", false)
	f("2025-01-31", false)
	f("@0", false)
}

func TestResolveWithoutZoneIsLocal(t *testing.T) {
	s, err := Parse("2025-01-31 14:30")
	want := time.Date(2025, 1, 31, 14, 30, 0, 0, time.Local)
	if got := s.Resolve(wall, end, nil); err != nil || !got.Equal(want) {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
}

func TestZone(t *testing.T) {
	f := func(name string, want int) { // seconds east of Greenwich in January
		t.Helper()
		loc, err := Zone(name)
		if err != nil {
			t.Errorf("Zone(%q): %v", name, err)
			return
		}
		if _, got := time.Date(2025, 1, 31, 0, 0, 0, 0, loc).Zone(); got != want {
			t.Errorf("Zone(%q) is %d s east, want %d", name, got, want)
		}
	}
	f("UTC", 0)
	f("Z", 0)
	f("Europe/Paris", 3600)
	f("+03", 3*3600)
	f("+3", 3*3600)
	f("+08", 8*3600)
	f("-0330", -(3*3600 + 1800))
	f("+05:45", 5*3600+45*60)

	for _, name := range []string{"", "Nowhere", "UTC+3", "+15", "+3:75", "CEST", "../../etc/passwd"} {
		if loc, err := Zone(name); err == nil {
			t.Errorf("Zone(%q) is %v, want an error", name, loc)
		}
	}
}
