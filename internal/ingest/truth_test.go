//go:build cgo

package ingest

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/pganalyze/pg_query_go/v5/parser"

	"github.com/covetlog/covetlog/internal/synth"
	"github.com/covetlog/covetlog/stats"
)

// A log whose figures are known gives exactly these figures, whatever its format and however its statements were logged.
func TestReportsTellTheTruth(t *testing.T) {
	for _, format := range synth.Formats {
		for protocol, name := range synth.Protocols {
			for seed := range uint64(3) {
				if seed > 0 && testing.Short() {
					break
				}
				opts := synth.Options{Seed: seed, Format: format, Size: 4 << 20, Protocol: synth.Protocol(protocol)}
				t.Run(fmt.Sprintf("%s/%s/%d", format, name, seed), func(t *testing.T) { tellsTheTruth(t, opts) })
			}
		}
	}
}

func tellsTheTruth(t *testing.T, opts synth.Options) {
	var log bytes.Buffer
	truth, err := synth.Write(&log, opts)
	if err != nil {
		t.Fatal(err)
	}
	// Blocks this small cut thousands of statements from their durations.
	set, err := Run(context.Background(), Options{Paths: []string{"-"}, Stdin: &log, Jobs: 3, BlockSize: 20_000})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "totals", totalsOf(set), truthOf(truth))
	same(t, "messages", messagesOf(set), truth.Messages)
	same(t, "databases", namesOf(set, func(p *stats.Pattern) map[string]int64 { return p.Databases }), truth.Databases)
	same(t, "users", namesOf(set, func(p *stats.Pattern) map[string]int64 { return p.Users }), truth.Users)
	if !logsApplications(opts.Format) {
		clear(truth.Applications)
	}
	same(t, "applications", namesOf(set, func(p *stats.Pattern) map[string]int64 { return p.Applications }), truth.Applications)
	patterns := byFingerprint(set)
	for _, s := range truth.Shapes {
		if p := patterns[fingerprintOf(t, s.Example)]; comparePattern(t, p, s) {
			same(t, "the pattern", p.Text, s.Text)
		}
	}
}

// totals are what a Set and a Truth both tell of a whole log.
type totals struct {
	Executions, Timed, Sum, Errors, AllErrors, Parses, Binds, Untied, Patterns int64
	Records, Lines, Bytes, Recognised                                          int64
}

func truthOf(t *synth.Truth) totals {
	return totals{Executions: t.Executions, Timed: t.Executions - t.Errors, Sum: t.Sum, Errors: t.Errors, AllErrors: t.Errors + t.Failures,
		Parses: t.Parses, Binds: t.Binds, Untied: t.Untied, Patterns: int64(len(t.Shapes)),
		Records: t.Records, Lines: t.Lines, Bytes: t.Bytes, Recognised: t.Bytes}
}

func totalsOf(set *stats.Set) totals {
	sum, in := set.Totals(), set.Inputs[0]
	t := totals{Executions: sum.Count, Timed: sum.Timed, Sum: sum.Sum, Errors: sum.Errors, Untied: set.Untied.Count, Patterns: int64(sum.Patterns),
		Records: in.Entries, Lines: in.Lines, Bytes: in.Bytes, Recognised: in.RecognisedBytes}
	for _, p := range set.Patterns {
		t.Parses += p.ParsePhase.Count
		t.Binds += p.BindPhase.Count
	}
	for _, n := range set.Errors {
		t.AllErrors += n.Count
	}
	return t
}

// logsApplications tells whether a format has the name of the application in each record.
func logsApplications(format string) bool { return format != "pg" && format != "pg-syslog" }

func messagesOf(set *stats.Set) map[string]int64 {
	counts := map[string]int64{}
	for topic, n := range set.Messages {
		counts[topic] = n.Count
	}
	return counts
}

func byFingerprint(set *stats.Set) map[uint64]*stats.Pattern {
	patterns := map[uint64]*stats.Pattern{}
	for key, p := range set.Patterns {
		if key.By == stats.ByParser {
			patterns[key.Fingerprint] = p
		}
	}
	return patterns
}

func fingerprintOf(t *testing.T, sql string) uint64 {
	t.Helper()
	id, err := parser.FingerprintToUInt64(sql)
	if err != nil {
		t.Fatalf("%v: %s", err, sql)
	}
	return id
}
