package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

const before = "2025-03-01 09:00:00.000 UTC [1] app@shop LOG:  duration: 5.000 ms  statement: "

// letters is an endless run of one letter.
type letters struct{}

func (letters) Read(p []byte) (int, error) {
	copy(p, bytes.Repeat([]byte("x"), len(p)))
	return len(p), nil
}

// A line that is longer than memory should hold is one shortened entry, and costs its neighbours nothing.
func TestLineOf200MiB(t *testing.T) {
	const size = 200 << 20
	neighbour := before + "SELECT 1\n"
	head, tail := before+"SELECT '", "'\n"
	giant := int64(len(head) + size + len(tail))
	// The first neighbour is within the 16 MiB that are kept: where an entry starts is known when its first line has come to its end.
	want := ""
	for _, block := range []int{64 << 10, 1 << 20} {
		in := io.MultiReader(strings.NewReader(neighbour+head), io.LimitReader(letters{}, size), strings.NewReader(tail+neighbour))
		set := read(t, Options{Stdin: in, BlockSize: block}, "-")
		got := set.Inputs[0]
		if got.Bytes != giant+2*int64(len(neighbour)) || got.SkippedBytes != giant+int64(len(neighbour))-MaxEntry || got.UnrecognisedBytes != 0 ||
			got.RecognisedBytes != MaxEntry+int64(len(neighbour)) || got.Lines != 3 || got.Entries != 3 {
			t.Errorf("blocks of %d bytes: %+v", block, got)
		}
		if n := set.Totals().Count; n != 3 {
			t.Errorf("blocks of %d bytes: %d executions, want 3", block, n)
		}
		if len(set.Warnings) != 1 || set.Warnings[0] != "-: entries longer than 16 MiB: 1; what is beyond was skipped" {
			t.Errorf("blocks of %d bytes: %q", block, set.Warnings)
		}
		if text := reports(t, set); want == "" {
			want = text
		} else if text != want {
			t.Errorf("blocks of %d bytes give another report", block)
		}
	}
}

// What was there when it was read is counted of a file that shrinks.
func TestFileShrinks(t *testing.T) {
	line := before + "SELECT 1\n"
	whole, left := 10_000, 5_000 // lines; the head of the file is read at once
	path := filepath.Join(t.TempDir(), "postgresql.log")
	if err := os.WriteFile(path, []byte(strings.Repeat(line, whole)), 0o600); err != nil {
		t.Fatal(err)
	}
	shrink := func(Progress) {
		if err := os.Truncate(path, int64(left*len(line))); err != nil {
			t.Error(err)
		}
	}
	set := read(t, Options{BlockSize: 4096, Progress: shrink}, path)
	in := set.Inputs[0]
	if in.Bytes != int64(left*len(line)) || in.RecognisedBytes != in.Bytes || in.Error != "" || set.Totals().Count != int64(left) {
		t.Errorf("%d executions, %+v", set.Totals().Count, in)
	}
	want := fmt.Sprintf("%s shrank from %d to %d bytes while it was read", path, whole*len(line), left*len(line))
	if len(set.Warnings) != 1 || set.Warnings[0] != want {
		t.Errorf("%q, want %q", set.Warnings, want)
	}
}

// What came before a failure is counted, and the failure is told.
func TestReadingFails(t *testing.T) {
	line := before + "SELECT 1\n"
	for _, n := range []int{1, 10_000} { // within the head and behind it
		in := io.MultiReader(strings.NewReader(strings.Repeat(line, n)), iotest.ErrReader(errors.New("the disk is on fire")))
		set := read(t, Options{Stdin: in}, "-")
		want := fmt.Sprintf("reading failed after %d bytes: the disk is on fire; what came before is counted", n*len(line))
		if got := set.Inputs[0]; got.Error != want || got.RecognisedBytes != int64(n*len(line)) || set.Totals().Count != int64(n) {
			t.Errorf("%d executions, %+v, want %s", set.Totals().Count, got, want)
		}
	}
}
