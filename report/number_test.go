package report

import (
	"math"
	"testing"

	"github.com/covetlog/covetlog/stats"
)

func TestInteger(t *testing.T) {
	f := func(n int64, want string) {
		t.Helper()
		if got := integer(n); got != want {
			t.Errorf("integer(%d) = %s, want %s", n, got, want)
		}
	}
	f(0, "0")
	f(999, "999")
	f(1000, "1,000")
	f(-1000, "-1,000")
	f(-999, "-999")
	f(123456, "123,456")
	f(1234567, "1,234,567")
	f(math.MaxInt64, "9,223,372,036,854,775,807")
}

func TestMillis(t *testing.T) {
	f := func(ns float64, want string) {
		t.Helper()
		if got := millis(ns); got != want {
			t.Errorf("millis(%v) = %s, want %s", ns, got, want)
		}
	}
	f(0, "0.00ms")
	f(4_999, "0.00ms")
	f(5_001, "0.01ms")
	f(25_500_000, "25.50ms")
	f(999_994_999, "999.99ms")
	f(999_995_001, "1,000.00ms")
	f(2_345_670_000, "2,345.67ms")
	f(1e15, "1,000,000,000.00ms")
}

func TestSpan(t *testing.T) {
	const second = 1_000_000_000
	f := func(ns int64, want string) {
		t.Helper()
		if got := span(ns); got != want {
			t.Errorf("span(%d) = %s, want %s", ns, got, want)
		}
	}
	f(59*second, "59,000.00ms")
	f(60*second, "60,000.00ms (1m 00s)")
	f(3599*second+999_999_999, "3,600,000.00ms (59m 59s)")
	f(3723*second, "3,723,000.00ms (1h 02m)")
	f(86400*second, "86,400,000.00ms (1d 00h)")
	f((10*86400+5*3600)*second, "882,000,000.00ms (10d 05h)")
}

func TestPercent(t *testing.T) {
	f := func(part, whole int64, want string) {
		t.Helper()
		if got := percent(part, whole); got != want {
			t.Errorf("percent(%d, %d) = %s, want %s", part, whole, got, want)
		}
	}
	f(45, 1234, "3.65%") // the guide's figures
	f(12, 1234, "0.97%")
	f(0, 0, "0.00%")
	f(2, 3, "66.67%")
	f(7, 7, "100.00%")
}

func TestRecognised(t *testing.T) {
	f := func(lines, blank, unrecognised int64, want string) {
		t.Helper()
		if got := recognised(&stats.Input{Lines: lines, BlankLines: blank, UnrecognisedLines: unrecognised}); got != want {
			t.Errorf("recognised(%d, %d, %d) = %s, want %s", lines, blank, unrecognised, got, want)
		}
	}
	f(0, 0, 0, "-")
	f(5, 5, 0, "-")
	f(10, 0, 0, "100.00%")
	f(12, 2, 1, "90.00%")
	f(10, 0, 10, "0.00%")
	f(10_000_000, 0, 1, "99.99%") // not 100
}

func TestInUnits(t *testing.T) {
	f := func(n int64, want string) {
		t.Helper()
		if got := inUnits(n); got != want {
			t.Errorf("inUnits(%d) = %q, want %q", n, got, want)
		}
	}
	f(0, "")
	f(1023, "")
	f(1024, " (1.0 KiB)")
	f(1536, " (1.5 KiB)")
	f(1<<20-1, " (1.0 MiB)") // not 1024.0 KiB
	f(1<<30, " (1.0 GiB)")
	f(math.MaxInt64, " (8.0 EiB)")
}

func TestJSONMilliseconds(t *testing.T) {
	f := func(v ms, want string) {
		t.Helper()
		if got := v.String(); got != want {
			t.Errorf("%d ns = %s, want %s", int64(v), got, want)
		}
	}
	f(0, "0")
	f(1, "0.000001")
	f(1_000_000, "1")
	f(1_500_000, "1.5")
	f(999_999, "0.999999")
	f(-1_500_000, "-1.5")
	f(2_345_670_001, "2345.670001")
	f(math.MaxInt64, "9223372036854.775807")
}
