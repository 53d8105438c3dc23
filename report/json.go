package report

import (
	"encoding/json"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"
)

// Schema names the JSON document and the version of it. Keys may be added within a version; docs/json.md describes them.
const Schema = "covetlog.report/1"

// The types below are the document, key by key in the order of printing. Patterns are built one at a time while they are
// printed: 20,000 of them never stand in memory together.
type (
	document struct {
		Schema      string       `json:"schema"`
		Inputs      []input      `json:"inputs"`
		Window      window       `json:"window"`
		Queries     queries      `json:"queries"`
		Commands    []command    `json:"commands"`
		Errors      []errorCount `json:"errors"`
		Messages    []topicCount `json:"messages"`
		Pools       []struct{}   `json:"pools"`
		Suggestions []advice     `json:"suggestions"`
		Alerts      []struct{}   `json:"alerts"`
		Warnings    []string     `json:"warnings"`
	}
	input struct {
		Name              string     `json:"name"`
		Format            name       `json:"format"`
		Compression       name       `json:"compression"`
		Prefix            name       `json:"prefix"`
		Bytes             int64      `json:"bytes"`
		Lines             int64      `json:"lines"`
		BlankLines        int64      `json:"blank_lines"`
		Entries           int64      `json:"entries"`
		RecognisedBytes   int64      `json:"recognised_bytes"`
		SkippedBytes      int64      `json:"skipped_bytes"`
		UnrecognisedBytes int64      `json:"unrecognised_bytes"`
		UnrecognisedLines int64      `json:"unrecognised_lines"`
		Unrecognised      []lostLine `json:"unrecognised"`
		PartialEntries    int64      `json:"partial_entries"`
		MalformedEntries  int64      `json:"malformed_entries"`
		AmbiguousEntries  int64      `json:"ambiguous_entries"`
		Doubtful          []oddEntry `json:"doubtful"`
		Error             name       `json:"error"`
	}
	lostLine struct {
		Number int64 `json:"number"`
		Offset int64 `json:"offset"`
		Text   name  `json:"text"`
	}
	oddEntry struct {
		lostLine
		Why string `json:"why"`
	}
	window struct {
		Start instant `json:"start"`
		End   instant `json:"end"`
	}
	queries struct {
		Total         int64             `json:"total"`
		Timed         int64             `json:"timed"`
		Slow          *int64            `json:"slow"`
		SlowPercent   *rate             `json:"slow_percent"`
		Errors        *int64            `json:"errors"`
		ErrorPercent  *rate             `json:"error_percent"`
		Silent        int64             `json:"outcome_unknown"`
		Patterns      int               `json:"unique_patterns"`
		Threshold     ms                `json:"threshold_ms"`
		TotalDuration ms                `json:"total_duration_ms"`
		Estimated     bool              `json:"estimated"`
		GroupBy       name              `json:"group_by"`
		Untied        durations         `json:"untied"`
		Overflow      *overflow         `json:"overflow"`
		List          iter.Seq[pattern] `json:"patterns"`
	}
	overflow struct {
		Count  int64  `json:"count"`
		Timed  int64  `json:"timed"`
		Errors *int64 `json:"errors"`
		Slow   *int64 `json:"slow_count"`
		Total  ms     `json:"total_ms"`
	}
	pattern struct {
		Fingerprint  string `json:"fingerprint"`
		Pattern      string `json:"pattern"`
		Dialect      name   `json:"dialect"`
		NormalizedBy name   `json:"normalized_by"`
		Count        int64  `json:"count"`
		Timed        int64  `json:"timed"`
		Errors       *int64 `json:"errors"`
		ErrorRate    *rate  `json:"error_rate"`
		Silent       int64  `json:"outcome_unknown"`
		distribution
		Slow         *int64           `json:"slow_count"`
		Estimated    bool             `json:"estimated"`
		First        instant          `json:"first_seen"`
		Last         instant          `json:"last_seen"`
		Databases    map[string]int64 `json:"databases"`
		Inferred     int64            `json:"inferred_databases"`
		Users        map[string]int64 `json:"users"`
		Applications map[string]int64 `json:"applications"`
		RowsSent     *int64           `json:"rows_sent"`
		RowsExamined *int64           `json:"rows_examined"`
		Examined     *rate            `json:"examined_per_sent"`
		Lock         ms               `json:"lock_ms"`
		LockPercent  *rate            `json:"lock_percent"`
		Metrics      map[string]any   `json:"metrics"` // timeMeasure, countMeasure or flagMeasure by the metric's name
		Plans        []plan           `json:"plans"`
		PTChecksum   name             `json:"pt_checksum"`
		DigestText   name             `json:"digest_text"`
		Phases       phaseTimes       `json:"phases"`
		Example      *example         `json:"example"`
	}
	timeMeasure struct {
		Told    int64 `json:"told"`
		Nonzero int64 `json:"nonzero"`
		Sum     ms    `json:"sum_ms"`
		Avg     ms    `json:"avg_ms"`
		P95     ms    `json:"p95_ms"`
		Max     ms    `json:"max_ms"`
	}
	countMeasure struct {
		Told    int64  `json:"told"`
		Nonzero int64  `json:"nonzero"`
		Sum     int64  `json:"sum"`
		Avg     rate   `json:"avg"`
		P95     *int64 `json:"p95"`
		Max     int64  `json:"max"`
	}
	flagMeasure struct {
		Told    int64 `json:"told"`
		Nonzero int64 `json:"nonzero"`
		Percent rate  `json:"percent"`
	}
	plan struct {
		Hash  string  `json:"hash"`
		Count int64   `json:"count"`
		Total ms      `json:"total_ms"`
		Avg   ms      `json:"avg_ms"`
		First instant `json:"first_seen"`
		Last  instant `json:"last_seen"`
		Plan  name    `json:"plan"`
	}
	phaseTimes struct {
		Parse  *durations `json:"parse"`
		Bind   *durations `json:"bind"`
		Nested *durations `json:"nested"`
	}
	durations struct {
		Count int64 `json:"count"`
		distribution
	}
	distribution struct {
		Total  ms `json:"total_ms"`
		Avg    ms `json:"avg_ms"`
		Median ms `json:"median_ms"`
		P95    ms `json:"p95_ms"`
		P99    ms `json:"p99_ms"`
		Min    ms `json:"min_ms"`
		Max    ms `json:"max_ms"`
		Stddev ms `json:"stddev_ms"`
	}
	example struct {
		SQL      string  `json:"sql"`
		Params   name    `json:"params"`
		Cut      bool    `json:"cut"`
		Duration ms      `json:"duration_ms"`
		Time     instant `json:"time"`
		Source   string  `json:"source"`
		Offset   int64   `json:"offset"`
		Plan     name    `json:"plan"`
		Other    name    `json:"attributes"`
	}
	command struct {
		Name      string `json:"name"`
		Count     int64  `json:"count"`
		Errors    int64  `json:"errors"`
		Estimated bool   `json:"estimated"`
		distribution
	}
	errorCount struct {
		Severity string  `json:"severity"`
		Code     name    `json:"code"`
		Message  string  `json:"message"`
		Count    int64   `json:"count"`
		First    instant `json:"first_seen"`
		Last     instant `json:"last_seen"`
	}
	topicCount struct {
		Topic string  `json:"topic"`
		Count int64   `json:"count"`
		First instant `json:"first_seen"`
		Last  instant `json:"last_seen"`
	}
	advice struct {
		Fingerprint string `json:"fingerprint"`
		Kind        string `json:"kind"`
		Text        string `json:"text"`
	}
)

// ms is a duration in nanoseconds, printed as milliseconds: all its digits, never an exponent, no float on the way.
type ms int64

// unknownMS is printed as null.
const unknownMS ms = math.MinInt64

func (v ms) MarshalJSON() ([]byte, error) {
	if v == unknownMS {
		return []byte("null"), nil
	}
	return []byte(v.String()), nil
}

// String prints the milliseconds with up to six decimals.
func (v ms) String() string {
	digits := strconv.FormatInt(int64(v), 10)
	sign := ""
	if v < 0 {
		sign, digits = "-", digits[1:]
	}
	if len(digits) < 7 {
		digits = strings.Repeat("0", 7-len(digits)) + digits
	}
	point := len(digits) - 6
	return strings.TrimSuffix(sign+digits[:point]+"."+strings.TrimRight(digits[point:], "0"), ".")
}

// rate is a percentage, a ratio or a mean, printed with up to two decimals.
type rate float64

func (r rate) MarshalJSON() ([]byte, error) { return []byte(r.String()), nil }

func (r rate) String() string {
	return strconv.FormatFloat(math.Round(float64(r)*100)/100, 'f', -1, 64)
}

// instant is a time in nanoseconds since 1970, printed as RFC 3339 in UTC; 0 is null.
type instant int64

func (t instant) MarshalJSON() ([]byte, error) {
	if t == 0 {
		return []byte("null"), nil
	}
	return []byte(`"` + t.String() + `"`), nil
}

func (t instant) String() string { return time.Unix(0, int64(t)).UTC().Format(time.RFC3339Nano) }

// name is a text that a log may not give; "" is null.
type name string

func (n name) MarshalJSON() ([]byte, error) {
	if n == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(n))
}
