package report

import (
	"strings"
	"testing"

	"github.com/covetlog/covetlog/stats"
)

// A log that does not tell of errors has not none.
func TestErrorsThatNoLogTells(t *testing.T) {
	f := func(silent int64, format string, want ...string) {
		t.Helper()
		p := &stats.Pattern{Key: stats.Key{Fingerprint: 7, Dialect: stats.MySQL, By: stats.ByLexer}, Text: "SELECT ?", Count: 4, Silent: silent, Timed: durationsOf(1, 1, 1, 1)}
		got := print(t, New(setOf(p), nil, Options{Width: 200}), format)
		for _, text := range want {
			if !strings.Contains(got, text) {
				t.Errorf("%d of 4 silent, %s: %q is missing in\n%s", silent, format, text, got)
			}
		}
	}
	f(4, "text", "Errors: - (the log does not tell)\n")
	f(4, "json", `"errors":null,`, `"error_percent":null`, `"error_rate":null,"outcome_unknown":4`)
	f(4, "csv", ",4,4,,,") // count, timed, errors, error_percent
	f(4, "markdown", "| - | `0000000000000007` |")
	f(4, "table", "errors not told")
	f(1, "text", "Errors: 0 (0.00%); the log does not tell of 1\n")
	f(1, "json", `"error_rate":0,"outcome_unknown":1`)
	f(0, "text", "Errors: 0 (0.00%)\n")
}
