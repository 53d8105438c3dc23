package parse_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/covetlog/covetlog/parse"
)

// entries are all that a session can write about its runs, of two statements.
var entries = []string{
	"LOG:  statement: SELECT 1",
	"LOG:  statement: SELECT 2",
	"LOG:  duration: 1.000 ms",
	"LOG:  duration: 2.000 ms  plan:\n\tQuery Text: SELECT 1\n\tResult",
	"LOG:  duration: 3.000 ms  plan:\n\tQuery Text: SELECT 2\n\tResult",
	"LOG:  duration: 4.000 ms  statement: SELECT 1",
	"LOG:  duration: 5.000 ms  bind S_1: SELECT 1",
	"ERROR:  no\nSTATEMENT:  SELECT 1",
	"ERROR:  no",
	"FATAL:  terminating connection due to administrator command",
	"LOG:  disconnection: session time: 0:00:00.001 user=u database=d host=[local]",
	"LOG:  checkpoint starting: time",
}

// sessionLog writes entries of several processes as text.
func sessionLog(entry, process []int) []byte {
	var log bytes.Buffer
	for i, n := range entry {
		for line := range strings.SplitSeq(entries[n], "\n") {
			if !strings.HasPrefix(line, "\t") {
				fmt.Fprintf(&log, "2026-11-22 20:31:%02d.000 UTC [%d] ", i%60, 100+process[i])
			}
			log.WriteString(line + "\n")
		}
	}
	return log.Bytes()
}

// sameHoweverCut reads a log whole and in blocks of these sizes.
func sameHoweverCut(t *testing.T, data []byte, sizes ...byte) {
	t.Helper()
	log, err := parse.Open(data, parse.Options{Format: "pg-stderr", Prefix: "%m [%p] ", HasPrefix: true, Location: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	whole := readBlocks(log, []parse.Block{{Data: data, First: true, Last: true}})
	blocks := cutBlocks(log, data, bySizes(sizes))
	if diff := cmp.Diff(whole, readBlocks(log, blocks), cmp.AllowUnexported(reading{})); diff != "" {
		t.Fatalf("%d blocks (+) read otherwise than one (-):\n%s\n%s", len(blocks), data, diff)
	}
}

// Law 3: all sequences of three entries of a session, each entry a block of its own.
func TestRunsAreTiedHoweverCut(t *testing.T) {
	n := len(entries)
	for code := range n * n * n {
		sameHoweverCut(t, sessionLog([]int{code % n, code / n % n, code / n / n}, make([]int, 3)), 0)
	}
}

// And random ones: longer, of several sessions, cut anywhere.
func TestSessionsAreTiedHoweverCut(t *testing.T) {
	r := rand.New(rand.NewPCG(40, 41))
	for range 600 {
		var entry, process []int
		sessions := 1 + r.IntN(4)
		for range 1 + r.IntN(25) {
			entry, process = append(entry, r.IntN(len(entries))), append(process, r.IntN(sessions))
		}
		lines := bytes.SplitAfter(sessionLog(entry, process), []byte("\n"))
		for range r.IntN(4) { // processes write into each other's entries, and lines get lost
			i := r.IntN(len(lines))
			j := min(i+1+r.IntN(2), len(lines)-1)
			lines[i], lines[j] = lines[j], lines[i]
		}
		if r.IntN(4) == 0 {
			i := r.IntN(len(lines))
			lines = slices.Delete(lines, i, i+1)
		}
		sameHoweverCut(t, bytes.Join(lines, nil), byte(r.IntN(30)), byte(r.IntN(10)))
	}
}
