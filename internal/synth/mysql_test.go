package synth

import (
	"bytes"
	"io"
	"maps"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// slowFigures are what can be found in a slow log, and are in its truth. Times are in microseconds.
type slowFigures struct {
	Records, Lines, Bytes, Commands, Errors                   int64
	Took, Locked, RowsSent, RowsExamined, RowsAffected, Scans int64
	Users, Databases                                          map[string]int64
}

// What a few lines of code find in a slow log is what its truth says, as long as no literal looks like an entry.
func TestTruthIsInTheSlowLog(t *testing.T) {
	for _, format := range MySQLFormats {
		var out bytes.Buffer
		truth := write(t, &out, Options{Seed: 1, Format: format, Size: 4 << 20, Honest: true})
		got, want := read(out.String()), told(truth)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: in the log is %+v, the truth says %+v", format, got, want)
		}
		if truth.Executions < 4000 || want.Commands == 0 || (want.Scans > 0) == strings.HasPrefix(format, "mysql") || (want.Errors > 0) == (format == "mysql" || format == "mariadb") {
			t.Errorf("%s: too little is told in %+v", format, want)
		}
	}
}

var (
	userOf     = regexp.MustCompile(`^.*?\[(.*?)\] @ `)
	databaseOf = regexp.MustCompile("(?m)^use `?(.*?)`?;$")
	schemaOf   = regexp.MustCompile(`(?m)Schema: (\S*)  `)
	errorOf    = regexp.MustCompile(`rrno: [1-9]`)
)

func read(log string) slowFigures {
	const opening = " started with:\n"
	f := slowFigures{Lines: int64(strings.Count(log, "\n")), Bytes: int64(len(log)), Records: int64(strings.Count(log, opening)),
		Users: map[string]int64{}, Databases: map[string]int64{}}
	db := ""
	for _, entry := range strings.Split(log, "# User@Host: ")[1:] {
		header, body, _ := strings.Cut(entry, "\nSET ")
		header += "\n"
		for _, m := range slices.Concat(databaseOf.FindAllStringSubmatch(header, 1), schemaOf.FindAllStringSubmatch(header, 1)) {
			db = m[1]
		}
		f.Records++
		if strings.Contains(body, ";\n# administrator command: ") {
			f.Commands++
		} else {
			f.Users[userOf.FindStringSubmatch(header)[1]]++
			f.Databases[db]++
		}
		f.Errors += int64(len(errorOf.FindAllString(header, -1)))
		f.Took += number(header, "Query_time")
		f.Locked += number(header, "Lock_time")
		f.RowsSent += number(header, "Rows_sent")
		f.RowsExamined += number(header, "Rows_examined")
		f.RowsAffected += number(header, "Rows_affected")
		f.Scans += int64(strings.Count(header, "Full_scan: Yes"))
		if strings.Contains(body, opening) {
			db = ""
		}
	}
	delete(f.Databases, "")
	return f
}

// number returns the value behind a key, 0 without one; of times, the microseconds.
func number(header, key string) int64 {
	_, after, _ := strings.Cut(header, key+": ")
	n, _ := strconv.ParseInt(strings.Replace(strings.Fields(after + " 0")[0], ".", "", 1), 10, 64)
	return n
}

func told(t *Truth) slowFigures {
	f := slowFigures{Records: t.Records, Lines: t.Lines, Bytes: t.Bytes, Errors: t.Errors, Users: t.Users, Databases: t.Databases}
	for _, c := range t.Commands {
		f.Commands += c.Count
	}
	for _, s := range slices.Concat(t.Shapes, t.Commands) {
		sum := func(name string) int64 {
			if m := s.Metrics[name]; m != nil {
				return m.Sum
			}
			return 0
		}
		f.Took += s.Sum / 1000
		f.Locked += sum("lock_time") / 1000
		f.RowsSent += sum("rows_sent")
		f.RowsExamined += sum("rows_examined")
		f.RowsAffected += sum("rows_affected")
		f.Scans += sum("full_scan")
	}
	return f
}

func TestFiguresOfMySQLShapes(t *testing.T) {
	for _, format := range MySQLFormats {
		truth := write(t, io.Discard, Options{Seed: 1, Format: format, Size: 1 << 20})
		names, codes := newNames(), int64(0)
		for _, s := range truth.Shapes {
			for _, n := range [][2]map[string]int64{{names.Users, s.Users}, {names.Databases, s.Databases}} {
				for name, count := range n[1] {
					n[0][name] += count
				}
			}
			if s.Metrics["lock_time"].N != s.Count || s.Metrics["lock_time"].Max > s.Max {
				t.Errorf("%s: %+v", format, s)
			}
		}
		for _, n := range truth.Codes {
			codes += n
		}
		if !maps.Equal(names.Users, truth.Users) || !maps.Equal(names.Databases, truth.Databases) || codes != truth.Errors {
			t.Errorf("%s: the shapes have the names %v and %d errors, the truth %v and %d", format, names, codes, truth.Names, truth.Errors)
		}
	}
}

// Each format writes an entry as its server does.
func TestEntries(t *testing.T) {
	end := time.Date(2026, 3, 2, 6, 0, 1, 250_000_000, time.UTC)
	e := entry{client: &client{account: account{"", "joe", "my-shop", "web-1"}, id: 42, ip: "10.0.0.5"}, shape: &shape{habits: habits{table: "t"}},
		sql: "SELECT a FROM t", took: 1500*time.Millisecond + 7*time.Microsecond, end: end, errno: 3024, killed: 3024, transaction: 0xAB, optimizer: true, disk: true}
	e.start = end.Add(-e.took)
	e.values[lockTime], e.values[rowsSent], e.values[rowsExamined], e.values[bytesSent], e.values[fullScan] = 3000, 2, 1001, 66, 1
	f := func(format int, want string) {
		t.Helper()
		log := slowLog{format: slowFormats[format]}
		if got := string(log.append(nil, &e)); got != want {
			t.Errorf("%s:\n%s\nwant:\n%s", MySQLFormats[format], got, want)
		}
	}
	f(0, `# Time: 2026-03-02T06:00:01.250000Z
# User@Host: [joe] @ web-1 [10.0.0.5]  Id:    42
# Query_time: 1.500007  Lock_time: 0.000003 Rows_sent: 2  Rows_examined: 1001
use my-shop;
SET timestamp=1772431199;
SELECT a FROM t;
`)
	f(1, `# Time: 2026-03-02T06:00:01.250000Z
# User@Host: [joe] @ web-1 [10.0.0.5]  Id:    42
# Query_time: 1.500007  Lock_time: 0.000003 Rows_sent: 2  Rows_examined: 1001 Thread_id: 42 Errno: 3024 Killed: 3024 Bytes_received: 0 Bytes_sent: 66`+
		` Read_first: 0 Read_last: 0 Read_key: 0 Read_next: 0 Read_prev: 0 Read_rnd: 0 Read_rnd_next: 0 Sort_merge_passes: 0 Sort_range_count: 0 Sort_rows: 0`+
		` Sort_scan_count: 0 Created_tmp_disk_tables: 0 Created_tmp_tables: 0 Start: 2026-03-02T05:59:59.749993Z End: 2026-03-02T06:00:01.250000Z
use my-shop;
SET timestamp=1772431199;
SELECT a FROM t;
`)
	f(2, `# Time: 2026-03-02T06:00:01.250000Z
# User@Host: [joe] @ web-1 [10.0.0.5]  Id:    42
# Schema: my-shop  Last_errno: 3024  Killed: 3024
# Query_time: 1.500007  Lock_time: 0.000003  Rows_sent: 2  Rows_examined: 1001  Rows_affected: 0  Bytes_sent: 66
# Tmp_tables: 0  Tmp_disk_tables: 0  Tmp_table_sizes: 0
# InnoDB_trx_id: AB
# Full_scan: Yes  Full_join: No  Tmp_table: No  Tmp_table_on_disk: No
# Filesort: No  Filesort_on_disk: No  Merge_passes: 0
#   InnoDB_IO_r_ops: 0  InnoDB_IO_r_bytes: 0  InnoDB_IO_r_wait: 0.000000
#   InnoDB_rec_lock_wait: 0.000000  InnoDB_queue_wait: 0.000000
#   InnoDB_pages_distinct: 0
use my-shop;
SET timestamp=1772431199;
SELECT a FROM t;
`)
	f(3, `# Time: 260302  8:00:01
# User@Host: [joe] @ web-1 [10.0.0.5]
# Thread_id: 42  Schema: my-shop  QC_hit: No
# Query_time: 1.500007  Lock_time: 0.000003  Rows_sent: 2  Rows_examined: 1001
# Rows_affected: 0  Bytes_sent: 66
# Full_scan: Yes  Full_join: No  Tmp_table: No  Tmp_table_on_disk: No
# Filesort: No  Filesort_on_disk: No  Merge_passes: 0  Priority_queue: No
#
# explain: id	select_type	table	type	possible_keys	key	key_len	ref	rows	r_rows	filtered	r_filtered	Extra
# explain: 1	SIMPLE	t	ALL	NULL	NULL	NULL	const	1144	1001.00	100.00	100.00	Using where
#
use `+"`my-shop`"+`;
SET timestamp=1772431201;
SELECT a FROM t;
`)
}

// The database is named when it is another than the last one named, the second by MariaDB when it is another; a rotated log names
// the database anew, but not the second.
func TestWhatChangesIsToldOnce(t *testing.T) {
	f := func(format int, want string) {
		t.Helper()
		log := slowLog{format: slowFormats[format]}
		var got []string
		for _, step := range []struct {
			db    string
			after time.Duration
		}{{"a", 0}, {"a", 1}, {"", 999 * time.Millisecond}, {"a", time.Second}, {"b", time.Second}, {"open", 0}, {"b", time.Second}, {"b", 2 * time.Second}} {
			if step.db == "open" {
				log.open(nil)
				got = append(got, "open")
				continue
			}
			e := entry{client: &client{account: account{db: step.db}}, end: began.Add(step.after)}
			text, told := string(log.append(nil, &e)), ""
			if strings.Contains(text, "# Time: ") {
				told += "time"
			}
			if strings.Contains(text, "use ") {
				told += "use"
			}
			got = append(got, told)
		}
		if got := strings.Join(got, " "); got != want {
			t.Errorf("%s: %q, want %q", MySQLFormats[format], got, want)
		}
	}
	f(0, "timeuse time time time timeuse open timeuse time")
	f(3, "timeuse   time use open use time")
}

func TestForgeries(t *testing.T) {
	for _, format := range slices.Concat(Formats, MySQLFormats) {
		for _, honest := range []bool{true, false} {
			var out bytes.Buffer
			write(t, &out, Options{Seed: 1, Format: format, Size: 2 << 20, Honest: honest})
			if strings.Contains(out.String(), "forged") == honest {
				t.Errorf("%s, honest %v: it is not", format, honest)
			}
		}
	}
}

// Whatever way a string is written in, MySQL reads it as what it was.
func TestQuotedStringsReadTheSame(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	seen := map[byte]int{}
	for _, text := range append(slices.Clone(mysqlOddWords), "", `\`, `'`, `"`, `\'`, "it's\n\"late\" \\o/;\n# Time: ", "tab\there", "北京") {
		for range 300 {
			quoted := string(quoteMySQL(r, nil, []byte(text)))
			seen[quoted[0]]++
			if got := unquoted(strings.TrimPrefix(strings.TrimPrefix(quoted, "_utf8mb4"), "N")); got != text {
				t.Errorf("%s reads %q, want %q", quoted, got, text)
			}
		}
	}
	if len(seen) != 4 {
		t.Errorf("strings begin with %v", seen)
	}
}

// unquoted reads a string of MySQL. One that ends early has its rest marked.
func unquoted(quoted string) string {
	var text []byte
	for i := 1; i < len(quoted)-1; i++ {
		switch {
		case quoted[i] == '\\' && quoted[i+1] == 't':
			text = append(text, '\t')
			i++
		case quoted[i] == '\\', quoted[i] == quoted[0] && quoted[i+1] == quoted[0]:
			i++
			text = append(text, quoted[i])
		case quoted[i] == quoted[0]:
			return string(text) + " ends before " + quoted[i:]
		default:
			text = append(text, quoted[i])
		}
	}
	return string(text)
}

func TestMySQLClasses(t *testing.T) {
	f := func(a, b string, same bool) {
		t.Helper()
		if (mysqlClass(a) == mysqlClass(b)) != same {
			t.Errorf("%s\n%s\none class: %v, want %v", a, b, !same, same)
		}
	}
	f("SELECT a FROM t", "select `a` from `t`", true)
	f("SELECT a FROM t LIMIT ?", "SELECT a FROM t LIMIT ?, ?", true)
	f("SELECT a FROM t LIMIT ? OFFSET ?", "SELECT a FROM t LIMIT ?, ?", true)
	f("SELECT a FROM t WHERE b IN (...)", "SELECT a FROM t WHERE b = ?", true)
	f("SELECT a FROM t WHERE b > ?", "SELECT a FROM t WHERE b = ?", false)
}
