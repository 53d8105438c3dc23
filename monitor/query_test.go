package monitor_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/covetlog/covetlog/alert"
	"github.com/covetlog/covetlog/monitor"
	"github.com/covetlog/covetlog/stats"
)

const ms = time.Millisecond

// clock is set by hand.
type clock struct{ now time.Time }

func newClock() *clock { return &clock{time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)} }

func (c *clock) read() time.Time          { return c.now }
func (c *clock) advance(by time.Duration) { c.now = c.now.Add(by) }

const (
	users  = "SELECT name FROM users WHERE id = ?"
	orders = "SELECT id FROM orders WHERE total > ?"
	paid   = "UPDATE orders SET paid = ? WHERE id = ?"
)

// tracked returns a monitor with a threshold of 100 ms that has seen ten executions, one a second.
func tracked(options ...monitor.Option) (*monitor.QueryMonitor, *clock) {
	c := newClock()
	m := monitor.NewQueryMonitor(append([]monitor.Option{monitor.WithThreshold(100 * ms), monitor.WithClock(c.read)}, options...)...)
	track := func(sql string, d time.Duration, err error) {
		m.TrackQuery(monitor.Query{SQL: sql, Duration: d, Err: err, Database: "shop", User: "app"})
		c.advance(time.Second)
	}
	for i, d := range []time.Duration{10, 20, 30, 40, 50, 150} {
		track(fmt.Sprintf("select name from users where id = %d", i), d*ms, nil)
	}
	track("SELECT id FROM orders WHERE total > 99.5", 400*ms, nil)
	track("SELECT id FROM orders WHERE total > 1", 100*ms, errors.New(`canceling statement due to statement timeout`))
	track("UPDATE orders SET paid = true WHERE id = 7", 99*ms, errors.New("deadlock detected"))
	track("UPDATE orders SET paid = true WHERE id = 8", 1*ms, errors.New("deadlock detected"))
	return m, c
}

func TestQueryStats(t *testing.T) {
	m, c := tracked()
	at := func(second int) time.Time { return c.now.Add(time.Duration(second-10) * time.Second) }
	// Of six values the nearest ranks are the 3rd for the median and the 6th for p95 and p99; of two the 1st and the 2nd.
	want := []monitor.QueryStats{
		{Pattern: orders, ExecutionCount: 2, ErrorCount: 1, SlowCount: 2, ErrorRate: 50, TotalDuration: 500 * ms, AvgDuration: 250 * ms,
			MedianDuration: 100 * ms, P95Duration: 400 * ms, P99Duration: 400 * ms, MinDuration: 100 * ms, MaxDuration: 400 * ms,
			StddevDuration: 150 * ms, FirstSeen: at(6), LastSeen: at(7)},
		{Pattern: users, ExecutionCount: 6, SlowCount: 1, TotalDuration: 300 * ms, AvgDuration: 50 * ms, MedianDuration: 30 * ms,
			P95Duration: 150 * ms, P99Duration: 150 * ms, MinDuration: 10 * ms, MaxDuration: 150 * ms, FirstSeen: at(0), LastSeen: at(5),
			// The squares of -40, -30, -20, -10, 0 and 100 are 13000 together: the root of 2166.67 is 46.5475 ms.
			StddevDuration: 46_547_466},
		{Pattern: paid, ExecutionCount: 2, ErrorCount: 2, ErrorRate: 100, TotalDuration: 100 * ms, AvgDuration: 50 * ms, MedianDuration: 1 * ms,
			P95Duration: 99 * ms, P99Duration: 99 * ms, MinDuration: 1 * ms, MaxDuration: 99 * ms, StddevDuration: 49 * ms, FirstSeen: at(8), LastSeen: at(9)},
	}
	got := m.QueryStats(stats.ByTotal, 0)
	for i := range got {
		if k := got[i].Fingerprint; k.Fingerprint == 0 || k.Dialect != stats.PostgreSQL || k.By != stats.ByParser {
			t.Errorf("%s has the key %+v", got[i].Pattern, k)
		}
		got[i].Fingerprint = stats.Key{}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func patterns(list []monitor.QueryStats) (texts []string) {
	for _, s := range list {
		texts = append(texts, s.Pattern)
	}
	return texts
}

func TestListsOfPatterns(t *testing.T) {
	m, _ := tracked()
	f := func(got []monitor.QueryStats, want ...string) {
		t.Helper()
		if !slices.Equal(patterns(got), want) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(patterns(got), "\n"), strings.Join(want, "\n"))
		}
	}
	f(m.QueryStats(stats.ByAverage, 1), orders)
	f(m.QueryStats(stats.ByMax, 2), orders, users)
	f(m.QueryStats(stats.ByErrorRate, 0), paid, orders, users)
	f(m.MostFrequentQueries(1), users)
	f(m.ErrorProneQueries(0), paid, orders)
	f(m.ErrorProneQueries(1), paid)
	f(m.ErrorProneQueries(9), paid, orders)
}

func TestMetrics(t *testing.T) {
	m, _ := tracked()
	want := monitor.Metrics{TotalQueries: 10, SlowQueries: 3, Errors: 3, SlowPercent: 30, ErrorPercent: 30, UniquePatterns: 3,
		Threshold: 100 * ms, HistorySize: 10}
	if got := m.Metrics(); got != want {
		t.Errorf("metrics are\n%+v, want\n%+v", got, want)
	}
	if got := monitor.NewQueryMonitor().Metrics(); got != (monitor.Metrics{Threshold: time.Second}) {
		t.Errorf("metrics of nothing are %+v", got)
	}
}

func durations(list []monitor.TrackedQuery) (d []time.Duration) {
	for _, q := range list {
		d = append(d, q.Duration)
	}
	return d
}

func TestSlowQueries(t *testing.T) {
	m, _ := tracked()
	f := func(threshold time.Duration, limit int, want ...time.Duration) {
		t.Helper()
		if got := durations(m.SlowQueries(threshold, limit)); !slices.Equal(got, want) {
			t.Errorf("from %v on, at most %d: %v, want %v", threshold, limit, got, want)
		}
	}
	f(0, 0, 400*ms, 150*ms, 100*ms)
	f(100*ms, 2, 400*ms, 150*ms)
	f(100*ms+1, 0, 400*ms, 150*ms)
	f(401*ms, 0)
	f(50*ms, 0, 400*ms, 150*ms, 100*ms, 99*ms, 50*ms)
	slowest := m.SlowQueries(0, 1)[0]
	if slowest.SQL != "SELECT id FROM orders WHERE total > 99.5" || slowest.Pattern != orders || !slowest.Slow || slowest.Severity != alert.Medium {
		t.Errorf("the slowest is %+v", slowest)
	}
}

func TestHistoryKeepsTheNewest(t *testing.T) {
	m, _ := tracked(monitor.WithHistorySize(3)) // the last three took 100, 99 and 1 ms
	if got, want := durations(m.SlowQueries(ms, 0)), []time.Duration{100 * ms, 99 * ms, 1 * ms}; !slices.Equal(got, want) {
		t.Errorf("the history is %v, want %v", got, want)
	}
	if got := m.Metrics(); got.HistorySize != 3 || got.TotalQueries != 10 {
		t.Errorf("metrics are %+v: statistics do not depend on the history", got)
	}
}

func TestRetention(t *testing.T) {
	m, c := tracked(monitor.WithRetention(time.Hour))
	c.advance(time.Hour - 5*time.Second) // the executions of the first five seconds are older than an hour now
	if got, want := durations(m.SlowQueries(ms, 0)), []time.Duration{400 * ms, 150 * ms, 100 * ms, 99 * ms, 1 * ms}; !slices.Equal(got, want) {
		t.Errorf("the history is %v, want %v", got, want)
	}
	if got := m.Metrics(); got.TotalQueries != 10 || got.UniquePatterns != 3 || got.HistorySize != 5 {
		t.Errorf("metrics are %+v: each pattern was seen within the hour", got)
	}
	c.advance(2 * time.Second)
	if got := patterns(m.QueryStats(stats.ByTotal, 0)); !slices.Equal(got, []string{orders, paid}) {
		t.Errorf("patterns are %q, though %s ran more than an hour ago", got, users)
	}
	m.TrackQuery(monitor.Query{SQL: "SELECT name FROM users WHERE id = 3", Duration: ms})
	if got := patterns(m.QueryStats(stats.ByTotal, 0)); !slices.Equal(got, []string{orders, paid, users}) {
		t.Errorf("patterns are %q, though %s came back", got, users)
	}
	c.advance(2 * time.Hour)
	if got := m.Metrics(); got.TotalQueries != 0 || got.HistorySize != 0 {
		t.Errorf("two hours later metrics are %+v", got)
	}
	var out bytes.Buffer
	if err := m.GenerateReport(&out); err != nil || strings.Contains(out.String(), "deadlock") || strings.Contains(out.String(), "2026") {
		t.Errorf("%v; two hours later the report tells\n%s", err, out.String())
	}
}

func TestRetentionWhileTracking(t *testing.T) {
	c := newClock()
	m := monitor.NewQueryMonitor(monitor.WithClock(c.read), monitor.WithRetention(24*time.Hour))
	for i := range 100 {
		m.TrackQuery(monitor.Query{SQL: fmt.Sprintf("SELECT a%d FROM t", i), Duration: ms})
		c.advance(time.Hour)
	}
	// It is hour 100: those of hours 76 to 99 are left.
	if got := m.Metrics(); got.HistorySize != 24 || got.UniquePatterns != 24 || got.TotalQueries != 24 {
		t.Errorf("metrics are %+v, want the newest 24", got)
	}
}

func TestClearHistory(t *testing.T) {
	m, _ := tracked()
	m.ClearHistory()
	if got := m.Metrics(); got != (monitor.Metrics{Threshold: 100 * ms}) || len(m.SlowQueries(1, 0))+len(m.QueryStats(stats.ByTotal, 0)) > 0 {
		t.Errorf("after it metrics are %+v", got)
	}
	m.TrackQuery(monitor.Query{SQL: "SELECT 1", Duration: 300 * ms})
	if got := m.Metrics(); got.TotalQueries != 1 || got.SlowPercent != 100 {
		t.Errorf("and then metrics are %+v", got)
	}
}

func TestOddQueries(t *testing.T) {
	m := monitor.NewQueryMonitor()
	f := func(q monitor.Query, pattern string) {
		t.Helper()
		m.ClearHistory()
		m.TrackQuery(q)
		got := m.QueryStats(stats.ByTotal, 0)
		if len(got) != 1 || got[0].Pattern != pattern || got[0].MinDuration < 0 {
			t.Errorf("%q is %+v, want %q", q.SQL, got, pattern)
		}
	}
	f(monitor.Query{}, monitor.UnknownStatement)
	f(monitor.Query{SQL: "SELECT 1", Duration: -5}, "SELECT ?")
}

func TestReport(t *testing.T) {
	m, _ := tracked()
	var out bytes.Buffer
	if err := m.GenerateReport(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"OVERALL METRICS", "TOP 5 SLOWEST QUERIES", "TOP 5 MOST FREQUENT QUERIES", "ERROR-PRONE QUERIES", users, orders, paid, "deadlock detected"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in the report:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "99.5") {
		t.Errorf("the report tells the literals of an application:\n%s", out.String())
	}
	if err := m.GenerateReport(broken{}); !errors.Is(err, errBroken) {
		t.Errorf("a writer that fails: %v", err)
	}
}

var errBroken = errors.New("disk is full")

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errBroken }

// tracker tracks while it is written to, as a handler of HTTP does that is itself monitored.
type tracker struct{ m *monitor.QueryMonitor }

func (w tracker) Write(b []byte) (int, error) {
	w.m.TrackQuery(monitor.Query{SQL: "SELECT 1"})
	return len(b), nil
}

func TestASlowReaderHoldsNobodyUp(t *testing.T) {
	m, _ := tracked()
	if err := m.GenerateReport(tracker{m}); err != nil || m.Metrics().TotalQueries <= 10 {
		t.Errorf("%v; metrics are %+v", err, m.Metrics())
	}
}

// alerts is a handler that keeps what it gets.
type alerts struct {
	mu  sync.Mutex
	got []alert.Alert
}

func (a *alerts) take(_ context.Context, x alert.Alert) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.got = append(a.got, x)
	return nil
}

func TestAlerts(t *testing.T) {
	c := newClock()
	m := monitor.NewQueryMonitor(monitor.WithThreshold(100*ms), monitor.WithClock(c.read))
	var got alerts
	m.AddAlertHandler(func(context.Context, alert.Alert) error { return errors.New("no network") })
	m.AddAlertHandler(func(context.Context, alert.Alert) error { panic("no memory") })
	m.AddAlertHandler(got.take)
	sql := "SELECT name FROM users WHERE id = 42"
	earlier := c.now.Add(-time.Minute)
	m.TrackQuery(monitor.Query{SQL: sql, Duration: 100*ms - 1})
	m.TrackQuery(monitor.Query{SQL: sql, Duration: 100 * ms, Parameters: "$1 = '42'"})
	m.TrackQuery(monitor.Query{SQL: sql, Duration: 1200 * ms, Time: earlier})
	if err := m.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	hash := fmt.Sprintf("%016x", m.QueryStats(stats.ByTotal, 1)[0].Fingerprint.Fingerprint)
	want := []alert.Alert{
		{Kind: "slow_query", Severity: alert.Low, Time: c.now, Query: users, QueryHash: hash, Statement: sql, Parameters: "$1 = '42'", Duration: 100 * ms, Threshold: 100 * ms},
		{Kind: "slow_query", Severity: alert.Critical, Time: earlier, Query: users, QueryHash: hash, Statement: sql, Duration: 1200 * ms, Threshold: 100 * ms},
	}
	if diff := cmp.Diff(want, got.got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if l := m.AlertLosses(); l.Failed != 4 || l.Dropped != 0 {
		t.Errorf("losses are %+v, want two alerts that two handlers failed on", l)
	}
}

func TestWithoutAlerts(t *testing.T) {
	m := monitor.NewQueryMonitor(monitor.WithoutAlerts())
	var got alerts
	m.AddAlertHandler(got.take)
	m.TrackQuery(monitor.Query{SQL: "SELECT 1", Duration: time.Hour})
	if err := m.Close(t.Context()); err != nil || len(got.got) > 0 {
		t.Errorf("closed with %v, and %d alerts were raised", err, len(got.got))
	}
	if m.Metrics().SlowQueries != 1 {
		t.Errorf("metrics are %+v, want one slow query", m.Metrics())
	}
}

func TestManyGoroutines(t *testing.T) {
	m := monitor.NewQueryMonitor(monitor.WithThreshold(100*ms), monitor.WithHistorySize(50))
	var got alerts
	m.AddAlertHandler(got.take)
	const goroutines, each = 64, 15
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for i := range each {
				m.TrackQuery(monitor.Query{SQL: fmt.Sprintf("SELECT a%d FROM t WHERE b = %d", g%8, i), Duration: time.Duration(90+i) * ms, User: fmt.Sprint(g)})
			}
			m.SlowQueries(0, 3)
			m.QueryStats(stats.ByP95, 2)
			m.Metrics()
			m.AlertLosses()
			if err := m.GenerateReport(&bytes.Buffer{}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := m.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	slow := int64(goroutines * 5) // 100 to 104 ms
	want := monitor.Metrics{TotalQueries: goroutines * each, SlowQueries: slow, SlowPercent: 100. / 3, UniquePatterns: 8, Threshold: 100 * ms, HistorySize: 50}
	if got := m.Metrics(); got != want {
		t.Errorf("metrics are\n%+v, want\n%+v", got, want)
	}
	if int64(len(got.got)) != slow {
		t.Errorf("%d alerts arrived, want %d", len(got.got), slow)
	}
}
