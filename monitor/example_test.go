package monitor_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/covetlog/covetlog/alert"
	"github.com/covetlog/covetlog/monitor"
	"github.com/covetlog/covetlog/stats"
)

func Example() {
	m := monitor.NewQueryMonitor(monitor.WithThreshold(500 * time.Millisecond))
	m.AddAlertHandler(func(_ context.Context, a alert.Alert) error {
		fmt.Println("alert:", a.Severity, a.Duration, a.Query)
		return nil
	})

	m.TrackQuery(monitor.Query{SQL: "SELECT name FROM users WHERE id = 1", Duration: 2 * time.Millisecond})
	m.TrackQuery(monitor.Query{SQL: "SELECT name FROM users WHERE id = 2", Duration: 1500 * time.Millisecond})
	m.TrackQuery(monitor.Query{SQL: "DELETE FROM carts", Duration: 20 * time.Millisecond, Err: context.DeadlineExceeded})

	// The handlers run in the background: Close waits for them.
	if err := m.Close(context.Background()); err != nil {
		fmt.Println(err)
	}
	for _, q := range m.SlowQueries(0, 10) {
		fmt.Println("slow:", q.Duration, q.SQL)
	}
	for _, q := range m.QueryStats(stats.ByTotal, 10) {
		fmt.Println("pattern:", q.ExecutionCount, q.ErrorCount, q.TotalDuration, q.Pattern)
	}
	var report bytes.Buffer
	if err := m.GenerateReport(&report); err != nil {
		fmt.Println(err)
	}
	for line := range strings.Lines(report.String()) {
		if strings.Contains(line, "Total Queries") {
			fmt.Println("report:", strings.Join(strings.Fields(line), " "))
		}
	}
	// Output:
	// alert: medium 1.5s SELECT name FROM users WHERE id = ?
	// slow: 1.5s SELECT name FROM users WHERE id = 2
	// pattern: 2 0 1.502s SELECT name FROM users WHERE id = ?
	// pattern: 1 1 20ms DELETE FROM carts
	// report: Total Queries: 3
}
