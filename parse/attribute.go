package parse

import (
	"bytes"
	"math"

	"github.com/covetlog/covetlog/metric"
)

// attributes are what the lines before a statement say about its execution.
type attributes struct {
	metrics  []metric.Value
	duration int64 // nanoseconds; Unknown
	set      int64 // SET timestamp, nanoseconds since 1970; Unknown
	rate     int64 // of so many executions one is logged; 0: not told

	user, schema  []byte
	hasSchema     bool
	errno, killed []byte // empty: none
	plan          []byte // the explain lines, from planAt on
	planAt        int
	other         []byte // keys that are not known, "key: value" with two spaces between
	malformed     string // the first key whose value is none
	judged        bool   // it is told whether the execution failed
	told          uint64 // the metrics that were told, as bits: Percona Server tells some of them by two names

	// In the entries of one log the same key follows on a key: it is compared first.
	before attributeKey
	next   [len(attributeRows) + 1]attributeKey
}

func (a *attributes) begin() {
	a.metrics, a.other, a.told = a.metrics[:0], a.other[:0], 0
	a.duration, a.set, a.rate, a.before = Unknown, Unknown, 0, 0
	a.user, a.schema, a.errno, a.killed, a.plan, a.hasSchema, a.malformed, a.judged = nil, nil, nil, nil, nil, false, "", false
}

// attributeKind says what to do with the value of a key.
type attributeKind uint8

const (
	attributeOther  attributeKind = iota // keep it as it is
	attributeNumber                      // a metric
	attributeFlag
	attributeDuration
	attributeSchema
	attributeErrno
	attributeKilled
	attributeRate
)

// attributeKey is the place of a key in attributeRows, from 1; 0: not known.
type attributeKey uint8

// attributeRows are the keys of all servers. MariaDB writes two of its times in milliseconds, everybody else seconds.
var attributeRows = [...]struct {
	name   string
	kind   attributeKind
	metric metric.Metric
	unit   int64 // how many of what is counted make one of what is written; 0: it is no number
}{
	{"Query_time", attributeDuration, 0, second},
	{"Lock_time", attributeNumber, metric.LockTime, second},
	{"Rows_sent", attributeNumber, metric.RowsSent, 1},
	{"Rows_examined", attributeNumber, metric.RowsExamined, 1},
	{"Rows_affected", attributeNumber, metric.RowsAffected, 1},
	{"Rows_read", attributeNumber, metric.RowsRead, 1},
	{"Bytes_sent", attributeNumber, metric.BytesSent, 1},
	{"Bytes_received", attributeNumber, metric.BytesReceived, 1},
	{"Schema", attributeSchema, 0, 0},
	{"DB", attributeSchema, 0, 0},
	{"Errno", attributeErrno, 0, 0},
	{"Last_errno", attributeErrno, 0, 0},
	{"Killed", attributeKilled, 0, 0},
	{"Log_slow_rate_limit", attributeRate, 0, 0},
	{"Tmp_tables", attributeNumber, metric.TmpTables, 1},
	{"Created_tmp_tables", attributeNumber, metric.TmpTables, 1},
	{"Tmp_disk_tables", attributeNumber, metric.TmpDiskTables, 1},
	{"Created_tmp_disk_tables", attributeNumber, metric.TmpDiskTables, 1},
	{"Tmp_table_sizes", attributeNumber, metric.TmpTableSizes, 1},
	{"Max_tmp_disk_space_used", attributeNumber, metric.MaxTmpDiskSpaceUsed, 1},
	{"Count_hit_tmp_table_size", attributeNumber, metric.CountHitTmpTableSize, 1},
	{"Full_scan", attributeFlag, metric.FullScan, 0},
	{"Full_join", attributeFlag, metric.FullJoin, 0},
	{"Tmp_table", attributeFlag, metric.TmpTable, 0},
	{"Tmp_table_on_disk", attributeFlag, metric.TmpTableOnDisk, 0},
	{"Filesort", attributeFlag, metric.Filesort, 0},
	{"Filesort_on_disk", attributeFlag, metric.FilesortOnDisk, 0},
	{"Priority_queue", attributeFlag, metric.PriorityQueue, 0},
	{"Merge_passes", attributeNumber, metric.MergePasses, 1},
	{"QC_Hit", attributeFlag, metric.QueryCacheHit, 0},
	{"QC_hit", attributeFlag, metric.QueryCacheHit, 0},
	{"InnoDB_IO_r_ops", attributeNumber, metric.InnoDBReadOps, 1},
	{"InnoDB_IO_r_bytes", attributeNumber, metric.InnoDBReadBytes, 1},
	{"InnoDB_IO_r_wait", attributeNumber, metric.InnoDBReadWait, second},
	{"InnoDB_rec_lock_wait", attributeNumber, metric.InnoDBRecordLockWait, second},
	{"InnoDB_queue_wait", attributeNumber, metric.InnoDBQueueWait, second},
	{"InnoDB_pages_distinct", attributeNumber, metric.InnoDBPagesDistinct, 1},
	{"Pages_accessed", attributeNumber, metric.PagesAccessed, 1},
	{"Pages_read", attributeNumber, metric.PagesRead, 1},
	{"Pages_prefetched", attributeNumber, metric.PagesPrefetched, 1},
	{"Pages_updated", attributeNumber, metric.PagesUpdated, 1},
	{"Old_rows_read", attributeNumber, metric.OldRowsRead, 1},
	{"Pages_read_time", attributeNumber, metric.PagesReadTime, second / 1000},
	{"Engine_time", attributeNumber, metric.EngineTime, second / 1000},
	{"Read_first", attributeNumber, metric.ReadFirst, 1},
	{"Read_last", attributeNumber, metric.ReadLast, 1},
	{"Read_key", attributeNumber, metric.ReadKey, 1},
	{"Read_next", attributeNumber, metric.ReadNext, 1},
	{"Read_prev", attributeNumber, metric.ReadPrev, 1},
	{"Read_rnd", attributeNumber, metric.ReadRnd, 1},
	{"Read_rnd_next", attributeNumber, metric.ReadRndNext, 1},
	{"Sort_merge_passes", attributeNumber, metric.SortMergePasses, 1},
	{"Sort_range_count", attributeNumber, metric.SortRangeCount, 1},
	{"Sort_rows", attributeNumber, metric.SortRows, 1},
	{"Sort_scan_count", attributeNumber, metric.SortScanCount, 1},
}

// read reads one line of "Key: value" pairs, from behind its #. A value ends where the next key begins, so it may hold spaces, as the name
// of a database may; and it may be empty.
func (a *attributes) read(line []byte) {
	i := a.usual(line, skipSpaces(line, 0))
	colon := keyEnd(line, i)
	for colon > 0 {
		name := line[i:colon]
		k := a.find(name)
		start := skipSpaces(line, colon+1)
		end := start
		i, colon = start, 0
		for i < len(line) {
			if colon = keyEnd(line, i); colon > 0 {
				break
			}
			for i < len(line) && line[i] != ' ' {
				i++
			}
			end = i
			i = skipSpaces(line, i)
		}
		a.value(k, name, line[start:end])
		a.before = k
	}
}

// usual reads the keys that come in the order of the entry before, as far as their values are numbers, and returns the place of what is
// left. It does what read does.
func (a *attributes) usual(line []byte, i int) (rest int) {
	start, count, before, duration, told := i, len(a.metrics), a.before, a.duration, a.told // in front of the last value
	for k := a.next[a.before]; k > 0; k = a.next[k] {
		row := &attributeRows[k-1]
		n := i + len(row.name)
		if row.unit == 0 || n+3 > len(line) || line[n] != ':' || line[n+1] != ' ' || string(line[i:n]) != row.name {
			break
		}
		v, end := shortDecimal(line, skipSpaces(line, n+2), row.unit)
		if end == 0 {
			break
		}
		start, count, before, duration, told = i, len(a.metrics), a.before, a.duration, a.told
		if row.kind == attributeDuration {
			a.duration = v
		} else {
			a.measure(row.metric, v)
		}
		a.before, i = k, skipSpaces(line, end)
	}
	if i < len(line) && keyEnd(line, i) == 0 { // more of that value follows
		i, a.metrics, a.before, a.duration, a.told = start, a.metrics[:count], before, duration, told
	}
	return i
}

// shortDecimal reads a number that a space or the end of the line follows, in units of which one has so many. The end is 0 for what is
// something else or longer than 15 digits.
func shortDecimal(b []byte, i int, one int64) (v int64, end int) {
	start := i
	for i < len(b) && b[i]-'0' <= 9 {
		v = v*10 + int64(b[i]-'0')
		i++
	}
	if i == start || i-start > 9 {
		return 0, 0
	}
	v *= one
	if i < len(b) && b[i] == '.' {
		i++
		first := i
		for unit := one / 10; i < len(b) && b[i]-'0' <= 9; unit /= 10 {
			v += int64(b[i]-'0') * unit
			i++
		}
		if i == first || i-first > 9 {
			return 0, 0
		}
	}
	if i < len(b) && b[i] != ' ' {
		return 0, 0
	}
	return v, i
}

func skipSpaces(b []byte, i int) int {
	for i < len(b) && b[i] == ' ' {
		i++
	}
	return i
}

// keyEnd returns the place of the colon behind the key at i, 0 if there is none. Keys begin with a capital letter, and a space or the end
// of the line is behind the colon: "10:00" is a value.
func keyEnd(b []byte, i int) int {
	if i >= len(b) || b[i]-'A' > 'Z'-'A' {
		return 0
	}
	for i++; i < len(b) && isWord(b[i]); i++ {
	}
	if i < len(b) && b[i] == ':' && (i+1 == len(b) || b[i+1] == ' ') {
		return i
	}
	return 0
}

// find returns the key with a name.
func (a *attributes) find(name []byte) attributeKey {
	if k := a.next[a.before]; k > 0 && attributeRows[k-1].name == string(name) {
		return k
	}
	for i := range attributeRows {
		if attributeRows[i].name == string(name) {
			a.next[a.before] = attributeKey(i + 1)
			return attributeKey(i + 1)
		}
	}
	return 0
}

func (a *attributes) value(k attributeKey, name, v []byte) {
	if k == 0 {
		a.keep(name, v)
		return
	}
	n, ok := int64(0), true
	switch row := &attributeRows[k-1]; row.kind {
	case attributeDuration:
		if n, ok = decimal(v, row.unit); ok {
			a.duration = n
		}
	case attributeNumber:
		if n, ok = decimal(v, row.unit); ok {
			a.measure(row.metric, n)
		}
	case attributeFlag:
		if len(v) > 0 && v[0] == 'Y' {
			n = 1
		}
		a.measure(row.metric, n)
	case attributeSchema:
		a.schema, a.hasSchema = v, true
	case attributeErrno:
		a.judged = true
		if ok = isErrno(v); ok && len(a.errno) == 0 {
			a.errno = nonzero(v)
		}
	case attributeKilled:
		if ok = isErrno(v); ok {
			if a.killed = nonzero(v); len(a.killed) > 0 {
				n = 1
			}
			a.measure(metric.Killed, n)
		}
	case attributeRate:
		if n, ok = decimal(v, 1); ok && n <= maxRate {
			a.rate = n
		} else {
			ok = false
		}
	}
	if !ok && a.malformed == "" {
		a.malformed = attributeRows[k-1].name
	}
}

// maxRate is the largest Log_slow_rate_limit that is believed. Percona Server takes 1000 at most.
const maxRate = 1_000_000

// measure takes the value of a metric, the first one if it is told again.
func (a *attributes) measure(m metric.Metric, v int64) {
	if a.told&(1<<m) == 0 {
		a.told |= 1 << m
		a.metrics = append(a.metrics, metric.Value{Metric: m, Value: v})
	}
}

var _ [64 - metric.N]struct{} // told has a bit for each

// isErrno tells whether a value can be the number of an error: they have five digits at most.
func isErrno(v []byte) bool {
	return len(v) > 0 && len(v) <= 5 && isNumber(v)
}

// nonzero returns a number unless it is 0.
func nonzero(v []byte) []byte {
	if len(v) == 1 && v[0] == '0' {
		return nil
	}
	return v
}

// maxOther is how many bytes are kept of the keys that are not known.
const maxOther = 1 << 10

func (a *attributes) keep(name, v []byte) {
	if len(a.other)+len(name)+len(v)+4 > maxOther {
		return
	}
	if len(a.other) > 0 {
		a.other = append(a.other, "  "...)
	}
	a.other = append(append(append(a.other, name...), ": "...), v...)
}

// decimal reads a number with a fraction and returns it in units of which one has so many. It is false for anything else, and for what
// does not fit.
func decimal(v []byte, one int64) (int64, bool) {
	n, i := int64(0), 0
	for ; i < len(v) && isDigit(v[i]); i++ {
		if n > (math.MaxInt64-9)/10 {
			return 0, false
		}
		n = n*10 + int64(v[i]-'0')
	}
	if i == 0 || n > math.MaxInt64/one-1 {
		return 0, false
	}
	n *= one
	if i < len(v) && v[i] == '.' {
		unit := one / 10
		for i++; i < len(v) && isDigit(v[i]); i++ {
			n += int64(v[i]-'0') * unit
			unit /= 10
		}
	}
	return n, i == len(v)
}

// setTime reads "SET insert_id=34484549,timestamp=1197996507;".
func (a *attributes) setTime(line []byte) {
	const key = "timestamp="
	k := len("SET ")
	if len(line) < k+len(key) || string(line[k:k+len(key)]) != key {
		if k = bytes.Index(line, []byte(key)); k < 0 {
			return
		}
	}
	v := bytes.TrimSuffix(line[k+len(key):], []byte(";"))
	if k = bytes.IndexByte(v, ','); k >= 0 {
		v = v[:k]
	}
	if n, ok := decimal(v, second); ok && n > 0 {
		a.set = n
	}
}

// explain adds a line of MariaDB's EXPLAIN, which is head[pos:end]. They stand one behind the other.
func (a *attributes) explain(head []byte, pos, end int) {
	if len(a.plan) == 0 {
		a.planAt = pos
	}
	a.plan = head[a.planAt:end]
}

// warning takes the number of the error from a line such as "# Error 1366 Incorrect integer value: 'two".
func (a *attributes) warning(line []byte) {
	text, ok := bytes.CutPrefix(line, []byte("# Error"))
	if !ok || len(a.errno) > 0 {
		return
	}
	text = bytes.TrimLeft(text, " ")
	if _, n := number(text); n > 0 {
		a.errno = text[:n]
	}
}
