// Package alert is what an alert is and how it travels.
//
// It knows neither queries nor pools: who raises an alert fills in what a receiver may be told.
package alert

import (
	"context"
	"sync"
	"time"
)

// Severity says how bad it is.
type Severity string

// The severities, worst first.
const (
	Critical Severity = "critical"
	High     Severity = "high"
	Medium   Severity = "medium"
	Low      Severity = "low"
)

// Alert is something that somebody should know.
type Alert struct {
	Kind     string // "slow_query"
	Severity Severity
	Time     time.Time // in the log; the zero time when it does not tell
	// Query is the statement's pattern, without its literals; QueryHash is its fingerprint.
	Query, QueryHash string
	// Statement and Parameters are what was sent, and somebody's data. They are filled in for handlers in the same process; what leaves
	// the machine carries Query.
	Statement, Parameters string
	Duration, Threshold   time.Duration
}

// SeverityOf grades a duration by how many times the threshold it is: 10 critical, 5 high, 2 medium, otherwise low.
func SeverityOf(duration, threshold time.Duration) Severity {
	switch {
	case duration >= 10*threshold:
		return Critical
	case duration >= 5*threshold:
		return High
	case duration >= 2*threshold:
		return Medium
	}
	return Low
}

// Handler takes an alert somewhere. Its error is counted; it never stops other handlers or who raised the alert.
type Handler func(context.Context, Alert) error

// Dispatcher gives alerts to handlers in the background, so that a slow handler does not hold up who raises them. A handler that
// is more than a queue behind loses alerts, which are counted.
type Dispatcher struct {
	mu       sync.Mutex
	handlers []*queue
	wg       sync.WaitGroup
	closed   bool
	cancel   context.CancelFunc
	ctx      context.Context
}

// queueSize is how many alerts wait for one handler.
const queueSize = 1024

type queue struct {
	alerts       chan Alert
	mu           sync.Mutex
	lost, failed int64
	lastFailure  error
}

// NewDispatcher returns a Dispatcher without handlers.
func NewDispatcher() *Dispatcher {
	ctx, cancel := context.WithCancel(context.Background())
	return &Dispatcher{ctx: ctx, cancel: cancel}
}

// Add adds a handler. It is called from one goroutine, one alert after the other.
func (d *Dispatcher) Add(h Handler) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return
	}
	q := &queue{alerts: make(chan Alert, queueSize)}
	d.handlers = append(d.handlers, q)
	d.wg.Go(func() {
		for a := range q.alerts {
			q.deliver(d.ctx, h, a)
		}
	})
}

// deliver calls the handler. One that panics has failed.
func (q *queue) deliver(ctx context.Context, h Handler, a Alert) {
	defer func() {
		if p := recover(); p != nil {
			q.fail(panicError{p})
		}
	}()
	if err := h(ctx, a); err != nil {
		q.fail(err)
	}
}

func (q *queue) fail(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.failed++
	q.lastFailure = err
}

// Raise hands an alert to every handler and returns at once.
func (d *Dispatcher) Raise(a Alert) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return
	}
	for _, q := range d.handlers {
		select {
		case q.alerts <- a:
		default:
			q.mu.Lock()
			q.lost++
			q.mu.Unlock()
		}
	}
}

// Handlers returns the number of handlers.
func (d *Dispatcher) Handlers() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.handlers)
}

// Losses says what did not arrive: alerts that a handler was too slow for, alerts that it failed on, and the last such failure.
type Losses struct {
	Dropped, Failed int64
	Last            error
}

// Losses adds up what all handlers lost.
func (d *Dispatcher) Losses() (l Losses) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, q := range d.handlers {
		q.mu.Lock()
		l.Dropped += q.lost
		l.Failed += q.failed
		if q.lastFailure != nil {
			l.Last = q.lastFailure
		}
		q.mu.Unlock()
	}
	return l
}

// Close waits until the handlers have taken what was raised, or the context ends; then the handlers' context ends, too.
func (d *Dispatcher) Close(ctx context.Context) error {
	d.mu.Lock()
	if !d.closed {
		d.closed = true
		for _, q := range d.handlers {
			close(q.alerts)
		}
	}
	d.mu.Unlock()
	done := make(chan struct{})
	go func() { d.wg.Wait(); close(done) }()
	defer d.cancel()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
