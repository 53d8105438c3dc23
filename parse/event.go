// Package parse turns the bytes of a log into Events.
//
// It knows the formats, how they are told apart, where an entry of each starts, how time is
// written, and which lines of a session belong together. It does not know files, goroutines,
// statistics or the wall clock: it is fed blocks of whole entries and pushes Events into a Sink.
package parse

import (
	"bytes"
	"math"

	"github.com/covetlog/covetlog/metric"
)

// Kind says what an Event reports.
type Kind uint8

const (
	// Execution is one run of a statement. Its Duration is Unknown when the log does not tell it.
	Execution Kind = iota
	// ParsePhase and BindPhase are the extended protocol's work before an execution. They take
	// time, but they are not executions.
	ParsePhase
	BindPhase
	// Nested is a run within another one: a statement of a function. Its time is in that of the outer one.
	Nested
	// Untied is a duration whose statement the log does not give.
	Untied
	// Failure is an error that belongs to no statement: a refused login, a full disk.
	Failure
	// Message is everything else the server says; Topic tells what about.
	Message
	// Command is a command of the protocol that is no statement, as a slow log has them: SQL is its name, such as "Quit".
	Command
)

// Dialect is the language of a statement.
type Dialect uint8

// The dialects.
const (
	PostgreSQL Dialect = iota
	MySQL
)

// Unknown stands for a duration or a time that the log does not give.
const Unknown = math.MinInt64

// Severity is the level of a message, in the order of weight.
type Severity uint8

// The severities of PostgreSQL. The DEBUG levels are one.
const (
	SeverityDebug Severity = iota
	SeverityInfo
	SeverityNotice
	SeverityLog
	SeverityWarning
	SeverityError
	SeverityFatal
	SeverityPanic
)

var severityNames = [...]string{"DEBUG", "INFO", "NOTICE", "LOG", "WARNING", "ERROR", "FATAL", "PANIC"}

func (s Severity) String() string { return severityNames[s] }

// Event is one thing that a log reports. The parser owns it and everything it points to: all of it
// is valid until the Sink returns, and what is kept must be copied (see AppendSQL).
type Event struct {
	Kind     Kind
	Dialect  Dialect // of SQL
	Severity Severity
	Failed   bool // the execution ended in an error; the fields of the error below are set
	Tabbed   bool // in SQL and Params each newline is followed by one TAB that the log added
	CRLF     bool // and has one \r before it that the log added
	Silent   bool // the log does not tell whether the execution failed
	Cut      bool // the statement's text is incomplete in the log
	Bound    bool // SQL came by the extended protocol, which mostly means with parameters for literals

	Time     int64 // of the log record, nanoseconds since 1970 UTC; Unknown without one
	Duration int64 // nanoseconds; Unknown when the log does not give it

	SQL []byte // the statement; empty when the log does not give it
	// Prepared is the PREPARE statement that SQL, an EXECUTE, runs; empty when SQL is none or the log does not tell.
	Prepared []byte
	Params   []byte // the list behind "parameters:", as logged

	Code   []byte // SQLSTATE of an error
	Text   []byte // the message
	Detail []byte
	Hint   []byte
	Topic  Topic // of a Message

	Origin    *Origin // never nil
	Inherited bool    // the database of the Origin is that of an earlier entry: this one does not tell

	Metrics    []metric.Value // what was measured beside the Duration
	Rate       int64          // of so many executions the server logs one; 0 and 1: it logs all
	Plan       []byte         // how the server ran the statement, as logged
	Attributes []byte         // what else the log says, "Thread_id: 8  Start: …"

	Offset int64 // of the record's first byte in its source, decompressed
}

// Origin is where a statement came from. Origins are interned by a parser: the same pointer is the
// same four names, and the number tells it from the parser's other origins, counted from 0.
// Number is -1 for origins beyond the parser's cap.
type Origin struct {
	Number                              int
	Database, User, Application, Client string // empty when the log does not tell
}

// Sink takes the Events of a log, in the order of the log within one session.
type Sink interface {
	Event(*Event)
}

// AppendSQL appends the statement to dst as the client sent it, without the TABs of the log.
func (e *Event) AppendSQL(dst []byte) []byte { return e.appendClean(dst, e.SQL) }

// AppendParams appends the parameter list to dst without the TABs of the log.
func (e *Event) AppendParams(dst []byte) []byte { return e.appendClean(dst, e.Params) }

// appendClean appends a text without what the log added at its line ends.
func (e *Event) appendClean(dst, text []byte) []byte {
	if !e.Tabbed {
		return append(dst, text...)
	}
	for {
		k := bytes.IndexByte(text, '\n')
		if k < 0 {
			return append(dst, text...)
		}
		line := text[:k]
		if e.CRLF {
			line = bytes.TrimSuffix(line, []byte("\r"))
		}
		dst = append(append(dst, line...), '\n')
		text = bytes.TrimPrefix(text[k+1:], []byte("\t"))
	}
}
