package report

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/covetlog/covetlog/metric"
	"github.com/covetlog/covetlog/stats"
)

// randomSet has n patterns with up to 200 executions each.
func randomSet(n int) *stats.Set {
	r := rand.New(rand.NewPCG(1, 2))
	set := stats.NewSet(1000 * msec)
	for i := range n {
		p := &stats.Pattern{Key: postgres(r.Uint64()), Text: fmt.Sprintf("SELECT %d", i), Count: r.Int64N(200), First: ten, Last: ten + r.Int64N(1e12)}
		p.Errors = r.Int64N(p.Count + 1)
		for range r.Int64N(p.Count + 1) {
			v := r.Int64N(3e9)
			p.Timed.Add(v)
			if v >= set.Threshold {
				p.Slow++
			}
		}
		if i%3 == 0 {
			p.Measures.Add([]metric.Value{{Metric: metric.RowsExamined, Value: r.Int64N(1e6)}, {Metric: metric.LockTime, Value: r.Int64N(1e9)}}, 1)
		}
		set.Patterns[p.Key] = p
	}
	return set
}

// wanted are the figures of p, in nanoseconds where they are durations; nil is unknown.
func wanted(p *stats.Pattern) map[string]*float64 {
	known := func(v float64) *float64 { return &v }
	w := map[string]*float64{"count": known(float64(p.Count)), "timed": known(float64(p.Timed.Count)), "errors": known(float64(p.Errors)),
		"rows_sent": nil, "rows_examined": nil, "lock_ms": nil}
	for _, key := range []string{"total_ms", "avg_ms", "median_ms", "p95_ms", "p99_ms", "min_ms", "max_ms", "stddev_ms", "slow_count"} {
		w[key] = nil
	}
	if m := p.Measures.Of(metric.RowsExamined); m != nil {
		w["rows_examined"], w["lock_ms"] = known(float64(m.Sum)), known(float64(p.Measures.Of(metric.LockTime).Sum))
	}
	if t := &p.Timed; t.Count > 0 {
		w["total_ms"], w["avg_ms"], w["stddev_ms"] = known(float64(t.Sum)), known(t.Mean()), known(t.Stddev())
		w["min_ms"], w["max_ms"], w["slow_count"] = known(float64(t.Min)), known(float64(t.Max)), known(float64(p.Slow))
		w["median_ms"], w["p95_ms"], w["p99_ms"] = known(float64(t.Quantile(.5))), known(float64(t.Quantile(.95))), known(float64(t.Quantile(.99)))
	}
	return w
}

// agree compares a printed figure ("" is unknown) with a wanted one, to the nanosecond.
func agree(t *testing.T, key, got string, want *float64) {
	t.Helper()
	if want == nil {
		if got != "" {
			t.Errorf("%s = %s, want unknown", key, got)
		}
		return
	}
	v, err := strconv.ParseFloat(got, 64)
	if strings.HasSuffix(key, "_ms") {
		v *= 1e6
	}
	if err != nil || v-*want > .51 || *want-v > .51 || strings.ContainsAny(got, "eE") {
		t.Errorf("%s = %s, want %v", key, got, *want)
	}
}

func TestJSONAgreesWithTheSet(t *testing.T) {
	set := randomSet(300)
	for _, order := range stats.Orders() {
		var doc struct {
			Queries struct{ Patterns []map[string]json.RawMessage }
		}
		if err := json.Unmarshal([]byte(print(t, New(set, nil, Options{Order: order}), "json")), &doc); err != nil {
			t.Fatal(err)
		}
		for i, p := range set.Sorted(order) {
			got := doc.Queries.Patterns[i]
			if string(got["fingerprint"]) != fmt.Sprintf(`"%016x"`, p.Fingerprint) {
				t.Fatalf("%s: pattern %d is %s, want %016x", order, i, got["fingerprint"], p.Fingerprint)
			}
			for key, want := range wanted(p) {
				agree(t, key, strings.TrimPrefix(string(got[key]), "null"), want)
			}
		}
	}
}

func TestCSVAgreesWithTheSet(t *testing.T) {
	set := randomSet(300)
	rows, err := csv.NewReader(strings.NewReader(print(t, New(set, nil, Options{Order: stats.ByP95}), "csv"))).ReadAll()
	if err != nil || len(rows) != 301 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, p := range set.Sorted(stats.ByP95) {
		for key, want := range wanted(p) {
			agree(t, key, rows[i+1][slices.Index(rows[0], key)], want)
		}
	}
}

// keysOf collects the keys of a type of the document by the path of their object: "queries.patterns[]" has "avg_ms".
func keysOf(keys map[string][]string, path string, typ reflect.Type) {
	switch typ.Kind() {
	case reflect.Pointer:
		keysOf(keys, path, typ.Elem())
	case reflect.Slice:
		keysOf(keys, path+"[]", typ.Elem())
	case reflect.Func: // iter.Seq[pattern]
		keysOf(keys, path+"[]", typ.In(0).In(0))
	case reflect.Struct:
		for i := range typ.NumField() {
			f := typ.Field(i)
			if f.Anonymous {
				keysOf(keys, path, f.Type)
				continue
			}
			keys[path] = append(keys[path], f.Tag.Get("json"))
			keysOf(keys, strings.TrimPrefix(path+"."+f.Tag.Get("json"), "."), f.Type)
		}
	}
}

var (
	_          iter.Seq[pattern] = queries{}.List
	docHeading                   = regexp.MustCompile("(?m)^##+ (.*)$")
	docCode                      = regexp.MustCompile("`([^`]+)`")
	docRow                       = regexp.MustCompile("(?m)^\\| `([^`]+)` \\|")
)

// documented reads docs/json.md: the keys in the tables by the paths in the headings above them.
func documented(t *testing.T) map[string][]string {
	text, err := os.ReadFile("../docs/json.md")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string][]string{}
	headings := docHeading.FindAllStringSubmatchIndex(string(text), -1)
	for i, h := range headings {
		end := len(text)
		if i+1 < len(headings) {
			end = headings[i+1][0]
		}
		for _, path := range docCode.FindAllStringSubmatch(string(text[h[2]:h[3]]), -1) {
			for _, row := range docRow.FindAllStringSubmatch(string(text[h[1]:end]), -1) {
				path := strings.TrimPrefix(path[1], "{}")
				keys[path] = append(keys[path], row[1])
			}
		}
	}
	return keys
}

func TestEveryKeyIsDocumented(t *testing.T) {
	emitted := map[string][]string{}
	keysOf(emitted, "", reflect.TypeFor[document]())
	keysOf(emitted, "queries.patterns[].metrics.COUNT", reflect.TypeFor[countMeasure]())
	keysOf(emitted, "queries.patterns[].metrics.TIME", reflect.TypeFor[timeMeasure]())
	keysOf(emitted, "queries.patterns[].metrics.FLAG", reflect.TypeFor[flagMeasure]())
	doc := documented(t)
	for path, keys := range emitted {
		for _, key := range keys {
			if !slices.Contains(doc[path], key) {
				t.Errorf("docs/json.md does not describe %q of %q", key, path)
			}
		}
	}
	for path, keys := range doc {
		for _, key := range keys {
			if !slices.Contains(emitted[path], key) {
				t.Errorf("docs/json.md describes %q of %q, which is not printed", key, path)
			}
		}
	}
}

// The contract with those who read the document: these keys are there whatever the log gives.
func TestContract(t *testing.T) {
	want := map[string]string{
		"":         "schema inputs window queries errors pools suggestions alerts warnings",
		"window":   "start end",
		"inputs[]": "name format bytes lines entries recognised_bytes skipped_bytes unrecognised_bytes unrecognised_lines",
		"queries":  "total slow slow_percent errors error_percent unique_patterns threshold_ms total_duration_ms patterns",
		"queries.patterns[]": "fingerprint pattern dialect normalized_by count timed errors error_rate total_ms avg_ms median_ms p95_ms p99_ms min_ms max_ms " +
			"stddev_ms slow_count first_seen last_seen databases users applications rows_sent rows_examined lock_ms example",
		"queries.patterns[].example": "sql duration_ms time source offset",
		"errors[]":                   "severity code message count first_seen last_seen",
		"suggestions[]":              "fingerprint kind text",
	}
	set, suggestions := sample()
	var doc any
	if err := json.Unmarshal([]byte(print(t, New(set, suggestions, Options{Examples: true}), "json")), &doc); err != nil {
		t.Fatal(err)
	}
	for path, keys := range want {
		object := first(doc, path)
		for _, key := range strings.Fields(keys) {
			if _, ok := object[key]; !ok {
				t.Errorf("%q has no %q", path, key)
			}
		}
	}
}

// first follows a path through a decoded document, by the first element of each list.
func first(v any, path string) map[string]any {
	for _, key := range strings.Split(path, ".") {
		name, isList := strings.CutSuffix(key, "[]")
		if name != "" {
			v = v.(map[string]any)[name]
		}
		if isList {
			v = v.([]any)[0]
		}
	}
	return v.(map[string]any)
}

// largest remembers the size of the largest write.
type largest int

func (l *largest) Write(b []byte) (int, error) {
	*l = max(*l, largest(len(b)))
	return len(b), nil
}

func TestJSONIsStreamed(t *testing.T) {
	var got largest
	if err := New(randomSet(5000), nil, Options{}).Write(&got, "json"); err != nil {
		t.Fatal(err)
	}
	if got > 8192 {
		t.Errorf("%d bytes in one piece, want no more than a pattern takes", got)
	}
}

// full takes some bytes and no more.
type full int

var errFull = errors.New("disk full")

func (f *full) Write(b []byte) (int, error) {
	if *f -= full(len(b)); *f < 0 {
		return 0, errFull
	}
	return len(b), nil
}

func TestWriteErrorIsReported(t *testing.T) {
	for _, format := range Formats() {
		for _, room := range []full{0, 10_000} {
			if err := New(randomSet(500), nil, Options{Limit: 500}).Write(&room, format); !errors.Is(err, errFull) {
				t.Errorf("%s: got %v, want %v", format, err, errFull)
			}
		}
	}
}
