//go:build unix

package ingest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/covetlog/covetlog/internal/when"
)

// entry is a statement that took 5 ms, at a time of the day.
func entry(clock, zone string) string {
	return "2025-03-01 " + clock + " " + zone + " [1] app@shop LOG:  duration: 5.000 ms  statement: SELECT 1\n"
}

func parseTime(t *testing.T, text string) when.Spec {
	t.Helper()
	spec, err := when.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

func fifo(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "log")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	go os.WriteFile(path, []byte(text), 0o600)
	return path
}

// A pipe is opened once: what one reader took of it is gone for the next.
func TestPipeIsReadOnce(t *testing.T) {
	const n = 20_000 // more than a pipe holds
	log := strings.Repeat(entry("09:00:00.000", "UTC"), n)
	opts := Options{Since: parseTime(t, "2025-03-01 08:00")}
	set := read(t, opts, fifo(t, log))
	if in := set.Inputs[0]; in.Entries != n || in.Bytes != int64(len(log)) || in.RecognisedBytes != in.Bytes || in.Error != "" {
		t.Errorf("%+v", in)
	}
	if got := set.Totals().Count; got != n {
		t.Errorf("%d executions, want %d", got, n)
	}
}

func TestPipeHasNoKnownEnd(t *testing.T) {
	path := fifo(t, "")
	_, err := Run(context.Background(), Options{Paths: []string{path}, Since: parseTime(t, "1h")})
	if err == nil || !strings.Contains(err.Error(), path+", which is read only once; give an absolute one") {
		t.Errorf("error is %v", err)
	}
	f, err := os.Open(path) // lets the writer go
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
}

// A pattern that matches a pipe does not wait for somebody to write into it.
func TestPatternPassesOverPipes(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.log"), []byte(entry("09:00:00.000", "UTC")), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "b.log"), 0o600); err != nil {
		t.Fatal(err)
	}
	if set := read(t, Options{}, filepath.Join(dir, "*.log")); len(set.Inputs) != 1 {
		t.Errorf("%+v", set.Inputs)
	}
}
