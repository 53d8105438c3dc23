package main

import (
	"strings"
	"testing"
	"time"
)

func TestDuration(t *testing.T) {
	f := func(text string, want time.Duration) {
		t.Helper()
		var got time.Duration
		if err := duration(&got).set(text); err != nil || got != want {
			t.Errorf("duration %q = %v, %v; want %v", text, got, err, want)
		}
	}
	f("500ms", 500*time.Millisecond)
	f("1.5s", 1500*time.Millisecond)
	f("1m30s", 90*time.Second)
	f("250", 250*time.Millisecond)
	f("0.5", 500*time.Microsecond)
	f("1e3", time.Second)
	for _, text := range []string{"", "0", "-1", "-5ms", "0s", "fast", "5 ms", "NaN", "Inf", "1d"} {
		var got time.Duration
		if err := duration(&got).set(text); err == nil {
			t.Errorf("duration %q = %v, want an error", text, got)
		}
	}
}

// A later origin wins, whatever the order in which the values come.
func TestOriginsWin(t *testing.T) {
	f := func(want string, assign ...any) {
		t.Helper()
		var values []string
		o := &option{name: "user", value: list(&values)}
		for i := 0; i < len(assign); i += 2 {
			if err := o.assign(assign[i].(origin), strings.Split(assign[i+1].(string), ",")...); err != nil {
				t.Fatal(err)
			}
		}
		if got := strings.Join(values, ","); got != want {
			t.Errorf("%v gives %q, want %q", assign, got, want)
		}
	}
	f("a", fromFlag, "a", fromEnvironment, "b", fromFile, "c")
	f("a,d", fromFlag, "a", fromFlag, "d", fromFile, "c")
	f("b,c", fromEnvironment, "b,c", fromFile, "d")
	f("c", fromFile, "c")
}

func TestPrintable(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		if got := printable(text); got != want {
			t.Errorf("printable(%q) = %q, want %q", text, got, want)
		}
	}
	f("plain, Zoë, 数据", "plain, Zoë, 数据")
	f("\x1b[2J\x07", `\x1b[2J\a`)
	f("a\nb\tc\r", `a\nb\tc\r`)
	f("\u202etxt", `\u202etxt`)
	f("\u009b31m", `\u009b31m`)
	f("caf\xe9 \uFFFD", `caf\xe9 `+"\uFFFD")
}
