// Package metric names what a server measures of an execution beside its duration: rows, bytes, temporary tables, time spent
// waiting. Parsers read metrics, collectors count them and reports print them, all by this one table.
package metric

// Metric is one thing that is measured.
type Metric uint8

// Unit is what a Metric is counted in.
type Unit uint8

// The units.
const (
	Nanoseconds Unit = iota
	Rows
	Bytes
	Count
	Flag // 1 when it was so, 0 when it was not
)

// Value is a Metric of one execution.
type Value struct {
	Metric Metric
	Value  int64 // not negative
}

// The metrics, in the order of printing.
const (
	LockTime Metric = iota
	RowsSent
	RowsExamined
	RowsAffected
	RowsRead
	BytesSent
	BytesReceived
	TmpTables
	TmpDiskTables
	TmpTableSizes
	MaxTmpDiskSpaceUsed
	CountHitTmpTableSize
	FullScan
	FullJoin
	TmpTable
	TmpTableOnDisk
	Filesort
	FilesortOnDisk
	PriorityQueue
	MergePasses
	QueryCacheHit
	InnoDBReadOps
	InnoDBReadBytes
	InnoDBReadWait
	InnoDBRecordLockWait
	InnoDBQueueWait
	InnoDBPagesDistinct
	PagesAccessed
	PagesRead
	PagesPrefetched
	PagesUpdated
	OldRowsRead
	PagesReadTime
	EngineTime
	ReadFirst
	ReadLast
	ReadKey
	ReadNext
	ReadPrev
	ReadRnd
	ReadRndNext
	SortMergePasses
	SortRangeCount
	SortRows
	SortScanCount
	Killed
	N // how many there are
)

var table = [N]struct {
	name  string
	title string
	unit  Unit
}{
	LockTime:             {"lock_time", "Lock time", Nanoseconds},
	RowsSent:             {"rows_sent", "Rows sent", Rows},
	RowsExamined:         {"rows_examined", "Rows examined", Rows},
	RowsAffected:         {"rows_affected", "Rows affected", Rows},
	RowsRead:             {"rows_read", "Rows read", Rows},
	BytesSent:            {"bytes_sent", "Bytes sent", Bytes},
	BytesReceived:        {"bytes_received", "Bytes received", Bytes},
	TmpTables:            {"tmp_tables", "Temporary tables", Count},
	TmpDiskTables:        {"tmp_disk_tables", "Temporary tables on disk", Count},
	TmpTableSizes:        {"tmp_table_sizes", "Size of temporary tables", Bytes},
	MaxTmpDiskSpaceUsed:  {"max_tmp_disk_space_used", "Temporary disk space", Bytes},
	CountHitTmpTableSize: {"count_hit_tmp_table_size", "Temporary tables over their limit", Count},
	FullScan:             {"full_scan", "Full scan", Flag},
	FullJoin:             {"full_join", "Full join", Flag},
	TmpTable:             {"tmp_table", "Temporary table", Flag},
	TmpTableOnDisk:       {"tmp_table_on_disk", "Temporary table on disk", Flag},
	Filesort:             {"filesort", "Filesort", Flag},
	FilesortOnDisk:       {"filesort_on_disk", "Filesort on disk", Flag},
	PriorityQueue:        {"priority_queue", "Priority queue", Flag},
	MergePasses:          {"merge_passes", "Merge passes", Count},
	QueryCacheHit:        {"query_cache_hit", "Query cache hit", Flag},
	InnoDBReadOps:        {"innodb_io_r_ops", "InnoDB reads", Count},
	InnoDBReadBytes:      {"innodb_io_r_bytes", "InnoDB bytes read", Bytes},
	InnoDBReadWait:       {"innodb_io_r_wait", "InnoDB read wait", Nanoseconds},
	InnoDBRecordLockWait: {"innodb_rec_lock_wait", "InnoDB record lock wait", Nanoseconds},
	InnoDBQueueWait:      {"innodb_queue_wait", "InnoDB queue wait", Nanoseconds},
	InnoDBPagesDistinct:  {"innodb_pages_distinct", "InnoDB pages", Count},
	PagesAccessed:        {"pages_accessed", "Pages accessed", Count},
	PagesRead:            {"pages_read", "Pages read", Count},
	PagesPrefetched:      {"pages_prefetched", "Pages prefetched", Count},
	PagesUpdated:         {"pages_updated", "Pages updated", Count},
	OldRowsRead:          {"old_rows_read", "Old rows read", Rows},
	PagesReadTime:        {"pages_read_time", "Page read time", Nanoseconds},
	EngineTime:           {"engine_time", "Engine time", Nanoseconds},
	ReadFirst:            {"read_first", "First entries of indexes read", Count},
	ReadLast:             {"read_last", "Last entries of indexes read", Count},
	ReadKey:              {"read_key", "Rows read by key", Rows},
	ReadNext:             {"read_next", "Rows read in order of a key", Rows},
	ReadPrev:             {"read_prev", "Rows read in reverse order of a key", Rows},
	ReadRnd:              {"read_rnd", "Rows read by position", Rows},
	ReadRndNext:          {"read_rnd_next", "Rows read in scans", Rows},
	SortMergePasses:      {"sort_merge_passes", "Sort merge passes", Count},
	SortRangeCount:       {"sort_range_count", "Sorts of ranges", Count},
	SortRows:             {"sort_rows", "Rows sorted", Rows},
	SortScanCount:        {"sort_scan_count", "Sorts of scans", Count},
	Killed:               {"killed", "Killed", Flag},
}

// String returns the name, as it is in JSON: "rows_examined".
func (m Metric) String() string { return table[m].name }

// Title returns the name for people: "Rows examined".
func (m Metric) Title() string { return table[m].title }

// Unit returns what m is counted in.
func (m Metric) Unit() Unit { return table[m].unit }

// Spread tells whether it is worth knowing how the values of m spread, not only their sum: it is for times and rows.
func (m Metric) Spread() bool { return table[m].unit <= Rows }

// Parse returns the Metric with a name.
func Parse(name string) (Metric, bool) {
	for m := range N {
		if table[m].name == name {
			return m, true
		}
	}
	return 0, false
}
