package parse_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/covetlog/covetlog/parse"
)

func FuzzParseStderr(f *testing.F) { fuzzFormat(f, "pg-stderr") }
func FuzzParseCSV(f *testing.F)    { fuzzFormat(f, "pg-csv") }
func FuzzParseJSON(f *testing.F)   { fuzzFormat(f, "pg-json") }
func FuzzParseSyslog(f *testing.F) { fuzzFormat(f, "pg-syslog") }
func FuzzParseSlow(f *testing.F)   { fuzzFormat(f, "mysql-slow") }
func FuzzParseTable(f *testing.F)  { fuzzFormat(f, "mysql-table") }
func FuzzParseCloud(f *testing.F)  { fuzzFormat(f, "mysql-cloudwatch") }

// fuzzFormat holds a format to what is true of any bytes: each is accounted for once, and where a log is cut into blocks does not show.
func fuzzFormat(f *testing.F, format string) {
	for _, seed := range seeds(f, format) {
		for _, sizes := range []string{"\x00", "\x03\x02", "\x28\x11\x07"} {
			f.Add(seed, []byte(sizes))
		}
	}
	f.Fuzz(func(t *testing.T, data, sizes []byte) {
		opts := parse.Options{Format: format, Location: time.UTC}
		if len(sizes)%2 == 1 { // without, the log must tell its year itself
			opts.Modified = time.Date(2027, 1, 5, 0, 0, 0, 0, time.UTC)
		}
		log, err := parse.Open(data[:min(len(data), parse.HeadSize)], opts)
		if errors.As(err, new(*parse.UnknownFormatError)) { // a table must begin with the names of its columns
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		whole := readBlocks(log, cut(log, data, len(data)+1))
		if c := whole.counts; c.Recognised+c.Skipped+c.Unrecognised != int64(len(data)) {
			t.Errorf("%d bytes recognised, %d skipped, %d unrecognised of %d", c.Recognised, c.Skipped, c.Unrecognised, len(data))
		}
		blocks := cutBlocks(log, data, bySizes(sizes))
		if diff := cmp.Diff(whole, readBlocks(log, blocks), cmp.AllowUnexported(reading{})); diff != "" {
			t.Errorf("%d blocks (+) read otherwise than one (-):\n%s", len(blocks), diff)
		}
	})
}

// seeds are the logs of testdata that are of the format; of long ones the head.
func seeds(f *testing.F, format string) (list [][]byte) {
	const longest = 8 << 10
	var paths []string
	for _, pattern := range []string{"cases/*", "bad/*", "postgresql-15/*/*", "mysql-cases/*", "mariadb-10.11/*/*"} {
		found, err := filepath.Glob(filepath.Join(logs, pattern))
		if err != nil {
			f.Fatal(err)
		}
		paths = append(paths, found...)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		data = data[:min(len(data), longest)]
		if format == "mysql-cloudwatch" {
			data = asCloudEvents(f, data)
		}
		if log, err := parse.Open(data, parse.Options{}); err == nil && log.Format.Name == format {
			list = append(list, data)
		}
	}
	if len(list) < 5 {
		f.Fatalf("only %d logs of %s", len(list), format)
	}
	return list
}

// asCloudEvents returns a slow log as CloudWatch has it: an event for what begins with a line of a time. What is none is returned as it is.
func asCloudEvents(f *testing.F, log []byte) (events []byte) {
	const opening = "# Time: "
	if !bytes.Contains(log, []byte(opening)) || bytes.HasPrefix(log, []byte("{")) {
		return log
	}
	for i, entry := range strings.Split(string(log), opening) {
		if i > 0 {
			entry = opening + entry
		}
		event, err := json.Marshal(map[string]any{"timestamp": 1717232400000, "message": entry})
		if err != nil {
			f.Fatal(err)
		}
		events = append(append(events, event...), '\n')
	}
	return events
}

// bySizes are the sizes of pieces, over and over.
func bySizes(sizes []byte) func(i int) int {
	return func(i int) int {
		if len(sizes) == 0 {
			return 1
		}
		return 1 + 16*int(sizes[i%len(sizes)])
	}
}

// cutBlocks cuts a log as it is read in pieces, the i-th of the given size.
func cutBlocks(log *parse.Log, data []byte, size func(i int) int) (blocks []parse.Block) {
	cutter := log.NewCutter()
	start, end := 0, 0
	for i := 0; end < len(data); i++ {
		end = min(end+size(i), len(data))
		b := parse.Block{Offset: int64(start), Last: end == len(data)}
		cut := cutter.Cut(data[start:end], b.Last, &b.Outline)
		if b.Last {
			cut = end - start
		}
		if cut > 0 {
			b.Data = data[start : start+cut]
			blocks = append(blocks, b)
			start += cut
		}
	}
	if blocks == nil {
		blocks = []parse.Block{{Last: true}}
	}
	blocks[0].First = true
	return blocks
}

// reading is all that is told about a log, the events in an order of their own.
type reading struct {
	counts   parse.Counts
	events   []string
	strange  []string // the first lines that were not understood, or whose entry is not as it should be
	doubtful []string
	zones    map[string]bool
}

// readBlocks reads blocks with two parsers in turn where the format allows it.
func readBlocks(log *parse.Log, blocks []parse.Block) *reading {
	r := &reading{zones: map[string]bool{}}
	parsers := []*parse.Parser{log.NewParser(r), log.NewParser(r)}
	if log.Sequential() {
		parsers = parsers[:1]
	}
	joiner := log.NewJoiner(r)
	for i, b := range blocks {
		b.Data = bytes.Clone(b.Data)
		result := parsers[i%len(parsers)].Parse(b).Clone()
		clear(b.Data) // the next block takes its place
		joiner.Join(result)
		r.strange = r.appendLines(r.strange, result.Strange)
		r.doubtful = r.appendLines(r.doubtful, result.Doubtful)
		r.counts.Add(&result.Counts)
		maps.Copy(r.zones, result.Zones)
	}
	joiner.Close()
	slices.Sort(r.events)
	return r
}

// appendLines appends lines of the next block, as long as there is room.
func (r *reading) appendLines(list []string, lines []parse.Strange) []string {
	for _, line := range lines[:min(len(lines), parse.MaxStrange-len(list))] {
		line.Line += r.counts.Lines
		list = append(list, fmt.Sprintf("%+v", line))
	}
	return list
}

func (r *reading) Event(e *parse.Event) {
	o := e.Origin
	r.events = append(r.events, fmt.Sprintf("offset %d kind %d %s failed %v cut %v time %d duration %d by %q sql %q prepared %q params %q code %q text %q detail %q hint %q about %s "+
		"inherited %v metrics %v rate %d plan %q attributes %q",
		e.Offset, e.Kind, e.Severity, e.Failed, e.Cut, e.Time, e.Duration, []string{o.Database, o.User, o.Application, o.Client},
		e.AppendSQL(nil), e.Prepared, e.AppendParams(nil), e.Code, e.Text, e.Detail, e.Hint, e.Topic,
		e.Inherited, e.Metrics, e.Rate, e.Plan, e.Attributes))
}
