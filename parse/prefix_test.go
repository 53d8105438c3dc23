package parse_test

import (
	"testing"
	"time"

	"github.com/covetlog/covetlog/parse"
)

// A setting that is given reads every name, wherever the free texts stand in it.
func TestGivenPrefix(t *testing.T) {
	f := func(setting, line string, user, database, application, client string) {
		t.Helper()
		var sink lastEvent
		log := line + "LOG:  duration: 1.000 ms  statement: SELECT 1\n"
		counts := readAll(t, []byte(log+log), parse.Options{Location: time.UTC, Prefix: setting, HasPrefix: true}, &sink)
		want := [4]string{user, database, application, client}
		if counts.Entries != 2 || sink.names != want {
			t.Errorf("%q reads %q from %d entries, want %q, from\n%s", setting, sink.names, counts.Entries, want, line)
		}
	}
	learned := func(line string, user, database, application string) {
		t.Helper()
		var sink lastEvent
		readAll(t, []byte(line+"LOG:  duration: 1.000 ms  statement: SELECT 1\n"), parse.Options{Location: time.UTC}, &sink)
		if want := [4]string{user, database, application, ""}; sink.names != want {
			t.Errorf("reads %q, want %q, from\n%s", sink.names, want, line)
		}
	}
	learned("2026-11-22 20:31:37.209 UTC [71] app@shop/odd app ", "app", "shop", "odd app")
	learned("2026-11-22 20:31:37.209 UTC [71] app@shop ", "app", "shop", "")
	const stamp = "2026-11-22 20:31:37.209 UTC"
	f("%m|%a|%p|%u|%d> ", stamp+"|odd app|71|postgres|shop> ", "postgres", "shop", "odd app", "")
	f("%m|%i|%p|%u|%d> ", stamp+"|idle in transaction|71|postgres|shop> ", "postgres", "shop", "", "")
	f("%p|%c|%l|%v|%x|%e|%i|%b|%m|%a|%u|%d|%r> ", "71|6b035129.47|3|3/0|0|00000|SELECT|client backend|"+stamp+"|psql|postgres|shop|10.0.0.7(41)> ",
		"postgres", "shop", "psql", "10.0.0.7")
	f("[%b] %m [%p] %u@%d/%a ", "[client backend] "+stamp+" [71] postgres@shop/odd app ", "postgres", "shop", "odd app", "")
	f("%-10u %5p %m %20d %a: ", "postgres      71 "+stamp+"                 shop odd app: ", "postgres", "shop", "odd app", "")
	f("%-10u %m [%p] %d ", "postgres   "+stamp+" [71] shop ", "postgres", "shop", "", "")
	f("%m [%p] %i %u@%d ", stamp+" [71] CREATE TABLE waiting app@shop ", "app", "shop", "", "")
	f("%m [%p] %u@%d ", stamp+" [71] app@corp@shop ", "app@corp", "shop", "", "")
}
