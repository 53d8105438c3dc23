package synth

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// MySQLFormats are the slow logs that can be written.
//
//	mysql        MySQL 8 as it comes
//	mysql-extra  MySQL 8 with log_slow_extra
//	percona      Percona Server 8 with log_slow_verbosity=full
//	mariadb      MariaDB 10.11 with log_slow_verbosity=query_plan,explain, the server being at UTC+2
var MySQLFormats = []string{"mysql", "mysql-extra", "percona", "mariadb"}

// metric is what a slow log tells beside the duration.
type metric int

const (
	lockTime metric = iota
	rowsSent
	rowsExamined
	rowsAffected
	bytesReceived
	bytesSent
	readFirst
	readKey
	readNext
	readRndNext
	sortRange
	sortRows
	sortScan
	tmpTables
	tmpDiskTables
	tmpSizes
	fullScan
	fullJoin
	tmpTable
	tmpTableOnDisk
	filesort
	filesortOnDisk
	mergePasses
	priorityQueue
	innodbReads
	innodbBytes
	innodbReadWait
	innodbLockWait
	innodbPages
	metrics
)

var metricNames = [metrics]string{lockTime: "lock_time", rowsSent: "rows_sent", rowsExamined: "rows_examined", rowsAffected: "rows_affected",
	bytesReceived: "bytes_received", bytesSent: "bytes_sent", readFirst: "read_first", readKey: "read_key", readNext: "read_next", readRndNext: "read_rnd_next",
	sortRange: "sort_range_count", sortRows: "sort_rows", sortScan: "sort_scan_count", tmpTables: "tmp_tables", tmpDiskTables: "tmp_disk_tables",
	tmpSizes: "tmp_table_sizes", fullScan: "full_scan", fullJoin: "full_join", tmpTable: "tmp_table", tmpTableOnDisk: "tmp_table_on_disk",
	filesort: "filesort", filesortOnDisk: "filesort_on_disk", mergePasses: "merge_passes", priorityQueue: "priority_queue",
	innodbReads: "innodb_io_r_ops", innodbBytes: "innodb_io_r_bytes", innodbReadWait: "innodb_io_r_wait", innodbLockWait: "innodb_rec_lock_wait",
	innodbPages: "innodb_pages_distinct"}

// print appends a value as the server writes it.
func (m metric) print(dst []byte, value int64) []byte {
	switch m {
	case lockTime, innodbReadWait, innodbLockWait:
		return appendSeconds(dst, time.Duration(value))
	case fullScan, fullJoin, tmpTable, tmpTableOnDisk, filesort, filesortOnDisk, priorityQueue:
		return append(dst, []string{"No", "Yes"}[value]...)
	}
	return strconv.AppendInt(dst, value, 10)
}

func appendSeconds(dst []byte, d time.Duration) []byte {
	micros := int64(d / time.Microsecond)
	dst = append(strconv.AppendInt(dst, micros/1e6, 10), '.')
	return append(dst, strconv.AppendInt(nil, 1e6+micros%1e6, 10)[1:]...)
}

const iso = "2006-01-02T15:04:05.000000Z"

// mariaZone is where MariaDB runs: its times have no zone.
var mariaZone = time.FixedZone("", 2*60*60)

// fields are what else stands in a header.
var fields = map[string]func(*entry) string{
	"time":    func(e *entry) string { return e.end.Format(iso) },
	"start":   func(e *entry) string { return e.start.Format(iso) },
	"took":    func(e *entry) string { return string(appendSeconds(nil, e.took)) },
	"acts_as": func(e *entry) string { return e.actsAs },
	"user":    func(e *entry) string { return e.user },
	"host":    func(e *entry) string { return e.host },
	"ip":      func(e *entry) string { return e.ip },
	"id":      func(e *entry) string { return strconv.Itoa(e.id) },
	"wide_id": func(e *entry) string { return fmt.Sprintf("%5d", e.id) },
	"db":      func(e *entry) string { return e.db },
	"errno":   func(e *entry) string { return strconv.Itoa(e.errno) },
	"killed":  func(e *entry) string { return strconv.Itoa(e.killed) },
	"trx":     func(e *entry) string { return fmt.Sprintf("%X", e.transaction) },
	"clock":   clockTime,
	"explain": explain,
}

// clockTime is a time as MariaDB tells it: local, the hour not filled with a zero.
func clockTime(e *entry) string {
	local := e.end.In(mariaZone)
	return local.Format("060102 ") + fmt.Sprintf("%2d", local.Hour()) + local.Format(":04:05")
}

// explain is the plan of a statement, as if it were on one table.
func explain(e *entry) string {
	access, key, extra := "ref", "ix_state", "Using where"
	if e.values[fullScan] == 1 {
		access, key = "ALL", "NULL"
	}
	if e.values[filesort] == 1 {
		extra += "; Using filesort"
	}
	rows := e.values[rowsExamined]
	return fmt.Sprintf("1\tSIMPLE\t%s\t%s\t%s\t%[3]s\tNULL\tconst\t%d\t%d.00\t100.00\t100.00\t%s", e.shape.table, access, key, rows+rows/7, rows, extra)
}

// slowFormat is a kind of slow log.
type slowFormat struct {
	version   string
	columns   string // the third line of the log
	header    []block
	use       string // what names a database
	endStamps bool   // SET timestamp is the end, not the start
	namesDB   bool   // in each entry
	errors    bool   // are told
}

// block is some lines of a header, in the entries that have them.
type block struct {
	slots []slot
	when  func(l *slowLog, e *entry) bool
}

// slot is a text, and the value behind it: one of fields, a metric, or none.
type slot struct {
	text   string
	field  func(*entry) string
	metric metric // -1 for none
}

func always(*slowLog, *entry) bool { return true }

// headed compiles a template whose holes are metrics and fields.
func headed(template string, when func(*slowLog, *entry) bool) block {
	b := block{when: when}
	for _, p := range compile(template) {
		b.slots = append(b.slots, slot{text: p.text, field: fields[p.hole], metric: metric(slices.Index(metricNames[:], p.hole))})
	}
	return b
}

const (
	mysqlTime    = "# Time: {time}\n# User@Host: {acts_as}[{user}] @ {host} [{ip}]  Id: {wide_id}\n"
	mysqlColumns = "Time                 Id Command    Argument\n"
	plainTimes   = "# Query_time: {took}  Lock_time: {lock_time} Rows_sent: {rows_sent}  Rows_examined: {rows_examined}"
	scans        = "# Full_scan: {full_scan}  Full_join: {full_join}  Tmp_table: {tmp_table}  Tmp_table_on_disk: {tmp_table_on_disk}\n" +
		"# Filesort: {filesort}  Filesort_on_disk: {filesort_on_disk}  Merge_passes: {merge_passes}"
	tmpLine = "# Tmp_tables: {tmp_tables}  Tmp_disk_tables: {tmp_disk_tables}  Tmp_table_sizes: {tmp_table_sizes}\n"
)

var slowFormats = []*slowFormat{
	{version: "mysqld, Version: 8.0.36 (MySQL Community Server - GPL)", columns: mysqlColumns, use: "use %s;\n",
		header: []block{headed(mysqlTime+plainTimes+"\n", always)}},

	{version: "mysqld, Version: 8.0.36 (MySQL Community Server - GPL)", columns: mysqlColumns, use: "use %s;\n", errors: true,
		header: []block{headed(mysqlTime+plainTimes+" Thread_id: {id} Errno: {errno} Killed: {killed} Bytes_received: {bytes_received} Bytes_sent: {bytes_sent}"+
			" Read_first: {read_first} Read_last: 0 Read_key: {read_key} Read_next: {read_next} Read_prev: 0 Read_rnd: 0 Read_rnd_next: {read_rnd_next}"+
			" Sort_merge_passes: {merge_passes} Sort_range_count: {sort_range_count} Sort_rows: {sort_rows} Sort_scan_count: {sort_scan_count}"+
			" Created_tmp_disk_tables: {tmp_disk_tables} Created_tmp_tables: {tmp_tables} Start: {start} End: {time}\n", always)}},

	{version: "mysqld, Version: 8.0.36-28 (Percona Server (GPL), Release 28, Revision 47601f19)", columns: mysqlColumns, use: "use %s;\n", namesDB: true, errors: true,
		header: []block{
			headed(mysqlTime+"# Schema: {db}  Last_errno: {errno}  Killed: {killed}\n"+
				"# Query_time: {took}  Lock_time: {lock_time}  Rows_sent: {rows_sent}  Rows_examined: {rows_examined}  Rows_affected: {rows_affected}  Bytes_sent: {bytes_sent}\n"+
				tmpLine, always),
			headed("# InnoDB_trx_id: {trx}\n", usesInnoDB),
			headed(scans+"\n", always),
			headed("#   InnoDB_IO_r_ops: {innodb_io_r_ops}  InnoDB_IO_r_bytes: {innodb_io_r_bytes}  InnoDB_IO_r_wait: {innodb_io_r_wait}\n"+
				"#   InnoDB_rec_lock_wait: {innodb_rec_lock_wait}  InnoDB_queue_wait: 0.000000\n#   InnoDB_pages_distinct: {innodb_pages_distinct}\n", usesInnoDB),
			headed("# No InnoDB statistics available for this query\n", func(l *slowLog, e *entry) bool { return !usesInnoDB(l, e) }),
		}},

	{version: "mariadbd, Version: 10.11.6-MariaDB-log (MariaDB Server)", columns: "Time\t\t    Id Command\tArgument\n", use: "use `%s`;\n", endStamps: true, namesDB: true,
		header: []block{
			headed("# Time: {clock}\n", func(l *slowLog, e *entry) bool { return e.end.Unix() != l.second }),
			headed("# User@Host: {acts_as}[{user}] @ {host} [{ip}]\n# Thread_id: {id}  Schema: {db}  QC_hit: No\n"+
				"# Query_time: {took}  Lock_time: {lock_time}  Rows_sent: {rows_sent}  Rows_examined: {rows_examined}\n"+
				"# Rows_affected: {rows_affected}  Bytes_sent: {bytes_sent}\n", always),
			headed(tmpLine, func(_ *slowLog, e *entry) bool { return e.values[tmpTables] > 0 }),
			headed(scans+"  Priority_queue: {priority_queue}\n", func(_ *slowLog, e *entry) bool {
				return e.values[fullScan]+e.values[fullJoin]+e.values[tmpTable]+e.values[filesort] > 0
			}),
			headed("#\n# explain: id\tselect_type\ttable\ttype\tpossible_keys\tkey\tkey_len\tref\trows\tr_rows\tfiltered\tr_filtered\tExtra\n# explain: {explain}\n#\n",
				func(_ *slowLog, e *entry) bool { return e.optimizer }),
		}},
}

func usesInnoDB(_ *slowLog, e *entry) bool { return e.disk }

// forgery returns a text that holds an entry of a query that never ran. As all of a log is raw text, nothing but its quotes gives it away.
func (f *slowFormat) forgery() string {
	c := &client{account: account{"forged", "forged", "forged", ""}, id: 4242, ip: "10.1.0.1"}
	e := &entry{client: c, sql: "SELECT 'forged'", took: 99999 * time.Second, start: began.Add(-99999 * time.Second), end: began}
	return "Dear customer,\nit's \"late\" \\o/;\n" + string((&slowLog{format: f}).append(nil, e)) + "# regards"
}

// slowLog is an open log: it tells some things only when they change.
type slowLog struct {
	format *slowFormat
	db     string // the last one named
	second int64  // the last one told
}

// open appends the lines at the start of a log. What MariaDB tells once a second it does not tell anew.
func (l *slowLog) open(dst []byte) []byte {
	l.db = ""
	return append(append(dst, "/usr/sbin/"+l.format.version+". started with:\nTcp port: 3306  Unix socket: /run/mysqld/mysqld.sock\n"...), l.format.columns...)
}

func (l *slowLog) append(dst []byte, e *entry) []byte {
	for i := range l.format.header {
		if b := &l.format.header[i]; b.when(l, e) {
			dst = b.append(dst, e)
		}
	}
	l.second = e.end.Unix()
	if e.db != "" && e.db != l.db {
		dst, l.db = fmt.Appendf(dst, l.format.use, e.db), e.db
	}
	dst = append(dst, "SET "...)
	if e.insertID > 0 {
		dst = append(strconv.AppendInt(append(dst, "insert_id="...), e.insertID, 10), ',')
	}
	stamp := e.start
	if l.format.endStamps {
		stamp = e.end
	}
	dst = append(strconv.AppendInt(append(dst, "timestamp="...), stamp.Unix(), 10), ";\n"...)
	return append(append(dst, e.sql...), ";\n"...)
}

func (b *block) append(dst []byte, e *entry) []byte {
	for _, s := range b.slots {
		dst = append(dst, s.text...)
		switch {
		case s.field != nil:
			dst = append(dst, s.field(e)...)
		case s.metric >= 0:
			dst = s.metric.print(dst, e.values[s.metric])
			e.told[s.metric] = true
		}
	}
	return dst
}

// database returns the one that a reader finds for the entry just written.
func (l *slowLog) database(e *entry) string {
	if l.format.namesDB {
		return e.db
	}
	return l.db
}
