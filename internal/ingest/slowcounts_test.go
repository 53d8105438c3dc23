package ingest

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/covetlog/covetlog/metric"
	"github.com/covetlog/covetlog/monitor"
	"github.com/covetlog/covetlog/stats"
)

// long is a statement of so many bytes, and more: a literal, perhaps of several lines.
func long(size int64, newlines bool) io.Reader {
	fill := io.Reader(letters{})
	if newlines {
		fill = &lines{}
	}
	return io.MultiReader(strings.NewReader("INSERT INTO t (a) VALUES ('"), io.LimitReader(fill, size), strings.NewReader("') ON DUPLICATE KEY UPDATE b = 5"))
}

// lines is an endless text of short lines; each ends like a statement.
type lines struct{ n int }

func (l *lines) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = "it is late;\n"[l.n%12]
		l.n++
	}
	return len(p), nil
}

// A statement of 3 MiB is read whole; one of 40 MiB is shortened, which is told, and costs the next one nothing.
func TestLongStatements(t *testing.T) {
	const pattern = "INSERT INTO t (a) VALUES (...) ON DUPLICATE KEY UPDATE b = ?"
	start := heading + "SET timestamp=1772442000;\n"
	for _, newlines := range []bool{false, true} {
		for _, c := range []struct {
			size int64
			want []string // patterns; "" is one that is cut, whose pattern is not judged
		}{{3 << 20, []string{pattern, "SELECT ?"}}, {40 << 20, []string{"", "SELECT ?"}}} {
			for _, block := range []int{64 << 10, 1 << 20} {
				in := io.MultiReader(strings.NewReader(slowEntry("SELECT 1")+start), long(c.size, newlines), strings.NewReader(";\n"+slowEntry("SELECT 2")))
				set := read(t, Options{Stdin: in, BlockSize: block}, "-")
				got := set.Inputs[0]
				what := fmt.Sprintf("%d MiB, newlines %v, blocks of %d bytes", c.size>>20, newlines, block)
				if sum := got.RecognisedBytes + got.SkippedBytes + got.UnrecognisedBytes; sum != got.Bytes || got.UnrecognisedBytes != 0 || got.Entries != 3 || got.AmbiguousEntries != 0 {
					t.Errorf("%s: %+v", what, got)
				}
				cut := c.want[0] == ""
				if (got.SkippedBytes > 0) != cut || (len(set.Warnings) > 0) != cut {
					t.Errorf("%s: %d bytes skipped, %q", what, got.SkippedBytes, set.Warnings)
				}
				counts := map[string]int64{}
				for _, p := range set.Patterns {
					if cut && p.Text != "SELECT ?" {
						p.Text = ""
					}
					counts[p.Text] += p.Count
				}
				if diff := cmp.Diff(map[string]int64{c.want[0]: 1, "SELECT ?": 2}, counts); diff != "" {
					t.Errorf("%s: %s", what, diff)
				}
			}
		}
	}
}

// sampled is an entry of a server that logs one in a hundred statements.
func sampled(took, sql string) string {
	e := strings.Replace(slowEntry(sql), "SET timestamp", "# Log_slow_rate_type: query  Log_slow_rate_limit: 100\nSET timestamp", 1)
	return strings.Replace(e, "Query_time: 2.000000", "Query_time: "+took, 1)
}

// Of a log with one in a hundred executions each stands for a hundred, but for those that the server logs always.
func TestSampledLogsAreScaled(t *testing.T) {
	log := sampled("2.000000", "SELECT 1") + sampled("2.000000", "SELECT 2") + sampled("0.500000", "SELECT 3") + sampled("12.000000", "SELECT 4") +
		strings.Replace(sampled("1.000000", "UPDATE t SET a = 1"), "Rows_sent: 1", "Errno: 1213 Rows_sent: 3", 1) + sampled("0.001000", "# administrator command: Quit") +
		slowEntry("SELECT a FROM t")
	type figures struct {
		count, errors, slow, rows, told, users int64
		sum                                    time.Duration
		estimated                              bool
	}
	f := func(opts Options, want map[string]figures) {
		t.Helper()
		opts.Stdin = strings.NewReader(log)
		set := read(t, opts, "-")
		got := map[string]figures{}
		for _, p := range set.Patterns {
			m := p.Measures.Of(metric.RowsSent)
			got[p.Text] = figures{p.Count, p.Errors, p.Slow, m.Sum, m.Told, p.Users["app"], time.Duration(p.Timed.Sum), p.Estimated}
		}
		for name, p := range set.Commands {
			got[name] = figures{count: p.Count, sum: time.Duration(p.Timed.Sum), estimated: p.Estimated}
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(figures{})); diff != "" {
			t.Errorf("%+v: %s", opts, diff)
		}
		failed := int64(0)
		for key, n := range set.Errors {
			if key.Code == "1213" {
				failed += n.Count
			}
		}
		if failed != want["UPDATE t SET a = ?"].errors {
			t.Errorf("%+v: %d errors", opts, failed)
		}
	}
	const s, ms = time.Second, time.Millisecond
	unscaled := figures{1, 0, 1, 1, 1, 1, 2 * s, false}
	f(Options{}, map[string]figures{"SELECT ?": {301, 0, 301, 301, 301, 301, 462 * s, true}, "UPDATE t SET a = ?": {100, 100, 100, 300, 100, 100, 100 * s, true},
		"SELECT a FROM t": unscaled, "Quit": {count: 100, sum: 100 * ms, estimated: true}})
	f(Options{NoScale: true}, map[string]figures{"SELECT ?": {4, 0, 4, 4, 4, 4, 16*s + 500*ms, false}, "UPDATE t SET a = ?": {1, 1, 1, 3, 1, 1, s, false},
		"SELECT a FROM t": unscaled, "Quit": {count: 1, sum: ms}})
	f(Options{Outlier: 1500 * time.Millisecond}, map[string]figures{"SELECT ?": {103, 0, 103, 103, 103, 103, 66 * s, true}, "UPDATE t SET a = ?": {100, 100, 100, 300, 100, 100, 100 * s, true},
		"SELECT a FROM t": unscaled, "Quit": {count: 100, sum: 100 * ms, estimated: true}})
}

// somebody is an entry of MySQL 8 by a user from a host.
func somebody(user, host, use, sql string) string {
	return "# Time: 2026-03-02T09:00:00.000000Z\n# User@Host: " + user + "[" + user + "] @ " + host + "  Id: 8\n# Query_time: 1.000000  Lock_time: 0.000000 Rows_sent: 1  Rows_examined: 1\n" + use + "SET timestamp=1772442000;\n" + sql + ";\n"
}

var manyPeople = somebody("app", "web-1 [10.0.0.7]", "use shop;\n", "SELECT 1 /*controller='cart'*/") +
	somebody("app", "web-2 [10.0.0.8]", "", "SELECT 2 /*controller='cart'*/") + // in shop, too: that is how the log tells it
	somebody("app", " [10.0.0.9]", "", "SELECT 3 /*controller='order%20list'*/") +
	somebody("night batch", "localhost []", "use `ware-house`;\n", "UPDATE t SET a = 1") +
	somebody("root", "localhost []", "", "SELECT 5")

func TestGroupsOfSlowLogs(t *testing.T) {
	f := func(by string, want map[string]int64) {
		t.Helper()
		group, err := monitor.NewGrouping(by)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int64{}
		for _, p := range read(t, Options{Stdin: strings.NewReader(manyPeople), GroupBy: group}, "-").Patterns {
			got[p.Text] += p.Count
			if p.Timed.Sum != p.Count*int64(time.Second) || p.Measures.Of(metric.RowsSent).Sum != p.Count {
				t.Errorf("by %s: %+v", by, p)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("by %s: %s", by, diff)
		}
	}
	f("user", map[string]int64{"app": 3, "night batch": 1, "root": 1})
	f("host", map[string]int64{"web-1": 1, "web-2": 1, "10.0.0.9": 1, "localhost": 2})
	f("database", map[string]int64{"shop": 3, "ware-house": 2})
	f("tag:controller", map[string]int64{"cart": 2, "order list": 1, "(none)": 2})
	f("tag:route", map[string]int64{"(none)": 5})
}

func TestFiltersOfSlowLogs(t *testing.T) {
	f := func(want int64, names map[Field]Selection) {
		t.Helper()
		if got := read(t, Options{Stdin: strings.NewReader(manyPeople), Names: names}, "-").Totals().Count; got != want {
			t.Errorf("%v: %d executions, want %d", names, got, want)
		}
	}
	only := func(names ...string) Selection { return Selection{Only: names} }
	f(3, map[Field]Selection{Database: only("shop")})
	f(2, map[Field]Selection{Database: only("ware-house")})
	f(2, map[Field]Selection{Database: {Except: []string{"shop"}}})
	f(3, map[Field]Selection{User: only("app")})
	f(1, map[Field]Selection{User: only("night batch")})
	f(1, map[Field]Selection{Client: only("web-2")})
	f(1, map[Field]Selection{Client: only("10.0.0.9")})
	f(2, map[Field]Selection{Client: {Except: []string{"localhost", "web-1"}}})
	f(0, map[Field]Selection{User: only("app"), Client: only("localhost")})
}

// Times are when statements ended, whichever of the two a server writes down.
func TestSlowLogsAreBoundedByWhenStatementsEnd(t *testing.T) {
	entry := func(time string) string {
		return time + "# User@Host: app[app] @ localhost []\n# Query_time: 600.000000  Lock_time: 0.000000  Rows_sent: 1  Rows_examined: 1\nSET timestamp=1772442000;\nSELECT SLEEP(600);\n" // 09:00
	}
	opened := func(version string) string {
		return "/usr/sbin/mysqld, Version: " + version + ". started with:\nTcp port: 3306  Unix socket: /run/mysqld/mysqld.sock\nTime\t\t    Id Command\tArgument\n"
	}
	f := func(since, until string, want int64, log string) {
		t.Helper()
		opts := Options{Stdin: strings.NewReader(log), Location: time.UTC}
		if since != "" {
			opts.Since = parseTime(t, "2026-03-02 "+since)
		}
		if until != "" {
			opts.Until = parseTime(t, "2026-03-02 "+until)
		}
		if got := read(t, opts, "-").Totals().Count; got != want {
			t.Errorf("from %q to %q: %d executions, want %d, of\n%s", since, until, got, want, log)
		}
	}
	starts := []string{opened("10.11.6-MariaDB (MariaDB Server)") + entry("# Time: 260302  9:00:00\n"), opened("8.0.36 (MySQL Community Server - GPL)") + entry("# Time: 2026-03-02T09:10:00.000000Z\n"),
		opened("8.0.36 (MySQL Community Server - GPL)") + entry("")}
	for _, log := range starts {
		f("09:05", "", 1, log)
		f("09:11", "", 0, log)
		f("", "09:05", 0, log)
		f("", "09:11", 1, log)
	}
	for _, log := range []string{opened("10.5.23-MariaDB (MariaDB Server)") + entry("# Time: 260302  9:00:00\n"), opened("5.7.44 (MySQL Community Server (GPL))") + entry(""), entry("")} {
		f("", "09:05", 1, log)
		f("09:05", "", 0, log)
	}
	row := "start_time,user_host,query_time,lock_time,rows_sent,rows_examined,db,sql_text\n2026-03-02 09:00:00.000000,app[app] @ localhost [],00:10:00.000000,00:00:00.000000,1,1,shop,SELECT 1\n"
	f("09:05", "", 1, row)
	f("", "09:05", 0, row)
}

// Law 6 for slow logs: whoever writes into the log cannot make what is kept grow without a limit.
func TestMemoryOfSlowLogsIsLimited(t *testing.T) {
	var log strings.Builder
	const n = 4000
	for i := range n {
		name := fmt.Sprint("u", i)
		e := somebody(name, name+" [10.0.0.1]", "use d"+name+";\n", fmt.Sprintf("SELECT a%d FROM t%[1]d", i))
		e += strings.Replace(somebody(name, name+" []", "use d"+name+";\n", "SELECT 1 /*controller='"+name+"'*/"), "Rows_sent", fmt.Sprintf("Errno: %d Rows_sent", 1+i), 1)
		e += strings.Replace(somebody("app", "web []", "", "SELECT b FROM t"), "SET timestamp", fmt.Sprintf("# explain: id\ttable\n# explain: 1\tt%d\nSET timestamp", i), 1)
		e += somebody("app", "web []", "", "# administrator command: "+name)
		e += strings.Replace(somebody("app", "web []", "", "SELECT c FROM t"), "Rows_sent", name+": 1  U"+name+": 2  Rows_sent", 1)
		log.WriteString(e)
	}
	set := read(t, Options{Stdin: strings.NewReader(log.String()), Jobs: 2, BlockSize: 30_000}, "-")
	if got := set.Totals().Count; got != 4*n {
		t.Errorf("%d executions, want %d", got, 4*n)
	}
	if len(set.Errors) > stats.MaxErrors+1 || len(set.Commands) > 1 || set.Commands["(other)"].Count != n {
		t.Errorf("%d errors, commands %v", len(set.Errors), set.Commands)
	}
	for _, p := range set.Patterns {
		if len(p.Users) > stats.MaxNames+1 || len(p.Databases) > stats.MaxNames+1 || len(p.Plans) > stats.MaxPlans || len(p.Measures) > int(metric.N) || len(p.Example.Attributes) > 1<<10 {
			t.Errorf("%s: %d users, %d databases, %d plans, %d measures, attributes %q", p.Text, len(p.Users), len(p.Databases), len(p.Plans), len(p.Measures), p.Example.Attributes)
		}
	}
}

// A tag is whatever an application writes; beyond the limit of patterns its values are counted together.
func TestGroupsAreLimited(t *testing.T) {
	const n = stats.MaxPatterns + 5000
	var log strings.Builder
	for i := range n {
		fmt.Fprintf(&log, "# Query_time: 1.0\nSET timestamp=1772442000;\nSELECT 1 /*tag='%d'*/;\n", i)
	}
	group, err := monitor.NewGrouping("tag:tag")
	if err != nil {
		t.Fatal(err)
	}
	set := read(t, Options{Stdin: strings.NewReader(log.String()), GroupBy: group}, "-")
	if len(set.Patterns) != stats.MaxPatterns || set.Overflow == nil || set.Overflow.Count != 5000 || set.Totals().Count != n || len(set.Warnings) != 1 {
		t.Errorf("%d groups, beyond them %+v, %q", len(set.Patterns), set.Overflow, set.Warnings)
	}
}
