package normalize

import "testing"

// mysqlPatterns are statements and their patterns.
var mysqlPatterns = [][2]string{
	// What other tools get wrong.
	{`select a from t where s='it''s ok'`, "SELECT a FROM t WHERE s = ?"},
	{`select a from t where b='x\'s secret'`, "SELECT a FROM t WHERE b = ?"},
	{"select a-5, n+1, a - 5, a -5 from t", "SELECT a - ?, n + ?, a - ?, a - ? FROM t"},
	{"select 0xDEADBEEF, X'4D', x'4D', 0b11 from t where c=b'101'", "SELECT ?, ?, ?, ? FROM t WHERE c = ?"},
	{"insert into t values (1,'(a), (b)') on duplicate key update c=values(c)", "INSERT INTO t VALUES (...) ON DUPLICATE KEY UPDATE c = VALUES(c)"},
	{"insert into t values (1,2),(3,4),(5,6)", "INSERT INTO t VALUES (...)"},
	{"select * from t where (a,b) in ((1,2),(3,4))", "SELECT * FROM t WHERE (a, b) IN ((...))"},
	{"select * from t where a in (1,2,NOW())", "SELECT * FROM t WHERE a IN (?, NOW())"},
	{"select 5--2 from t", "SELECT ? - ? FROM t"},
	{"select foo/* x */FROM bar", "SELECT foo FROM bar"},
	{"select 1 from t /*trace='00-5bd6'*/ ;", "SELECT ? FROM t"},
	{"select j->'$.a', j ->> '$.b' from t", "SELECT j -> ?, j ->> ? FROM t"},
	{"select `t-1`, col1, utf8mb4, `c``d` from t", "SELECT `t-1`, col1, utf8mb4, `c``d` FROM t"},
	{"update t SET a=NULL, b=1", "UPDATE t SET a = ?, b = ?"},
	{"select /*! STRAIGHT_JOIN */ a from t", "SELECT STRAIGHT_JOIN a FROM t"},
	{"select .5, 123abc, t.1col, t.5", "SELECT ?, 123abc, t.1col, t.5"},
	{"SELECT x LIKE 'a', a.id = b.id", "SELECT x LIKE ?, a.id = b.id"},

	// Literals.
	{`select 'a' "b" 'c', N'x', _utf8mb4'x', _binary x'41', _latin1 'a' 'b', "it""s"`, "SELECT ?, ?, ?, ?, ?, ?"},
	{"select 1.5, 1., 1e5, 1.5e-3, 1e, 0x, 0X1F, 1_000", "SELECT ?, ?, ?, ?, 1e, 0x, 0X1F, 1_000"},
	{"select date '2026-01-01', time'10:00', timestamp \"x\", date, date(a), {d '2026-01-01'}", "SELECT ?, ?, ?, date, DATE(a), {d ?}"},
	{"select -5, - 5, +5, -x, - -5, --5, -'5', (-5), a*-5, a in (-1, - 2), -(5), ~5, !a, a - -x", "SELECT ?, ?, ?, -x, ?, ?, ?, (?), a * ?, a IN (...), -(?), ~?, !a, a - -x"},
	{"select a between -5 and -3, case -1 when -2 then -3 else -4 end - 5, now() - 5 limit 5", "SELECT a BETWEEN ? AND ?, CASE ? WHEN ? THEN ? ELSE ? END - ?, NOW() - ? LIMIT ?"},
	{"select null, a is null, a is not null, a = null, not null, true, false, a is true, a is not false, a <=> null, \\N", "SELECT ?, a IS NULL, a IS NOT NULL, a = ?, NOT NULL, ?, ?, a IS TRUE, a IS NOT FALSE, a <=> ?, ?"},
	{"select a 'x', b as \"y\" from t", "SELECT a ?, b AS ? FROM t"},
	{"select interval 5 day + a, date_add(a, interval -1 day_hour), a - interval b hour, hour from t", "SELECT INTERVAL ? DAY + a, DATE_ADD(a, INTERVAL ? DAY_HOUR), a - INTERVAL b HOUR, hour FROM t"},
	{"create user 'u'@'10.%' identified by 'secret'", "CREATE USER ?@? IDENTIFIED BY ?"},
	{"SET PASSWORD FOR u@localhost = 'secret'", "SET PASSWORD FOR u@localhost = ?"},
	{"grant select on d.* to u@`h` identified by 'x'", "GRANT SELECT ON d.* TO u@h IDENTIFIED BY ?"},

	// Lists.
	{"select a from t where b in (1) and c not in ('x', 'y') and d in (1, x, 2, 3) and e in (select 5) and f in (((1),(2)),((3),(4)))", "SELECT a FROM t WHERE b IN (...) AND c NOT IN (...) AND d IN (?, x, ?) AND e IN (SELECT ?) AND f IN ((...))"},
	{"select a from t where b in ((1),(2)) and c in (row(1,2),row(3,4)) and d in (null, true, -1, _utf8'x', date'1')", "SELECT a FROM t WHERE b IN (...) AND c IN (ROW(...)) AND d IN (...)"},
	{"insert t(a,b) values (1,now()),(2,now()),(3,now())", "INSERT t (a, b) VALUES (?, NOW())"},
	{"insert into t values (default,1),(NULL,2)", "INSERT INTO t VALUES (...)"},
	{"insert into t values (default(a),1)", "INSERT INTO t VALUES (DEFAULT(a), ?)"},
	{"insert into t () values (),()", "INSERT INTO t () VALUES ()"},
	{"insert into t values row(1,2),row(3,4)", "INSERT INTO t VALUES ROW(...)"},
	{"insert into d.t(a) value (1)", "INSERT INTO d.t (a) VALUE (...)"},
	{"replace into `t` values (?,?),(?,?)", "REPLACE INTO t VALUES (...)"},
	{"select f(1,2,3), (1,2), row(1,2) = row(a,2), a from t order by field(id,3,1,2)", "SELECT f(?, ?, ?), (?, ?), ROW(...) = ROW(a, ?), a FROM t ORDER BY FIELD(id, ?)"},
	{"select a from t limit 5", "SELECT a FROM t LIMIT ?"},
	{"select a from t limit 5,10", "SELECT a FROM t LIMIT ? OFFSET ?"},
	{"select a from t limit 10 offset 5", "SELECT a FROM t LIMIT ? OFFSET ?"},

	// Comments, and those that are none.
	{"-- c\n# d\n/* e */ select 1 -- f", "SELECT ?"},
	{"/*!50001 CREATE ALGORITHM=UNDEFINED */ /*!50013 DEFINER=`a`@`%` SQL SECURITY DEFINER */ /*!50001 VIEW `v` AS select 1 AS `x` */", "CREATE ALGORITHM = UNDEFINED DEFINER = a@`%` SQL SECURITY DEFINER VIEW v AS SELECT ? AS x"},
	{"select /*!40001 sql_no_cache */ * from `t`", "SELECT SQL_NO_CACHE * FROM t"},
	{"select /*+ max_execution_time(1000) no_index_merge(t1 i) SET_VAR(a='b') */ a from t1", "SELECT /*+ MAX_EXECUTION_TIME(?) NO_INDEX_MERGE(t1 i) SET_VAR(a = ?) */ a FROM t1"},
	{"select a/*+ b */ from t", "SELECT a FROM t"},

	// Words.
	{"select Count(*), sum( `A` ), MyFunc(1) from T group by b having count( * )>5", "SELECT COUNT(*), SUM(A), MyFunc(?) FROM T GROUP BY b HAVING COUNT(*) > ?"},
	{"select `select`, `a b`, `1st`, `1e5`, `123`, `ä`, `status`, `date`, `key`, `a`.`b` from `db`.`t` `x`", "SELECT `select`, `a b`, 1st, `1e5`, `123`, ä, status, date, `key`, a.b FROM db.t x"},
	{"select `value` from t where `row` = 1 and `offset` > `limit`", "SELECT value FROM t WHERE row = ? AND offset > `limit`"},
	{"select rank, groups, row_number() over (partition by a order by b rows between unbounded preceding and current row) from t", "SELECT rank, groups, ROW_NUMBER() OVER (PARTITION BY a ORDER BY b ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM t"},
	{"select t.select, t.in, select.a from t", "SELECT t.select, t.in, select.a FROM t"},
	{"insert into Log(a) values (1)", "INSERT INTO Log (a) VALUES (...)"},
	{"create index I on Log(a)", "CREATE INDEX I ON Log (a)"},
	{"select a from t join u on lower(t.a)=u.b left join v using(id)", "SELECT a FROM t JOIN u ON LOWER(t.a) = u.b LEFT JOIN v USING (id)"},
	{"select left(a,3), right(a,1), if(a>1,2,3), mod(a,2), a mod (2), replace(a,'x','y'), convert(a using utf8), cast(a as char(3)), cast(a as signed), cast(b as datetime)", "SELECT LEFT(a, ?), RIGHT(a, ?), IF(a > ?, ?, ?), MOD(a, ?), a MOD (?), REPLACE(a, ?, ?), CONVERT(a USING utf8), CAST(a AS CHAR(?)), CAST(a AS SIGNED), CAST(b AS DATETIME)"},
	{"select match(a,b) against ('x' in boolean mode), a collate utf8_bin, binary a, a regexp 'x', extract(year from a), timestampdiff(day,a,b)", "SELECT MATCH (a, b) AGAINST (? IN BOOLEAN MODE), a COLLATE utf8_bin, BINARY a, a REGEXP ?, EXTRACT(YEAR FROM a), TIMESTAMPDIFF(DAY, a, b)"},
	{"select @a, @`b`, @a.b, @'q', @@x, @@global.y, @x:=@x+1, @ a", "SELECT @a, @b, @a.b, @?, @@x, @@global.y, @x := @x + ?, @ a"},
	{"select a from t for update skip locked", "SELECT a FROM t FOR UPDATE SKIP LOCKED"},
	{"select a from t lock in share mode", "SELECT a FROM t LOCK IN SHARE MODE"},
	{"with recursive c (n) as (select 1 union all select n+1 from c where n<5) select n from c", "WITH RECURSIVE c (n) AS (SELECT ? UNION ALL SELECT n + ? FROM c WHERE n < ?) SELECT n FROM c"},
	{"set session transaction isolation level read committed", "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"},
	{"set names utf8mb4 collate utf8mb4_bin, @@session.sql_mode='ansi', autocommit=1", "SET NAMES utf8mb4 COLLATE utf8mb4_bin, @@session.sql_mode = ?, autocommit = ?"},
	{"begin", "BEGIN"},
	{"COMMIT ;\n", "COMMIT"},
	{"start transaction with consistent snapshot", "START TRANSACTION WITH CONSISTENT SNAPSHOT"},
	{"show full tables from `d` like 'x%'", "SHOW FULL TABLES FROM d LIKE ?"},
	{"show engine innodb status", "SHOW ENGINE INNODB STATUS"},
	{"use `db`", "USE db"},
	{"kill query 5", "KILL QUERY ?"},
	{"xa start 'x'", "XA START ?"},
	{"explain format=json select 1", "EXPLAIN FORMAT = json SELECT ?"},
	{"set global slow_query_log = on", "SET GLOBAL slow_query_log = ON"},
	{"select a from t group by a with rollup; rollback to savepoint s", "SELECT a FROM t GROUP BY a WITH ROLLUP; ROLLBACK TO SAVEPOINT s"},
	{"insert into t values (1, 2) as new on duplicate key update a = new.a", "INSERT INTO t VALUES (...) AS new ON DUPLICATE KEY UPDATE a = new.a"},
	{"create table t (a int) partition by range (a) (partition p0 values less than (10), partition p1 values in (1, 2))", "CREATE TABLE t (a INT) PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (?), PARTITION p1 VALUES IN (...))"},
	{"create trigger tr before insert on t for each row begin set new.a = 1; end", "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW BEGIN SET new.a = ?; END"},
	{"select group_concat(distinct a order by b separator ', ') from t where a sounds like 'x' and b = any (select 1) and c is unknown", "SELECT GROUP_CONCAT(DISTINCT a ORDER BY b SEPARATOR ?) FROM t WHERE a SOUNDS LIKE ? AND b = ANY (SELECT ?) AND c IS UNKNOWN"},
	{"select a from t where b = 1 for share of t nowait", "SELECT a FROM t WHERE b = ? FOR SHARE OF t NOWAIT"},
	{"call p(1,'x')", "CALL p(?, ?)"},
	{"create table if not exists `t` (`id` int unsigned not null auto_increment primary key, `at` datetime default null comment 'x', b varchar(10), key `i` (`at`)) engine=InnoDB", "CREATE TABLE IF NOT EXISTS t (id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, at DATETIME DEFAULT ? COMMENT ?, b VARCHAR(?), KEY i (at)) ENGINE = InnoDB"},
	{"alter table t add column c text after b, drop column d", "ALTER TABLE t ADD COLUMN c TEXT AFTER b, DROP COLUMN d"},
	{"create procedure p(in a int) begin declare x int default 5; set x=case when a>1 then 2 else 3 end; if x=1 then select 1; end if; l1: loop leave l1; end loop; end;", "CREATE PROCEDURE p(IN a INT) BEGIN DECLARE x INT DEFAULT ?; SET x = CASE WHEN a > ? THEN ? ELSE ? END; IF x = ? THEN SELECT ?; END IF; l1: LOOP LEAVE l1; END LOOP; END"},
	{"load data local infile '/x' into table t fields terminated by ',' (a,b)", "LOAD DATA LOCAL INFILE ? INTO TABLE t FIELDS TERMINATED BY ? (a, b)"},
	{"select a from t except select b from u", "SELECT a FROM t EXCEPT SELECT b FROM u"},
	{"delete quick from t where a=1 returning b", "DELETE QUICK FROM t WHERE a = ? RETURNING b"},
	{"select a from t where b=:name and c=:1", "SELECT a FROM t WHERE b = :name AND c = :?"},

	// Texts that are cut off.
	{"SELECT a FROM t WHERE b = 'cut", "SELECT a FROM t WHERE b = ?"},
	{"SELECT a FROM t WHERE b = `cut", "SELECT a FROM t WHERE b = ?"},
	{"SELECT a FROM t WHERE b IN (1, 2, 'cut", "SELECT a FROM t WHERE b IN (?, ?"},
	{"SELECT a /* cut", "SELECT a"},
	{"SELECT a /*! cut", "SELECT a cut"},
	{"", ""},
	{" ; -- nothing", ""},
	{"SELECT '\xff', \xff", "SELECT ?, �"},
	{"SELECT a FROM t WHERE id = ? AND x IN (...) AND (a, b) IN ((...))", "SELECT a FROM t WHERE id = ? AND x IN (...) AND (a, b) IN ((...))"},
}

func TestMySQLText(t *testing.T) {
	for _, c := range mysqlPatterns {
		if got := MySQL(c[0]).Text; got != c[1] {
			t.Errorf("%q is\n  %s, want\n  %s", c[0], got, c[1])
		}
	}
}

func TestMySQLSame(t *testing.T) {
	f := func(a, b string) {
		t.Helper()
		if x, y := MySQL(a), MySQL(b); x != y {
			t.Errorf("%q and %q are\n  %s\n  %s", a, b, x.Text, y.Text)
		}
	}
	f("select Count(*) from T", "SELECT count(*) FROM T")
	f("SELECT a FROM t", "select`a`from`t`")
	f("SELECT a FROM t WHERE b IN (1)", "SELECT a FROM t WHERE b IN (1, 2,3)")
	f("SELECT a FROM t WHERE b IN (1)", "SELECT a FROM t WHERE b IN ('x', -1, NULL, TRUE, 0x1F, x'1F', ?, 1 /* one */)")
	f("INSERT INTO t VALUES (1, 'x')", "INSERT INTO t VALUES (1,'x'),(2,'y') , (3 , NULL)")
	f("INSERT INTO t VALUES (1, NOW())", "INSERT INTO t VALUES (1,NOW()),(2,NOW())")
	f("SELECT a FROM t LIMIT 5 OFFSET 10", "SELECT a FROM t LIMIT 10, 5")
	f("SELECT a FROM t WHERE b = 1", "SELECT a FROM t WHERE b = -1;")
	f("SELECT a FROM t WHERE b = 1", "SELECT a FROM t WHERE b = \"x\"")
	f("SELECT a FROM t WHERE b = NULL", "SELECT a FROM t WHERE b = 'x' 'y'")
	f("SELECT a FROM t WHERE b = 1", "/* c */ SELECT -- d\na # e\nFROM\tt WHERE/**/b=1;;")
	f("SELECT a, b FROM t", "SELECT /*!50000 a */, b FROM /*M!100000 t*/")
	f("SELECT a.b FROM a", "SELECT a . b FROM a")
	f("SELECT DATE('x')", "SELECT date('y')")
	f("SELECT a FROM t WHERE b <=> 5", "SELECT a FROM t WHERE b<=>5")
	f("SELECT a FROM t WHERE b = _utf8mb4'x' COLLATE utf8mb4_bin", "SELECT a FROM t WHERE b = 'y' COLLATE utf8mb4_bin")
}

func TestMySQLDiffer(t *testing.T) {
	f := func(a, b string) {
		t.Helper()
		if x, y := MySQL(a), MySQL(b); x.ID == y.ID {
			t.Errorf("%q and %q are both\n  %s", a, b, x.Text)
		}
	}
	f("SELECT a FROM t", "SELECT a FROM T")
	f("SELECT a FROM t WHERE b IS NULL", "SELECT a FROM t WHERE b IS NOT NULL")
	f("SELECT a FROM t WHERE b IS TRUE", "SELECT a FROM t WHERE b IS FALSE")
	f("SELECT a FROM t WHERE b LIKE 'x'", "SELECT a FROM t WHERE b NOT LIKE 'x'")
	f("SELECT a FROM t WHERE a.id = b.id", "SELECT a FROM t WHERE a.id = 5")
	f("SELECT a FROM t LIMIT 5", "SELECT a FROM t LIMIT 5, 5")
	f("SELECT a FROM t WHERE b IN (1, 2)", "SELECT a FROM t WHERE b IN (1, c)")
	f("SELECT a FROM t WHERE b IN (1, 2)", "SELECT a FROM t WHERE b IN (SELECT 1)")
	f("SELECT a FROM t WHERE b IN (1, 2)", "SELECT a FROM t WHERE b IN ((1, 2))")
	f("SELECT a FROM t WHERE b IN (1, 2)", "SELECT a FROM t WHERE b NOT IN (1, 2)")
	f("SELECT a FROM t ORDER BY b", "SELECT a FROM t ORDER BY b DESC")
	f("SELECT a FROM t1", "SELECT a FROM t2")
	f("SELECT a - 5", "SELECT a + 5")
	f("SELECT a->'$.x'", "SELECT a->>'$.x'")
	f("SELECT a FROM t", "SELECT /*+ NO_MERGE(t) */ a FROM t")
	f("SELECT a FROM t", "SELECT /*! SQL_NO_CACHE */ a FROM t")
	f("INSERT INTO t VALUES (1)", "INSERT IGNORE INTO t VALUES (1)")
	f("INSERT INTO t VALUES (1)", "REPLACE INTO t VALUES (1)")
	f("SELECT `limit` FROM t", "SELECT LIMIT FROM t")
	f("SELECT a = 1 OR b", "SELECT a = 1 || b")
	f("SELECT @a", "SELECT @@a")
	f("SELECT a FROM t", "SELECT a t FROM")
}
