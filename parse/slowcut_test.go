package parse

import (
	"strings"
	"testing"
)

// Lines that look like the start of MariaDB's warnings, and are none, are not each a reason to read ten thousand lines.
func TestWhatWasTakenForWarningsIsReadOnce(t *testing.T) {
	const entry = "# User@Host: a[a] @ localhost []\n# Query_time: 1.000000  Lock_time: 0.000000\nSET timestamp=1772442000;\nSELECT 1;\n"
	c := newSlowCutter()
	c.read([]byte(entry+strings.Repeat("# Time: x\n# Warnings\n", 20_000)+"# end\n"), false)
	if c.patience != maxHeading {
		t.Errorf("%d lines of warnings would be read, want %d", c.patience, maxHeading)
	}
	c.read([]byte(entry+strings.Repeat("# Time: x\n# Warnings\n", 20_000)+"# end\n"+entry), false)
	if c.patience != maxWarnings {
		t.Errorf("behind the next entry %d lines of warnings would be read, want %d", c.patience, maxWarnings)
	}
}
