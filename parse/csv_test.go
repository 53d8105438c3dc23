package parse_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/covetlog/covetlog/parse"
)

// What looks like a record within a literal is none, where a quote is missing no more than its record is lost, and neither depends on
// where the log is cut.
func TestForgedAndBrokenRecords(t *testing.T) {
	const head = "2026-11-22 20:31:37.209 UTC,x,y,1,z,a,1,b,c,d,0,LOG,00000,"
	const tail = "\",,,,,,,,,,,0\n"
	f := func(entries int64, text ...string) {
		t.Helper()
		data := []byte(strings.Join(text, ""))
		log, err := parse.Open(data, parse.Options{Format: "pg-csv", Location: time.UTC})
		if err != nil {
			t.Fatal(err)
		}
		whole := readBlocks(log, []parse.Block{{Data: data, First: true, Last: true}})
		if whole.counts.Entries != entries {
			t.Errorf("%d entries, want %d, in\n%s", whole.counts.Entries, entries, data)
		}
		for size := range byte(8) {
			blocks := cutBlocks(log, data, bySizes([]byte{size}))
			if diff := cmp.Diff(whole, readBlocks(log, blocks), cmp.AllowUnexported(reading{})); diff != "" {
				t.Errorf("%d blocks (+) one (-):\n%s", len(blocks), diff)
			}
		}
	}
	f(2, head+"\"statement: SELECT 1"+tail, head+"\"statement: SELECT 2"+tail)
	f(2, head+"\"statement: SELECT 1 --\n", head+tail, head+"\"statement: SELECT 2"+tail)
	f(2, head+"\"statement: SELECT 1 --\n", head+"\"\""+tail, head+"\"statement: SELECT 2"+tail)
	f(2, head+"\"statement: SELECT '\n", head+"\"\"duration: 99999 ms'"+tail, head+"\"statement: SELECT 2"+tail)
	f(1, head+"\"statement: SELECT 1 with a lost quote,,,,,,,,,,,0\n", head+"\"statement: SELECT 2"+tail)
	f(1, "2026-11-22 20:31:37.209 UTC,\"x\n", head+"\"statement: SELECT 2"+tail)
}

func TestManyProcessesInSyslog(t *testing.T) {
	var log strings.Builder
	for pid := range 20_000 {
		log.WriteString("Nov 22 20:31:37 db1 postgres[" + strconv.Itoa(pid+1) + "]: [1-1] 2026-11-22 20:31:37.209 UTC [" + strconv.Itoa(pid+1) + "] LOG:  statement: SELECT 1\n")
	}
	sink := newCollect()
	counts := readAll(t, []byte(log.String()), parse.Options{Location: time.UTC}, sink)
	if counts.Entries != 20_000 || sink.executions != 20_000 {
		t.Errorf("%d entries, %d executions", counts.Entries, sink.executions)
	}
}
