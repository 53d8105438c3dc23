package normalize

import "testing"

func TestText(t *testing.T) {
	f := func(sql, want string) {
		t.Helper()
		if got := PostgreSQL(sql).Text; got != want {
			t.Errorf("%q is\n  %s, want\n  %s", sql, got, want)
		}
	}
	f("select * from Orders where USER_ID=42 and status in ('a','b');", "SELECT * FROM orders WHERE user_id = ? AND status IN (...)")
	f("SELECT\n\tcount( * ) /* all */ FROM t -- the end", "SELECT count(*) FROM t")
	f(`SELECT "Name", t . "a""b" FROM "T"`, `SELECT "Name", t."a""b" FROM "T"`)
	f("INSERT INTO s.t(a,b) VALUES(1,'x'),(NULL,DEFAULT)", "INSERT INTO s.t (a, b) VALUES (...)")
	f("INSERT INTO t VALUES (1, now()), (2, now())", "INSERT INTO t VALUES (?, now())")
	f("SELECT a FROM t WHERE (a,b) IN ((1,2),(3,4)) AND c IN (1, x, -2) AND d = ARRAY[1,2] AND e IN (SELECT 5)", "SELECT a FROM t WHERE (a, b) IN ((...)) AND c IN (?, x, ?) AND d = ARRAY[...] AND e IN (SELECT ?)")
	f("SELECT a-5, -5, - 5, a - -5, -x, -5::int, a between -5 and -7", "SELECT a - ?, ?, ?, a - ?, -x, ?::int, a BETWEEN ? AND ?")
	f("SELECT x::varchar(10), x :: float( 24 ), cast(x as numeric(10,2)), x::int[3], a[5], a[1:2], f(5)", "SELECT x::varchar(10), x::float(24), CAST(x AS numeric(10, 2)), x::int[?], a[?], a[?:?], f(?)")
	f("SELECT name, status, value, type, date, key, t.index, t.order, index FROM t AS values", "SELECT name, status, value, type, date, key, t.index, t.order, index FROM t AS values")
	f("select a as name, b as count, c as \"end\" from x group by grouping sets ((a),(b))", "SELECT a AS name, b AS count, c AS \"end\" FROM x GROUP BY GROUPING SETS ((a), (b))")
	f("select left(a, 3) from a left join b using(id) order by 1 desc nulls last for no key update skip locked", "SELECT left(a, ?) FROM a LEFT JOIN b USING (id) ORDER BY ? DESC NULLS LAST FOR NO KEY UPDATE SKIP LOCKED")
	f("select a->>'b', a ? 'b', a ?| array['x'], a||'x', a<>5 from t", "SELECT a ->> ?, a ? ?, a ?| ARRAY[...], a || ?, a <> ? FROM t")
	f("with x as materialized (select 1) select sum(a) over (partition by b order by c) from x", "WITH x AS MATERIALIZED (SELECT ?) SELECT sum(a) OVER (PARTITION BY b ORDER BY c) FROM x")
	f("SELECT E'a\\'b', $$x$$, U&'x' UESCAPE '!', N'x', B'1', $1, interval '1' day, date '2020-01-01'", "SELECT ?, ?, ? UESCAPE ?, ?, ?, ?, interval ? day, date ?")
	f("select a=any($1) and b like 'x' escape '!' and c is not null and d at time zone 'UTC'", "SELECT a = ANY (?) AND b LIKE ? ESCAPE ? AND c IS NOT NULL AND d AT TIME ZONE ?")
	f("begin; select 1; commit;", "BEGIN; SELECT ?; COMMIT")
	f("ALTER ROLE x PASSWORD 'secret'", "ALTER ROLE x PASSWORD ?")
	f("create user x with encrypted password 'a' valid until 'b'", "CREATE USER x WITH ENCRYPTED PASSWORD ? VALID UNTIL ?")
	f("comment on column t.password is 'x'; copy t from program 'ls'; alter table t add column c int", "COMMENT ON COLUMN t.password IS ?; COPY t FROM PROGRAM ?; ALTER TABLE t ADD COLUMN c int")
	f("select program, password from t where password = 'a' and until > 'b'", "SELECT program, password FROM t WHERE password = ? AND until > ?")
	f("SET x = 'y'", "SET x = ?")
	f(`FETCH 10 FROM "<unnamed portal 7>"`, `FETCH ? FROM "<unnamed portal>"`)
	f("create table if not exists t (a int default 5)", "CREATE TABLE IF NOT EXISTS t (a int DEFAULT ?)")
	f("SELECT 'cut", "SELECT ?")
	f("SELECT a /* cut", "SELECT a")
	f("SELECT a FROM t WHERE b IN (1, 2, 'cut", "SELECT a FROM t WHERE b IN (?, ?")
	f("SELECT * FROM t WHERE id = ? AND x IN (?)", "SELECT * FROM t WHERE id = ? AND x IN (...)")
	f("", "")
	f("-- nothing", "")
	f("SELECT '\xff', \xff", "SELECT ?, �")
}

// TestTextOfText: spacing, comments and the case of the source do not show.
func TestTextOfText(t *testing.T) {
	f := func(a, b string) {
		t.Helper()
		if x, y := PostgreSQL(a).Text, PostgreSQL(b).Text; x != y {
			t.Errorf("%s\n%s", x, y)
		}
	}
	f("SELECT a,b FROM t WHERE a=1", "select  A , B\nfrom T /* c */ where a =\t2 ;")
	f("SELECT f ( a ) :: int FROM s . t", "select f(a)::int from s.t")
	f("SELECT a FROM t WHERE b IN (1,2,3)", "SELECT a FROM t WHERE b IN ( $1 )")
	f("INSERT INTO t VALUES (1),(2)", "insert into t values ('x')")
}
