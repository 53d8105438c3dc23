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
var fields = map[string]func(dst []byte, e *entry) []byte{
	"time":    func(dst []byte, e *entry) []byte { return e.end.AppendFormat(dst, iso) },
	"start":   func(dst []byte, e *entry) []byte { return e.start.AppendFormat(dst, iso) },
	"took":    func(dst []byte, e *entry) []byte { return appendSeconds(dst, e.took) },
	"acts_as": func(dst []byte, e *entry) []byte { return append(dst, e.actsAs...) },
	"user":    func(dst []byte, e *entry) []byte { return append(dst, e.user...) },
	"host":    func(dst []byte, e *entry) []byte { return append(dst, e.host...) },
	"ip":      func(dst []byte, e *entry) []byte { return append(dst, e.ip...) },
	"id":      func(dst []byte, e *entry) []byte { return strconv.AppendInt(dst, int64(e.id), 10) },
	"wide_id": func(dst []byte, e *entry) []byte { return fmt.Appendf(dst, "%5d", e.id) },
	"db":      func(dst []byte, e *entry) []byte { return append(dst, e.db...) },
	"errno":   func(dst []byte, e *entry) []byte { return strconv.AppendInt(dst, int64(e.errno), 10) },
	"killed":  func(dst []byte, e *entry) []byte { return strconv.AppendInt(dst, int64(e.killed), 10) },
	"trx":     func(dst []byte, e *entry) []byte { return fmt.Appendf(dst, "%X", e.transaction) },
	"clock": func(dst []byte, e *entry) []byte {
		local := e.end.In(mariaZone)
		return fmt.Appendf(local.AppendFormat(dst, "060102 "), "%2d%s", local.Hour(), local.Format(":04:05"))
	},
	"explain": appendExplain,
}

// appendExplain appends the plan of a statement on one table.
func appendExplain(dst []byte, e *entry) []byte {
	access, key, extra := "ref", "ix_state", "Using where"
	if e.values[fullScan] == 1 {
		access, key = "ALL", "NULL"
	}
	if e.values[filesort] == 1 {
		extra += "; Using filesort"
	}
	rows := e.values[rowsExamined]
	return fmt.Appendf(dst, "1\tSIMPLE\t%s\t%s\t%s\t%[3]s\tNULL\tconst\t%d\t%d.00\t100.00\t100.00\t%s", e.shape.habits.table, access, key, rows+rows/7, rows, extra)
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
	parts []slot
	when  func(l *slowLog, e *entry) bool
}

// slot is a text, and the value behind it: one of fields, a metric, or none.
type slot struct {
	text   string
	field  func(dst []byte, e *entry) []byte
	metric metric // -1 for none
}

func always(*slowLog, *entry) bool { return true }

// headerLines compiles a template whose holes are metrics and fields.
func headerLines(template string, when func(*slowLog, *entry) bool) block {
	b := block{when: when}
	for _, p := range compile(template) {
		s := slot{text: p.text, metric: metric(slices.Index(metricNames[:], p.hole)), field: fields[p.hole]}
		b.parts = append(b.parts, s)
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
		header: []block{headerLines(mysqlTime+plainTimes+"\n", always)}},

	{version: "mysqld, Version: 8.0.36 (MySQL Community Server - GPL)", columns: mysqlColumns, use: "use %s;\n", errors: true,
		header: []block{headerLines(mysqlTime+plainTimes+" Thread_id: {id} Errno: {errno} Killed: {killed} Bytes_received: {bytes_received} Bytes_sent: {bytes_sent}"+
			" Read_first: {read_first} Read_last: 0 Read_key: {read_key} Read_next: {read_next} Read_prev: 0 Read_rnd: 0 Read_rnd_next: {read_rnd_next}"+
			" Sort_merge_passes: {merge_passes} Sort_range_count: {sort_range_count} Sort_rows: {sort_rows} Sort_scan_count: {sort_scan_count}"+
			" Created_tmp_disk_tables: {tmp_disk_tables} Created_tmp_tables: {tmp_tables} Start: {start} End: {time}\n", always)}},

	{version: "mysqld, Version: 8.0.36-28 (Percona Server (GPL), Release 28, Revision 47601f19)", columns: mysqlColumns, use: "use %s;\n", namesDB: true, errors: true,
		header: []block{
			headerLines(mysqlTime+"# Schema: {db}  Last_errno: {errno}  Killed: {killed}\n"+
				"# Query_time: {took}  Lock_time: {lock_time}  Rows_sent: {rows_sent}  Rows_examined: {rows_examined}  Rows_affected: {rows_affected}  Bytes_sent: {bytes_sent}\n"+
				tmpLine, always),
			headerLines("# InnoDB_trx_id: {trx}\n", usesInnoDB),
			headerLines(scans+"\n", always),
			headerLines("#   InnoDB_IO_r_ops: {innodb_io_r_ops}  InnoDB_IO_r_bytes: {innodb_io_r_bytes}  InnoDB_IO_r_wait: {innodb_io_r_wait}\n"+
				"#   InnoDB_rec_lock_wait: {innodb_rec_lock_wait}  InnoDB_queue_wait: 0.000000\n#   InnoDB_pages_distinct: {innodb_pages_distinct}\n", usesInnoDB),
			headerLines("# No InnoDB statistics available for this query\n", func(l *slowLog, e *entry) bool { return !usesInnoDB(l, e) }),
		}},

	{version: "mariadbd, Version: 10.11.6-MariaDB-log (MariaDB Server)", columns: "Time\t\t    Id Command\tArgument\n", use: "use `%s`;\n", endStamps: true, namesDB: true,
		header: []block{
			headerLines("# Time: {clock}\n", func(l *slowLog, e *entry) bool { return e.end.Unix() != l.second }),
			headerLines("# User@Host: {acts_as}[{user}] @ {host} [{ip}]\n# Thread_id: {id}  Schema: {db}  QC_hit: No\n"+
				"# Query_time: {took}  Lock_time: {lock_time}  Rows_sent: {rows_sent}  Rows_examined: {rows_examined}\n"+
				"# Rows_affected: {rows_affected}  Bytes_sent: {bytes_sent}\n", always),
			headerLines(tmpLine, func(_ *slowLog, e *entry) bool { return e.values[tmpTables] > 0 }),
			headerLines(scans+"  Priority_queue: {priority_queue}\n", func(_ *slowLog, e *entry) bool {
				return e.values[fullScan]+e.values[fullJoin]+e.values[tmpTable]+e.values[filesort] > 0
			}),
			headerLines("#\n# explain: id\tselect_type\ttable\ttype\tpossible_keys\tkey\tkey_len\tref\trows\tr_rows\tfiltered\tr_filtered\tExtra\n# explain: {explain}\n#\n",
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
	for _, s := range b.parts {
		dst = append(dst, s.text...)
		switch {
		case s.field != nil:
			dst = s.field(dst, e)
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
