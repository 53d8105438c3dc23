package parse

import "bytes"

// label is what stands before the colon in "LOG:  text": a severity, or the name of a further field of the message before it.
type label uint8

const (
	noLabel label = iota
	labelDebug
	labelInfo
	labelNotice
	labelLog
	labelWarning
	labelError
	labelFatal
	labelPanic
	// The fields of a message.
	labelDetail
	labelHint
	labelQuery
	labelContext
	labelLocation
	labelBacktrace
	labelStatement
)

// labels are the words of a server with lc_messages = C. A translated server is another table.
var labels = map[string]label{
	"DEBUG": labelDebug, "DEBUG1": labelDebug, "DEBUG2": labelDebug, "DEBUG3": labelDebug, "DEBUG4": labelDebug, "DEBUG5": labelDebug,
	"INFO": labelInfo, "NOTICE": labelNotice, "LOG": labelLog, "WARNING": labelWarning, "ERROR": labelError, "FATAL": labelFatal, "PANIC": labelPanic,
	"DETAIL": labelDetail, "HINT": labelHint, "QUERY": labelQuery, "CONTEXT": labelContext, "LOCATION": labelLocation,
	"BACKTRACE": labelBacktrace, "STATEMENT": labelStatement,
}

// starts tells whether a line with this label starts a log entry.
func (l label) starts() bool { return l >= labelDebug && l <= labelPanic }

// severity of a label that starts an entry.
func (l label) severity() Severity { return Severity(l - labelDebug) }

// severityOf returns the severity that word is, LOG for an unknown one.
func severityOf(word []byte) Severity {
	if string(word) == "LOG" { // nearly all
		return SeverityLog
	}
	if l := labels[string(word)]; l.starts() {
		return l.severity()
	}
	return SeverityLog
}

// labelOf returns the label that word is. The fields that stand behind every other statement need no map.
func labelOf(word []byte) label {
	switch string(word) {
	case "DETAIL":
		return labelDetail
	case "STATEMENT":
		return labelStatement
	case "CONTEXT":
		return labelContext
	}
	return labels[string(word)]
}

// longestLabel is the length of BACKTRACE and STATEMENT.
const longestLabel = 9

// readLabel reads "LOG:  " at the start of b and returns the label and where the text behind it begins: one or more spaces are
// skipped, two at most, so that a text that begins with a space keeps it. The colon may end the line.
func readLabel(b []byte) (label, int) {
	if len(b) >= 6 && string(b[:6]) == "LOG:  " { // nearly all lines
		return labelLog, 6
	}
	colon := bytes.IndexByte(b[:min(len(b), longestLabel+1)], ':')
	if colon < 3 {
		return noLabel, 0
	}
	l := labelOf(b[:colon])
	if l == noLabel {
		return noLabel, 0
	}
	i := colon + 1
	switch {
	case i < len(b) && b[i] != ' ' && b[i] != '\r' && b[i] != '\n':
		return noLabel, 0
	case i+1 < len(b) && b[i] == ' ' && b[i+1] == ' ':
		i += 2
	case i < len(b) && b[i] == ' ':
		i++
	}
	return l, i
}

// readCode reads the "22012: " that log_error_verbosity = verbose puts before the message. A code always has a digit, so that
// "AUDIT: SESSION" is none.
func readCode(b []byte) (code []byte, length int) {
	if len(b) < 7 || b[5] != ':' || b[6] != ' ' || !isCode(b[:5]) {
		return nil, 0
	}
	return b[:5], 7
}

func isCode(b []byte) bool {
	digits := 0
	for _, c := range b {
		switch {
		case isDigit(c):
			digits++
		case c < 'A' || c > 'Z':
			return false
		}
	}
	return len(b) == 5 && digits > 0
}
