package ingest

import (
	"testing"
	"testing/synctest"

	"github.com/covetlog/covetlog/parse"
	"github.com/covetlog/covetlog/stats"
)

// A worker that is too far ahead waits until the block that is due has come.
func TestWorkersAheadWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, err := parse.Open([]byte("2025-03-01 09:00:00.000 UTC [1] app@shop LOG:  x\n"), parse.Options{})
		if err != nil {
			t.Fatal(err)
		}
		s := newSequence(log.NewJoiner(&span{}), &stats.Input{})
		result := &parse.Result{Counts: parse.Counts{Entries: 1}}
		for number := 1; number <= maxEarly; number++ {
			s.done(number, result)
		}
		ahead := false
		go func() {
			s.done(maxEarly+1, result)
			ahead = true
		}()
		synctest.Wait()
		if ahead || len(s.early) != maxEarly {
			t.Errorf("%d blocks are kept, want %d", len(s.early), maxEarly)
		}
		s.done(0, result)
		synctest.Wait()
		if !ahead || s.input.Entries != maxEarly+2 {
			t.Errorf("%d entries, want %d", s.input.Entries, maxEarly+2)
		}
	})
}
