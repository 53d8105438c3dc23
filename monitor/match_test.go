package monitor

import (
	"strings"
	"testing"
	"time"

	"github.com/covetlog/covetlog/parse"
	"github.com/covetlog/covetlog/stats"
)

// Where statements are chosen, the rest of the log does not show: not in the counts and not in the window.
func TestMatchChoosesStatements(t *testing.T) {
	c := NewCollector(CollectorOptions{Threshold: time.Second, Match: func(pattern string) bool { return strings.Contains(pattern, "orders") }})
	origin := &parse.Origin{}
	for i, sql := range []string{"SELECT * FROM users", "SELECT * FROM orders", "SELECT id FROM orders", "SELECT 1"} {
		c.Event(&parse.Event{Kind: parse.Execution, Time: int64(10 + i), Duration: 5, SQL: []byte(sql), Origin: origin})
	}
	c.Event(&parse.Event{Kind: parse.Message, Topic: parse.Checkpoints, Time: 1, Origin: origin})
	c.Event(&parse.Event{Kind: parse.Untied, Duration: 5, Time: 99, Origin: origin})
	set := c.Set()
	if got := set.Totals(); got.Count != 2 || got.Sum != 10 {
		t.Errorf("%+v", got)
	}
	if want := (stats.Window{Start: 11, End: 12}); set.Window != want || len(set.Messages) != 0 || set.Untied.Count != 0 {
		t.Errorf("window %v, want %v; messages %v, untied %v", set.Window, want, set.Messages, set.Untied.Count)
	}
}
