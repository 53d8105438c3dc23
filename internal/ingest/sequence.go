package ingest

import (
	"maps"
	"slices"
	"sync"

	"github.com/covetlog/covetlog/parse"
	"github.com/covetlog/covetlog/stats"
)

// sequence puts the results of blocks, which come from several workers, into the order of the log.
type sequence struct {
	unfit   int64 // lines that do not fit the prefix given
	mu      sync.Mutex
	moved   *sync.Cond // next has grown
	joiner  *parse.Joiner
	input   *stats.Input
	next    int // number of the block that is due
	early   map[int]*parse.Result
	assumed map[string]bool // zone names that were not certain
}

// maxEarly is how many blocks a worker may be ahead of the one that is due: one slow block must not make the others pile up.
const maxEarly = 256

func newSequence(joiner *parse.Joiner, input *stats.Input) *sequence {
	s := &sequence{joiner: joiner, input: input, early: map[int]*parse.Result{}, assumed: map[string]bool{}}
	s.moved = sync.NewCond(&s.mu)
	return s
}

// done takes the result of a block, which the caller reuses after it. The worker that has the block which is due never waits.
func (s *sequence) done(number int, r *parse.Result) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for number > s.next+maxEarly {
		s.moved.Wait()
	}
	if number != s.next {
		s.early[number] = r.Clone()
		return
	}
	for r != nil {
		s.take(r)
		s.next++
		r = s.early[s.next]
		delete(s.early, s.next)
	}
	s.moved.Broadcast()
}

func (s *sequence) take(r *parse.Result) {
	in, c := s.input, &r.Counts
	in.Unrecognised = appendLines(in.Unrecognised, r.Strange, in.Lines)
	in.Doubtful = appendLines(in.Doubtful, r.Doubtful, in.Lines)
	in.Bytes += c.Recognised + c.Skipped + c.Unrecognised
	in.Lines += c.Lines
	in.Entries += c.Entries
	in.RecognisedBytes += c.Recognised
	in.SkippedBytes += c.Skipped
	in.UnrecognisedBytes += c.Unrecognised
	s.unfit += c.Unfit
	in.BlankLines += c.BlankLines
	in.UnrecognisedLines += c.UnrecognisedLines
	in.PartialEntries += c.Partial
	in.MalformedEntries += c.Malformed
	in.AmbiguousEntries += c.Ambiguous
	maps.Copy(s.assumed, r.Zones)
	s.joiner.Join(r)
}

// appendLines appends lines of a block, in front of which there are so many lines, as long as there is room.
func appendLines(list []stats.Line, lines []parse.Strange, before int64) []stats.Line {
	for _, l := range lines[:min(len(lines), parse.MaxStrange-len(list))] {
		list = append(list, stats.Line{Number: before + l.Line + 1, Offset: l.Offset, Text: l.Text, Why: l.Why})
	}
	return list
}

// zones lists the names of zones that were not certain: those that were assumed, and those not known.
func (s *sequence) zones() (assumed, unknown []string) {
	for _, name := range slices.Sorted(maps.Keys(s.assumed)) {
		if s.assumed[name] {
			assumed = append(assumed, name)
		} else {
			unknown = append(unknown, name)
		}
	}
	return assumed, unknown
}
