package parse_test

import (
	"strings"
	"testing"
	"time"

	"github.com/covetlog/covetlog/parse"
)

// What one run is counted as, and how long it took in all.
func TestRunsAreCountedOnce(t *testing.T) {
	const head = "2026-11-22 20:31:37.209 UTC [71] app@shop LOG:  "
	plan := func(ms, sql string) string {
		return head + "duration: " + ms + " ms  plan:\n\tQuery Text: " + sql + "\n\tSeq Scan on t  (cost=0.00..1.00 rows=1 width=4)\n"
	}
	f := func(executions int, total time.Duration, untied int, entries ...string) {
		t.Helper()
		log := strings.Join(entries, "")
		whole := newCollect()
		readAll(t, []byte(log), parse.Options{Location: time.UTC}, whole)
		if whole.executions != executions || whole.total != int64(total) || whole.untied != untied {
			t.Errorf("%d executions of %v, %d untied; want %d of %v, %d; in\n%s", whole.executions, time.Duration(whole.total), whole.untied, executions, total, untied, log)
		}
	}
	const ms = time.Millisecond
	const two = "SELECT a FROM t; SELECT b FROM u;"
	f(1, 5*ms, 0, plan("4.900", "SELECT 1"), head+"duration: 5.000 ms  statement: SELECT 1\n")
	f(1, 801*ms, 0, plan("400.000", two), plan("390.000", two), head+"duration: 801.000 ms  statement: "+two+"\n")
	f(2, 1201*ms, 0, plan("400.000", two), plan("790.000", two), head+"duration: 801.000 ms  statement: "+two+"\n")
	f(2, 11*ms, 0, plan("5.000", "SELECT 1"), plan("6.000", "SELECT 1"))
	f(2, 11*ms, 0, plan("5.000", "SELECT 2"), head+"duration: 6.000 ms  statement: SELECT 1\n")
	f(1, 801*ms, 0, head+"statement: "+two+"\n", plan("400.000", two), plan("390.000", two), head+"duration: 801.000 ms\n")
	f(1, 790*ms, 0, head+"statement: "+two+"\n", plan("400.000", two), plan("390.000", two))
	// A process with the number of one that is over.
	f(1, 0, 1, head+"statement: SELECT 1\n", head+"connection received: host=[local]\n", head+"duration: 700.000 ms\n")
	f(1, 0, 1, head+"statement: SELECT 1\n", head+"disconnection: session time: 0:00:00.062 user=a database=b host=[local]\n", head+"duration: 700.000 ms\n")
}
