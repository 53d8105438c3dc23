// Covetlog reads what databases and poolers write to their logs and says where the time goes.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

func main() {
	// A closed pipe is an error of the write and not a signal: `covetlog report ... | head` is no failure.
	signal.Ignore(syscall.SIGPIPE)
	if os.Getenv("GOGC") == "" {
		// Events are not allocated, so that there is little to collect: half the usual head room costs nothing measurable and saves a third
		// of the memory of a log with many patterns.
		debug.SetGCPercent(50)
	}
	os.Exit(run(untilSignal(), os.Args, os.Stdin, os.Stdout, os.Stderr))
}

// signalled is the cause of a context that ended by a signal.
type signalled struct{ syscall.Signal }

func (s signalled) Error() string { return s.String() }

// untilSignal returns a context that ends at the first Ctrl-C or SIGTERM. The second one kills, as it does by default.
func untilSignal() context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		s := <-signals
		signal.Stop(signals)
		cancel(signalled{s.(syscall.Signal)})
	}()
	return ctx
}
