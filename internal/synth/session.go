package synth

import (
	"fmt"
	"time"
)

// postgres is a PostgreSQL server. Its sessions log what they do in several records, those of others between them.
type postgres struct {
	*generator
	encoder  encoder
	protocol Protocol
	pid      int // of the newest session
	sessions []*session
}

func newPostgres(g *generator, encoder encoder, opts Options) *postgres {
	p := &postgres{generator: g, encoder: encoder, protocol: opts.Protocol, pid: 4000}
	g.populate(&postgresSQL, forgery(encoder), opts)
	for range sessions {
		p.sessions = append(p.sessions, p.newSession())
	}
	return p
}

// session is a client's, or a process of the server that has no client.
type session struct {
	pid, port           int
	line                int // of its newest record
	left                int // statements until it goes
	user, db, app, host string
	backend             string
	since               time.Time
	queue               []*record // what it logs next
}

// record is one message of the server; empty texts are absent.
type record struct {
	severity, code                            string
	message, detail, hint, context, statement string

	fact  fact
	shape *shape
	took  time.Duration
	topic string
}

func log(f fact, s *shape, message, detail string) *record {
	return &record{severity: "LOG", code: "00000", message: message, detail: detail, fact: f, shape: s}
}

func note(topic, format string, args ...any) *record {
	r := log(message, nil, fmt.Sprintf(format, args...), "")
	r.topic = topic
	return r
}

// clients are who connects. Some have names that a prefix can be lost in.
var clients = []struct{ user, db, app string }{{"shop", "shop", "puma"}, {"shop", "shop", "node api"}, {"svc-work", "shop", "sidekiq 7, queue=[mail]"},
	{"report", "ware house", `Metabase "EE": LOG`}, {"etl", "warehouse", ""}}

func (g *postgres) newSession() *session {
	c := clients[g.r.IntN(len(clients))]
	return &session{pid: g.newPID(), port: 32768 + g.r.IntN(28000), left: 20 + g.r.IntN(2000), user: c.user, db: c.db, app: c.app,
		host: fmt.Sprintf("10.1.%d.%d", g.r.IntN(4), 1+g.r.IntN(250)), backend: "client backend", since: g.now}
}

// newPID gives each process a number of its own.
func (g *postgres) newPID() int {
	g.pid += 1 + g.r.IntN(7)
	return g.pid
}

func (g *postgres) step() { g.advance(g.sessions[g.r.IntN(len(g.sessions))]) }

// finish lets every session end what it has begun.
func (g *postgres) finish() {
	for _, s := range g.sessions {
		for len(s.queue) > 0 {
			g.advance(s)
		}
	}
	g.out = g.encoder.end(g.out)
}

// advance lets a session log its next record.
func (g *postgres) advance(s *session) {
	if len(s.queue) == 0 {
		g.act(s)
	}
	r := s.queue[0]
	s.queue = s.queue[1:]
	g.write(s, r)
}

// write logs a record and counts what it means.
func (g *postgres) write(s *session, r *record) {
	g.tick()
	s.line++
	g.out = g.encoder.append(g.out, g.now, s, r)
	g.truth.record(g.now)
	g.truth.count(s, r)
}

// act lets a session run a statement. Out of 10,000, 50 fail and 60 come with something else.
func (g *postgres) act(s *session) {
	if s.left--; s.left < 0 {
		g.reconnect(s)
	}
	shape, took := g.pick()
	sql, params := g.statement(shape, g.sendsParameters(shape))
	if shape.Example == "" {
		shape.Example = sql
	}
	s.queue = g.phases(s.queue, shape, sql, params)
	s.queue = g.announce(s.queue, shape, sql, params)
	switch x := g.r.IntN(10_000); {
	case x < 5:
		g.chores()
	case x < 8:
		g.refuse()
	case x < 30:
		s.queue = append(s.queue, g.lockWaits(s, sql)...)
	case x < 60:
		s.queue = append(s.queue, g.temporaryFile(s, sql))
	case x < 110:
		s.queue = append(s.queue, g.failure(shape, sql))
		return
	}
	s.queue = append(s.queue, g.execution(shape, took, sql, params))
}

func (g *postgres) sendsParameters(s *shape) bool {
	switch g.protocol {
	case Literals:
		return false
	case Extended:
		return true
	}
	return g.r.Float64() < s.extended
}

// portals are the names of prepared statements, and of portals, that drivers choose.
var portals = []string{"<unnamed>", "<unnamed>", "S_7", "pdo_stmt_00000003", "fetch from S_2/C_9"}

func (g *postgres) verb() string {
	if g.extended {
		return "execute " + portals[g.r.IntN(len(portals))]
	}
	return "statement"
}

func parameters(params string) string {
	if params == "" {
		return ""
	}
	return "parameters: " + params
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%.3f", float64(d)/1e6) }

// announce appends the record of a statement that begins, where there is one.
func (g *postgres) announce(queue []*record, s *shape, sql, params string) []*record {
	if g.protocol != Paired {
		return queue
	}
	return append(queue, log(announced, s, g.verb()+": "+sql, parameters(params)))
}

// execution is the record of a statement that is done.
func (g *postgres) execution(s *shape, took time.Duration, sql, params string) *record {
	r := log(executed, s, "duration: "+milliseconds(took)+" ms", "")
	if g.protocol != Paired {
		r.message += "  " + g.verb() + ": " + sql
		r.detail = parameters(params)
	}
	r.took = took
	return r
}

// phases appends the records of the work before an execution with parameters, where it is slow enough to be logged.
func (g *postgres) phases(queue []*record, s *shape, sql, params string) []*record {
	if !g.extended {
		return queue
	}
	if g.r.IntN(3) == 0 {
		queue = append(queue, g.phase(parsed, s, "parse", sql, ""))
	}
	if g.r.IntN(3) == 0 {
		queue = append(queue, g.phase(bound, s, "bind", sql, params))
	}
	return queue
}

func (g *postgres) phase(f fact, s *shape, name, sql, params string) *record {
	message := "duration: " + milliseconds(time.Duration(g.r.ExpFloat64()*float64(250*time.Microsecond))) + " ms"
	if g.protocol == Paired {
		return log(untied, s, message, "")
	}
	return log(f, s, message+"  "+name+" <unnamed>: "+sql, parameters(params))
}

// failures are what can go wrong.
var failures = []record{
	{code: "23505", message: `duplicate key value violates unique constraint "orders_pkey"`, detail: "Key (id)=(4711) already exists."},
	{code: "42703", message: `column "totals" does not exist at character 8`, hint: `Perhaps you meant to reference the column "orders.total".`},
	{code: "57014", message: "canceling statement due to statement timeout"},
	{code: "22P02", message: `invalid input syntax for type integer: "12x"`, context: "unnamed portal parameter $2 = '...'"},
	{code: "40P01", message: "deadlock detected", hint: "See server log for query details.", context: `while updating tuple (3,9) in relation "orders"`,
		detail: "Process 71 waits for ShareLock on transaction 11; blocked by process 72.\nProcess 72 waits for ShareLock on transaction 12; blocked by process 71.\n" +
			"Process 71: UPDATE orders SET total = 1\nProcess 72: SELECT 1"},
}

func (g *postgres) failure(shape *shape, sql string) *record {
	r := failures[g.r.IntN(len(failures))]
	r.severity, r.statement, r.fact, r.shape = "ERROR", sql, failed, shape
	return &r
}

func (g *postgres) temporaryFile(s *session, sql string) *record {
	r := note("temporary file", `temporary file: path "base/pgsql_tmp/pgsql_tmp%d.%d", size %d`, s.pid, s.line, 8192*(1+g.r.Int64N(100_000)))
	r.statement = sql
	return r
}

// lockWaits are the two records of a lock that was waited for.
func (g *postgres) lockWaits(s *session, sql string) []*record {
	transaction := g.r.IntN(1 << 30)
	waits := note("lock wait", "process %d still waiting for ShareLock on transaction %d after 1000.%03d ms", s.pid, transaction, g.r.IntN(1000))
	waits.detail = fmt.Sprintf("Process holding the lock: %d. Wait queue: %d.", g.sessions[g.r.IntN(len(g.sessions))].pid, s.pid)
	got := note("lock wait", "process %d acquired ShareLock on transaction %d after %d.%03d ms", s.pid, transaction, 1001+g.r.IntN(9000), g.r.IntN(1000))
	for _, r := range []*record{waits, got} {
		r.context, r.statement = `while updating tuple (17,4) in relation "orders"`, sql
	}
	return []*record{waits, got}
}

// reconnect ends a session and lets another client take its place.
func (g *postgres) reconnect(s *session) {
	d := g.now.Sub(s.since)
	g.write(s, note("disconnection", "disconnection: session time: %d:%02d:%06.3f user=%s database=%s host=%s port=%d",
		int(d.Hours()), int(d.Minutes())%60, (d%time.Minute).Seconds(), s.user, s.db, s.host, s.port))
	*s = *g.newSession()
	g.write(s.unnamed(), note("connection", "connection received: host=%s port=%d", s.host, s.port))
	s.line++
	g.write(s, note("connection", "connection authorized: user=%s database=%s application_name=%s", s.user, s.db, s.app))
}

// unnamed is a session before its client has said who it is.
func (s *session) unnamed() *session {
	n := *s
	n.user, n.db, n.app = "[unknown]", "[unknown]", "[unknown]"
	return &n
}

func (g *postgres) refuse() {
	g.write(g.newSession(), &record{severity: "FATAL", code: "28P01", message: `password authentication failed for user "shop"`,
		detail: `Connection matched file "/etc/postgresql/pg_hba.conf" line 98: "host all all 10.1.0.0/16 scram-sha-256"`, fact: refused})
}

// chores are the server's own work.
func (g *postgres) chores() {
	n := g.r.IntN
	if n(2) == 0 {
		s := &session{pid: 71, backend: "checkpointer", since: began}
		g.write(s, note("checkpoint", "checkpoint starting: time"))
		g.write(s, note("checkpoint", "checkpoint complete: wrote %d buffers (%d.%d%%); 0 WAL file(s) added, 0 removed, %d recycled; write=%d.%03d s, sync=0.%03d s, total=%d.%03d s",
			n(16000), n(100), n(10), n(30), n(270), n(1000), n(1000), n(271), n(1000)))
		return
	}
	g.write(&session{pid: g.newPID(), backend: "autovacuum worker", since: g.now}, note("autovacuum",
		"automatic vacuum of table \"shop.public.%s\": index scans: 1\npages: 0 removed, %d remain, 0 skipped due to pins\ntuples: %d removed, %d remain\nsystem usage: CPU: user: 0.%02d s, system: 0.01 s, elapsed: %d.%02d s",
		schema[n(len(schema))].name, n(100_000), n(1_000_000), n(10_000_000), n(100), n(20), n(100)))
}
