package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"
)

// The exit codes. A signal's is 128 more than its number: 130 for Ctrl-C.
const (
	exitFine       = 0
	exitGate       = 1
	exitTrouble    = 2
	exitUnreadable = 3
)

// exitCodes is their table, as every help text has it.
var exitCodes = []struct {
	Code    int
	Meaning string
}{
	{exitFine, "fine; a reader that closes the pipe early is fine, too"},
	{exitGate, "a regression, or an alert at or above the level asked for; no command looks for these yet"},
	{exitTrouble, "usage, configuration or I/O trouble; what could be read is reported"},
	{exitUnreadable, "input that could not be understood; what was understood is reported"},
	{128 + int(syscall.SIGINT), "interrupted by Ctrl-C; nothing is left half written"},
}

// failure is an error that has an exit code of its own. Others have exitTrouble.
type failure struct {
	code int
	error
}

func (f failure) Unwrap() error { return f.error }

// usageError is what is wrong with a command line.
type usageError struct {
	command string // "covetlog report"
	text    string
}

func (e usageError) Error() string {
	return fmt.Sprintf("%s: %s\nRun \"%s --help\" for what there is.", e.command, e.text, e.command)
}

// exit says on stderr what went wrong and returns the exit code.
func (p *program) exit(ctx context.Context, err error) int {
	var own failure
	var sig signalled
	var usage usageError
	switch {
	case err == nil || errors.Is(err, syscall.EPIPE):
		return exitFine
	case errors.As(context.Cause(ctx), &sig):
		p.note("%v", sig)
		return 128 + int(sig.Signal)
	case errors.As(err, &usage):
		fmt.Fprintln(p.stderr, printableLines(usage.Error()))
		return exitTrouble
	case errors.As(err, &own):
		p.note("%v", err)
		return own.code
	default:
		p.note("%v", err)
		return exitTrouble
	}
}

// note says something on stderr that is no result. Errors have names of files and arguments in them, which may be hostile.
func (p *program) note(format string, args ...any) {
	fmt.Fprintln(p.stderr, printableLines("covetlog: "+fmt.Sprintf(format, args...)))
}

// forgiving is a writer whose reader may leave: what is written to a closed pipe is dropped.
type forgiving struct{ io.Writer }

func (w forgiving) Write(b []byte) (int, error) {
	n, err := w.Writer.Write(b)
	if errors.Is(err, syscall.EPIPE) {
		return len(b), nil
	}
	return n, err
}
