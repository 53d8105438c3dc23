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
	malformed     bool

	// In the entries of one log the same key follows on a key: it is compared first.
	next [len(attributeRows) + 1]attributeKey
}

func (a *attributes) begin() {
	a.metrics, a.other = a.metrics[:0], a.other[:0]
	a.duration, a.set, a.rate = Unknown, Unknown, 0
	a.user, a.schema, a.errno, a.killed, a.plan, a.hasSchema, a.malformed = nil, nil, nil, nil, nil, false, false
}

// attributeKind says what to do with the value of a key.
type attributeKind uint8

const (
	attributeOther  attributeKind = iota // keep it as it is
	attributeNumber                      // a metric
	attributeSeconds
	attributeMillis
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
}{
	{"Query_time", attributeDuration, 0},
	{"Lock_time", attributeSeconds, metric.LockTime},
	{"Rows_sent", attributeNumber, metric.RowsSent},
	{"Rows_examined", attributeNumber, metric.RowsExamined},
	{"Rows_affected", attributeNumber, metric.RowsAffected},
	{"Rows_read", attributeNumber, metric.RowsRead},
	{"Bytes_sent", attributeNumber, metric.BytesSent},
	{"Bytes_received", attributeNumber, metric.BytesReceived},
	{"Schema", attributeSchema, 0},
	{"DB", attributeSchema, 0},
	{"Errno", attributeErrno, 0},
	{"Last_errno", attributeErrno, 0},
	{"Killed", attributeKilled, 0},
	{"Log_slow_rate_limit", attributeRate, 0},
	{"Tmp_tables", attributeNumber, metric.TmpTables},
	{"Created_tmp_tables", attributeNumber, metric.TmpTables},
	{"Tmp_disk_tables", attributeNumber, metric.TmpDiskTables},
	{"Created_tmp_disk_tables", attributeNumber, metric.TmpDiskTables},
	{"Tmp_table_sizes", attributeNumber, metric.TmpTableSizes},
	{"Max_tmp_disk_space_used", attributeNumber, metric.MaxTmpDiskSpaceUsed},
	{"Count_hit_tmp_table_size", attributeNumber, metric.CountHitTmpTableSize},
	{"Full_scan", attributeFlag, metric.FullScan},
	{"Full_join", attributeFlag, metric.FullJoin},
	{"Tmp_table", attributeFlag, metric.TmpTable},
	{"Tmp_table_on_disk", attributeFlag, metric.TmpTableOnDisk},
	{"Filesort", attributeFlag, metric.Filesort},
	{"Filesort_on_disk", attributeFlag, metric.FilesortOnDisk},
	{"Priority_queue", attributeFlag, metric.PriorityQueue},
	{"Merge_passes", attributeNumber, metric.MergePasses},
	{"QC_Hit", attributeFlag, metric.QueryCacheHit},
	{"QC_hit", attributeFlag, metric.QueryCacheHit},
	{"InnoDB_IO_r_ops", attributeNumber, metric.InnoDBReadOps},
	{"InnoDB_IO_r_bytes", attributeNumber, metric.InnoDBReadBytes},
	{"InnoDB_IO_r_wait", attributeSeconds, metric.InnoDBReadWait},
	{"InnoDB_rec_lock_wait", attributeSeconds, metric.InnoDBRecordLockWait},
	{"InnoDB_queue_wait", attributeSeconds, metric.InnoDBQueueWait},
	{"InnoDB_pages_distinct", attributeNumber, metric.InnoDBPagesDistinct},
	{"Pages_accessed", attributeNumber, metric.PagesAccessed},
	{"Pages_read", attributeNumber, metric.PagesRead},
	{"Pages_prefetched", attributeNumber, metric.PagesPrefetched},
	{"Pages_updated", attributeNumber, metric.PagesUpdated},
	{"Old_rows_read", attributeNumber, metric.OldRowsRead},
	{"Pages_read_time", attributeMillis, metric.PagesReadTime},
	{"Engine_time", attributeMillis, metric.EngineTime},
	{"Read_first", attributeNumber, metric.ReadFirst},
	{"Read_last", attributeNumber, metric.ReadLast},
	{"Read_key", attributeNumber, metric.ReadKey},
	{"Read_next", attributeNumber, metric.ReadNext},
	{"Read_prev", attributeNumber, metric.ReadPrev},
	{"Read_rnd", attributeNumber, metric.ReadRnd},
	{"Read_rnd_next", attributeNumber, metric.ReadRndNext},
	{"Sort_merge_passes", attributeNumber, metric.SortMergePasses},
	{"Sort_range_count", attributeNumber, metric.SortRangeCount},
	{"Sort_rows", attributeNumber, metric.SortRows},
	{"Sort_scan_count", attributeNumber, metric.SortScanCount},
}

// read reads one line of "Key: value" pairs, from behind its #. A value ends where the next key begins, so it may hold spaces, as the name
// of a database may; and it may be empty.
func (a *attributes) read(line []byte) {
	before := attributeKey(0)
	i := skipSpaces(line, 0)
	colon := keyEnd(line, i)
	for colon > 0 {
		name := line[i:colon]
		k := a.find(name, before)
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
		before = k
	}
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

// find returns the key with a name that stands behind another.
func (a *attributes) find(name []byte, before attributeKey) attributeKey {
	if k := a.next[before]; k > 0 && attributeRows[k-1].name == string(name) {
		return k
	}
	for i := range attributeRows {
		if attributeRows[i].name == string(name) {
			a.next[before] = attributeKey(i + 1)
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
		if n, ok = decimal(v, second); ok {
			a.duration = n
		}
	case attributeNumber:
		if n, ok = decimal(v, 1); ok {
			a.metrics = append(a.metrics, metric.Value{Metric: row.metric, Value: n})
		}
	case attributeSeconds:
		if n, ok = decimal(v, second); ok {
			a.metrics = append(a.metrics, metric.Value{Metric: row.metric, Value: n})
		}
	case attributeMillis:
		if n, ok = decimal(v, second/1000); ok {
			a.metrics = append(a.metrics, metric.Value{Metric: row.metric, Value: n})
		}
	case attributeFlag:
		if len(v) > 0 && v[0] == 'Y' {
			n = 1
		}
		a.metrics = append(a.metrics, metric.Value{Metric: row.metric, Value: n})
	case attributeSchema:
		a.schema, a.hasSchema = v, true
	case attributeErrno:
		a.errno = nonzero(v)
	case attributeKilled:
		if a.killed = nonzero(v); len(a.killed) > 0 {
			n = 1
		}
		a.metrics = append(a.metrics, metric.Value{Metric: metric.Killed, Value: n})
	case attributeRate:
		if n, ok = decimal(v, 1); ok {
			a.rate = n
		}
	}
	a.malformed = a.malformed || !ok
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
	k := bytes.Index(line, []byte("timestamp="))
	if k < 0 {
		return
	}
	v := bytes.TrimSuffix(line[k+len("timestamp="):], []byte(";"))
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
