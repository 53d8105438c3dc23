package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"time"

	"github.com/covetlog/covetlog/internal/ingest"
	"github.com/covetlog/covetlog/internal/when"
	"github.com/covetlog/covetlog/internal/wholefile"
	"github.com/covetlog/covetlog/monitor"
	"github.com/covetlog/covetlog/parse"
	"github.com/covetlog/covetlog/report"
	"github.com/covetlog/covetlog/stats"
)

// profiles are the thresholds with a name.
var profiles = map[string]time.Duration{
	"development": 500 * time.Millisecond,
	"production":  time.Second,
	"critical":    100 * time.Millisecond,
}

// reportOptions are what the flags of report set.
type reportOptions struct {
	logFormat, prefix string
	location          *time.Location
	jobs              int

	since, until     when.Spec
	names            [len(fields)]ingest.Selection
	include, exclude []*regexp.Regexp

	threshold      time.Duration
	profile        string
	groupBy        *monitor.Grouping
	commands       bool
	scale          bool
	outlier        time.Duration
	order          string
	limit          int
	examples, full bool

	// Asked where their value comes from.
	prefixOption, thresholdOption, profileOption *option

	format, output  string
	color, progress string
	width           int
	verbose         bool
}

// fields are the names by which events are chosen.
var fields = [...]struct {
	name  string
	field ingest.Field
	what  string
}{
	{"database", ingest.Database, "of database NAME"},
	{"user", ingest.User, "of user NAME"},
	{"application", ingest.Application, "of application_name NAME"},
	{"client", ingest.Client, "from host NAME, or its address where the log has no name"},
}

func newReport(p *program) *command {
	o := &reportOptions{threshold: time.Second, order: string(stats.ByTotal), scale: true, outlier: monitor.DefaultOutlier, examples: true, format: "text", color: auto, progress: auto}
	c := &command{
		name:    "report",
		args:    "FILE...",
		summary: "where the time goes: one report over all the logs given",
		about: `A FILE is a log, a directory of logs, or a pattern in quotes such as 'log/**/*.log'; - is standard input, and so is no FILE at all. ` +
			`What a log is and whether it is compressed (gzip, zstd, bzip2, xz) is told by its content.` + "\n\n" +
			`A TIME is ` + when.Accepted + `. A pattern is a statement with its literals replaced by ?.`,
		examples: reportExamples,
		options:  o.table(),
	}
	c.run = func(ctx context.Context, args []string) error { return p.report(ctx, c, o, args) }
	return c
}

var reportExamples = []example{
	{"covetlog report postgresql.log", "What took the time, what is slow, what fails."},
	{"covetlog report --since 2h --database shop 'log/*.log*'", "The last two hours of the logs, one database, compressed logs included."},
	{"covetlog report --order-by p95 --limit 20 --full postgresql.log", "The 20 patterns with the worst 95th percentile, whole."},
	{"covetlog report --threshold 200ms --format markdown --output slow.md postgresql.log", "A report for a ticket."},
	{"covetlog report --group-by database mysql-slow.log", "Which database takes the time, in a slow log of MySQL or MariaDB."},
	{"covetlog report --format json postgresql.log", "Everything, for a program."},
	{"zcat postgresql.log.gz | covetlog report", "A log from standard input."},
}

// table lists the options, in the order of the help text.
func (o *reportOptions) table() []*option {
	var options []*option
	for _, group := range []struct {
		title   string
		options []*option
	}{
		{"What is read", o.inputTable()},
		{"What counts", o.filterTable()},
		{"What is reported", o.contentTable()},
		{"How it is printed", o.outputTable()},
	} {
		for _, row := range group.options {
			row.group = group.title
			options = append(options, row)
		}
	}
	return options
}

func (o *reportOptions) inputTable() []*option {
	var names []string
	for _, f := range parse.Formats() {
		names = append(names, f.Name)
	}
	o.prefixOption = &option{name: "prefix", arg: "STRING", value: text(&o.prefix),
		usage: "the server's log_line_prefix, exactly as it is set; learned from the log otherwise"}
	return []*option{
		{name: "log-format", arg: "NAME", value: oneOf(&o.logFormat, names...), usage: "do not guess what the logs are"},
		o.prefixOption,
		{name: "timezone", arg: "ZONE", value: zone(&o.location), usage: "zone of times that say none, of ambiguous ones (CST) and of the report, which is in UTC otherwise: Europe/Paris, +03, UTC"},
		{name: "jobs", short: "j", arg: "N", value: count(&o.jobs, 1), usage: "work on N blocks at a time (default: the number of processors)"},
	}
}

func (o *reportOptions) filterTable() []*option {
	options := []*option{
		{name: "since", arg: "TIME", value: moment(&o.since), usage: "only what was logged at TIME or later"},
		{name: "until", arg: "TIME", value: moment(&o.until), usage: "only what was logged before TIME"},
	}
	for i, f := range fields {
		chosen := &o.names[i]
		options = append(options,
			&option{name: f.name, arg: "NAME", value: list(&chosen.Only), usage: "only what is " + f.what + "; repeatable"},
			&option{name: "exclude-" + f.name, arg: "NAME", value: list(&chosen.Except), usage: "nothing that is " + f.what + "; repeatable"})
	}
	return append(options,
		&option{name: "include-query", arg: "REGEX", value: patterns(&o.include), usage: "only patterns that match REGEX, or one of several; (?i) ignores case"},
		&option{name: "exclude-query", arg: "REGEX", value: patterns(&o.exclude), usage: "no patterns that match REGEX; repeatable"},
		&option{name: "admin-commands", value: toggle(&o.commands), usage: "count MySQL's administrator commands, such as Quit and Ping, as queries; they are listed apart otherwise"},
		&option{name: "scale", value: toggle(&o.scale),
			usage: "where Percona Server logs one in n executions (log_slow_rate_limit), count each for n; --no-scale counts what the log has"},
		&option{name: "outlier-time", arg: "DURATION", value: unitDuration(&o.outlier),
			usage: "an execution that took so long is logged whatever the rate limit, so it counts once: the server's slow_query_log_always_write_time"})
}

func (o *reportOptions) contentTable() []*option {
	o.thresholdOption = &option{name: "threshold", arg: "DURATION", value: duration(&o.threshold),
		usage: "an execution is slow from here on: 500ms, 1.5s, or a number of milliseconds"}
	o.profileOption = &option{name: "profile", arg: "NAME", value: oneOf(&o.profile, "development", "production", "critical"),
		usage: "threshold of 500ms, 1s or 100ms, unless --threshold is given"}
	var orders []string
	for _, key := range stats.Orders() {
		orders = append(orders, string(key))
	}
	return []*option{
		o.thresholdOption,
		o.profileOption,
		{name: "group-by", arg: "KEY", value: grouping(&o.groupBy), usage: "what the executions are added up by, NAME being a key in comments that the application writes, as in tag:controller"},
		{name: "order-by", arg: "KEY", value: oneOf(&o.order, orders...), usage: "order of the patterns"},
		{name: "limit", short: "n", arg: "N", value: count(&o.limit, 1), usage: "patterns shown (default: 5 a section in text, 20 in table and markdown, all in csv and json)"},
		{name: "examples", value: toggle(&o.examples), usage: "a real statement of each pattern, and lines that were not understood, with their literals; --no-examples keeps them out"},
		{name: "full", value: toggle(&o.full), usage: "print statements whole, and all that was measured; they are cut to the width otherwise"},
	}
}

func (o *reportOptions) outputTable() []*option {
	whens := []string{auto, always, never}
	return []*option{
		{name: "format", short: "f", arg: "FORMAT", value: oneOf(&o.format, report.Formats()...), usage: "format of the report"},
		{name: "output", short: "o", arg: "FILE", value: file(&o.output), usage: "write the report to FILE, whole or not at all"},
		{name: "color", arg: "WHEN", value: oneOf(&o.color, whens...), usage: "colour; auto is on a terminal and heeds NO_COLOR, TERM=dumb and CLICOLOR_FORCE"},
		{name: "width", arg: "N", value: count(&o.width, 40), usage: "characters in a line of text and table (default: those of the terminal, or 80)"},
		{name: "progress", arg: "WHEN", value: oneOf(&o.progress, whens...), usage: "a progress bar on stderr; auto is on a terminal, after a second"},
		{name: "verbose", short: "v", value: toggle(&o.verbose), usage: "say on stderr which lines were not understood, and which entries are partial, malformed or ambiguous; with --no-examples only where they are"},
	}
}

// report runs the command.
func (p *program) report(ctx context.Context, c *command, o *reportOptions, files []string) error {
	if len(files) == 0 {
		if isTerminal(p.stdin) {
			return c.misused("no FILE, and standard input is a terminal")
		}
		files = []string{"-"}
	}
	opts := o.ingest(p, files)
	if err := checkRange(opts); err != nil {
		return c.misused("%w", err)
	}
	set, err := p.read(ctx, o, opts)
	if err != nil {
		return err
	}
	reading := account(set, o.examples)
	if reading.recognised > 0 {
		if err := p.print(ctx, o, set); err != nil {
			return err
		}
	}
	return p.judge(reading, o.verbose)
}

func (o *reportOptions) ingest(p *program, files []string) ingest.Options {
	if o.profileOption.from > o.thresholdOption.from {
		o.threshold = profiles[o.profile]
	} else if o.thresholdOption.from > fromDefault {
		o.profile = ""
	}
	opts := ingest.Options{
		Paths: files, Stdin: p.stdin,
		Format: o.logFormat, Prefix: o.prefix, HasPrefix: o.prefixOption.from > fromDefault, Location: o.location,
		Since: o.since, Until: o.until, Now: time.Now(),
		Names:   map[ingest.Field]ingest.Selection{},
		Include: o.include, Exclude: o.exclude,
		Threshold: o.threshold, Jobs: o.jobs,
		GroupBy: o.groupBy, Commands: o.commands, NoScale: !o.scale, Outlier: o.outlier,
	}
	for i, f := range fields {
		opts.Names[f.field] = o.names[i]
	}
	return opts
}

// checkRange refuses a range of time that nothing can be in, as far as that can be said before the log is read: the zone of
// times without one may only be known then, so the range must be empty in the first zone on earth and in the last.
func checkRange(o ingest.Options) error {
	if o.Since.IsZero() || o.Until.IsZero() || o.Since.Relative() != o.Until.Relative() {
		return nil
	}
	zones := []*time.Location{time.FixedZone("", 14*3600), time.FixedZone("", -12*3600)}
	if o.Location != nil {
		zones = []*time.Location{o.Location}
	}
	for _, loc := range zones {
		if o.Since.Resolve(o.Now, o.Now, loc).Before(o.Until.Resolve(o.Now, o.Now, loc)) {
			return nil
		}
	}
	return fmt.Errorf("nothing lies between --since %s and --until %s", o.Since, o.Until)
}

// read reads the logs. It returns when the context ends, even while a read hangs on standard input.
func (p *program) read(ctx context.Context, o *reportOptions, opts ingest.Options) (*stats.Set, error) {
	bar := p.progressBar(o.progress)
	defer bar.clear()
	opts.Progress = bar.update
	type result struct {
		set *stats.Set
		err error
	}
	done := make(chan result, 1)
	go func() {
		set, err := ingest.Run(ctx, opts)
		done <- result{set, err}
	}()
	select {
	case r := <-done:
		return r.set, r.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// print writes the report to where it belongs.
func (p *program) print(ctx context.Context, o *reportOptions, set *stats.Set) error {
	doc := func(w io.Writer) *report.Doc { return report.New(set, monitor.Suggest(set), o.document(w)) }
	if o.output == "" || o.output == "-" {
		return doc(p.stdout).Write(p.stdout, o.format)
	}
	for _, in := range set.Inputs {
		if sameFile(in.Name, o.output) {
			return fmt.Errorf("the report is not written: --output %s is one of the logs", o.output)
		}
	}
	return unwritten(o.output, wholefile.Write(o.output, func(w io.Writer) error {
		if err := doc(w).Write(w, o.format); err != nil {
			return err
		}
		return context.Cause(ctx)
	}))
}

// unwritten says what is wrong with the file of a report by the name it was given, not by the temporary one that is written first.
func unwritten(name string, err error) error {
	var path *os.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	default:
		return err
	}
	return fmt.Errorf("the report is not written to %s: %w", name, err)
}

func (o *reportOptions) document(w io.Writer) report.Options {
	width := o.width
	if width == 0 {
		width = terminalWidth(w)
	}
	return report.Options{
		Order: stats.Order(o.order), Limit: o.limit, Full: o.full, Width: width, Color: colored(o.color, w),
		Examples: o.examples, Profile: o.profile, Location: o.location, Filters: o.filters(), Digests: monitor.Digests,
	}
}

// filters lists what chooses among the entries, as flags.
func (o *reportOptions) filters() (list []string) {
	add := func(flag string, values ...string) {
		for _, v := range values {
			list = append(list, flag+" "+v)
		}
	}
	for i, f := range fields {
		add("--"+f.name, o.names[i].Only...)
		add("--exclude-"+f.name, o.names[i].Except...)
	}
	add("--include-query", sources(o.include)...)
	add("--exclude-query", sources(o.exclude)...)
	for _, bound := range []struct {
		flag string
		at   when.Spec
	}{{"--since", o.since}, {"--until", o.until}} {
		if !bound.at.IsZero() {
			add(bound.flag, bound.at.String())
		}
	}
	return list
}

// sources returns regular expressions as they were written.
func sources(patterns []*regexp.Regexp) (list []string) {
	for _, re := range patterns {
		list = append(list, re.String())
	}
	return list
}

func sameFile(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}
