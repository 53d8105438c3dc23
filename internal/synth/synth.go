// Package synth writes PostgreSQL logs of any size together with the exact figures that are in them, so that a reader of logs
// can be held to the truth and timed on something that looks like a day of a busy shop.
//
// A log is the work of a hundred sessions whose lines interleave: statements of some shapes much more often than of others, with
// durations that spread over orders of magnitude, failures, lock waits, temporary files, connections and the chores of the
// server. Literals hold what misleads a careless reader: quotes, comments, line breaks, and whole records of the same log.
package synth

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"time"
)

// Options say what log to write. The same options always give the same bytes.
type Options struct {
	Seed     uint64
	Format   string // one of Formats
	Size     int64  // in bytes; the log ends with the statements under way when it is passed
	Shapes   int    // different statements to choose from; 0: 200
	Protocol Protocol
}

// Protocol says how statements are sent and logged.
type Protocol int

const (
	// Mixed sends some shapes with literals, some with parameters, a few either way.
	Mixed Protocol = iota
	// Literals puts all values into the text.
	Literals
	// Extended sends all values as parameters $1, $2 …, which stand in the DETAIL.
	Extended
	// Paired is Mixed, logged by log_statement and log_duration: text and duration are records of their own.
	Paired
)

// Protocols names the protocols.
var Protocols = []string{Mixed: "mixed", Literals: "literals", Extended: "extended", Paired: "paired"}

const (
	sessions      = 100
	defaultShapes = 200
	skew          = 1.07 // of Zipf's law: how much more often the first shapes come
	chunk         = 64 << 10
)

// began is the time of the first record.
var began = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)

// Write writes a log to w and returns what is in it.
func Write(w io.Writer, opts Options) (*Truth, error) {
	encoder, err := newEncoder(opts.Format)
	if err != nil {
		return nil, err
	}
	if opts.Shapes == 0 {
		opts.Shapes = defaultShapes
	}
	g := &generator{opts: opts, r: rand.New(rand.NewPCG(opts.Seed, 0)), encoder: encoder, now: began, pid: 4000, truth: newTruth(opts.Format)}
	g.populate()
	for g.truth.Bytes+int64(len(g.out)) < opts.Size {
		if err := g.flush(w, chunk); err != nil {
			return nil, err
		}
		g.step(g.sessions[g.r.IntN(len(g.sessions))])
	}
	g.finish()
	if err := g.flush(w, 0); err != nil {
		return nil, err
	}
	g.truth.conclude(g.shapes)
	return &g.truth, nil
}

// generator is the server whose log is written.
type generator struct {
	opts     Options
	r        *rand.Rand
	encoder  encoder
	now      time.Time
	pid      int // of the newest session
	shapes   []*shape
	weights  []float64 // of the shapes, added up
	sessions []*session
	out      []byte
	renderer
	truth Truth
}

func (g *generator) populate() {
	g.renderer = renderer{r: g.r, letter: forgery(g.encoder)}
	g.shapes = newShapes(g.r, g.opts.Shapes)
	sum := 0.0
	for rank := range g.shapes {
		sum += math.Pow(float64(rank+1), -skew)
		g.weights = append(g.weights, sum)
	}
	for range sessions {
		g.sessions = append(g.sessions, g.newSession())
	}
}

// pick chooses a shape and a duration in whole microseconds, as the server prints it.
func (g *generator) pick() (*shape, time.Duration) {
	s := g.shapes[sort.SearchFloat64s(g.weights, g.r.Float64()*g.weights[len(g.weights)-1])]
	micros := min(math.Exp(s.mu+s.sigma*g.r.NormFloat64()), 3600e6)
	return s, time.Duration(micros)*time.Microsecond + time.Microsecond
}

// write logs a record and counts what it means. About 200 records come in a second.
func (g *generator) write(s *session, r *record) {
	g.now = g.now.Add(time.Duration(g.r.ExpFloat64() * float64(5*time.Millisecond)))
	s.line++
	g.out = g.encoder.append(g.out, g.now, s, r)
	g.truth.count(s, r)
}

// finish lets every session end what it has begun.
func (g *generator) finish() {
	for _, s := range g.sessions {
		for len(s.queue) > 0 {
			g.step(s)
		}
	}
	g.out = g.encoder.end(g.out)
}

// flush writes out what has been collected, if it is more than a few bytes.
func (g *generator) flush(w io.Writer, few int) error {
	if len(g.out) <= few {
		return nil
	}
	g.truth.Bytes += int64(len(g.out))
	for _, c := range g.out {
		if c == '\n' {
			g.truth.Lines++
		}
	}
	_, err := w.Write(g.out)
	g.out = g.out[:0]
	return err
}

// newEncoder returns the encoder of a format.
func newEncoder(format string) (encoder, error) {
	i := slices.Index(Formats, format)
	if i < 0 {
		return nil, fmt.Errorf("unknown format %q; known are %q", format, Formats)
	}
	return encoders[i](), nil
}
