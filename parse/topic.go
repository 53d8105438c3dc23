package parse

// Topic is what a server message is about.
type Topic uint8

// The topics, in the order in which a report lists equals.
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
	StatementText // a statement that never got a duration is an Execution; this is a statistics block
	Audit
	Warnings
	Notices
	topicCount
)

var topicNames = [topicCount]string{"other", "connection", "disconnection", "authentication", "checkpoint", "autovacuum",
	"autoanalyze", "temporary file", "lock wait", "cancellation", "replication", "archiving", "recovery", "server state",
	"configuration", "statement statistics", "audit", "warning", "notice"}

func (t Topic) String() string { return topicNames[t] }
