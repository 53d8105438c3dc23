package normalize

import (
	"math/rand/v2"
	"strings"
)

// statements hold every trap of the lexer: most parse, some are cut off or of another dialect.
var statements = []string{
	"", ";", " -- only a comment", "/* only /* nested */ a comment */", "SELECT 1", "SELECT 1;", ";;SELECT 1;;", "SELECT 1; SELECT 'a'; COMMIT",
	"SELECT * FROM orders WHERE user_id = 42 AND status IN ('a', 'b', 'c')",
	"select * from Orders where USER_ID=$1 and status in ($2)",
	`SELECT "Quoted", "a""b", t."x" FROM "T" t WHERE "it's" = 'x'`,
	"SELECT 'it''s', 'a' \n 'b', E'it\\'s', E'a\\\\', U&'d\\0061' UESCAPE '!', U&\"d!0061\" UESCAPE '!', N'x', B'101', X'1F', $$a$$, $t$b$$c$t$",
	"SELECT 'a' -- more\n 'b', 'c' /* no */ FROM t",
	"SELECT 'a' 'b'", "SELECT 5 'b'", "SELECT 'a'\n\n--x\n'b'::text, e'a'\n'\\'b'",
	"SELECT 1, 1.5, 1., .5, 1e5, 1.5e-3, 0x1F, 0o17, 0b101, 1_000, 1.5_0", "SELECT 123abc", "SELECT 1e", "SELECT 0x", "SELECT 1_", "SELECT 1..2", "SELECT $1abc, $2",
	"SELECT -5, - 5, +5, -x, - -5, -5::int, -(5), -5 ^ 2, 5 - -5, a-5, a -5, a*-5, a@-5, @-5, (-5), -5 IS NULL, -'5', -$1, -NULL, -5/*c*/::int, -5 --x\n, 5",
	"UPDATE sensors SET v = v -2927, w = -4822.98*8367.15 WHERE id=26855 AND k2<>'x'",
	"SELECT x::float(24), x::float(53), x::varchar(10), x::numeric(10,-2), cast(x as char(3)), x::int[3], x::int[4], x::int array[5], x::timestamp(3), x::bit varying(7)",
	"SELECT a[1], a[2], a[1:2], a[:3], a[b], a['k'], ARRAY[1,2,3], ARRAY[]::int[], ARRAY['a',b], ARRAY[[1,2],[3,4]], ARRAY[1]::int[]",
	"SELECT interval '1 day', interval '1' day, date '2020-01-01', x::interval second(3), interval(3) '1 day', time '10:00', float '5', point '(1,2)'",
	"SELECT a->'b', a->>'b', a #> '{x}', a ? 'b', a ?| array['a'], a ?& array['a'], a @> '{}', a <@ b, a < @ b, a || 'x', a !~* 'x', a @@ b, a != 5, a <> 5, a >= -5, a OPERATOR(pg_catalog.+) 5",
	"INSERT INTO t VALUES (1, 'a'), (2, 'b'), (NULL, DEFAULT), (TRUE, $1)",
	"INSERT INTO shop.t (a, b) VALUES (1, now()), (2, now()), (3, f(4)) ON CONFLICT (a) DO UPDATE SET b = excluded.b, c = -5 RETURNING *",
	"INSERT INTO t DEFAULT VALUES", "INSERT INTO t (values, a) VALUES (1, 2)", "INSERT INTO t SELECT 1, 2 UNION ALL SELECT 3, 4",
	"INSERT INTO t VALUES (1, (SELECT 2)), (1, (SELECT 3)), ((VALUES (1), (2)), 3)",
	"SELECT * FROM t WHERE (a, b) IN ((1, 2), (3, 4)) AND c IN (1, x, 2, 3) AND d NOT IN (SELECT 1) AND e IN (VALUES (1), (2)) AND f IN ((1), (2)) AND g IN (ROW(1,2))",
	"SELECT * FROM t WHERE a IN (1, 2 + x, 3) AND b IN ('a'::text, 'b'::text) AND c IN (-1, - 2, -x) AND d IN (NULL, TRUE) AND e IN (1 /* one */, 2)",
	"SELECT position('a' in ('b','c')), position('a' in 'b'), position((a in (1,2)) in 'b'), extract(year from x), trim(both 'x' from y), substring(a from 1 for 2), overlay(a placing 'b' from 1)",
	"SELECT coalesce(a, NULL, 5), nullif(a, ''), greatest(1, 2), f(), f(1), f(1, 2), f(a => 5), f(a := 5), f(VARIADIC ARRAY[1]), f(DISTINCT 1 ORDER BY 2), count(*) FILTER (WHERE a > 5)",
	"SELECT values, index, t.values, t.user, t.\"order\", name, value, between, position FROM t ORDER BY values, between - 5",
	"SELECT a between - 5 and 7, a NOT BETWEEN -5 AND -3, between - 5 FROM t", "SELECT NOT -5 = a, CASE -5 WHEN -1 THEN -2 ELSE -3 END, a LIKE 'x' ESCAPE '!', a IS NOT DISTINCT FROM -5, a IS NULL, NOT TRUE",
	"SELECT t.values (1), (2), t.in (1, 2), t.array[1, 2], t.float(24), numeric('a', .0), numeric(.0, -2), a['k'], a[5] FROM t",
	"SELECT t.* FROM t", "SELECT t.* - 5 FROM t", "SELECT t.* , 5, * FROM t", "SELECT count(*) - 5", "SELECT a FROM t ORDER BY 1, -a USING <, 2 LIMIT 5 OFFSET -5",
	"SELECT a FROM t FETCH FIRST 5 ROWS ONLY", "SELECT a FROM t OFFSET -5 ROWS FETCH NEXT -3 ROWS WITH TIES", "SELECT a FROM t LIMIT ALL", "SELECT a FROM t LIMIT $1 OFFSET $2", "SELECT a FROM t LIMIT NULL",
	"SELECT a FROM t TABLESAMPLE bernoulli(10) REPEATABLE (5) FOR UPDATE OF t SKIP LOCKED",
	"WITH RECURSIVE x(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM x WHERE a < 5) SEARCH DEPTH FIRST BY a SET o CYCLE a SET c TO 'y' DEFAULT 'n' USING p SELECT * FROM x",
	"WITH d AS (DELETE FROM t WHERE a = 1 RETURNING *), v(a) AS (VALUES (1), (2)) SELECT * FROM d, v, (VALUES (1, 'a'), (2, 'b')) w(x, y)",
	"SELECT sum(x) OVER (PARTITION BY a ORDER BY b ROWS BETWEEN 5 PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM t GROUP BY GROUPING SETS ((a, 1), ()), CUBE (b, 2) HAVING sum(x) > 5 WINDOW w AS (ORDER BY 5)",
	"SELECT x AT TIME ZONE 'UTC', x COLLATE \"C\" < 'a', (1, 2) OVERLAPS (3, 4), ROW(1, 'a') = (b, NULL), a = ANY ('{1,2}'), a = ANY (ARRAY[1, 2]), a > ALL ($1), EXISTS (SELECT 1)",
	"SELECT JSON_OBJECT('a': 1, 'b': NULL NULL ON NULL), JSON_ARRAY(1, NULL ABSENT ON NULL), JSON_OBJECT('a' VALUE 1), xmlelement(name a, 'b'), xmlpi(name x, 'y'), a IS JSON",
	"SELECT * FROM json_to_recordset('[]') AS x(a int, b varchar(5)), LATERAL unnest(ARRAY[1,2]) WITH ORDINALITY, ROWS FROM (f(1), g(2)) AS y(a float(24))",
	"MERGE INTO t USING s ON t.id = s.id WHEN MATCHED AND a = 5 THEN UPDATE SET v = 5 WHEN NOT MATCHED THEN INSERT (id) VALUES (5, 'x')",
	"DELETE FROM ONLY t * USING u WHERE t.a = u.a AND CURRENT_DATE > '2020-01-01'", "DELETE FROM t WHERE CURRENT OF c", "UPDATE t SET (a, b) = (1, 2), c[1] = 5, d = DEFAULT, e = ROW(1, DEFAULT) FROM u",
	"(SELECT 1) UNION (SELECT 2) ORDER BY 1", "((SELECT 5 LIMIT 3))", "TABLE t LIMIT 5", "VALUES (1, 'a'), (2, 'b')",
	"SET statement_timeout = 5000", "SET x TO -5", "SET x = 'a', 'b'", "SET x = DEFAULT", "SET x = on", "SET LOCAL x = 1.5", "SET TIME ZONE 'UTC'", "SET TIME ZONE -5", "SET TIME ZONE INTERVAL '-08:00' HOUR TO MINUTE",
	"SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE", "SET ROLE 'x'", "SET SESSION AUTHORIZATION 'x'", "SET TRANSACTION SNAPSHOT 'x'", "SET search_path TO a, 'b', public",
	"CALL p(1, 'x', -5)", "EXECUTE p(1, 'x')", "EXECUTE p", "PREPARE p(float(24)) AS SELECT 5 + $1", "PREPARE p AS INSERT INTO t VALUES (1, 2)", "PREPARE TRANSACTION 'x'", "COMMIT PREPARED 'x'", "DEALLOCATE p",
	"EXPLAIN (ANALYZE, BUFFERS 1) SELECT 5", "EXPLAIN ANALYZE VERBOSE UPDATE t SET a = 5", "EXPLAIN CREATE TABLE x WITH (fillfactor=70) AS SELECT 5", "EXPLAIN EXECUTE p(5)", "EXPLAIN (FORMAT JSON) WITH x AS (SELECT 5) SELECT 6",
	"DECLARE c CURSOR WITH HOLD FOR SELECT 5", "FETCH 10 FROM c", "FETCH 11 FROM c", `FETCH 1 FROM "<unnamed portal 7>"`, "FETCH ALL IN c", "MOVE FORWARD 5 FROM c", "CLOSE c",
	"CREATE TABLE x WITH (fillfactor=70) AS SELECT 5 a", "CREATE TABLE x WITH (fillfactor=80) AS SELECT 5 a", "CREATE TABLE t (a float(24) DEFAULT 5, b varchar(10) CHECK (b <> 'x'))", "CREATE TABLE t (a float(53))",
	"CREATE TABLE p PARTITION OF t FOR VALUES FROM (1) TO (10) WITH (fillfactor=70)", "CREATE TABLE p PARTITION OF t FOR VALUES FROM (1) TO (10) WITH (fillfactor=80)", "CREATE VIEW v AS SELECT 5 WITH CHECK OPTION",
	"CREATE SCHEMA s CREATE VIEW v AS SELECT 5 CREATE TABLE t (a int) WITH (fillfactor=70)", "CREATE SCHEMA s CREATE VIEW v AS SELECT 5 CREATE TABLE t (a int) WITH (fillfactor=80)",
	"CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 5; SELECT 6; END", "CREATE FUNCTION f(a int DEFAULT 5) RETURNS int LANGUAGE sql AS $$ SELECT 5 $$", "CREATE POLICY p ON t FOR SELECT USING (a = 5)",
	"CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a, lower(b)) WHERE c > 5", "CREATE SEQUENCE s START 5", "ALTER SEQUENCE s RESTART 5", "ALTER SEQUENCE s RESTART 6", "CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO u VALUES (1); DELETE FROM v WHERE a = 5)",
	"ALTER ROLE x PASSWORD 'secret'", "CREATE USER x WITH PASSWORD 'secret' VALID UNTIL '2020-01-01'", "ALTER TABLE t ALTER a SET STATISTICS 5, ADD COLUMN b int DEFAULT -5", "COMMENT ON TABLE t IS 'x'", "ALTER SYSTEM SET x = 'y'",
	"COPY t FROM '/x' WITH (FORMAT csv, DELIMITER ',')", "COPY (SELECT 5) TO STDOUT", "COPY t (a) FROM stdin", "DO $$ BEGIN END $$", "NOTIFY c, 'payload'", "LISTEN c", "SAVEPOINT s1", "ROLLBACK TO SAVEPOINT s1", "BEGIN ISOLATION LEVEL SERIALIZABLE", "START TRANSACTION", "COMMIT", "rollback", "LOCK TABLE t IN SHARE MODE", "VACUUM (PARALLEL 5) t", "TRUNCATE t, u CASCADE", "SHOW x", "RESET ALL", "DISCARD ALL", "REINDEX TABLE t", "GRANT SELECT ON t TO u",
	"SELECT 'cut off", "SELECT 'cut off''", "SELECT \"cut off", "SELECT 1 /* cut off", "SELECT $t$ cut off $t", "SELECT E'cut off\\", "INSERT INTO t VALUES (1, 2), (3, 'cut", "SELECT * FROM t WHERE a IN (1, 2, 3", "SELECT * FROM t WHERE a IN ('a', 'b', 'cu",
	"SELECT `a` FROM `t` WHERE b = \"x\" LIMIT 5, 10", "SHOW TABLES LIKE 'x%'", "not SQL at all: 5 'x'", "\x00", "SELECT 'a\x00b'", "SELECT \xff\xfe, 'ä', ü FROM tä", "SELECT\v5,\f6", "))))((((", "]]][[[1,2", "IN (((((", "VALUES", "VALUES (", "VALUES (1),", "ARRAY[",
	"SELECT " + strings.Repeat("(", 100) + "x::float(24) + 5, -5" + strings.Repeat(")", 100), "SELECT " + strings.Repeat("(", 70) + "x IN (1,2,3) AND y = ARRAY[1,2]" + strings.Repeat(")", 70),
	"SELECT a FROM t WHERE b = 'x'\n\tAND c = 'y' -- note\n\tORDER BY 1 /*app='x'*/", "/* req:1 */ SELECT a.id -- x\n FROM app_flags a WHERE a.name = 'x'", "SELECT a -/*c*/- 5, a /*c*/ + /*d*/ 5, a =/**/-5, a=--c\n-5", "SELECT a,/*c*/5,--d\n6",
}

// pieces are put into statements at random places.
var pieces = []string{"'", "''", "'x'", "\"", "\"q\"", "-", "--", "-- c\n", "/*", "*/", "/* c */", "(", ")", "[", "]", ",", ".", ":", "::", ";", "$1", "$", "$$", "$t$", "5", "-5", " - 5", "1.5", "1e5", ".5", "0x1F", "5a", "E'", "e'a\\'b'", "U&'", "u&\"", "N'x'", "B'1'", "\\",
	" NULL ", " TRUE", " DEFAULT ", " IN ", " IN (1, 2)", " VALUES ", " VALUES (1), (2)", "ARRAY[1, 2]", " ARRAY[", " AND ", " OR ", " SELECT ", " FROM t ", " WHERE ", "=", "<", "@", "?", "&", "|", "+", "*", "/", "%", "!", "#", "\n", "\t", "\n\t", " ", "\r", "x", "float(24)", "float(53)",
	"::int", "::int[3]", " AS ", " FOR ", " CREATE ", " LIMIT 5", " position(", " UESCAPE '!'", "ä", "\xff", "\x00", "_", "u", "e", "t.", "(1, 'a')", ", (3, 'b')", "('x')", "NOT ", " BETWEEN -5 AND 5", "CASE WHEN ", " END", " IS NULL"}

// mutant makes a new statement of old ones.
func mutant(r *rand.Rand) string {
	s := statements[r.IntN(len(statements))]
	for range r.IntN(4) {
		at := r.IntN(len(s) + 1)
		switch r.IntN(5) {
		case 0: // cut off
			s = s[:at]
		case 1: // cut out
			s = s[:at] + s[min(len(s), at+1+r.IntN(3)):]
		case 2: // graft
			o := statements[r.IntN(len(statements))]
			s = s[:at] + o[r.IntN(len(o)+1):]
		default:
			s = s[:at] + pieces[r.IntN(len(pieces))] + s[at:]
		}
	}
	return s
}
