package ingest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/klauspost/compress/gzip"

	"github.com/covetlog/covetlog/internal/synth"
	"github.com/covetlog/covetlog/metric"
	"github.com/covetlog/covetlog/monitor"
	"github.com/covetlog/covetlog/report"
	"github.com/covetlog/covetlog/stats"
)

// told compares Sets by what they tell.
var told = cmp.Options{
	cmp.Transformer("shown", func(h stats.Histogram) map[float64]uint64 {
		m := map[float64]uint64{-.5: uint64(h.Quantile(.5)), -.95: uint64(h.Quantile(.95))}
		for upper, count := range h.Buckets {
			m[upper] = count
		}
		return m
	}),
	cmp.FilterValues(func(a, b stats.Measures) bool { return len(a)+len(b) > 0 },
		cmp.Transformer("sorted", func(ms stats.Measures) []*stats.Measure { return ms.Sorted() })),
	cmpopts.EquateEmpty(),
}

// sameSets compares all that was counted, and the reports of it.
func sameSets(t *testing.T, want, got *stats.Set, format string, args ...any) {
	t.Helper()
	if diff := cmp.Diff(want, got, told); diff != "" {
		t.Fatalf("%s (+) counts otherwise (-):\n%s", fmt.Sprintf(format, args...), diff)
	}
	if a, b := reports(t, want), reports(t, got); a != b {
		t.Fatalf("%s (+) reads otherwise (-):\n%s", fmt.Sprintf(format, args...), cmp.Diff(strings.Split(a, "\n"), strings.Split(b, "\n")))
	}
}

// slowLogs are logs of every kind, in which entries take the time, the database or the version from others. Those of the cases are tiny.
func slowLogs(t *testing.T) (paths []string) {
	t.Helper()
	for _, pattern := range []string{"mysql-cases/0*", "mysql-cases/1*", "mariadb-10.11/minimal/slow.log", "mariadb-10.11/rotated/slow.log*", "mariadb-10.11/modes/*.log", "mariadb-10.11/table/slow_log.*"} {
		found, err := filepath.Glob(filepath.Join(logs, pattern))
		if err != nil || len(found) == 0 {
			t.Fatal(pattern, found, err)
		}
		paths = append(paths, found...)
	}
	for _, format := range synth.MySQLFormats {
		var log bytes.Buffer
		if _, err := synth.Write(&log, synth.Options{Seed: 2, Format: format, Size: 120 << 10}); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, put(t, filepath.Join(t.TempDir(), format+".log"), log.String()))
	}
	return paths
}

// Law 3 for slow logs: the machinery does not show. To know where an entry begins takes all of the log before it.
func TestTheMachineryDoesNotShowInSlowLogs(t *testing.T) {
	for _, path := range slowLogs(t) {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sizes := []int{1, 60, 999, 4096, 70_000}
		if len(content) < 10_000 { // one of a hundred cases
			sizes = sizes[:3]
		} else if testing.Short() {
			sizes = sizes[2:]
		}
		want := read(t, Options{Jobs: 1}, path)
		for i, size := range sizes {
			jobs := 4 - i%4
			sameSets(t, want, read(t, Options{Jobs: jobs, BlockSize: size}, path), "%s with %d workers and blocks of %d bytes", path, jobs, size)
		}
		withoutPlaces(want)
		sameSets(t, want, withoutPlaces(read(t, Options{Stdin: bytes.NewReader(content), BlockSize: 5000}, "-")), "%s from standard input", path)
		sameSets(t, want, withoutPlaces(read(t, Options{BlockSize: 777}, packed(t, path+".gz", content))), "%s as gzip", path)
	}
}

// packed returns the path of a file with the content compressed.
func packed(t *testing.T, name string, content []byte) string {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return put(t, filepath.Join(t.TempDir(), filepath.Base(name)), out.String())
}

// heading is that of an entry of MySQL, without SET timestamp.
const heading = "# Time: 2026-03-02T09:00:00.000000Z\n# User@Host: app[app] @ web-1 [10.0.0.7]  Id:     8\n# Query_time: 2.000000  Lock_time: 0.000000 Rows_sent: 1  Rows_examined: 1\n"

// slowEntry is an entry of a statement that took two seconds.
func slowEntry(sql string) string { return heading + "SET timestamp=1772442000;\n" + sql + ";\n" }

// What is told of lines that were not understood, and of entries that are not as they should be, does not depend on the blocks either.
func TestWhatIsWrongIsToldWhateverTheBlocks(t *testing.T) {
	var log strings.Builder
	for i := range 150 {
		log.WriteString(slowEntry(fmt.Sprint("SELECT ", i)))
		if i%2 == 0 {
			log.WriteString(strings.Replace(slowEntry("SELECT 1"), "Lock_time: 0.000000", "Lock_time: never", 1))
		}
	}
	csv := "start_time,user_host,query_time,lock_time,rows_sent,rows_examined,db,sql_text\n" + strings.Repeat("no row at all\n", 90)
	cloud := strings.Repeat(`{"timestamp":1,"message":"# Time: 2026-03-02T09:00:00.000000Z\n# Query_time: 1.0\nSELECT 1;"}`+"\n"+`{"timestamp":1,"message":"nothing"}`+"\n", 90)
	for name, text := range map[string]string{"slow": log.String(), "csv": csv, "cloud": cloud} {
		path := put(t, filepath.Join(t.TempDir(), name), text)
		want := read(t, Options{Jobs: 1, BlockSize: 1}, path)
		if n := len(want.Inputs[0].Unrecognised) + len(want.Inputs[0].Doubtful); n < 75 {
			t.Errorf("%s: only %d lines are told", name, n)
		}
		for _, size := range []int{5000, 0} {
			sameSets(t, want, read(t, Options{Jobs: 2, BlockSize: size}, path), "%s in blocks of %d bytes", name, size)
		}
	}
}

// Law 4 for slow logs: merging is exact.
func TestMergingOfSlowLogsIsExact(t *testing.T) {
	paths := []string{"mariadb-10.11/full/slow.log", "mariadb-10.11/rotated/slow.log", "mysql-cases/04-attributes-extra.log", "mariadb-10.11/table/slow_log.csv"}
	for i := range paths {
		paths[i] = filepath.Join(logs, paths[i])
	}
	together := withoutPlaces(read(t, Options{}, paths...))
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 1, 0, 2}, {2, 3, 1, 0}} {
		merged := stats.NewSet(together.Threshold)
		for _, i := range order {
			merged.Merge(read(t, Options{}, paths[i]))
		}
		sameSets(t, together, withoutPlaces(merged), "merged in the order %v", order)
	}
}

// Law 8 for slow logs: literals stay home.
func TestLiteralsOfSlowLogsStayHome(t *testing.T) {
	statements := []string{
		`SELECT 'SECRET', "SECRET", N'SECRET', _utf8mb4'SECRET', x'5EC4E7', 0x5EC4E7, 'it''s SECRET', "a""SECRET", 'a\'SECRET', "\"SECRET" /* SECRET */ # SECRET` + "\n-- SECRET\nFROM t WHERE a = 5318008",
		"INSERT INTO t VALUES ('SECRET', 5318008), ('SECRET', 1)",
		"SET PASSWORD FOR 'bob'@'%' = 'SECRET'",
		"CREATE USER bob IDENTIFIED BY 'SECRET'",
		"ALTER USER bob@'%' IDENTIFIED WITH mysql_native_password BY \"SECRET\"",
		"GRANT ALL ON *.* TO bob IDENTIFIED BY PASSWORD 'SECRET'",
		"CHANGE MASTER TO MASTER_PASSWORD='SECRET'",
		"SET @a = 'SECRET', @b = \"SECRET\"",
		"CALL p('SECRET', \"SECRET\", 5318008)",
		"/*!50001 SELECT 'SECRET' */",
		"LOAD DATA INFILE '/srv/SECRET' INTO TABLE t FIELDS TERMINATED BY 'SECRET'",
		"CREATE PROCEDURE p() BEGIN INSERT INTO t VALUES ('SECRET');\nSELECT \"SECRET\"; END",
		"PREPARE s FROM 'SELECT \\'SECRET\\''",
		"BINLOG 'SECRET'",
		"SELECT 1 /* controller='SECRET' */",
		"SELECT 'cut in the middle of SECRET",
	}
	log := "the end of SECRET\n"
	for _, sql := range statements {
		log += slowEntry(sql)
	}
	log += strings.Replace(slowEntry("SELECT 'SECRET'"), "Lock_time: 0.000000", "Lock_time: SECRET  Colour: SECRET", 1) + // a value that is none
		strings.Replace(slowEntry("INSERT INTO t (n) VALUES ('SECRET')"), "SET timestamp", "#\n# Warnings\n# level  code  message\n# Error 1366 Incorrect integer value: 'SECRET\nSECRET' for column `n`\n#\nSET timestamp", 1) +
		strings.Replace(slowEntry("UPDATE t SET n = 'SECRET'"), "Rows_sent", "Errno: 1062 Rows_sent", 1) +
		strings.Replace(slowEntry("SELECT n FROM t WHERE n = 'SECRET'"), "SET timestamp", "#\n# explain: id\tselect_type\ttable\n# explain: 1\tSIMPLE\tt\n#\nSET timestamp", 1)
	table := "start_time\tuser_host\tquery_time\tlock_time\trows_sent\trows_examined\tdb\tsql_text\n" +
		"2026-03-02 09:00:00.000000\tapp[app] @ web-1 [10.0.0.7]\t00:00:02.000000\t00:00:00.000000\t1\t1\tshop\tSELECT\\n'SECRET\\\\'\\n, \"SECRET\"\n" +
		"2026-03-02 09:00:00.000000\tSECRET\tSELECT 'SECRET'\n"
	cloud := `{"timestamp":1772442000000,"message":"# Time: 2026-03-02T09:00:00.000000Z\n# User@Host: app[app] @ web-1 [10.0.0.7]  Id: 8\n# Query_time: 2.0\nSET timestamp=1772442000;\nSELECT \"SECRET\", 'SECRET';"}` + "\n" +
		`{"timestamp":1772442000000,"message":"SECRET"}` + "\n"
	for _, c := range []struct {
		log        string
		executions int64
	}{{log, int64(len(statements)) + 4}, {table, 1}, {cloud, 1}} {
		set := read(t, Options{Stdin: strings.NewReader(c.log), Commands: true}, "-")
		if got := set.Totals().Count; got != c.executions {
			t.Errorf("%d executions, want %d", got, c.executions)
		}
		noneOf(t, set, "SECRET", "CRET", "cut in the middle", "5EC4E7", "5318008")
	}
}

// noneOf checks that no report without examples holds a text, in capitals or small letters.
func noneOf(t *testing.T, set *stats.Set, texts ...string) {
	t.Helper()
	var out bytes.Buffer
	doc := report.New(set, monitor.Suggest(set), report.Options{Full: true, Limit: 100})
	for _, format := range report.Formats() {
		if err := doc.Write(&out, format); err != nil {
			t.Fatal(err)
		}
	}
	for _, part := range texts {
		for _, text := range []string{part, strings.ToLower(part)} {
			if i := strings.Index(out.String(), text); i >= 0 {
				t.Errorf("%q is in the report: …%s…", text, out.String()[max(0, i-160):i+20])
			}
		}
	}
}

// Law 2 for slow logs: the format does not show. mysql.slow_log tells one thing whichever way it is written out. The file of the same workload
// agrees in what both tell: the table has neither bytes, plans and errors nor how a statement ran, and it has fractions of seconds.
func TestTheFormatOfASlowLogDoesNotShow(t *testing.T) {
	opts := Options{Location: time.FixedZone("", 2*60*60)}
	path := func(name string) string { return filepath.Join(logs, "mariadb-10.11/table", name) }
	want := withoutPlaces(read(t, opts, path("slow_log.tsv")))
	for _, name := range []string{"slow_log.csv", "slow_log.json"} {
		sameSets(t, want, withoutPlaces(read(t, opts, path(name))), "%s against slow_log.tsv", name)
	}
	file := withoutPlaces(read(t, opts, path("slow.log")))
	if len(want.Patterns) < 50 || want.Totals().Count < 100 {
		t.Errorf("%+v", want.Totals())
	}
	within := func(what string, table, file int64) {
		if late := table - file; late < 0 || late >= int64(time.Second) {
			t.Errorf("%s is %d ns later in the table", what, late)
		}
	}
	within("the start", want.Window.Start, file.Window.Start)
	within("the end", want.Window.End, file.Window.End)
	for key, p := range want.Patterns {
		if q := file.Patterns[key]; q != nil {
			within(p.Text, p.First, q.First)
			within(p.Text, p.Last, q.Last)
		}
	}
	for _, set := range []*stats.Set{want, file} {
		set.Window, set.Errors = stats.Window{}, nil
		for _, p := range set.Patterns {
			p.First, p.Last, p.Example, p.Plans, p.Errors, p.Inferred = 0, 0, nil, nil, 0, 0
			p.Measures = slices.DeleteFunc(p.Measures, func(m stats.Measure) bool { return !slices.Contains(inTheTable, m.Metric) })
		}
	}
	if diff := cmp.Diff(file, want, told); diff != "" {
		t.Errorf("slow.log (-), mysql.slow_log (+):\n%s", diff)
	}
}

// inTheTable is what mysql.slow_log has a column for.
var inTheTable = []metric.Metric{metric.LockTime, metric.RowsSent, metric.RowsExamined, metric.RowsAffected}
