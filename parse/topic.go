package parse

import "bytes"

// Topic is what a server message is about.
type Topic uint8

// The topics.
const (
	Other Topic = iota
	Connections
	Disconnections
	Authentication
	Checkpoints
	Autovacuum
	Autoanalyze
	TemporaryFiles
	LockWaits
	Cancellations
	Replication
	Archiving
	Recovery
	ServerState
	Configuration
	StatementStatistics
	Audit
	Warnings
	Notices
	topicCount
)

var topicNames = [topicCount]string{"other", "connection", "disconnection", "authentication", "checkpoint", "autovacuum",
	"autoanalyze", "temporary file", "lock wait", "cancellation", "replication", "archiving", "recovery", "server state",
	"configuration", "statement statistics", "audit", "warning", "notice"}

func (t Topic) String() string { return topicNames[t] }

// topicStarts tell a topic by how the message starts.
var topicStarts = []struct {
	start string
	topic Topic
}{
	{"connection received: ", Connections},
	{"connection authenticated: ", Authentication},
	{"connection authorized: ", Connections},
	{"replication connection authorized: ", Replication},
	{"connection ready: ", Connections},
	{"disconnection: ", Disconnections},
	{"checkpoint starting:", Checkpoints},
	{"checkpoint complete:", Checkpoints},
	{"checkpoints are occurring too frequently", Checkpoints},
	{"restartpoint starting:", Checkpoints},
	{"restartpoint complete:", Checkpoints},
	{"recovery restart point at ", Checkpoints},
	{"automatic analyze of table ", Autoanalyze},
	{"automatic ", Autovacuum},
	{"temporary file: ", TemporaryFiles},
	{"recovery still waiting after ", LockWaits},
	{"recovery finished waiting after ", LockWaits},
	{"canceling ", Cancellations},
	{"terminating connection ", Cancellations},
	{"sending cancel to blocking autovacuum ", Autovacuum},
	{"archive command ", Archiving},
	{"restored log file ", Archiving},
	{"started streaming WAL ", Replication},
	{"terminating walreceiver ", Replication},
	{"terminating walsender ", Replication},
	{"requested WAL segment ", Replication},
	{"received replication command: ", Replication},
	{"starting logical decoding ", Replication},
	{"logical decoding found ", Replication},
	{"logical replication ", Replication},
	{"walsender process ", Replication},
	{"redo ", Recovery},
	{"consistent recovery state ", Recovery},
	{"invalid record length at ", Recovery},
	{"selected new timeline ID", Recovery},
	{"archive recovery complete", Recovery},
	{"entering standby mode", Recovery},
	{"database system ", ServerState},
	{"starting PostgreSQL ", ServerState},
	{"listening on ", ServerState},
	{"received smart shutdown request", ServerState},
	{"received fast shutdown request", ServerState},
	{"received immediate shutdown request", ServerState},
	{"aborting any active transactions", ServerState},
	{"shutting down", ServerState},
	{"ending log output to ", ServerState},
	{"all server processes terminated", ServerState},
	{"terminating any other active server processes", ServerState},
	{"server process ", ServerState},
	{"background worker ", ServerState},
	{"received SIGHUP", Configuration},
	{"parameter ", Configuration},
	{"configuration file ", Configuration},
	{"QUERY STATISTICS", StatementStatistics},
	{"PARSE ", StatementStatistics},
	{"PARSER STATISTICS", StatementStatistics},
	{"REWRITER STATISTICS", StatementStatistics},
	{"PLANNER STATISTICS", StatementStatistics},
	{"EXECUTOR STATISTICS", StatementStatistics},
	{"BIND MESSAGE STATISTICS", StatementStatistics},
	{"EXECUTE MESSAGE STATISTICS", StatementStatistics},
	{"AUDIT: ", Audit},
	{"could not accept SSL connection", Authentication},
	{"incomplete startup packet", Connections},
	{"invalid length of startup packet", Connections},
	{"unexpected EOF on client connection", Connections},
	{"could not receive data from client", Connections},
	{"could not send data to client", Connections},
}

// topicOf tells what a message below ERROR is about.
func topicOf(s Severity, message []byte) Topic {
	switch s {
	case SeverityWarning:
		return Warnings
	case SeverityLog:
	default:
		return Notices
	}
	for i := range topicStarts {
		t := &topicStarts[i]
		if len(message) >= len(t.start) && string(message[:len(t.start)]) == t.start {
			return t.topic
		}
	}
	if bytes.HasPrefix(message, []byte("process ")) {
		return lockTopic(message)
	}
	return Other
}

// lockTopic reads "process 71 still waiting for ShareLock on …".
func lockTopic(message []byte) Topic {
	rest := message[len("process "):]
	_, n := number(rest)
	for _, verb := range [...]string{" still waiting for ", " acquired ", " avoided deadlock for ", " detected deadlock while waiting for ", " could not obtain "} {
		if n > 0 && bytes.HasPrefix(rest[n:], []byte(verb)) {
			return LockWaits
		}
	}
	return Other
}
