package parse

// commands are those of the protocol of MySQL and MariaDB. Only these are told apart, so that whoever writes a log cannot invent any number
// of them.
var commands = func() map[string][]byte {
	known := map[string][]byte{}
	for _, name := range []string{
		"Sleep", "Quit", "Init DB", "Query", "Field List", "Create DB", "Drop DB", "Refresh", "Shutdown", "Statistics", "Processlist", "Connect",
		"Kill", "Debug", "Ping", "Time", "Delayed insert", "Change user", "Binlog Dump", "Table Dump", "Connect Out", "Register Slave",
		"Register Replica", "Prepare", "Execute", "Long Data", "Close stmt", "Reset stmt", "Set option", "Fetch", "Daemon", "Binlog Dump GTID",
		"Reset connection", "Reset Connection", "clone", "Group Replication Data Stream subscription", "Error", "Slave_IO", "Slave_SQL",
		"Slave_worker", "Bulk_execute", "Execute Bulk", "Com_multi", "Unimpl get tid",
	} {
		known[name] = []byte(name)
	}
	return known
}()

var otherCommand = []byte("(other)")

// commandNamed returns a command that is known.
func commandNamed(name []byte) []byte {
	if c := commands[string(name)]; c != nil { // copies nothing
		return c
	}
	return otherCommand
}
