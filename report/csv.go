package report

import (
	"bufio"
	"encoding/csv"
	"strconv"

	"github.com/covetlog/covetlog/metric"
	"github.com/covetlog/covetlog/stats"
)

// csvHeader names the columns. New ones are added at the end, so that a column keeps its number.
var csvHeader = []string{"rank", "fingerprint", "dialect", "normalized_by", "pattern", "count", "timed", "errors", "error_percent",
	"total_ms", "share_percent", "avg_ms", "median_ms", "p95_ms", "p99_ms", "min_ms", "max_ms", "stddev_ms", "slow_count", "rows_sent",
	"rows_examined", "lock_ms", "parse_count", "parse_total_ms", "bind_count", "bind_total_ms", "first_seen", "last_seen",
	"rows_affected", "bytes_sent", "examined_per_sent", "lock_percent", "full_scan_percent", "full_join_percent", "tmp_disk_percent", "filesort_percent",
	"plans", "inferred_databases", "estimated", "pt_checksum", "digest_text"}

// writeCSV prints a row a pattern, as RFC 4180 has it: lines end in CRLF. What is unknown is an empty cell. The numbers are those of JSON.
func (d *Doc) writeCSV(out *bufio.Writer) error {
	w := csv.NewWriter(out)
	w.UseCRLF = true
	if err := w.Write(csvHeader); err != nil {
		return err
	}
	for i, p := range d.limited(d.patterns, 0) {
		if err := w.Write(d.csvRow(i+1, p)); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func (d *Doc) csvRow(rank int, p *stats.Pattern) []string {
	t := distributionView(&p.Timed)
	row := []string{
		strconv.Itoa(rank), hex(p.Key), p.Dialect, d.normalizedBy(p), csvText(p.Text), csvCount(p.Count), csvCount(p.Timed.Count), csvOptional(knownCount(p.Errors, p.OutcomesKnown())),
		csvRate(p.ErrorRate(), p.OutcomesKnown()), csvMS(t.Total), d.csvShare(p), csvMS(t.Avg), csvMS(t.Median), csvMS(t.P95), csvMS(t.P99),
		csvMS(t.Min), csvMS(t.Max), csvMS(t.Stddev), csvOptional(slowCount(p)), csvOptional(sumOf(p, metric.RowsSent)),
		csvOptional(sumOf(p, metric.RowsExamined)), csvMS(known(sumOf(p, metric.LockTime))), csvCount(p.ParsePhase.Count), csvMS(distributionView(&p.ParsePhase).Total),
		csvCount(p.BindPhase.Count), csvMS(distributionView(&p.BindPhase).Total), csvTime(p.First), csvTime(p.Last),
	}
	return append(row, d.csvMeasures(p, d.listedDigests(rank-1, p))...)
}

// csvMeasures are the cells of what a slow log tells, and of other names of the pattern.
func (d *Doc) csvMeasures(p *stats.Pattern, ids Digests) []string {
	return []string{
		csvOptional(sumOf(p, metric.RowsAffected)), csvOptional(sumOf(p, metric.BytesSent)), csvRate(examinedPerSent(p)), csvRate(shareOfTime(p, metric.LockTime)),
		csvRate(p.ShareOf(metric.FullScan)), csvRate(p.ShareOf(metric.FullJoin)), csvRate(p.DiskTableShare()), csvRate(p.ShareOf(metric.Filesort)),
		csvPlans(p), csvCount(p.Inferred), strconv.FormatBool(p.Estimated), csvText(ids.PTChecksum), csvText(ids.DigestText),
	}
}

// csvPlans is how many plans the log tells of.
func csvPlans(p *stats.Pattern) string {
	if len(p.Plans) == 0 {
		return ""
	}
	return strconv.Itoa(len(p.Plans))
}

func csvRate(v float64, known bool) string {
	if !known {
		return ""
	}
	return rate(v).String()
}

// csvShare is the part of the total time of all patterns that p took.
func (d *Doc) csvShare(p *stats.Pattern) string {
	if p.Timed.Count == 0 {
		return ""
	}
	return rate(stats.Percent(p.Timed.Sum, d.totals.Sum)).String()
}

func csvCount(n int64) string { return strconv.FormatInt(n, 10) }

func csvOptional(n *int64) string {
	if n == nil {
		return ""
	}
	return csvCount(*n)
}

func csvMS(v ms) string {
	if v == unknownMS {
		return ""
	}
	return v.String()
}

func csvTime(ns int64) string {
	if ns == 0 {
		return ""
	}
	return instant(ns).String()
}
