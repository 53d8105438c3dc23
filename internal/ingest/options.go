// Package ingest feeds logs to the engine: it finds, opens and decompresses the sources, cuts them into blocks of whole
// entries, and runs the workers that parse and count them. What is counted is not its business: it feeds a parse.Sink.
package ingest

import (
	"io"
	"regexp"
	"time"

	"github.com/covetlog/covetlog/internal/when"
	"github.com/covetlog/covetlog/monitor"
)

// Options say what to read and what to leave out. The zero value of a field is its default.
type Options struct {
	Paths []string  // files, directories, glob patterns, or "-" for Stdin
	Stdin io.Reader // read for "-"

	Format    string         // name of a format; "" tells it by content
	Prefix    string         // PostgreSQL's log_line_prefix, if HasPrefix
	HasPrefix bool           // otherwise it is learned from the log
	Location  *time.Location // for times without a zone and for ambiguous abbreviations; nil: see parse

	Since, Until when.Spec // first counted time, and first time not counted any more; zero: no bound
	Now          time.Time // what "now" and "today" mean in Since and Until
	Names        map[Field]Selection
	Include      []*regexp.Regexp // the pattern must match one of them
	Exclude      []*regexp.Regexp // and none of these

	Threshold time.Duration     // a slow execution
	GroupBy   *monitor.Grouping // nil: by pattern
	Commands  bool              // administrator commands count as queries
	NoScale   bool              // an execution of a sampled log counts once
	Outlier   time.Duration     // see monitor.CollectorOptions
	Jobs      int               // workers; 0: as many as processors
	BlockSize int               // bytes read at once; 0: 256 KiB

	Progress func(Progress) // called now and then from one goroutine at a time; may be nil
}

// Field is a name in an event's origin by which events can be chosen.
type Field int

// The fields.
const (
	Database Field = iota
	User
	Application
	Client
)

// Selection chooses names: when Only is not empty the name must be in it, and it must not be in Except.
type Selection struct{ Only, Except []string }

// Progress says how far a run is. Done and Total are bytes as they are stored, compressed or not; Total is 0 when a source's size
// is not known. Read counts decompressed bytes.
type Progress struct {
	Source      string
	Done, Total int64
	Read        int64
}
