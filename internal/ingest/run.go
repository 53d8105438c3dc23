package ingest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/covetlog/covetlog/monitor"
	"github.com/covetlog/covetlog/parse"
	"github.com/covetlog/covetlog/stats"
)

// Run reads everything and returns what was counted. Trouble with one source is told in its Input, and the others are read; the error
// is for what makes the whole run pointless: no such file, a bad option.
func Run(ctx context.Context, opts Options) (*stats.Set, error) {
	sources, err := expand(opts.Paths, opts.Stdin)
	if err != nil {
		return nil, err
	}
	r := &run{opts: opts}
	if err := r.resolve(sources); err != nil {
		return nil, err
	}
	if err := r.read(ctx, sources); err != nil {
		return nil, err
	}
	return r.merge(), nil
}

// run is one call of Run.
type run struct {
	opts         Options
	since, until int64
	lanes        []*lane
	total        int64 // stored bytes of all sources

	mu       sync.Mutex
	inputs   []stats.Input // by source; those without a name were left out
	warnings []string
	done     int64 // stored bytes of the sources that are done
}

// lane reads one source after the other with its workers. There is one lane, unless several sources are compressed: a stream is
// decompressed by one processor, so then the processors take a stream each.
type lane struct {
	*run
	workers []*worker
	joined  *monitor.Collector // counts what the sequences complete
}

// worker keeps what it counts over all sources, and its memory.
type worker struct {
	collector *monitor.Collector
	buf       []byte
}

// read reads the sources in lanes.
func (r *run) read(ctx context.Context, sources []source) error {
	jobs := r.opts.Jobs
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	lanes := 1
	if compressed := r.survey(sources); compressed > 1 {
		lanes = min(jobs, compressed)
	}
	opts := monitor.CollectorOptions{Threshold: r.opts.Threshold, Examples: !r.opts.NoExamples, Match: r.match()}
	r.inputs = make([]stats.Input, len(sources))
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var wg sync.WaitGroup
	for i := range lanes {
		l := &lane{run: r, joined: monitor.NewCollector(opts)}
		for range max(1, (jobs-i+lanes-1)/lanes) {
			l.workers = append(l.workers, &worker{collector: monitor.NewCollector(opts)})
		}
		r.lanes = append(r.lanes, l)
		wg.Go(func() {
			for n := int(next.Add(1)) - 1; n < len(sources) && ctx.Err() == nil; n = int(next.Add(1)) - 1 {
				if err := l.source(ctx, &sources[n], &r.inputs[n]); err != nil {
					cancel(err)
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// survey adds up the sizes of the sources and counts those that are compressed.
func (r *run) survey(sources []source) (compressed int) {
	for _, src := range sources {
		if src.stdin != nil {
			continue
		}
		if s, err := src.open(); err == nil {
			r.total += s.size
			if s.compression != "" {
				compressed++
			}
			s.close()
		}
	}
	return compressed
}

// match makes one condition of the expressions.
func (r *run) match() func(string) bool {
	if len(r.opts.Include)+len(r.opts.Exclude) == 0 {
		return nil
	}
	return func(pattern string) bool {
		for _, e := range r.opts.Exclude {
			if e.MatchString(pattern) {
				return false
			}
		}
		for _, e := range r.opts.Include {
			if e.MatchString(pattern) {
				return true
			}
		}
		return len(r.opts.Include) == 0
	}
}

// opened is a source whose format is known.
type opened struct {
	*stream
	head []byte // read already
	log  *parse.Log
}

func (r *run) parseOptions(s *stream) parse.Options {
	return parse.Options{Format: r.opts.Format, Prefix: r.opts.Prefix, HasPrefix: r.opts.HasPrefix, Location: r.opts.Location, Modified: s.modified}
}

// open opens a source and finds out its format. The log is nil if none fits; the error tells why.
func (r *run) open(src source) (*opened, error) {
	s, err := src.open()
	if err != nil {
		return nil, err
	}
	o := &opened{stream: s, head: make([]byte, parse.HeadSize)}
	n, err := readFull(s, o.head)
	o.head = o.head[:n]
	rest := s.Reader
	if err != nil {
		rest = broken{err}
	}
	s.Reader = io.MultiReader(bytes.NewReader(o.head), rest)
	o.log, err = parse.Open(o.head, r.parseOptions(s))
	return o, err
}

// broken is a reader whose source has ended or failed.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// source reads one source. Its error ends the run.
func (l *lane) source(ctx context.Context, src *source, input *stats.Input) error {
	o, err := l.open(*src)
	if o == nil {
		input.Name, input.Error = src.name, reason(err)
		return nil
	}
	defer o.close()
	var unknown *parse.UnknownFormatError
	if errors.As(err, &unknown) && src.found {
		l.warn("%s is not a log that can be read, and was left out", src.name)
		return nil
	}
	input.Name, input.Compression = src.name, o.compression
	switch {
	case errors.As(err, &unknown):
		l.foreign(o, input, unknown)
	case err != nil:
		return fmt.Errorf("%s: %w", src.name, err)
	default:
		if err := l.log(ctx, src, o, input); err != nil {
			return err
		}
	}
	l.mu.Lock()
	l.done += o.stored.n.Load()
	l.mu.Unlock()
	return nil
}

// foreign accounts for a source that no format fits.
func (r *run) foreign(o *opened, input *stats.Input, why *parse.UnknownFormatError) {
	in := bufio.NewReaderSize(o, readAhead)
	for whole := true; ; {
		line, err := in.ReadSlice('\n')
		input.Bytes += int64(len(line))
		if whole && len(line) > 0 {
			input.Lines++
			r.foreignLine(line, input, why)
		}
		whole = err == nil
		if err != nil && err != bufio.ErrBufferFull {
			if err != io.EOF {
				input.Error = reason(err)
			}
			break
		}
	}
	input.UnrecognisedBytes = input.Bytes - input.SkippedBytes
	if input.Bytes == 0 {
		r.warn("%s is empty", input.Name)
	}
}

// foreignLine accounts for a line, or the beginning of one that is longer than the buffer.
func (r *run) foreignLine(line []byte, input *stats.Input, why *parse.UnknownFormatError) {
	if len(bytes.TrimSpace(line)) == 0 {
		input.BlankLines++
		input.SkippedBytes += int64(len(line))
		return
	}
	if n := len(input.Unrecognised); n < len(why.Lines) {
		input.Unrecognised = append(input.Unrecognised, stats.Line{Number: input.Lines, Offset: input.Bytes - int64(len(line)), Text: why.Lines[n]})
	}
	input.UnrecognisedLines++
}

func (r *run) warn(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.warnings = append(r.warnings, fmt.Sprintf(format, args...))
}

// log reads a source of a known format with all workers, or with one where the format asks for it.
func (l *lane) log(ctx context.Context, src *source, o *opened, input *stats.Input) error {
	input.Format, input.Prefix = o.log.Format.Name, o.log.Prefix()
	in := &reader{in: o.stream, cutter: o.log.NewCutter(), size: l.blockSize(), after: l.progress(src, o)}
	seq := &sequence{joiner: o.log.NewJoiner(l.sink(l.joined)), input: input, early: map[int]*parse.Result{}, assumed: map[string]bool{}}
	l.joined.SetSource(src.name)
	workers := l.workers
	if o.log.Sequential() {
		workers = workers[:1]
	}
	var wg sync.WaitGroup
	for _, w := range workers {
		w.collector.SetSource(src.name)
		wg.Go(func() { w.work(ctx, in, o.log.NewParser(l.sink(w.collector)), seq) })
	}
	wg.Wait()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	seq.joiner.Close()
	l.conclude(o, in, seq)
	return nil
}

func (w *worker) work(ctx context.Context, in *reader, p *parse.Parser, seq *sequence) {
	for ctx.Err() == nil {
		b, number, buf, ok := in.next(w.buf)
		w.buf = buf
		if !ok {
			return
		}
		seq.done(number, p.Parse(b))
	}
}

func (r *run) sink(c *monitor.Collector) parse.Sink {
	return newFilter(c, r.since, r.until, r.opts.Names)
}

func (r *run) blockSize() int {
	if r.opts.BlockSize <= 0 {
		return defaultBlock
	}
	return min(r.opts.BlockSize, maxBlock)
}

// conclude tells what went wrong while a source was read.
func (r *run) conclude(o *opened, in *reader, seq *sequence) {
	input := seq.input
	input.Bytes += in.skipped.Skipped
	input.SkippedBytes += in.skipped.Skipped
	input.Lines += in.skipped.Lines
	name := input.Name
	if in.long > 0 {
		r.warn("%s: entries longer than %d MiB: %d; what is beyond was skipped", name, MaxEntry>>20, in.long)
	}
	switch stored := o.stored.n.Load(); {
	case in.err != nil && o.compression != "":
		input.Error = fmt.Sprintf("the %s data ends or breaks after %d bytes of log: %s; what came before is counted", o.compression, input.Bytes, reason(in.err))
	case in.err != nil:
		input.Error = fmt.Sprintf("reading failed after %d bytes: %s; what came before is counted", input.Bytes, reason(in.err))
	case stored < o.size:
		r.warn("%s shrank from %d to %d bytes while it was read", name, o.size, stored)
	}
	assumed, unknown := seq.zones()
	for _, zone := range assumed {
		r.warn("%s: the time zone %s has several meanings, the most used was taken; --timezone tells which", name, zone)
	}
	for _, zone := range unknown {
		r.warn("%s: the time zone %q is not known; entries in it are counted without a time; --timezone tells what it means", name, zone)
	}
}

// progress returns what the reader calls after each block.
func (r *run) progress(src *source, o *opened) func(int64) {
	if r.opts.Progress == nil {
		return nil
	}
	return func(read int64) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.opts.Progress(Progress{Source: src.name, Done: r.done + o.stored.n.Load(), Total: r.total, Read: read})
	}
}

// merge puts everything together.
func (r *run) merge() *stats.Set {
	set := stats.NewSet(int64(r.opts.Threshold))
	for _, l := range r.lanes {
		set.Merge(l.joined.Set())
		for _, w := range l.workers {
			set.Merge(w.collector.Set())
		}
	}
	set.Inputs = slices.DeleteFunc(r.inputs, func(in stats.Input) bool { return in.Name == "" })
	for _, w := range r.warnings {
		set.Warn(w)
	}
	return set
}

// resolve finds out what the bounds mean. Those that count back from the end of the log need its newest time first.
func (r *run) resolve(sources []source) error {
	r.since, r.until = math.MinInt64, math.MaxInt64
	if r.opts.Since.IsZero() && r.opts.Until.IsZero() {
		return nil
	}
	var end time.Time
	zone := r.opts.Location
	relative := r.opts.Since.Relative() || r.opts.Until.Relative()
	for _, src := range sources {
		if src.stdin != nil && relative {
			return errors.New("a time that counts back from the end of the log cannot be used with standard input, which is read only once; give an absolute one")
		}
		if src.stdin != nil {
			continue
		}
		newest, loc := r.newest(src, relative)
		if newest.After(end) {
			end = newest
		}
		if zone == nil {
			zone = loc
		}
	}
	if zone == nil {
		zone = time.Local
	}
	if relative && end.IsZero() {
		return errors.New("a time that counts back from the end of the log was given, but no log has a time")
	}
	var since, until time.Time
	if !r.opts.Since.IsZero() {
		since = r.opts.Since.Resolve(r.opts.Now, end, zone)
	}
	if !r.opts.Until.IsZero() {
		until = r.opts.Until.Resolve(r.opts.Now, end, zone)
	}
	r.since, r.until = bounds(since, until)
	return nil
}

// newest finds the newest time of a source, if it is asked for, and the zone of its times.
func (r *run) newest(src source, wanted bool) (time.Time, *time.Location) {
	o, err := r.open(src)
	if o == nil {
		return time.Time{}, nil
	}
	defer o.close()
	if err != nil {
		return time.Time{}, nil
	}
	zone := o.log.Zone(o.head)
	if !wanted {
		return time.Time{}, zone
	}
	last := newestTime{math.MinInt64}
	in := &reader{in: o.stream, cutter: o.log.NewCutter(), size: r.blockSize()}
	p, w := o.log.NewParser(&last), &worker{}
	for {
		b, _, buf, ok := in.next(w.buf)
		if w.buf = buf; !ok {
			break
		}
		p.Parse(b)
	}
	if last.at == math.MinInt64 {
		return time.Time{}, zone
	}
	return time.Unix(0, last.at), zone
}

// newestTime is a Sink that keeps the newest time.
type newestTime struct{ at int64 }

func (n *newestTime) Event(e *parse.Event) { n.at = max(n.at, e.Time) }
