package monitor

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/covetlog/covetlog/alert"
	"github.com/covetlog/covetlog/parse"
	"github.com/covetlog/covetlog/report"
	"github.com/covetlog/covetlog/stats"
)

// Defaults of a QueryMonitor.
const (
	DefaultThreshold   = time.Second
	DefaultHistorySize = 10_000
	DefaultRetention   = 24 * time.Hour
)

// Option changes a setting of a QueryMonitor.
type Option func(*QueryMonitor)

// WithThreshold sets how long an execution takes to be slow; DefaultThreshold without it.
func WithThreshold(d time.Duration) Option { return func(m *QueryMonitor) { m.threshold = d } }

// WithHistorySize sets how many of the newest executions are kept, 1 at least; DefaultHistorySize without it.
func WithHistorySize(n int) Option { return func(m *QueryMonitor) { m.size = max(n, 1) } }

// WithRetention sets how long executions are kept in the history, and patterns that are not seen any more in the statistics;
// DefaultRetention without it.
func WithRetention(d time.Duration) Option { return func(m *QueryMonitor) { m.retention = d } }

// WithDialect sets the dialect of the queries that are tracked, parse.PostgreSQL without it.
func WithDialect(d parse.Dialect) Option { return func(m *QueryMonitor) { m.dialect = d } }

// WithClock sets the clock that times queries tracked without a time, and that ages the history; time.Now without it.
func WithClock(now func() time.Time) Option { return func(m *QueryMonitor) { m.now = now } }

// WithoutAlerts keeps slow queries from raising alerts.
func WithoutAlerts() Option { return func(m *QueryMonitor) { m.silent = true } }

// Query is one execution of a statement as an application reports it.
type Query struct {
	SQL         string
	Duration    time.Duration
	Err         error     // nil: it succeeded
	Parameters  string    // as the application likes to see them in an alert
	Time        time.Time // of its end; zero: now
	Database    string
	User        string
	Application string
}

// TrackedQuery is an execution in the history.
type TrackedQuery struct {
	Query
	Fingerprint stats.Key
	Pattern     string // of this statement; QueryStats have the shortest one of all with the Fingerprint
	Slow        bool
	Severity    alert.Severity // by how many times the threshold it took
}

// QueryStats are the figures of one pattern. Durations are those of executions, failed ones included.
type QueryStats struct {
	Fingerprint                           stats.Key
	Pattern                               string
	ExecutionCount, ErrorCount, SlowCount int64
	ErrorRate                             float64 // percent
	TotalDuration, AvgDuration, MedianDuration, P95Duration, P99Duration,
	MinDuration, MaxDuration, StddevDuration time.Duration
	FirstSeen, LastSeen time.Time
}

// Metrics are the overall figures of a QueryMonitor.
type Metrics struct {
	TotalQueries, SlowQueries, Errors int64
	SlowPercent, ErrorPercent         float64
	UniquePatterns                    int
	Threshold                         time.Duration
	HistorySize                       int // executions in the history now
}

// QueryMonitor counts the queries of an application, keeps the newest of them, and alerts on slow ones. All its methods may be called
// from many goroutines.
type QueryMonitor struct {
	threshold time.Duration
	retention time.Duration
	size      int
	silent    bool
	now       func() time.Time
	alerts    *alert.Dispatcher

	mu        sync.Mutex
	collector *Collector
	origins   map[role]*parse.Origin
	history   []TrackedQuery // a ring
	oldest    int            // of the ring
	offset    int64          // number of queries tracked: their place
	swept     time.Time
	dialect   parse.Dialect
}

// NewQueryMonitor returns a QueryMonitor that has counted nothing.
func NewQueryMonitor(options ...Option) *QueryMonitor {
	m := &QueryMonitor{threshold: DefaultThreshold, retention: DefaultRetention, size: DefaultHistorySize, now: time.Now, alerts: alert.NewDispatcher()}
	for _, option := range options {
		option(m)
	}
	m.reset()
	return m
}

func (m *QueryMonitor) reset() {
	m.collector = NewCollector(CollectorOptions{Threshold: m.threshold, Examples: true})
	m.origins = map[role]*parse.Origin{}
	m.history, m.oldest, m.offset = nil, 0, 0
}

// AddAlertHandler adds a handler for alerts on slow queries. It runs in the background, one alert after the other; that it is slow,
// fails or panics neither stops other handlers nor TrackQuery.
func (m *QueryMonitor) AddAlertHandler(h alert.Handler) { m.alerts.Add(h) }

// AlertLosses tells what did not arrive at handlers.
func (m *QueryMonitor) AlertLosses() alert.Losses { return m.alerts.Losses() }

// Close waits until the handlers have taken the alerts raised, or until the context ends, whose error it returns then.
func (m *QueryMonitor) Close(ctx context.Context) error { return m.alerts.Close(ctx) }

// TrackQuery counts one execution. A negative duration is none: 0.
func (m *QueryMonitor) TrackQuery(q Query) {
	if q.Time.IsZero() {
		q.Time = m.now()
	}
	q.Duration = max(0, q.Duration)
	if tracked := m.track(q); tracked.Slow && !m.silent {
		m.alerts.Raise(tracked.alert(m.threshold))
	}
}

func (m *QueryMonitor) track(q Query) TrackedQuery {
	m.mu.Lock()
	defer m.mu.Unlock()
	e := parse.Event{Kind: parse.Execution, Dialect: m.dialect, Severity: parse.SeverityLog, Time: q.Time.UnixNano(), Duration: int64(q.Duration),
		SQL: []byte(q.SQL), Params: []byte(q.Parameters), Origin: m.origin(q), Offset: m.offset}
	if q.Err != nil {
		e.Failed, e.Severity, e.Text = true, parse.SeverityError, []byte(q.Err.Error())
	}
	m.offset++
	key, pattern := unknownKey(m.dialect), UnknownStatement
	if shape := m.collector.shape(&e); shape != nil {
		key, pattern = keyOf(&shape.Fingerprint, m.dialect), shape.Text
	}
	m.collector.Event(&e)
	tracked := TrackedQuery{q, key, pattern, q.Duration >= m.threshold, alert.SeverityOf(q.Duration, m.threshold)}
	m.remember(tracked)
	return tracked
}

// maxOrigins bounds the origins that are remembered.
const maxOrigins = 1 << 14

// origin returns the Origin of a query. Its number counts from 0 as a parser's does.
func (m *QueryMonitor) origin(q Query) *parse.Origin {
	who := role{q.Database, q.User, q.Application}
	o := m.origins[who]
	if o == nil {
		if len(m.origins) == maxOrigins {
			clear(m.origins)
		}
		o = &parse.Origin{Number: len(m.origins), Database: q.Database, User: q.User, Application: q.Application}
		m.origins[who] = o
	}
	return o
}

// remember puts an execution into the history in the place of the oldest.
func (m *QueryMonitor) remember(q TrackedQuery) {
	if len(m.history) < m.size {
		m.history = append(m.history, q)
	} else {
		m.history[m.oldest] = q
		m.oldest = (m.oldest + 1) % m.size
	}
	if now := m.now(); now.Sub(m.swept) > m.retention/24 {
		m.forget(now)
	}
}

// forget drops what was last seen longer ago than the retention.
func (m *QueryMonitor) forget(now time.Time) {
	m.swept = now
	before := now.Add(-m.retention)
	m.collector.forget(before.UnixNano())
	if old := func(q TrackedQuery) bool { return q.Time.Before(before) }; slices.ContainsFunc(m.history, old) {
		m.history, m.oldest = slices.DeleteFunc(m.ordered(), old), 0
	}
}

// ordered returns the history, the oldest first.
func (m *QueryMonitor) ordered() []TrackedQuery {
	return slices.Concat(m.history[m.oldest:], m.history[:m.oldest])
}

func (q *TrackedQuery) alert(threshold time.Duration) alert.Alert {
	return alert.Alert{Kind: "slow_query", Severity: q.Severity, Time: q.Time, Query: q.Pattern, QueryHash: fmt.Sprintf("%016x", q.Fingerprint.Fingerprint),
		Statement: q.SQL, Parameters: q.Parameters, Duration: q.Duration, Threshold: threshold}
}

// SlowQueries returns the executions in the history that took at least threshold, the slowest first; at most limit of them, all if limit is 0.
// A threshold of 0 is the monitor's own.
func (m *QueryMonitor) SlowQueries(threshold time.Duration, limit int) []TrackedQuery {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forget(m.now())
	threshold = cmp.Or(threshold, m.threshold)
	slow := slices.DeleteFunc(m.ordered(), func(q TrackedQuery) bool { return q.Duration < threshold })
	slices.SortStableFunc(slow, func(a, b TrackedQuery) int { return cmp.Compare(b.Duration, a.Duration) })
	return first(slow, limit)
}

func first[T any](list []T, limit int) []T {
	if limit > 0 && limit < len(list) {
		return list[:limit]
	}
	return list
}

// QueryStats returns the figures of the patterns by a key, largest first; at most limit of them, all if limit is 0.
func (m *QueryMonitor) QueryStats(by stats.Order, limit int) []QueryStats {
	var list []QueryStats
	m.view(func(set *stats.Set) {
		for _, p := range first(set.Sorted(by), limit) {
			list = append(list, statsOf(p))
		}
	})
	return list
}

// MostFrequentQueries returns the figures of the patterns that ran most.
func (m *QueryMonitor) MostFrequentQueries(limit int) []QueryStats {
	return m.QueryStats(stats.ByCount, limit)
}

// ErrorProneQueries returns the figures of the patterns that failed, by error rate.
func (m *QueryMonitor) ErrorProneQueries(limit int) []QueryStats {
	failed := slices.DeleteFunc(m.QueryStats(stats.ByErrorRate, 0), func(s QueryStats) bool { return s.ErrorCount == 0 })
	return first(failed, limit)
}

func statsOf(p *stats.Pattern) QueryStats {
	d := &p.Timed
	s := QueryStats{Fingerprint: p.Key, Pattern: p.Text, ExecutionCount: p.Count, ErrorCount: p.Errors, SlowCount: p.Slow, ErrorRate: p.ErrorRate(),
		TotalDuration: time.Duration(d.Sum), AvgDuration: time.Duration(d.Mean()), MedianDuration: time.Duration(d.Quantile(.5)),
		P95Duration: time.Duration(d.Quantile(.95)), P99Duration: time.Duration(d.Quantile(.99)), MinDuration: time.Duration(d.Min),
		MaxDuration: time.Duration(d.Max), StddevDuration: time.Duration(d.Stddev())}
	if p.First != 0 {
		s.FirstSeen, s.LastSeen = time.Unix(0, p.First), time.Unix(0, p.Last)
	}
	return s
}

// Metrics returns the overall figures.
func (m *QueryMonitor) Metrics() (metrics Metrics) {
	m.view(func(set *stats.Set) {
		t := set.Totals()
		metrics = Metrics{TotalQueries: t.Count, SlowQueries: t.Slow, Errors: t.Errors, SlowPercent: stats.Percent(t.Slow, t.Count),
			ErrorPercent: stats.Percent(t.Errors, t.Count), UniquePatterns: t.Patterns, Threshold: m.threshold, HistorySize: len(m.history)}
	})
	return metrics
}

// GenerateReport writes the query performance report as text.
func (m *QueryMonitor) GenerateReport(w io.Writer) (err error) {
	var text bytes.Buffer // w may be slow, and others want to track
	m.view(func(set *stats.Set) {
		err = report.New(set, Suggest(set), report.Options{}).Write(&text, "text")
	})
	if err != nil {
		return err
	}
	_, err = text.WriteTo(w)
	return err
}

// view shows the statistics to f, which must not keep them.
func (m *QueryMonitor) view(f func(*stats.Set)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forget(m.now())
	f(m.collector.Set())
}

// ClearHistory forgets everything that was counted.
func (m *QueryMonitor) ClearHistory() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reset()
}
