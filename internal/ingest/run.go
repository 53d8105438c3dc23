package ingest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
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
	sources = r.oneOfEach(ctx, sources)
	if err := r.findEnd(ctx, sources); err != nil {
		return nil, err
	}
	if err := r.read(ctx, sources); err != nil {
		return nil, err
	}
	return r.merge(), nil
}

// run is one call of Run.
type run struct {
	opts  Options
	end   time.Time // the newest time of all sources, if a bound counts back from it
	lanes []*lane
	total int64 // stored bytes of all sources

	mu       sync.Mutex
	inputs   []stats.Input // by source; those without a name were left out
	spans    []span        // by source
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
	memory    memory
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
	opts := monitor.CollectorOptions{Threshold: r.opts.Threshold, Examples: true, Match: r.match(),
		Group: r.opts.GroupBy, Commands: r.opts.Commands, NoScale: r.opts.NoScale, Outlier: r.opts.Outlier}
	r.inputs, r.spans = make([]stats.Input, len(sources)), make([]span, len(sources))
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
				if err := l.source(ctx, &sources[n], &r.inputs[n], &r.spans[n]); err != nil {
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
		if src.once() {
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
func (r *run) open(ctx context.Context, src source) (*opened, error) {
	s, err := src.open()
	if err != nil {
		return nil, err
	}
	s.Reader = interruptible{ctx, s.Reader}
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

// interruptible is a reader that fails when its context is done: none of those who read to the end goes on then.
type interruptible struct {
	ctx context.Context
	io.Reader
}

func (i interruptible) Read(p []byte) (int, error) {
	if err := context.Cause(i.ctx); err != nil {
		return 0, err
	}
	return i.Reader.Read(p)
}

// source reads one source. Its error ends the run.
func (l *lane) source(ctx context.Context, src *source, input *stats.Input, times *span) error {
	o, err := l.open(ctx, *src)
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
		if err := l.log(ctx, src, o, input, times); err != nil {
			return err
		}
	}
	l.mu.Lock()
	l.done += o.stored.n.Load()
	l.mu.Unlock()
	return context.Cause(ctx)
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
func (l *lane) log(ctx context.Context, src *source, o *opened, input *stats.Input, times *span) error {
	input.Format, input.Prefix = o.log.Format.Name, o.log.Prefix()
	in := &reader{in: o.stream, cutter: o.log.NewCutter(), size: l.blockSize(), after: l.progress(src, o)}
	since, until := l.bounds(o)
	spans := make([]span, len(l.workers)+1)
	sink := func(c *monitor.Collector, i int) parse.Sink {
		spans[i] = span{next: newFilter(c, since, until, l.opts.Names)}
		return &spans[i]
	}
	seq := newSequence(o.log.NewJoiner(sink(l.joined, len(l.workers))), input)
	l.joined.SetSource(src.name)
	workers := l.workers
	if o.log.Sequential() {
		workers = workers[:1]
	}
	var wg sync.WaitGroup
	for i, w := range workers {
		p := o.log.NewParser(sink(w.collector, i))
		w.collector.SetSource(src.name)
		wg.Go(func() { w.work(ctx, in, p, seq) })
	}
	wg.Wait()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	seq.joiner.Close()
	for _, s := range spans {
		times.merge(s.first, s.last)
		input.Window.Merge(stats.Window{Start: s.first, End: s.last})
	}
	l.conclude(o, in, seq)
	return nil
}

func (w *worker) work(ctx context.Context, in *reader, p *parse.Parser, seq *sequence) {
	for ctx.Err() == nil {
		b, number, ok := in.next(&w.memory)
		if !ok {
			return
		}
		seq.done(number, p.Parse(b))
	}
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
	if seq.unfit > 0 {
		r.warn("%s: %d lines do not fit the --prefix given and were read by what they look like; their users and databases may be wrong", name, seq.unfit)
	}
	if n := seq.joiner.Expired(); n > 0 {
		r.warn("%s: %d statements were counted without a duration, because more processes than can be remembered were waiting for theirs", name, n)
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
		if zone == "" {
			local, _ := r.opts.Now.In(time.Local).Zone()
			r.warn("%s: times without a zone were taken for those of this machine, %s; --timezone tells theirs", name, local)
			continue
		}
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
		l.joined = nil // caches and all: with many patterns they are half of the memory
		for _, w := range l.workers {
			set.Merge(w.collector.Set())
			w.collector = nil
		}
	}
	r.warnOfTwins()
	set.Inputs = slices.DeleteFunc(r.inputs, func(in stats.Input) bool { return in.Name == "" })
	for _, w := range r.warnings {
		set.Warn(w)
	}
	return set
}
