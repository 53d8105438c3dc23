//go:build unix

package ingest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func put(t *testing.T, name, text string) string {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// A time without a zone is in that of each log, however the log is read and however short it is.
func TestBoundsAreInTheZoneOfEachLog(t *testing.T) {
	dir := t.TempDir()
	text := func(zone string) string { return entry("09:00:00.000", zone) + entry("11:00:00.000", zone) }
	east, west := text("+05"), text("-08")
	a, b := put(t, filepath.Join(dir, "east.log"), east), put(t, filepath.Join(dir, "west.log"), west)
	one := put(t, filepath.Join(dir, "one.log"), entry("11:00:00.000", "+05"))
	f := func(want int64, since, stdin string, paths ...string) {
		t.Helper()
		set := read(t, Options{Since: parseTime(t, since), Stdin: strings.NewReader(stdin)}, paths...)
		if got := set.Totals().Count; got != want {
			t.Errorf("since %s: %d executions in %v, want %d", since, got, paths, want)
		}
	}
	f(1, "2025-03-01 10:00", "", a)
	f(1, "2025-03-01 10:00", "", b)
	f(2, "2025-03-01 10:00", "", a, b)
	f(2, "2025-03-01 10:00", "", b, a)
	f(1, "2025-03-01 10:00", east, "-")
	f(1, "2025-03-01 10:00", west, "-")
	f(1, "2025-03-01 10:00", "", fifo(t, west))
	f(2, "2025-03-01 10:00", west, a, "-")
	f(1, "2025-03-01 10:59", "", one)
	f(0, "2025-03-01 11:01", "", one)
	f(1, "2025-03-01 10:59", entry("11:00:00.000", "+05"), "-")
	f(0, "2025-03-01 11:01", entry("11:00:00.000", "+05"), "-")
	// 10:00 UTC is 15:00 in the east and 02:00 in the west.
	f(2, "2025-03-01 10:00 UTC", "", a, b)
	// The end of both logs is 11:00 -08, 13 hours after the end of the one in the east.
	f(1, "1h", "", a, b)
}

// Nobody reads on when the run is over.
func TestReadersStopWithTheRun(t *testing.T) {
	path := put(t, filepath.Join(t.TempDir(), "a.log"), entry("09:00:00.000", "UTC"))
	ctx, cancel := context.WithCancel(context.Background())
	r := &run{}
	if got := r.newest(ctx, source{name: path}); got.IsZero() {
		t.Error("no newest time")
	}
	cancel()
	if got := r.newest(ctx, source{name: path}); !got.IsZero() {
		t.Errorf("newest time %v after the end", got)
	}
	poem := &endless{text: "no log at all\n"}
	ctx, poem.stop = context.WithCancel(context.Background())
	if _, err := Run(ctx, Options{Paths: []string{"-"}, Stdin: poem}); err != context.Canceled {
		t.Errorf("error is %v", err)
	}
	if poem.late > 1 { // the read in which the run was ended may be followed by none but that under way
		t.Errorf("read %d times after the end", poem.late)
	}
}

// endless repeats a text, and ends the run after some of it.
type endless struct {
	text string
	stop context.CancelFunc
	read int
	late int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.read > 4<<20 {
		e.stop()
		e.late++
	}
	n := copy(p, strings.Repeat(e.text, len(p)/len(e.text)+1))
	e.read += n
	return n, nil
}
