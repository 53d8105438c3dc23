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

// Nor does counting the entries of slow logs, with all that is measured in them and their plans, and whatever they are counted by.
func TestCountingSlowLogsIsNotAllocated(t *testing.T) {
	f := func(format string, opts monitor.CollectorOptions) {
		t.Helper()
		data := synthetic(t, synth.Options{Seed: 1, Format: format, Size: 256 << 10})
		log, err := parse.Open(data, parse.Options{})
		if err != nil {
			t.Fatal(err)
		}
		block := parse.Block{Data: data, First: true, Last: true}
		log.NewCutter().Cut(data, true, &block.Outline)
		c := monitor.NewCollector(opts)
		p := log.NewParser(c)
		count := func() { p.Parse(block) }
		for range warm {
			count()
		}
		if n := testing.AllocsPerRun(10, count); n > 0 {
			t.Errorf("%s, grouped by %+v: %v allocations for a block", format, opts.Group, n)
		}
		if n := c.Set().Totals().Count; n < 10_000 {
			t.Errorf("%s: only %d executions were counted", format, n)
		}
	}
	for _, format := range synth.MySQLFormats {
		f(format, monitor.CollectorOptions{Threshold: time.Second, Examples: true})
	}
	for _, by := range []string{"user", "database", "host", "application"} { // nobody has an application
		group, err := monitor.NewGrouping(by)
		if err != nil {
			t.Fatal(err)
		}
		f("mysql", monitor.CollectorOptions{Threshold: time.Second, Examples: true, Group: group})
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
