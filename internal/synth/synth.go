// Package synth writes logs of PostgreSQL and slow logs of MySQL of any size together with the exact figures that are in them, so that
// a reader of logs can be held to the truth and timed on something that looks like a day of a busy shop.
//
// A log is the work of a hundred sessions: statements of some shapes much more often than of others, with durations that spread over
// orders of magnitude, and failures. In PostgreSQL's the lines of the sessions interleave, with lock waits, temporary files, connections
// and the chores of the server; in MySQL's stand administrator commands, and it is rotated. Literals hold what misleads a careless
// reader: quotes, comments, line breaks, and whole records of the same log.
package synth

import (
	"bytes"
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
	Format   string   // one of Formats or MySQLFormats
	Size     int64    // in bytes; the log ends with the statements under way when it is passed
	Shapes   int      // different statements to choose from; 0: 200
	Protocol Protocol // of PostgreSQL
	Honest   bool     // no literal holds a record of the log
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
	if opts.Shapes == 0 {
		opts.Shapes = defaultShapes
	}
	g := &generator{r: rand.New(rand.NewPCG(opts.Seed, 0)), now: began, truth: newTruth(opts.Format)}
	server, err := newServer(g, opts)
	if err != nil {
		return nil, err
	}
	for g.truth.Bytes+int64(len(g.out)) < opts.Size {
		if err := g.flush(w, chunk); err != nil {
			return nil, err
		}
		server.step()
	}
	server.finish()
	if err := g.flush(w, 0); err != nil {
		return nil, err
	}
	g.truth.Shapes, g.truth.Commands = concluded(g.shapes), concluded(g.commands)
	return &g.truth, nil
}

// server is whose log is written.
type server interface {
	// step logs what happens next.
	step()
	// finish logs the rest of what has begun.
	finish()
}

func newServer(g *generator, opts Options) (server, error) {
	if i := slices.Index(Formats, opts.Format); i >= 0 {
		return newPostgres(g, encoders[i](), opts), nil
	}
	if i := slices.Index(MySQLFormats, opts.Format); i >= 0 {
		return newMySQL(g, slowFormats[i], opts), nil
	}
	return nil, fmt.Errorf("unknown format %q; known are %q and %q", opts.Format, Formats, MySQLFormats)
}

// generator is what servers have in common: a clock, statements, and a log with the truth about it.
type generator struct {
	r       *rand.Rand
	now     time.Time
	shapes  []*shape
	weights []float64 // of the shapes, added up
	// commands are not statements but are logged like them, by MySQL.
	commands []*shape
	out      []byte
	renderer
	truth Truth
}

// populate makes the shapes. Some literals are the letter, unless the log is to be honest.
func (g *generator) populate(sql *dialect, letter string, opts Options) {
	if opts.Honest {
		letter = ""
	}
	g.renderer = renderer{r: g.r, dialect: sql, letter: letter}
	g.shapes = newShapes(g.r, sql, opts.Shapes)
	sum := 0.0
	for rank := range g.shapes {
		sum += math.Pow(float64(rank+1), -skew)
		g.weights = append(g.weights, sum)
	}
}

// pick chooses a shape and a duration in whole microseconds, as the server prints it.
func (g *generator) pick() (*shape, time.Duration) {
	s := g.shapes[sort.SearchFloat64s(g.weights, g.r.Float64()*g.weights[len(g.weights)-1])]
	micros := min(math.Exp(s.mu+s.sigma*g.r.NormFloat64()), 3600e6)
	return s, time.Duration(micros)*time.Microsecond + time.Microsecond
}

// tick lets the time pass until the next record. About 200 come in a second.
func (g *generator) tick() {
	g.now = g.now.Add(time.Duration(g.r.ExpFloat64() * float64(5*time.Millisecond)))
}

// flush writes out what has been collected, if it is more than a few bytes.
func (g *generator) flush(w io.Writer, few int) error {
	if len(g.out) <= few {
		return nil
	}
	g.truth.Bytes += int64(len(g.out))
	g.truth.Lines += int64(bytes.Count(g.out, []byte{'\n'}))
	_, err := w.Write(g.out)
	g.out = g.out[:0]
	return err
}
