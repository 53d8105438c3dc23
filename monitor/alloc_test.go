package monitor_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/covetlog/covetlog/internal/synth"
	"github.com/covetlog/covetlog/monitor"
	"github.com/covetlog/covetlog/parse"
)

// warm is how often a block is counted before allocations are: the first few dozen durations of a pattern are kept one by one.
const warm = 50

// Counting what was seen before costs no memory: from bytes to counts there are no allocations, and eight times the events make no
// more of them. Where texts are tied to durations, a few are for what is left at the ends of the block.
func TestCountingIsNotAllocated(t *testing.T) {
	f := func(format string, protocol synth.Protocol, most float64) {
		t.Helper()
		block := synthetic(t, synth.Options{Seed: 1, Format: format, Size: 256 << 10, Protocol: protocol})
		log, err := parse.Open(block[:parse.HeadSize], parse.Options{})
		if err != nil {
			t.Fatal(err)
		}
		c := monitor.NewCollector(monitor.CollectorOptions{Threshold: time.Second, Examples: true})
		p := log.NewParser(c)
		for range warm {
			p.Parse(parse.Block{Data: block})
		}
		once := allocations(p, block)
		often := allocations(p, bytes.Repeat(block, 8))
		if once > most || often > once {
			t.Errorf("%s, %s: %v allocations for a block, at most %v allowed, and %v for eight", format, synth.Protocols[protocol], once, most, often)
		}
		if n := c.Set().Totals().Count; n < 10_000 {
			t.Errorf("%s, %s: only %d executions were counted", format, synth.Protocols[protocol], n)
		}
	}
	for _, format := range []string{"pg", "pg-kv", "pg-csv", "pg-json"} {
		f(format, synth.Mixed, 0)
		f(format, synth.Paired, 40)
	}
}

// allocations returns those of one time of parsing and counting a block.
func allocations(p *parse.Parser, block []byte) float64 {
	return testing.AllocsPerRun(10, func() { p.Parse(parse.Block{Data: block}) })
}

func synthetic(t *testing.T, opts synth.Options) []byte {
	t.Helper()
	var log bytes.Buffer
	if _, err := synth.Write(&log, opts); err != nil {
		t.Fatal(err)
	}
	return log.Bytes()
}
