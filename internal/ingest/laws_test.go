package ingest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/covetlog/covetlog/internal/synth"
	"github.com/covetlog/covetlog/monitor"
	"github.com/covetlog/covetlog/report"
	"github.com/covetlog/covetlog/stats"
)

const logs = "../../testdata/logs"

// phases are the workloads of the fixture, each logged in all formats at once.
var phases = []string{"durations", "pairs", "verbose", "terse", "prefixes"}

var formatsOfOneWorkload = []string{"postgresql.log", "postgresql.csv", "postgresql.json", "syslog-rfc3164.log", "syslog-rfc5424.log", "syslog-iso.log"}

func read(t testing.TB, opts Options, paths ...string) *stats.Set {
	t.Helper()
	opts.Paths, opts.Threshold = paths, 10*time.Millisecond
	set, err := Run(context.Background(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// reports prints a Set in every format.
func reports(t testing.TB, set *stats.Set) string {
	t.Helper()
	var out bytes.Buffer
	doc := report.New(set, monitor.Suggest(set), report.Options{Examples: true, Full: true, Limit: 1000})
	for _, format := range report.Formats() {
		if err := doc.Write(&out, format); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

// withoutPlaces takes the names of sources and the places in them out of a Set.
func withoutPlaces(set *stats.Set) *stats.Set {
	set.Inputs, set.Warnings = nil, nil
	for _, p := range set.Patterns {
		if p.Example != nil {
			p.Example.Source, p.Example.Offset = "", 0
		}
	}
	return set
}

func withoutNames(set *stats.Set) {
	set.Window = stats.Window{}
	for _, p := range set.Patterns {
		p.Databases, p.Users, p.Applications, p.First, p.Last = nil, nil, nil, 0, 0
		p.Example.Time = 0
	}
	for _, n := range set.Messages {
		n.First, n.Last = 0, 0
	}
	for _, n := range set.Errors {
		n.First, n.Last = 0, 0
	}
	byMessage := map[stats.ErrorKey]*stats.Occurrences{}
	for key, n := range set.Errors {
		key.Code = ""
		byMessage[key] = n
	}
	set.Errors = byMessage
}

// Law 1: everything is accounted for.
func TestEverythingIsAccountedFor(t *testing.T) {
	var paths []string
	err := filepath.WalkDir(logs, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && !strings.HasSuffix(path, ".md") {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil || len(paths) < 50 {
		t.Fatal(len(paths), err)
	}
	for _, path := range paths {
		set := read(t, Options{}, path)
		for _, in := range set.Inputs {
			if sum := in.RecognisedBytes + in.SkippedBytes + in.UnrecognisedBytes; sum != in.Bytes {
				t.Errorf("%s: recognised, skipped and unrecognised bytes are %d, but it has %d", path, sum, in.Bytes)
			}
			if info, err := os.Stat(path); err == nil && in.Compression == "" && in.Bytes != info.Size() {
				t.Errorf("%s: has %d bytes, told are %d", path, info.Size(), in.Bytes)
			}
			if content, err := os.ReadFile(path); err == nil && in.Compression == "" {
				if lines := int64(len(bytes.SplitAfter(content, []byte("\n")))); in.Lines != lines && in.Lines != lines-1 {
					t.Errorf("%s: has %d lines, told are %d", path, lines, in.Lines)
				}
			}
		}
	}
}

// Law 2: the format does not show. (In the phase with other prefixes, text and syslog do not tell all names and have no
// milliseconds; there the counts and durations are compared.)
func TestTheFormatDoesNotShow(t *testing.T) {
	for _, phase := range phases {
		want := ""
		for _, name := range formatsOfOneWorkload {
			set := read(t, Options{}, filepath.Join(logs, "postgresql-15", phase, name))
			if set.Totals().Count == 0 {
				t.Fatalf("%s/%s: nothing was counted", phase, name)
			}
			withoutPlaces(set)
			if phase == "prefixes" {
				withoutNames(set)
			}
			got := reports(t, set)
			if want == "" {
				want = got
			}
			if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("%s/%s differs from %s:\n%s", phase, name, formatsOfOneWorkload[0], diff)
			}
		}
	}
}

// Law 3: the machinery does not show.
func TestTheMachineryDoesNotShow(t *testing.T) {
	for _, phase := range phases {
		for _, name := range formatsOfOneWorkload {
			path := filepath.Join(logs, "postgresql-15", phase, name)
			want := reports(t, read(t, Options{Jobs: 1}, path))
			for i, size := range []int{1, 100, 999, 4096, 70_000} {
				if testing.Short() && size < 999 {
					continue
				}
				jobs := []int{7, 2, 1}[i%3]
				got := reports(t, read(t, Options{Jobs: jobs, BlockSize: size}, path))
				if got != want {
					t.Errorf("%s with %d workers and blocks of %d bytes:\n%s", path, jobs, size,
						cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")))
				}
			}
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			set := read(t, Options{Stdin: bytes.NewReader(content)}, "-")
			if got := reports(t, withoutPlaces(set)); got != reports(t, withoutPlaces(read(t, Options{}, path))) {
				t.Errorf("%s read from standard input gives another report", path)
			}
		}
	}
}

// Law 4: merging is exact. Two logs read in one run are what the merge of two runs is, in either order.
func TestMergingIsExact(t *testing.T) {
	a := filepath.Join(logs, "postgresql-15/durations/postgresql.log")
	b := filepath.Join(logs, "postgresql-15/pairs/postgresql.csv")
	together := reports(t, withoutPlaces(read(t, Options{}, a, b)))
	for _, order := range [][2]string{{a, b}, {b, a}} {
		merged := read(t, Options{}, order[0])
		merged.Merge(read(t, Options{}, order[1]))
		if got := reports(t, withoutPlaces(merged)); got != together {
			t.Errorf("merging %v:\n%s", order, cmp.Diff(strings.Split(together, "\n"), strings.Split(got, "\n")))
		}
	}
}

func TestCompressedLogsReadTheSame(t *testing.T) {
	paths, err := filepath.Glob(logs + "/compressed/*")
	if err != nil || len(paths) < 4 {
		t.Fatal(paths, err)
	}
	want := map[string]string{}
	for _, path := range paths {
		if strings.HasSuffix(path, ".md") {
			continue
		}
		set := read(t, Options{}, path)
		if set.Totals().Count == 0 || set.Inputs[0].Error != "" {
			t.Errorf("%s: %d executions, %s", path, set.Totals().Count, set.Inputs[0].Error)
		}
		group := fmt.Sprint(set.Inputs[0].Bytes)
		got := reports(t, withoutPlaces(set))
		if want[group] == "" {
			want[group] = got
		}
		if got != want[group] {
			t.Errorf("%s reads otherwise than the others of %s bytes", path, group)
		}
	}
}

// Law 6: memory follows the number of patterns, not the size of the log.
func TestMemoryFollowsThePatterns(t *testing.T) {
	kept := func(format string, size int64) uint64 {
		var log bytes.Buffer
		if _, err := synth.Write(&log, synth.Options{Seed: 1, Format: format, Size: size, Shapes: 50}); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "database.log")
		if err := os.WriteFile(path, log.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		log = bytes.Buffer{}
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		set := read(t, Options{}, path)
		runtime.GC()
		runtime.ReadMemStats(&after)
		if set.Totals().Patterns != 50 {
			t.Fatal(set.Totals())
		}
		runtime.KeepAlive(set)
		return after.HeapAlloc - min(before.HeapAlloc, after.HeapAlloc)
	}
	for _, format := range []string{"pg", "percona"} {
		small, large := kept(format, 4<<20), kept(format, 32<<20)
		if large > 2*small+1<<20 { // eight times the log; the histograms fill up, and the collector of garbage has its moods
			t.Errorf("%s: what was counted takes %d bytes for 4 MiB and %d for 32 MiB of the same patterns", format, small, large)
		}
	}
}

// Law 8: literals stay home. Without examples no report holds a byte of a literal, a parameter or a detail.
func TestLiteralsStayHome(t *testing.T) {
	const line = "2026-11-22 20:31:37.209 UTC [1] app@shop "
	log := line + "LOG:  duration: 2.000 ms  statement: SELECT * FROM t WHERE a = 'SECRET' AND b = $$SECRET$$ AND c = E'SE\\'CRET' /* SECRET */ -- SECRET\n" +
		line + "LOG:  duration: 2.000 ms  statement: ALTER ROLE x PASSWORD 'SECRET'\n" +
		line + "LOG:  duration: 2.000 ms  statement: SET my.key = 'SECRET'; SELECT 'SECRET'\n" +
		line + "LOG:  duration: 2.000 ms  statement: SELECT 'cut in the middle of SECRET\n" +
		line + "LOG:  duration: 2.000 ms  execute <unnamed>: SELECT $1\n" +
		line + "DETAIL:  parameters: $1 = 'SECRET'\n" +
		line + "ERROR:  invalid input syntax for type integer: \"SECRET\" at character 8\n" +
		line + "STATEMENT:  SELECT 'SECRET'::int\n" +
		line + "ERROR:  duplicate key value violates unique constraint \"t_pkey\"\n" +
		line + "DETAIL:  Key (name)=(SECRET) already exists.\n" +
		line + "CONTEXT:  COPY t, line 1, column c: \"SECRET\"\n" +
		line + "STATEMENT:  INSERT INTO t VALUES ('SECRET'), ('SECRET')\n" +
		line + "LOG:  duration: 9.000 ms  plan:\n\tQuery Text: SELECT 'SECRET'\n\tResult  (cost=0.00..0.01 rows=1 width=4)\n\t  Filter: (x = 'SECRET'::text)\n"
	opts := Options{Stdin: strings.NewReader(log)}
	set := read(t, opts, "-")
	if got := set.Totals(); got.Count != 8 || got.Errors != 2 {
		t.Fatalf("%+v", got)
	}
	var out bytes.Buffer
	doc := report.New(set, monitor.Suggest(set), report.Options{Full: true, Limit: 100})
	for _, format := range report.Formats() {
		if err := doc.Write(&out, format); err != nil {
			t.Fatal(err)
		}
	}
	for _, part := range []string{"SECRET", "CRET", "cut in the middle"} {
		for _, text := range []string{part, strings.ToLower(part)} {
			if i := strings.Index(out.String(), text); i >= 0 {
				t.Errorf("%q is in the report: …%s…", text, out.String()[max(0, i-80):i+20])
			}
		}
	}
}
