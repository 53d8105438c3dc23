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
// is more than a queue behind loses alerts, which are counted. A Dispatcher with handlers must be closed.
type Dispatcher struct {
	mu     sync.Mutex // before losses.mu
	queues []chan Alert
	closed bool

	wg     sync.WaitGroup
	ctx    context.Context
	cancel context.CancelFunc
	losses lossCounter
}

// queueSize is how many alerts wait for one handler.
const queueSize = 1024

// NewDispatcher returns a Dispatcher without handlers.
func NewDispatcher() *Dispatcher {
	ctx, cancel := context.WithCancel(context.Background())
	return &Dispatcher{ctx: ctx, cancel: cancel}
}

// Add adds a handler. It is called from one goroutine, one alert after the other. After Close there is nothing to add to.
func (d *Dispatcher) Add(h Handler) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return
	}
	queue := make(chan Alert, queueSize)
	d.queues = append(d.queues, queue)
	d.wg.Go(func() {
		for a := range queue {
			if err := call(d.ctx, h, a); err != nil {
				d.losses.failed(err)
			}
		}
	})
}

// call calls the handler. One that panics has failed.
func call(ctx context.Context, h Handler, a Alert) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicError{p}
		}
	}()
	return h(ctx, a)
}

// Raise hands an alert to every handler and returns at once. After Close it is lost to all of them.
func (d *Dispatcher) Raise(a Alert) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, queue := range d.queues {
		if d.closed {
			d.losses.dropped()
			continue
		}
		select {
		case queue <- a:
		default:
			d.losses.dropped()
		}
	}
}

// Losses says what did not arrive: alerts that a handler was too slow for or that came after Close, alerts that a handler failed on,
// and the last such failure.
type Losses struct {
	Dropped, Failed int64
	Last            error
}

// Losses adds up what all handlers lost.
func (d *Dispatcher) Losses() Losses {
	d.losses.mu.Lock()
	defer d.losses.mu.Unlock()
	return d.losses.Losses
}

type lossCounter struct {
	mu sync.Mutex
	Losses
}

func (l *lossCounter) dropped() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.Dropped++
}

func (l *lossCounter) failed(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.Failed++
	l.Last = err
}

// Close waits until the handlers have taken what was raised, or until ctx ends, whose error it returns then. Either way the context of
// the handlers ends, so that one which heeds it does not outlive Close for long; what is still in its queue is handed to it all the same.
func (d *Dispatcher) Close(ctx context.Context) error {
	d.shut()
	defer d.cancel()
	done := make(chan struct{})
	go func() { d.wg.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// shut ends the queues, once.
func (d *Dispatcher) shut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return
	}
	d.closed = true
	for _, queue := range d.queues {
		close(queue)
	}
}
