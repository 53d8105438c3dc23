package parse_test

import (
	"bytes"
	"testing"

	"github.com/covetlog/covetlog/internal/synth"
	"github.com/covetlog/covetlog/parse"
)

// counting is a Sink that only counts.
type counting struct{ events int }

func (c *counting) Event(*parse.Event) { c.events++ }

// Events cost no memory: a block of eight times the events makes no more allocations than the block, which makes none, but for
// copies of what is tied to other blocks, a few for each session at most.
func TestEventsAreNotAllocated(t *testing.T) {
	f := func(format string, protocol synth.Protocol, most float64) {
		t.Helper()
		block := synthetic(t, synth.Options{Seed: 1, Format: format, Size: 256 << 10, Protocol: protocol})
		once, events := allocations(t, block)
		often, moreEvents := allocations(t, bytes.Repeat(block, 8))
		if events < 300 || moreEvents < 8*events-200 { // runs that wait at the end of a block are not reported by it
			t.Fatalf("%s, %s: %d events in a block, %d in eight", format, synth.Protocols[protocol], events, moreEvents)
		}
		if once > most || often > once {
			t.Errorf("%s, %s: %v allocations for %d events, at most %v allowed, and %v for %d", format, synth.Protocols[protocol], once, events, most, often, moreEvents)
		}
	}
	for _, format := range []string{"pg", "pg-kv", "pg-csv", "pg-json"} {
		f(format, synth.Mixed, 0)
		f(format, synth.Paired, 40)
	}
}

// Entries of slow logs cost no memory either: what the Cutter found is in the block already.
func TestEntriesOfSlowLogsAreNotAllocated(t *testing.T) {
	for _, format := range synth.MySQLFormats {
		data := synthetic(t, synth.Options{Seed: 1, Format: format, Size: 256 << 10})
		log := open(t, data)
		var sink counting
		p := log.NewParser(&sink)
		blocks := cut(log, data, 64<<10)
		parseThem := func() {
			for _, b := range blocks {
				p.Parse(b)
			}
		}
		parseThem()
		entries := sink.events
		if n := testing.AllocsPerRun(10, parseThem); n > 0 || entries < 200 {
			t.Errorf("%s: %v allocations for %d entries", format, n, entries)
		}
	}
}

// The Cutter keeps a copy of the pieces of each block and of what they inherit, and nothing for an entry.
func TestCuttingSlowLogsAllocatesForBlocksOnly(t *testing.T) {
	for _, format := range synth.MySQLFormats {
		data := synthetic(t, synth.Options{Seed: 1, Format: format, Size: 1 << 20})
		log := open(t, data)
		blocks := len(cut(log, data, 64<<10))
		// The Cutter itself and the list of found pieces, which grows; of each block its pieces, a time and a database, and the list of blocks.
		if n := testing.AllocsPerRun(5, func() { cut(log, data, 64<<10) }); n > float64(30+4*blocks) {
			t.Errorf("%s: %v allocations for %d blocks", format, n, blocks)
		}
	}
}

// allocations parses a block again and again, and returns the allocations and the events of one time.
func allocations(t *testing.T, block []byte) (float64, int) {
	t.Helper()
	var sink counting
	p := open(t, block).NewParser(&sink)
	parseIt := func() {
		sink.events = 0
		p.Parse(parse.Block{Data: block, First: true, Last: true})
	}
	parseIt()
	return testing.AllocsPerRun(10, parseIt), sink.events
}

func open(t testing.TB, data []byte) *parse.Log {
	t.Helper()
	log, err := parse.Open(data[:min(len(data), parse.HeadSize)], parse.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return log
}

func synthetic(t testing.TB, opts synth.Options) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := synth.Write(&out, opts); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
