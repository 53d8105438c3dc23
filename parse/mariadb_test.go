package parse_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/covetlog/covetlog/metric"
	"github.com/covetlog/covetlog/parse"
)

const mariadb = logs + "/mariadb-10.11"

// serverTruth is what the clients had a MariaDB run and what it counted; see testdata/logs/README.md.
type serverTruth struct {
	Statements map[string]int64 // by user
	Errors     map[string]int64 // by number
	Users      []struct {
		User  string
		Event string `json:"event_name"`
		counters
	}
}

// counters are those of the performance schema.
type counters struct {
	Sent      int64 `json:"rows_sent"`
	Examined  int64 `json:"rows_examined"`
	Affected  int64 `json:"rows_affected"`
	Scans     int64 `json:"select_scan"`
	Joins     int64 `json:"select_full_join"`
	Tables    int64 `json:"created_tmp_tables"`
	OnDisk    int64 `json:"created_tmp_disk_tables"`
	TimeMicro int64 `json:"time_us"`
}

func (c *counters) add(o *counters) {
	c.Sent += o.Sent
	c.Examined += o.Examined
	c.Affected += o.Affected
	c.Scans += o.Scans
	c.Joins += o.Joins
	c.Tables += o.Tables
	c.OnDisk += o.OnDisk
	c.TimeMicro += o.TimeMicro
}

// rows are what the log has of each statement in any verbosity.
func (c counters) rows() counters {
	return counters{Sent: c.Sent, Examined: c.Examined, Affected: c.Affected}
}

// truthOf returns the truth of a phase, and the counters of the statements by user and in all.
func truthOf(t *testing.T, phase string) (truth serverTruth, byUser map[string]*counters, all counters) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(mariadb, phase, "truth.json"))
	if err == nil {
		err = json.Unmarshal(text, &truth)
	}
	if err != nil {
		t.Fatal(err)
	}
	byUser = map[string]*counters{}
	for i := range truth.Users {
		u := &truth.Users[i]
		if !strings.HasPrefix(u.Event, "statement/sql/") && u.Event != "statement/com/Execute" {
			continue
		}
		if byUser[u.User] == nil {
			byUser[u.User] = &counters{}
		}
		byUser[u.User].add(&u.counters)
		if u.Event != "statement/com/Execute" {
			all.add(&u.counters)
		}
	}
	return truth, byUser, all
}

// logged is a Sink that counts as the server does.
type logged struct {
	statements map[string]int64 // by user, those of routines left out
	byUser     map[string]*counters
	all        counters
	errors     map[string]int64
}

func (l *logged) Event(e *parse.Event) {
	var c counters
	for _, v := range e.Metrics {
		switch v.Metric {
		case metric.RowsSent:
			c.Sent = v.Value
		case metric.RowsExamined:
			c.Examined = v.Value
		case metric.RowsAffected:
			c.Affected = v.Value
		case metric.FullScan:
			c.Scans = v.Value
		case metric.FullJoin:
			c.Joins = v.Value
		case metric.TmpTables:
			c.Tables = v.Value
		case metric.TmpDiskTables:
			c.OnDisk = v.Value
		}
	}
	user := e.Origin.User
	if !bytes.Contains(e.Attributes, []byte("Stored_routine: ")) {
		l.statements[user]++
		c.TimeMicro = e.Duration / 1000
	}
	if l.byUser[user] == nil {
		l.byUser[user] = &counters{}
	}
	l.byUser[user].add(&c)
	l.all.add(&c)
	if e.Failed {
		l.errors[string(e.Code)]++
	}
}

// readServer reads the logs of a phase one after the other, in blocks of a size.
func readServer(t *testing.T, phase string, size int, open int64, names ...string) *logged {
	t.Helper()
	l := &logged{statements: map[string]int64{}, byUser: map[string]*counters{}, errors: map[string]int64{}}
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(mariadb, phase, name))
		if err != nil {
			t.Fatal(err)
		}
		log, err := parse.Open(data, parse.Options{Location: time.UTC})
		if err != nil {
			t.Fatal(err)
		}
		counts := readSlow(log, data, size, l)
		if counts.Recognised != int64(len(data)) || counts.Partial+counts.Malformed != 0 || counts.Ambiguous != open {
			t.Errorf("%s/%s: of %d bytes %+v", phase, name, len(data), counts)
		}
	}
	return l
}

// What a reader finds in the slow logs of a real MariaDB is what its clients sent and what it counted itself.
func TestSlowLogsAreWhatTheServerCounted(t *testing.T) {
	phases := []struct {
		name, logs string
		uneven     string // users of whom the log has rows within other rows
		open       int64  // statements with a literal that was never closed, or ends in a backslash that escapes nothing
	}{
		{"full", "slow.log", "app;keeper", 1},
		{"minimal", "slow.log", "app;keeper;O'Brien, Pat", 1},
		{"rotated", "slow.log.1,slow.log", "keeper", 0},
		{"modes", "slow.log", "", 4},
		{"table", "slow.log", "app;keeper", 1},
		{"table", "slow_log.tsv", "app;keeper", 0},
		{"table", "slow_log.csv", "app;keeper", 0},
		{"table", "slow_log.json", "app;keeper", 0},
	}
	for _, p := range phases {
		t.Run(p.name+"/"+p.logs, func(t *testing.T) {
			truth, byUser, all := truthOf(t, p.name)
			for _, size := range []int{1 << 20, 100} {
				got := readServer(t, p.name, size, p.open, strings.Split(p.logs, ",")...)
				got.compare(t, &truth, byUser, strings.Split(p.uneven, ";"))
				if p.name == "full" {
					want, have := all, got.all
					if have.Scans != want.Scans || have.Joins != want.Joins || have.Tables != want.Tables || have.OnDisk != want.OnDisk {
						t.Errorf("scans, joins and temporary tables: %+v, the server counted %+v", have, want)
					}
				}
			}
		})
	}
}

func (l *logged) compare(t *testing.T, truth *serverTruth, byUser map[string]*counters, uneven []string) {
	t.Helper()
	if diff := cmp.Diff(truth.Statements, l.statements); diff != "" {
		t.Errorf("statements sent (-), in the log (+):\n%s", diff)
	}
	for user, want := range byUser {
		got := l.byUser[user]
		if got == nil {
			t.Errorf("%s is not in the log", user)
			continue
		}
		if !slices.Contains(uneven, user) && got.rows() != want.rows() {
			t.Errorf("%s: rows are %+v, the server counted %+v", user, got.rows(), want.rows())
		}
		if got.TimeMicro > want.TimeMicro {
			t.Errorf("%s: the log has %d µs, the server took %d", user, got.TimeMicro, want.TimeMicro)
		}
	}
	for code, n := range l.errors {
		if n > truth.Errors[code] {
			t.Errorf("error %s is %d times in the log, the clients had it %d times", code, n, truth.Errors[code])
		}
	}
}

// Of a log with log_slow_rate_limit = 5 every fifth statement of a session is there.
func TestSampledLogHasEveryFifth(t *testing.T) {
	got := readServer(t, "rate", 1<<20, 0, "slow.log")
	if diff := cmp.Diff(map[string]int64{"app": 10, "night batch": 10}, got.statements); diff != "" {
		t.Error(diff)
	}
}
