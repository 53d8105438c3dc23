package parse

import (
	"testing"
	"time"
)

func TestStamp(t *testing.T) {
	f := func(location, text, want string, length int) {
		t.Helper()
		c := clock{}
		if location != "" {
			loc, err := time.LoadLocation(location)
			if err != nil {
				t.Fatal(err)
			}
			c.location = loc
		}
		for range 2 { // the second time from the cached minute
			at, n := c.stamp([]byte(text))
			got := "unknown"
			if n == 0 {
				got = "none"
			} else if at != Unknown {
				got = time.Unix(0, at).UTC().Format(time.RFC3339Nano)
			}
			if got != want || n != length {
				t.Errorf("%q in %q is %s, %d bytes; want %s, %d bytes", text, location, got, n, want, length)
			}
		}
	}
	f("", "2026-11-22 20:31:37.058 UTC [6835] LOG", "2026-11-22T20:31:37.058Z", 27)
	f("", "2026-11-22 20:31:37 UTC:10.0.0.1(5):a@b", "2026-11-22T20:31:37Z", 23)
	f("", "2026-11-22 20:31:37 UTC-682db026.4ec-LOG:", "2026-11-22T20:31:37Z", 23)
	f("", "2026-11-22 20:31:37 UTC-68200026.4ec-LOG:", "2026-11-22T20:31:37Z", 23)
	f("", "2026-11-22 20:31:37.058 CET [1]", "2026-11-22T19:31:37.058Z", 27)
	f("", "2026-11-22 20:31:37.058 MSK >LOG:", "2026-11-22T17:31:37.058Z", 27)
	// Numbers.
	f("", "2026-11-22 20:31:37.058 +03 [1]", "2026-11-22T17:31:37.058Z", 27)
	f("", "2026-11-22 20:31:37.058 -03 [1]", "2026-11-22T23:31:37.058Z", 27)
	f("", "2026-11-22 20:31:37.058 +0530 [1]", "2026-11-22T15:01:37.058Z", 29)
	f("", "2026-11-22 20:31:37.058 +05:30 [1]", "2026-11-22T15:01:37.058Z", 30)
	f("", "2026-11-22 20:31:37.058 GMT+3 [1]", "2026-11-22T17:31:37.058Z", 29)
	f("", "2026-11-22 20:31:37.058 <+08> [1]", "2026-11-22T12:31:37.058Z", 29)
	f("", "2026-11-22T20:31:37.058123+01:00 db1", "2026-11-22T19:31:37.058123Z", 32)
	f("", "2026-11-22T20:31:37Z db1", "2026-11-22T20:31:37Z", 20)
	// What several zones are called: the most used one, unless the location tells.
	f("", "2026-11-22 20:31:37 IST [1]", "2026-11-22T15:01:37Z", 23)
	f("Asia/Jerusalem", "2026-11-22 20:31:37 IST [1]", "2026-11-22T18:31:37Z", 23)
	f("Europe/Dublin", "2026-07-22 20:31:37 IST [1]", "2026-07-22T19:31:37Z", 23)
	f("Asia/Shanghai", "2026-11-22 20:31:37 CST [1]", "2026-11-22T12:31:37Z", 23)
	f("", "2026-11-22 20:31:37 CST [1]", "2026-11-23T02:31:37Z", 23)
	// The hour that occurs twice: its name tells which.
	f("Europe/Berlin", "2026-10-25 02:30:00 CEST [1]", "2026-10-25T00:30:00Z", 24)
	f("Europe/Berlin", "2026-10-25 02:30:00 CET [1]", "2026-10-25T01:30:00Z", 23)
	// A name that nobody knows is not taken for UTC.
	f("", "2026-11-22 20:31:37 QQT [1]", "unknown", 23)
	f("Europe/Berlin", "2026-11-22 20:31:37 QQT [1]", "2026-11-22T19:31:37Z", 23)
	// Without a zone the location tells.
	f("Europe/Berlin", "2026-11-22 20:31:37 LOG:  x", "2026-11-22T19:31:37Z", 19)
	f("Asia/Kolkata", "2026-11-22 20:31:37.5 [1]", "2026-11-22T15:01:37.5Z", 21)
	// No stamps.
	f("", "2026-13-22 20:31:37 UTC", "none", 0)
	f("", "2026-11-22 20:61:37 UTC", "none", 0)
	f("", "2026-11-22 24:31:37 UTC", "none", 0)
	f("", "2026-02-31 20:31:37 UTC", "none", 0)
	f("", "2026-11-22 20:31:61 UTC", "none", 0)
	f("", "2026-11-22 20:31:60 UTC", "2026-11-22T20:32:00Z", 23)
	f("", "2026-11-22 20:31", "none", 0)
	f("", "", "none", 0)
}

func TestImpossibleSecondInAKnownMinute(t *testing.T) {
	var c clock
	c.stamp([]byte("2026-11-22 20:31:37.209 UTC [1]"))
	for _, text := range []string{"2026-11-22 20:31:99.209 UTC [1]", "2026-11-22 20:31:61 UTC [1]"} {
		if _, n := c.stamp([]byte(text)); n != 0 {
			t.Errorf("%q is taken for a time", text)
		}
	}
}

// The cached minute and zone must not be taken for another one.
func TestStampAfterAnother(t *testing.T) {
	f := func(first, second, want string) {
		t.Helper()
		c := clock{}
		c.stamp([]byte(first))
		at, _ := c.stamp([]byte(second))
		if got := time.Unix(0, at).UTC().Format(time.RFC3339); got != want {
			t.Errorf("%q after %q is %s, want %s", second, first, got, want)
		}
	}
	f("2026-11-22 20:31:37 UTC [1]", "2026-11-22 20:31:38 CET [1]", "2026-11-22T19:31:38Z")
	f("2026-11-22 20:31:37 GMT [1]", "2026-11-22 20:31:38 GMT+3 [1]", "2026-11-22T17:31:38Z")
	f("2026-11-22 20:31:37 +05 [1]", "2026-11-22 20:31:38 +0530 [1]", "2026-11-22T15:01:38Z")
	f("2026-11-22 20:31:37 +05 [1]", "2026-11-22 20:31:38 +05:30 [1]", "2026-11-22T15:01:38Z")
	f("2026-11-22 20:31:37 UTC [1]", "2026-11-22 20:32:37 UTC [1]", "2026-11-22T20:32:37Z")
	f("2026-11-22 20:31:37 UTC [1]", "2026-12-22 20:31:37 UTC [1]", "2026-12-22T20:31:37Z")
	f("2026-10-25 02:30:00 CEST [1]", "2026-10-25 02:30:00 CET [1]", "2026-10-25T01:30:00Z")
}

func TestEpoch(t *testing.T) {
	f := func(text string, want int64, length int) {
		t.Helper()
		if at, n := epoch([]byte(text)); at != want || n != length {
			t.Errorf("%q is %d, %d bytes; want %d, %d bytes", text, at, n, want, length)
		}
	}
	f("1690547999.456 [97674]", 1690547999_456_000_000, 14)
	f("1690547999 [97674]", 0, 0)
	f("12.5", 0, 0)
}

// FuzzClock: a stamp means the same whatever stamp was read before it.
func FuzzClock(f *testing.F) {
	f.Add("37.058", "59.999")
	f.Add("60.000", "5:.9/9")
	f.Fuzz(func(t *testing.T, first, second string) {
		line := func(s string) []byte { return []byte("2026-11-22 20:31:" + s + " UTC [1] LOG:  x") }
		var warm clock
		warm.stamp(line("00.000"))
		for _, s := range []string{first, second} {
			var fresh clock
			gotTime, gotLength := warm.stamp(line(s))
			wantTime, wantLength := fresh.stamp(line(s))
			if gotTime != wantTime || gotLength != wantLength {
				t.Errorf("%q is %d in %d bytes, alone it is %d in %d", line(s), gotTime, gotLength, wantTime, wantLength)
			}
		}
	})
}
