package synth

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestTheSameOptionsGiveTheSameBytes(t *testing.T) {
	for _, format := range slices.Concat(Formats, MySQLFormats) {
		var a, b, other bytes.Buffer
		opts := Options{Seed: 7, Format: format, Size: 200_000}
		write(t, &a, opts)
		write(t, &b, opts)
		opts.Seed++
		write(t, &other, opts)
		if !bytes.Equal(a.Bytes(), b.Bytes()) || bytes.Equal(a.Bytes(), other.Bytes()) {
			t.Errorf("%s: the seed does not decide what is written", format)
		}
	}
}

func write(t *testing.T, w io.Writer, opts Options) *Truth {
	t.Helper()
	truth, err := Write(w, opts)
	if err != nil {
		t.Fatal(err)
	}
	return truth
}

// What a record looks like tells how often it is there, as long as nothing in a literal looks like one.
func TestTruthIsInTheLog(t *testing.T) {
	var out bytes.Buffer
	truth := write(t, &out, Options{Seed: 1, Format: "pg-json", Size: 1 << 20, Protocol: Extended})
	count := func(want int64, text string) {
		t.Helper()
		if got := int64(strings.Count(out.String(), text)); got != want {
			t.Errorf("%q stands %d times in the log, the truth says %d", text, got, want)
		}
	}
	count(truth.Records, "{\"timestamp\":\"")
	count(truth.Lines, "\n")
	count(truth.Errors, `"error_severity":"ERROR"`)
	count(truth.Failures, `"error_severity":"FATAL"`)
	count(truth.Executions-truth.Errors, " ms  execute ")
	count(truth.Parses, " ms  parse <unnamed>: ")
	count(truth.Binds, " ms  bind <unnamed>: ")
	count(truth.Messages["disconnection"], `"message":"disconnection: `)
	count(truth.Messages["temporary file"], `"message":"temporary file: `)
	if truth.Bytes != int64(out.Len()) || truth.Executions < 1000 || truth.Errors == 0 {
		t.Errorf("%d bytes, %d executions, %d errors; the log has %d bytes", truth.Bytes, truth.Executions, truth.Errors, out.Len())
	}
}

func TestFiguresOfShapes(t *testing.T) {
	for _, format := range slices.Concat(Formats, MySQLFormats) {
		truth := write(t, io.Discard, Options{Seed: 1, Format: format, Size: 1 << 20})
		var executions, timed, errors, sum int64
		for _, s := range truth.Shapes {
			untimed := s.Errors
			if slices.Contains(MySQLFormats, format) {
				untimed = 0
			}
			executions += s.Count
			timed += s.N
			errors += s.Errors
			sum += s.Sum
			if s.Min > s.P50 || s.P50 > s.P95 || s.P95 > s.P99 || s.P99 > s.Max || s.N != s.Count-untimed {
				t.Errorf("%s: %+v", format, s)
			}
		}
		if executions != truth.Executions || timed != truth.Timed || errors != truth.Errors || sum != truth.Sum {
			t.Errorf("%s: the shapes have %d, %d, %d, %d, the truth %d, %d, %d, %d", format, executions, timed, errors, sum,
				truth.Executions, truth.Timed, truth.Errors, truth.Sum)
		}
	}
}

func TestPercentiles(t *testing.T) {
	f := func(p float64, durations []int64, want int64) {
		t.Helper()
		s := Figures{values: durations}
		if got := s.percentile(p); got != want {
			t.Errorf("percentile %v of %v is %d, want %d", p, durations, got, want)
		}
	}
	f(50, []int64{7}, 7)
	f(50, []int64{1, 2}, 1)
	f(50, []int64{1, 2, 3}, 2)
	f(95, []int64{1, 2, 3, 4}, 4)
	f(99, []int64{1, 2}, 2)
}

func TestProtocols(t *testing.T) {
	f := func(p Protocol, has, not string) {
		t.Helper()
		var out bytes.Buffer
		write(t, &out, Options{Seed: 3, Format: "pg", Size: 500_000, Protocol: p})
		if !strings.Contains(out.String(), has) || strings.Contains(out.String(), not) {
			t.Errorf("%s: there is no %q, or there is %q", Protocols[p], has, not)
		}
	}
	f(Literals, "ms  statement: ", "ms  execute")
	f(Extended, "DETAIL:  parameters: $1 = '", " ms  statement: SELECT o.")
	f(Paired, "LOG:  statement: ", " ms  execute")
	f(Mixed, "ms  execute fetch from S_2/C_9: ", "LOG:  execute")
}

func TestPatterns(t *testing.T) {
	f := func(template, want string) {
		t.Helper()
		if got := pattern(compile(template)); got != want {
			t.Errorf("%q: %q, want %q", template, got, want)
		}
	}
	f("SELECT 1", "SELECT 1")
	f("SELECT a FROM t WHERE a = {id} AND b IN ({list}) LIMIT {id}", "SELECT a FROM t WHERE a = ? AND b IN (...) LIMIT ?")
	f("INSERT INTO t (a, b) VALUES {rows id text} RETURNING id", "INSERT INTO t (a, b) VALUES (...) RETURNING id")
}

func TestStatements(t *testing.T) {
	g := renderer{r: rand.New(rand.NewPCG(1, 1)), dialect: &postgresSQL}
	s := &shape{parts: compile("SELECT a FROM t WHERE a = {id} AND b IN ({list})")}
	sql, params := g.statement(s, true)
	if !strings.HasPrefix(sql, "SELECT a FROM t WHERE a = $1 AND b IN ($2") || !strings.HasPrefix(params, "$1 = '") || strings.Count(sql, "$") != strings.Count(params, "$") {
		t.Errorf("%s with %s", sql, params)
	}
	if sql, params = g.statement(s, false); strings.Contains(sql, "$") || params != "" {
		t.Errorf("%s with %s", sql, params)
	}
}

func TestTrouble(t *testing.T) {
	if _, err := Write(io.Discard, Options{Format: "oracle", Size: 1}); err == nil {
		t.Error("an unknown format is written")
	}
	full := errors.New("disk full")
	if _, err := Write(failing{full}, Options{Format: "pg", Size: 1 << 20}); err != full {
		t.Errorf("got %v, want %v", err, full)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
