package report

import (
	"strings"
	"testing"

	"github.com/covetlog/covetlog/stats"
)

// Where logs of two kinds of servers are read together, each pattern says which is its own.
func TestPatternsOfTwoDialects(t *testing.T) {
	pattern := func(key stats.Key) *stats.Pattern {
		return &stats.Pattern{Key: key, Text: "SELECT a FROM t", Count: 1, Timed: durationsOf(5)}
	}
	f := func(format string, opts Options, want ...string) {
		t.Helper()
		both := print(t, New(setOf(pattern(postgres(1)), pattern(mysql(2))), nil, opts), format)
		for _, w := range want {
			if !strings.Contains(both, w) {
				t.Errorf("%s: no %q in\n%s", format, w, both)
			}
		}
		for _, key := range []stats.Key{postgres(1), mysql(2)} {
			if one := print(t, New(setOf(pattern(key)), nil, opts), format); strings.Contains(one, "MySQL") || strings.Contains(one, "PostgreSQL") {
				t.Errorf("%s: the dialect is told, and there is one\n%s", format, one)
			}
		}
	}
	f("text", Options{}, "     PostgreSQL, Max: 5.00ms", "     MySQL, Max: 5.00ms")
	for _, width := range []int{40, 80, 200} {
		f("table", Options{Width: width}, "  dialect", "  PostgreSQL  SELE", "       MySQL  SELE")
	}
	f("markdown", Options{}, "| Dialect |\n", "| `0000000000000001` | PostgreSQL |\n", "| `0000000000000002` | MySQL |\n")
}
