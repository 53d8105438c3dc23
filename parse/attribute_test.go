package parse

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/covetlog/covetlog/metric"
)

// What is told twice, by one name or two, counts once.
func TestAttributesAreToldOnce(t *testing.T) {
	for _, c := range []struct {
		lines     []string
		want      map[metric.Metric]int64
		errno     string
		rate      int64
		malformed bool
	}{
		{[]string{" Query_time: 1.5  Bytes_sent: 66  Tmp_tables: 2", " Created_tmp_tables: 2 Bytes_sent: 66"}, map[metric.Metric]int64{metric.BytesSent: 66, metric.TmpTables: 2}, "", 0, false},
		{[]string{" Schema: a  Last_errno: 1317  Killed: 1317", " Query_time: 1 Errno: 0 Killed: 1317"}, map[metric.Metric]int64{metric.Killed: 1}, "1317", 0, false},
		{[]string{" Schema: a  Last_errno: 0  Killed: 0", " Query_time: 1 Errno: 1205 Killed: 0"}, map[metric.Metric]int64{metric.Killed: 0}, "1205", 0, false},
		{[]string{" Schema: a  Last_errno: ?  Killed: 0.000036"}, map[metric.Metric]int64{}, "", 0, true},
		{[]string{" QC_hit: No  QC_Hit: Yes  Full_scan: Yes"}, map[metric.Metric]int64{metric.QueryCacheHit: 0, metric.FullScan: 1}, "", 0, false},
		{[]string{" Log_slow_rate_type: query  Log_slow_rate_limit: 1000"}, map[metric.Metric]int64{}, "", 1000, false},
		{[]string{" Log_slow_rate_type: query  Log_slow_rate_limit: 900000000000000000"}, map[metric.Metric]int64{}, "", 0, true},
	} {
		var a attributes
		for range 3 { // then the keys are expected in their order
			a.begin()
			for _, line := range c.lines {
				a.read([]byte(line))
			}
			got := map[metric.Metric]int64{}
			for _, v := range a.metrics {
				got[v.Metric] += v.Value
			}
			if diff := cmp.Diff(c.want, got); diff != "" || string(a.errno) != c.errno || a.rate != c.rate || (a.malformed != "") != c.malformed {
				t.Errorf("%q: error %s, rate %d, malformed %v; want (-), got (+):\n%s", c.lines, a.errno, a.rate, a.malformed, diff)
			}
		}
	}
}
