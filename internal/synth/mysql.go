package synth

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// mysql is a MySQL, MariaDB or Percona server. Its slow log gets an entry when a statement is done.
type mysql struct {
	*generator
	log     slowLog
	clients []*client
	newest  int   // client id
	entry   entry // the one being written
}

// client is a connection.
type client struct {
	account
	id   int
	ip   string
	left int // statements until it goes
}

// account is who connects. A proxied user, or one that no account was made for, acts under another name than its own.
type account struct{ actsAs, user, db, host string }

// accounts are some of each kind. Names hold what a reader of User@Host can be lost in.
var accounts = []account{{"shop", "shop", "shop", ""}, {"shop", "shop", "shop", ""}, {"shop", "shop", "shop", "web-1"}, {"etl", "etl", "warehouse", "etl.example.com"},
	{"analyst", "report", "ware-house", ""}, {"", "guest", "shop", ""}, {"night shift@depot", "night shift@depot", "shop", ""}, {"root", "root", "", "localhost"},
	{"", "SQL_SLAVE", "shop", ""}}

var databases = []string{"shop", "warehouse", "ware-house"}

// entry is a statement or an administrator command that is done.
type entry struct {
	*client
	shape           *shape
	command         bool
	sql             string
	start, end      time.Time
	took            time.Duration
	errno, killed   int
	insertID        int64
	transaction     int
	optimizer, disk bool // it needed a plan, and InnoDB
	values          [metrics]int64
	told            [metrics]bool // which values the format has
}

// habits are what the executions of a shape have in common.
type habits struct {
	mu                     float64 // of the logarithm of the rows it finds
	reads, writes          bool
	scan, join, sort, temp bool
	table                  string
}

func newMySQL(g *generator, format *slowFormat, opts Options) *mysql {
	m := &mysql{generator: g, log: slowLog{format: format}, newest: 7}
	g.populate(&mysqlSQL, format.forgery(), opts)
	for _, s := range g.shapes {
		s.metrics = new([metrics]Figures)
		s.habits = m.newHabits(s.Text)
	}
	for _, name := range commands {
		text := administrator + name
		m.commands = append(m.commands, &shape{Shape: Shape{Text: text, Example: "# " + text, metrics: new([metrics]Figures)}})
	}
	for range sessions {
		m.clients = append(m.clients, m.newClient())
	}
	m.open()
	return m
}

func (m *mysql) newHabits(text string) habits {
	n := m.r.IntN
	h := habits{mu: m.r.Float64() * 5, writes: slices.Contains(writers, firstWord(text))}
	_, after, reads := strings.Cut(text, " FROM ")
	if !reads {
		after, reads = strings.CutPrefix(text, "UPDATE ")
	}
	if h.reads = reads; reads {
		h.table = bareName(firstWord(after))
		h.scan, h.join = n(4) == 0, strings.Contains(text, " JOIN ") && n(4) == 0
		h.sort = strings.Contains(text, " ORDER BY ") && n(3) > 0
		h.temp = strings.Contains(text, " GROUP BY ") || n(10) == 0
	}
	return h
}

var writers = strings.Fields("INSERT REPLACE UPDATE DELETE CREATE")

func firstWord(text string) string {
	word, _, _ := strings.Cut(text, " ")
	return word
}

func (m *mysql) newClient() *client {
	a := accounts[m.r.IntN(len(accounts))]
	m.newest += 1 + m.r.IntN(5)
	c := &client{account: a, id: m.newest, left: 20 + m.r.IntN(2000)}
	if a.host != "localhost" && a.user != "SQL_SLAVE" {
		c.ip = fmt.Sprintf("10.1.%d.%d", m.r.IntN(4), 1+m.r.IntN(250))
		if m.r.IntN(20) == 0 {
			c.ip = fmt.Sprintf("fd00::%x", m.r.IntN(1<<16))
		}
	}
	return c
}

// open opens the log, at the start or after a rotation.
func (m *mysql) open() {
	m.out = m.log.open(m.out)
	m.truth.Records++
	m.truth.Messages["log opened"]++
}

func (m *mysql) finish() {}

// step lets a client be done with something. Out of 10,000 times, 25 it is a command and once the log is rotated.
func (m *mysql) step() {
	i := m.r.IntN(len(m.clients))
	c := m.clients[i]
	if c.left--; c.left < 0 {
		m.administer(c, m.commands[len(m.commands)-1])
		m.clients[i] = m.newClient()
		return
	}
	switch x := m.r.IntN(10_000); {
	case x < 1:
		m.open()
	case x < 26:
		m.administer(c, m.commands[m.r.IntN(len(m.commands)-1)])
	default:
		m.execute(c)
	}
}

// commands are those of the protocol that are no statements; the last one ends the session.
var commands = []string{"Ping", "Init DB", "Prepare", "Close stmt", "Reset stmt", "Field List", "Statistics", "Change user", "Quit"}

const (
	administrator = "administrator command: "
	initDB        = administrator + "Init DB"
)

func (m *mysql) administer(c *client, command *shape) {
	if command.Text == initDB {
		c.db = databases[m.r.IntN(len(databases))]
	}
	m.begin(c, command, time.Duration(1+m.r.ExpFloat64()*50)*time.Microsecond)
	m.entry.command, m.entry.sql, m.entry.values[bytesSent] = true, command.Example, 11
	m.write()
}

func (m *mysql) execute(c *client) {
	s, took := m.pick()
	if s.Text == useWarehouse {
		c.db = "warehouse"
	}
	m.begin(c, s, took)
	m.entry.sql, _ = m.statement(s, false)
	if s.Example == "" {
		s.Example = m.entry.sql
	}
	m.work(s.habits)
	if m.r.IntN(200) == 0 {
		m.fail()
	}
	m.write()
}

func (m *mysql) begin(c *client, s *shape, took time.Duration) {
	m.tick()
	end := m.now.Truncate(time.Microsecond)
	m.entry = entry{client: c, shape: s, took: took, start: end.Add(-took), end: end, transaction: 0x255200 + m.r.IntN(1<<20)}
	m.entry.values[lockTime] = min(int64(m.r.ExpFloat64()*float64(20*time.Microsecond)), int64(took)/10) / 1000 * 1000
}

// write logs the entry and counts what it tells.
func (m *mysql) write() {
	m.out = m.log.append(m.out, &m.entry)
	m.truth.entry(&m.log, &m.entry)
}

// mishaps are error numbers, and by what the statement was killed if it was.
var mishaps = []struct{ number, killed int }{{1062, 0}, {1213, 0}, {1205, 0}, {1054, 0}, {3024, 3024}, {1317, 1317}, {1053, 1053}}

func (m *mysql) fail() {
	e := mishaps[m.r.IntN(len(mishaps))]
	m.entry.errno, m.entry.killed = e.number, e.killed
	m.entry.values[rowsSent], m.entry.values[rowsAffected] = 0, 0
}

// work makes up what a statement did.
func (m *mysql) work(h habits) {
	e, n := &m.entry, m.r.IntN
	v := &e.values
	e.optimizer, e.disk = h.reads, h.reads || h.writes
	rows := int64(math.Exp(h.mu + m.r.NormFloat64()))
	v[bytesReceived] = int64(len(e.sql)) + 5
	v[bytesSent] = 11
	if h.writes {
		v[rowsAffected] = rows
		if !h.reads && n(10) == 0 {
			e.insertID = 1 + int64(n(1<<30))
		}
	} else if h.reads {
		v[rowsSent], v[bytesSent] = rows, 60+rows*int64(20+n(60))
	}
	if h.reads {
		m.read(h, rows)
	}
	if e.disk {
		v[innodbPages] = 1 + v[rowsExamined]/40
		if n(10) == 0 {
			v[innodbReads] = int64(1 + n(50))
			v[innodbBytes] = v[innodbReads] * 16384
			v[innodbReadWait] = int64(n(int(e.took/2000)+1)) * 1000
			v[innodbLockWait] = v[lockTime]
		}
	}
}

func (m *mysql) read(h habits, rows int64) {
	v, n := &m.entry.values, m.r.IntN
	v[rowsExamined] = rows
	v[readKey] = 1 + rows
	if h.scan {
		v[rowsExamined] *= int64(1 + n(50))
		v[fullScan], v[readFirst], v[readRndNext] = 1, 1, v[rowsExamined]+1
	} else {
		v[readNext] = rows
	}
	if h.join {
		v[fullJoin] = 1
		v[rowsExamined] *= int64(1 + n(50))
	}
	if h.sort {
		v[filesort], v[sortRows], v[sortScan], v[priorityQueue] = 1, rows, v[fullScan], int64(n(2))
		v[sortRange] = 1 - v[sortScan]
		if rows > 200 {
			v[filesortOnDisk], v[mergePasses], v[priorityQueue] = 1, 1+rows/200, 0
		}
	}
	if h.temp {
		v[tmpTables], v[tmpTable] = int64(1+n(3)), 1
		v[tmpSizes] = v[tmpTables] * 126976
		if n(5) == 0 {
			v[tmpDiskTables], v[tmpTableOnDisk] = 1, 1
		}
	}
}
