package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/covetlog/covetlog/internal/ingest"
)

// half is an update of a run over 3 GB of which 2 have been read.
var half = ingest.Progress{Source: "postgresql.log", Done: 2_000_000_000, Total: 3_000_000_000}

func TestProgress(t *testing.T) {
	f := func(when string, elapsed time.Duration, want bool) {
		t.Helper()
		var stderr bytes.Buffer
		bar := (&program{stderr: &stderr}).progressBar(when)
		bar.from = bar.from.Add(-elapsed)
		bar.update(half)
		if drawn := strings.Contains(stderr.String(), "66%"); drawn != want {
			t.Errorf("--progress %s after %v: %q", when, elapsed, &stderr)
		}
	}
	f(always, 0, true)
	f(never, time.Hour, false)
	f(auto, time.Hour, false) // a buffer is no terminal
}

func TestProgressWaits(t *testing.T) {
	var stderr bytes.Buffer
	bar := (&program{stderr: &stderr}).progressBar(auto)
	bar.shown = true // as on a terminal
	bar.update(half)
	if stderr.Len() > 0 {
		t.Errorf("drawn at once: %q", &stderr)
	}
	bar.from = bar.from.Add(-patience)
	bar.update(half)
	for _, want := range []string{"66%", "2.0/3.0 GB", "B/s", "[0s:"} { // and then the time that is left
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("no %q after %v: %q", want, patience, &stderr)
		}
	}
	bar.clear()
	if last := stderr.String()[strings.LastIndex(stderr.String(), "\r")+1:]; strings.TrimSpace(last) != "" {
		t.Errorf("not cleared: %q", last)
	}
}
