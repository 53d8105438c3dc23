package alert_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/covetlog/covetlog/alert"
)

func TestSeverityOf(t *testing.T) {
	f := func(duration, threshold time.Duration, want alert.Severity) {
		t.Helper()
		if got := alert.SeverityOf(duration, threshold); got != want {
			t.Errorf("%v at a threshold of %v is %s, want %s", duration, threshold, got, want)
		}
	}
	f(0, time.Second, alert.Low)
	f(time.Second, time.Second, alert.Low)
	f(2*time.Second-1, time.Second, alert.Low)
	f(2*time.Second, time.Second, alert.Medium)
	f(5*time.Second-1, time.Second, alert.Medium)
	f(5*time.Second, time.Second, alert.High)
	f(10*time.Second-1, time.Second, alert.High)
	f(10*time.Second, time.Second, alert.Critical)
	f(time.Hour, time.Second, alert.Critical)
	f(1500*time.Millisecond, 500*time.Millisecond, alert.Medium)
}

// inbox is a handler that keeps what it gets.
type inbox struct {
	mu  sync.Mutex
	got []string
}

func (b *inbox) take(_ context.Context, a alert.Alert) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.got = append(b.got, a.Query)
	return nil
}

func (b *inbox) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.got)
}

func names(n int) (list []string) {
	for i := range n {
		list = append(list, fmt.Sprint("query ", i))
	}
	return list
}

func raise(d *alert.Dispatcher, queries []string) {
	for _, q := range queries {
		d.Raise(alert.Alert{Query: q})
	}
}

func TestHandlersGetAllInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := alert.NewDispatcher()
		var a, b inbox
		d.Add(a.take)
		d.Add(b.take)
		want := names(500)
		raise(d, want)
		if err := d.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(a.got, want) || !slices.Equal(b.got, want) {
			t.Errorf("of 500 alerts in order, handlers got %d and %d", len(a.got), len(b.got))
		}
		if l := d.Losses(); l != (alert.Losses{}) {
			t.Errorf("nothing was lost, told is %+v", l)
		}
	})
}

func TestAHandlerThatFailsStopsNobody(t *testing.T) {
	broken := errors.New("receiver is down")
	f := func(failing alert.Handler, wantLast string) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			d := alert.NewDispatcher()
			var before, after inbox
			d.Add(before.take)
			d.Add(failing)
			d.Add(after.take)
			raise(d, names(20))
			if err := d.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			if before.count() != 20 || after.count() != 20 {
				t.Errorf("%s: the others got %d and %d of 20 alerts", wantLast, before.count(), after.count())
			}
			if l := d.Losses(); l.Failed != 20 || l.Dropped != 0 || l.Last == nil || l.Last.Error() != wantLast {
				t.Errorf("told are the losses %+v, want 20 failed with %q", l, wantLast)
			}
		})
	}
	f(func(context.Context, alert.Alert) error { return broken }, "receiver is down")
	f(func(context.Context, alert.Alert) error { panic("out of cheese") }, "the handler panicked: out of cheese")
	f(func(context.Context, alert.Alert) error { panic(broken) }, "the handler panicked: receiver is down")
	f(nil, "the handler panicked: runtime error: invalid memory address or nil pointer dereference")
}

func TestTheLastFailureIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := alert.NewDispatcher()
		fail := func(_ context.Context, a alert.Alert) error { return errors.New(a.Query) }
		d.Add(func(ctx context.Context, a alert.Alert) error {
			if a.Query == "query 1" {
				return fail(ctx, a)
			}
			return nil
		})
		d.Add(func(ctx context.Context, a alert.Alert) error {
			if a.Query == "query 0" {
				return fail(ctx, a)
			}
			return nil
		})
		for _, q := range names(3) {
			raise(d, []string{q})
			synctest.Wait()
		}
		if l := d.Losses(); l.Failed != 2 || l.Last.Error() != "query 1" {
			t.Errorf("losses are %+v, want two, the last on query 1", l)
		}
		if err := d.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

func TestAHandlerThatBlocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := alert.NewDispatcher()
		var other inbox
		block := make(chan struct{})
		d.Add(func(context.Context, alert.Alert) error { <-block; return nil })
		d.Add(other.take)
		const raised = 3000
		for _, q := range names(raised) {
			raise(d, []string{q}) // returns at once
			synctest.Wait()
		}
		if other.count() != raised {
			t.Errorf("beside a blocked handler the other got %d of %d", other.count(), raised)
		}
		// One alert is in its hands and 1024 wait in its queue.
		if l := d.Losses(); l.Dropped != raised-1-1024 || l.Failed != 0 {
			t.Errorf("losses are %+v, want %d dropped", l, raised-1-1024)
		}
		close(block)
		if err := d.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

// A handler that heeds its context is over when the time to close is. The bubble fails if a goroutine is left.
func TestCloseWithADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := alert.NewDispatcher()
		d.Add(func(ctx context.Context, _ alert.Alert) error { <-ctx.Done(); return ctx.Err() })
		raise(d, names(3))
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if err := d.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("closing in time: %v, want that the deadline passed", err)
		}
		if waited := time.Since(start); waited != 5*time.Second {
			t.Errorf("it waited %v, want 5s", waited)
		}
		synctest.Wait()
		if l := d.Losses(); l.Failed != 3 || !errors.Is(l.Last, context.Canceled) {
			t.Errorf("losses are %+v, want the three alerts that were not taken", l)
		}
	})
}

func TestCloseWaitsForSlowHandlers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := alert.NewDispatcher()
		var got inbox
		d.Add(func(ctx context.Context, a alert.Alert) error { time.Sleep(time.Minute); return got.take(ctx, a) })
		raise(d, names(7))
		if err := d.Close(t.Context()); err != nil || got.count() != 7 {
			t.Errorf("closed with %v when %d of 7 alerts had been taken", err, got.count())
		}
	})
}

func TestAfterClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := alert.NewDispatcher()
		var got, late inbox
		d.Add(got.take)
		for range 2 {
			if err := d.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		d.Add(late.take)
		raise(d, names(4))
		synctest.Wait()
		if l := d.Losses(); got.count() != 0 || late.count() != 0 || l.Dropped != 4 {
			t.Errorf("after the end %d alerts were taken and %+v lost, want 4 lost", got.count()+late.count(), l)
		}
	})
}

func TestManyRaiseAtOnce(t *testing.T) {
	d := alert.NewDispatcher()
	var got inbox
	d.Add(got.take)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() { raise(d, names(50)); d.Losses() })
	}
	wg.Wait()
	if err := d.Close(t.Context()); err != nil || got.count() != 16*50 {
		t.Errorf("closed with %v; %d of %d alerts were taken", err, got.count(), 16*50)
	}
}
