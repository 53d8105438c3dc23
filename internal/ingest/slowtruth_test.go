package ingest

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/covetlog/covetlog/internal/synth"
	"github.com/covetlog/covetlog/metric"
	"github.com/covetlog/covetlog/normalize"
	"github.com/covetlog/covetlog/stats"
)

// A slow log whose figures are known gives exactly these figures, whichever server wrote it.
func TestReportsOfSlowLogsTellTheTruth(t *testing.T) {
	for _, format := range synth.MySQLFormats {
		for seed := range uint64(3) {
			if seed > 0 && testing.Short() {
				break
			}
			opts := synth.Options{Seed: seed, Format: format, Size: 2 << 20}
			t.Run(fmt.Sprintf("%s/%d", format, seed), func(t *testing.T) { slowLogTellsTheTruth(t, opts) })
		}
	}
}

func slowLogTellsTheTruth(t *testing.T, opts synth.Options) {
	var log bytes.Buffer
	truth, err := synth.Write(&log, opts)
	if err != nil {
		t.Fatal(err)
	}
	set, err := Run(context.Background(), Options{Paths: []string{"-"}, Stdin: &log, Jobs: 3, BlockSize: 20_000})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "totals", slowTotalsOf(set), slowTruthOf(truth))
	same(t, "databases", namesOf(set, func(p *stats.Pattern) map[string]int64 { return p.Databases }), truth.Databases)
	same(t, "users", namesOf(set, func(p *stats.Pattern) map[string]int64 { return p.Users }), truth.Users)
	same(t, "errors", codesOf(set), truth.Codes)
	for _, s := range truth.Shapes {
		id := normalize.MySQL(s.Example).ID
		p := set.Patterns[stats.Key{Fingerprint: id, Dialect: stats.MySQL, By: stats.ByLexer}]
		if comparePattern(t, p, s) {
			same(t, "the pattern", caseless(p.Text), caseless(s.Text))
			compareMeasures(t, opts.Format, p, s)
		}
	}
	if len(set.Commands) != len(truth.Commands) {
		t.Errorf("%d commands, the truth has %d", len(set.Commands), len(truth.Commands))
	}
	for _, s := range truth.Commands {
		name := strings.TrimPrefix(s.Text, "administrator command: ")
		p := set.Commands[name]
		if p == nil {
			t.Errorf("there is no command %q", name)
			continue
		}
		same(t, s.Text, [...]int64{p.Count, p.Errors, p.Timed.Sum, p.Timed.Min, p.Timed.Max}, [...]int64{s.Count, s.Errors, s.Sum, s.Min, s.Max})
	}
}

// caseless is a pattern without what says nothing: backticks, the case of letters, and which of two ways a LIMIT is written in.
func caseless(pattern string) string { return equivalents.Replace(strings.ToLower(pattern)) }

var equivalents = strings.NewReplacer("`", "", "limit ?, ?", "limit ? offset ?")

// slowTotals are what a Set and a Truth both tell of a whole slow log.
type slowTotals struct {
	Executions, Timed, Sum, Errors, Patterns                      int64
	Entries, Lines, Bytes, Recognised, Partial, Malformed, Unsure int64
}

func slowTruthOf(t *synth.Truth) slowTotals {
	return slowTotals{Executions: t.Executions, Timed: t.Timed, Sum: t.Sum, Errors: t.Errors, Patterns: int64(len(t.Shapes)),
		Entries: t.Records - t.Messages["log opened"], Lines: t.Lines, Bytes: t.Bytes, Recognised: t.Bytes}
}

func slowTotalsOf(set *stats.Set) slowTotals {
	sum, in := set.Totals(), set.Inputs[0]
	return slowTotals{Executions: sum.Count, Timed: sum.Timed, Sum: sum.Sum, Errors: sum.Errors, Patterns: int64(sum.Patterns),
		Entries: in.Entries, Lines: in.Lines, Bytes: in.Bytes, Recognised: in.RecognisedBytes,
		Partial: in.PartialEntries, Malformed: in.MalformedEntries, Unsure: in.AmbiguousEntries}
}

func codesOf(set *stats.Set) map[string]int64 {
	codes := map[string]int64{}
	for key, n := range set.Errors {
		codes[key.Code] += n.Count
	}
	return codes
}

// compareMeasures compares what a log tells beside the durations of a pattern.
func compareMeasures(t *testing.T, format string, p *stats.Pattern, s *synth.Shape) {
	t.Helper()
	for name, want := range s.Metrics {
		if format == "mysql-extra" && name == "merge_passes" { // MySQL's name for it is another, and so is the counter behind it
			name = "sort_merge_passes"
		}
		m, ok := metric.Parse(name)
		got := p.Measures.Of(m)
		if !ok || got == nil {
			t.Errorf("%s: %s is not told", s.Text, name)
			continue
		}
		same(t, s.Text+": "+name, [...]int64{got.Told, got.Sum, got.Max}, [...]int64{want.N, want.Sum, want.Max})
		if !m.Spread() {
			continue
		}
		for _, q := range []struct {
			quantile float64
			want     int64
		}{{.50, want.P50}, {.95, want.P95}, {.99, want.P99}} {
			if v := got.Quantile(q.quantile); math.Abs(float64(v-q.want)) > float64(q.want)*bucketError+1 { // rows are whole
				t.Errorf("%s: the %v quantile of %s is %d, the truth %d", s.Text, q.quantile, name, v, q.want)
			}
		}
	}
}
