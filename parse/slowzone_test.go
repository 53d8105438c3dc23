package parse_test

import (
	"testing"
	"time"

	"github.com/covetlog/covetlog/parse"
)

// The zone of a local "# Time:" is worked out from SET timestamp. Where that is the start of a long statement, its duration is between.
func TestZoneOfLongStatements(t *testing.T) {
	const head = "/usr/sbin/mariadbd, Version: 10.11.6-MariaDB-log (MariaDB Server). started with:\nTcp port: 3306  Unix socket: /run/mysqld/mysqld.sock\nTime\t\t    Id Command\tArgument\n" +
		"# Time: 260302 11:40:00\n# User@Host: a[a] @ localhost []\n# Query_time: 2400.000000  Lock_time: 0.000000  Rows_sent: 1  Rows_examined: 1\n" +
		"SET timestamp=1772442000;\nSELECT 1;\n" // it began at 09:00 UTC
	log, err := parse.Open([]byte(head), parse.Options{})
	if err != nil {
		t.Fatal(err)
	}
	zone := log.Zone([]byte(head))
	if zone == nil {
		t.Fatal("no zone")
	}
	if _, offset := time.Unix(1772442000, 0).In(zone).Zone(); offset != 2*3600 {
		t.Errorf("the zone is %d seconds east of UTC, want two hours", offset)
	}
}
