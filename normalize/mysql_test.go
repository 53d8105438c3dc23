package normalize

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

// mysqlPieces are put into statements at random places.
var mysqlPieces = []string{"'", "''", "'x'", "\\'", "\"", "\"y\"", "`", "`q`", "`in`", "-", "--", "-- c\n", "#", "# c\n", "/*", "*/", "/* c */", "/*!", "/*!50001 ", "/*M! ", "/*+ ", "(", ")", ",", ".", ":", ";", "?",
	"5", "-5", " - 5", "+", "1.5", "1e5", ".5", "0x1F", "0x", "b'1'", "x'4D'", "N'x'", "_utf8'x'", "_utf8 ", "5a", "\\N", "\\", "$", "$$", "$t$", "@", "@@", "@a", "@'x'", "=", "<", ">", "!", "&", "|", "*", "/", "%", "{", "}", "[", "...",
	" NULL ", " TRUE", " IS ", " NOT ", " DEFAULT ", " IN ", " IN (1, 2)", " VALUES ", " VALUES (1), (2)", " ROW(1, 2)", " ROW ", " field(", " date ", " select ", "SELECT/*+ x(1) */", " from t ", " where ", " limit 5, 6", " limit ", " offset ", " case when ", " end", " interval ", " day ",
	"\n", "\t", " ", "\r", "x", "t.", "count(*)", "(1, 'a')", ", (3, 'b')", "('x')", "((1, 2))", " between -5 and 5", " create ", " index ", " on ", " begin ", "ä", "\xff", "\x00"}

// mysqlMutant makes a new statement of old ones.
func mysqlMutant(r *rand.Rand) string {
	pick := func() string { return mysqlPatterns[r.IntN(len(mysqlPatterns))][0] }
	s := pick()
	for range r.IntN(4) {
		at := r.IntN(len(s) + 1)
		switch r.IntN(5) {
		case 0: // cut off
			s = s[:at]
		case 1: // cut out
			s = s[:at] + s[min(len(s), at+1+r.IntN(3)):]
		case 2: // graft
			o := pick()
			s = s[:at] + o[r.IntN(len(o)+1):]
		default:
			s = s[:at] + mysqlPieces[r.IntN(len(mysqlPieces))] + s[at:]
		}
	}
	return s
}

func mysqlMutants(t *testing.T, check func(sql string, r *rand.Rand)) {
	for _, c := range mysqlPatterns {
		check(c[0], rand.New(rand.NewPCG(0, 0)))
	}
	rounds := 20000
	if testing.Short() {
		rounds = 5000
	}
	for seed := range uint64(rounds) {
		r := rand.New(rand.NewPCG(seed, 0))
		check(mysqlMutant(r), r)
		if t.Failed() {
			return
		}
	}
}

// checkMySQL: a statement has one fingerprint, whatever a cache has seen, however it is spaced, and its text is its own pattern.
func checkMySQL(t *testing.T, warm *Cache, sql string) {
	t.Helper()
	want := MySQL(sql)
	for range 2 {
		if got := warm.MySQL([]byte(sql)).Fingerprint; got != want {
			t.Fatalf("%q\n is %+v in a used cache,\n    %+v on its own", sql, got, want)
		}
	}
	if got := MySQL(want.Text).Text; got != want.Text {
		t.Errorf("%q\n has the text %q,\n and that has %q", sql, want.Text, got)
	}
	if slow := withoutLists(sql); MySQL(slow) != want {
		t.Errorf("%q\n is %q;\n%q\n is %q", sql, want.Text, slow, MySQL(slow).Text)
	}
	for _, blank := range []string{" ", "\n", "/* it's */", "\t/**/ ", " # \"\n", "-- `\n"} {
		spaced := respace(sql, blank)
		if got := MySQL(spaced); got != want {
			t.Errorf("%q\n is %q;\n%q\n is %q", sql, want.Text, spaced, got.Text)
		}
	}
}

// withoutLists puts a comment behind each bracket, so that lists of literals are read token by token.
func withoutLists(sql string) string {
	var s mysqlScanner
	s.reset([]byte(sql), nil)
	var out strings.Builder
	for end := 0; ; {
		k := s.next()
		out.WriteString(sql[end:s.pos])
		if k == mysqlOpen && !s.hint {
			out.WriteString("/**/")
		}
		if end = s.pos; k == mysqlEnd || k == mysqlHollow {
			return out.String()
		}
	}
}

// respace puts a blank wherever blanks and comments stand between tokens, except where a comment would not be one.
func respace(sql, blank string) string {
	var s mysqlScanner
	s.reset([]byte(sql), nil)
	var out strings.Builder
	for end := 0; ; {
		code, hint := s.code, s.hint
		k := s.next()
		if k == mysqlHollow {
			return sql
		}
		between := sql[end:s.start]
		if code || s.code || hint || s.hint || strings.Contains(between, "!") || strings.HasSuffix(sql[:end], "--") {
			out.WriteString(between)
		} else if between != "" && k != mysqlEnd && out.Len() > 0 {
			out.WriteString(blank)
		}
		out.Write(s.token())
		if end = s.pos; k == mysqlEnd {
			return out.String()
		}
	}
}

func TestMySQLSameShapeSameFingerprint(t *testing.T) {
	warm := NewCache()
	mysqlMutants(t, func(sql string, _ *rand.Rand) { checkMySQL(t, warm, sql) })
}

func FuzzMySQL(f *testing.F) {
	for _, c := range mysqlPatterns {
		f.Add(c[0])
	}
	warm := NewCache()
	f.Fuzz(func(t *testing.T, sql string) { checkMySQL(t, warm, sql) })
}

// mysqlMarked are literals whose content must not be seen: zQ7x and 7391 stand for it.
var mysqlMarked = []string{`'zQ7x'`, `"zQ7x"`, `'it''s zQ7x'`, `'\'zQ7x'`, `'\\' 'zQ7x'`, `"\"zQ7x"`, `"""zQ7x"`, `'"zQ7x'`, `"'zQ7x"`, `'a' "zQ7x"`, `N'zQ7x'`, `n'zQ7x'`, `_utf8mb4'zQ7x'`, `_latin1 "zQ7x"`,
	`_binary /* c */ 'zQ7x'`, `x'7391'`, `X'7391'`, `b'7391'`, `0x7391`, `_binary 0x7391`, `7391`, `7391.7391`, `.7391`, `7391.`, `7391e7391`, `7391E-7391`, `-7391`, `+ 7391`, `date '7391'`, `time"zQ7x"`, `'zQ7x /* '`, `'zQ7x -- '`,
	`'/*! zQ7x'`, "'zQ7x\n'", "'zQ7x ` '", `'zQ7x) , ('`, `'zQ7x;'`, `/* zQ7x 7391 */ 1`, "-- zQ7x 7391\n 1", "# zQ7x' 7391\n 1", `$$zQ7x$$`, `$t$zQ7x$$7391$t$`, `@'zQ7x'`, `@"zQ7x"`, `_foo'zQ7x'`,
	`(7391)`, `(7391, 'zQ7x')`, `f('zQ7x')`, `x 'zQ7x'`, `0b 7391`, "'zQ7x\x00'", "'\xffzQ7x\xff'", `{d 'zQ7x'}`, `'zQ7x'/**/'zQ7x'`, `'zQ7x'-- c` + "\n" + `'zQ7x'`}

// mysqlCut have no end: the statement is cut off in them.
var mysqlCut = []string{`'zQ7x\`, `'zQ7x`, `"7391`, `"zQ7x\"`, `N'zQ7x''`, `_utf8'zQ7x`, `x'7391`, `b'7391`, `$$zQ7x`, `$a$7391$`, "`zQ7x", `/* zQ7x`, `-- zQ7x`, `# 7391`, `@'zQ7x`, "@`zQ7x", `7391e`, `7391E-`, `'a' 'zQ7x`, `(7391, 'zQ7x`}

func checkHidden(t *testing.T, sql string) {
	t.Helper()
	if text := MySQL(sql).Text; strings.Contains(text, "zQ7x") || strings.Contains(text, "7391") {
		t.Errorf("%q shows a literal: %q", sql, text)
	}
}

// TestMySQLHidesLiterals: no byte of a literal is in a text, wherever the literal stands and the statement is cut off.
func TestMySQLHidesLiterals(t *testing.T) {
	for _, sql := range []string{"SELECT § FROM t", "SELECT a, § b FROM t WHERE c = § AND d LIKE § ESCAPE § OR e BETWEEN § AND § LIMIT §, §", "SELECT a FROM t WHERE b IN (§) OR b IN (§, §) OR b IN (§, c, §) OR (a, b) IN ((§, §), (§, §))",
		"INSERT INTO t (a, b) VALUES (§, §), (§, NOW()), (DEFAULT, §) ON DUPLICATE KEY UPDATE a = § + VALUES(a)", "UPDATE t SET a = §, b = b - §, c=§ WHERE d=§ ORDER BY FIELD(id, §, §) LIMIT §", "CREATE USER a IDENTIFIED BY §", "CREATE USER §@'h' IDENTIFIED WITH x AS § PASSWORD EXPIRE INTERVAL § DAY", "ALTER USER a IDENTIFIED BY § REPLACE §",
		"GRANT ALL ON *.* TO §@localhost IDENTIFIED BY PASSWORD §", "SET PASSWORD FOR § = PASSWORD(§)", "CHANGE MASTER TO MASTER_USER=§, MASTER_PASSWORD=§, MASTER_PORT=§", "SET @a = §, @@b := §, c = §", "SET NAMES §", "LOAD DATA INFILE § INTO TABLE t FIELDS TERMINATED BY § LINES STARTING BY § IGNORE § LINES", "CALL p(§, @x, §)",
		"CREATE TABLE t (a ENUM(§, §) DEFAULT § COMMENT §, b DECIMAL(§, §)) COMMENT=§ AUTO_INCREMENT=§", "CREATE PROCEDURE p() BEGIN DECLARE x INT DEFAULT §; IF x = § THEN SELECT §; END IF; SIGNAL SQLSTATE § SET MESSAGE_TEXT = §; END", "PREPARE s FROM §", "EXECUTE IMMEDIATE §", "KILL §", "SHOW TABLES LIKE §", "SELECT a->§, a->>§, j[§]",
		"SELECT /*+ SET_VAR(x = §) MAX_EXECUTION_TIME(§) */ a", "SELECT /*! § */ /*!50001 § */ /*M!100000 § */ a", "SELECT a FROM t WHERE MATCH (a) AGAINST (§ IN BOOLEAN MODE) GROUP BY § HAVING § ORDER BY §", "SELECT CASE § WHEN § THEN § ELSE § END, IF(§, §, §), INTERVAL § DAY, CAST(§ AS CHAR(§)), CONVERT(§ USING utf8), § IS NULL, § COLLATE x, NOT §, ~§, !§, -§, - §",
		"SELECT GROUP_CONCAT(a ORDER BY § SEPARATOR §), § MOD §, § DIV §, § XOR §, § RLIKE §, § <=> §, § || §, BINARY §, TRIM(LEADING § FROM §), POSITION(§ IN §), SUBSTRING(§ FROM § FOR §), JSON_TABLE(§, § COLUMNS (a INT PATH § DEFAULT § ON EMPTY)) x", "(SELECT §) UNION ALL (SELECT §) LIMIT § OFFSET §", "VALUES ROW(§, §), ROW(§, §)", "DO §", "RETURN §", "XA START §, §, §", "HANDLER t READ i = (§)", "§", "not SQL § at all §"} {
		for _, literal := range mysqlMarked {
			marked := strings.ReplaceAll(sql, "§", literal)
			checkHidden(t, marked)
			checkHidden(t, strings.ReplaceAll(sql, "§", " "+literal+" "))
			for end := range marked {
				if tail := marked[:end]; !strings.HasSuffix(tail, "7391") || marked[end] != '.' {
					checkHidden(t, tail)
				}
			}
			if t.Failed() {
				return
			}
		}
		for _, cut := range mysqlCut {
			for at, c := range sql {
				if c == '§' {
					checkHidden(t, strings.ReplaceAll(sql[:at], "§", "1")+cut)
				}
			}
		}
	}
}

// With NO_BACKSLASH_ESCAPES a literal may end in a backslash. What stands behind it shows neither with that mode nor without.
func TestMySQLLiteralsOfBothModesStayHome(t *testing.T) {
	for sql, want := range map[string]string{
		`SELECT a FROM t WHERE b = 'C:\' AND c = 'zQ7x'`:          "SELECT a FROM t WHERE b = ?",
		`SELECT 'a\', 'zQ7x', 'b\', c`:                            "SELECT ?",
		`SELECT a, "C:\", "it's zQ7x"`:                            "SELECT a, ?",
		`SELECT 'a\' FROM t WHERE a = 'it''s zQ7x'`:               "SELECT ?",
		`SELECT 'a\', 'zQ7x /* b'`:                                "SELECT ?",
		`SELECT 'it\'s never closed zQ7x`:                         "SELECT ?",
		`INSERT INTO t VALUES (1, 'C:\', 'zQ7x'), (2, 'D', '3')`:  "INSERT INTO t VALUES (?, ?",
		`SELECT 'it\'s', "\"", a`:                                 "SELECT ?, ?, a",
		`SELECT '\\', b`:                                          "SELECT ?, b",
		`SELECT a FROM t WHERE b IN ('it\'s', 'x') AND c = 'zQ7x`: "SELECT a FROM t WHERE b IN (?",
	} {
		if got := MySQL(sql).Text; got != want {
			t.Errorf("%s is\n  %s, want\n  %s", sql, got, want)
		}
		c := NewCache()
		for range 3 { // however it is found
			if got := c.MySQL([]byte(sql)).Text; got != want {
				t.Errorf("%s is in the cache\n  %s, want\n  %s", sql, got, want)
			}
		}
	}
}

// FuzzMySQLLiteralsStayHome puts marked literals between the tokens of any text.
func FuzzMySQLLiteralsStayHome(f *testing.F) {
	for i, c := range mysqlPatterns {
		f.Add(c[0], uint64(i))
	}
	f.Fuzz(func(t *testing.T, sql string, seed uint64) {
		if !strings.Contains(sql, "zQ7x") && !strings.Contains(sql, "7391") {
			checkHidden(t, mark(sql, rand.New(rand.NewPCG(seed, 0))))
		}
	})
}

func TestMySQLLiteralsStayHome(t *testing.T) {
	mysqlMutants(t, func(sql string, r *rand.Rand) { checkHidden(t, mark(sql, r)) })
}

// mark puts marked literals between tokens.
func mark(sql string, r *rand.Rand) string {
	var s mysqlScanner
	s.reset([]byte(sql), nil)
	var out strings.Builder
	for end, torn := 0, false; ; {
		name := s.name
		k := s.next()
		out.WriteString(sql[end:s.start])
		if torn = torn || k == mysqlTorn || k == mysqlHollow; r.IntN(4) == 0 && !name && !torn && !strings.HasSuffix(out.String(), "-") {
			out.WriteString(" " + mysqlMarked[r.IntN(len(mysqlMarked))] + " ")
		}
		out.Write(s.token())
		if end = s.pos; k == mysqlEnd || k == mysqlHollow {
			return out.String()
		}
	}
}

func TestMySQLNothingAllocatedForKnownShapes(t *testing.T) {
	c := NewCache()
	for _, sql := range bytes.Split([]byte("SELECT a FROM t WHERE b = 5 AND c IN (1, 2, 3)|SELECT a FROM t WHERE b = _utf8'x'|INSERT INTO t VALUES (1, 'x'), (2, NOW())|COMMIT|SELECT `a` FROM t WHERE b = ?"), []byte("|")) {
		c.MySQL(sql)
		if n := testing.AllocsPerRun(10, func() { c.MySQL(sql) }); n != 0 {
			t.Errorf("%s: %v allocations", sql, n)
		}
	}
}
