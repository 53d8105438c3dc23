package monitor_test

import (
	"context"
	"fmt"
	"time"

	"github.com/covetlog/covetlog/alert"
	"github.com/covetlog/covetlog/monitor"
	"github.com/covetlog/covetlog/stats"
)

func Example() {
	m := monitor.NewQueryMonitor(monitor.WithThreshold(500 * time.Millisecond))
	m.AddAlertHandler(func(_ context.Context, a alert.Alert) error {
		fmt.Println(a.Severity, a.Duration, a.Query)
		return nil
	})

	m.TrackQuery(monitor.Query{SQL: "SELECT * FROM users WHERE id = 1", Duration: 2 * time.Millisecond})
	m.TrackQuery(monitor.Query{SQL: "SELECT * FROM users WHERE id = 2", Duration: 1500 * time.Millisecond})

	// The handlers run in the background: Close waits for them.
	if err := m.Close(context.Background()); err != nil {
		fmt.Println(err)
	}
	for _, q := range m.QueryStats(stats.ByTotal, 10) {
		fmt.Println(q.ExecutionCount, q.TotalDuration, q.Pattern)
	}
	// Output:
	// medium 1.5s SELECT * FROM users WHERE id = ?
	// 2 1.502s SELECT * FROM users WHERE id = ?
}
