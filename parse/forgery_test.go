package parse_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/covetlog/covetlog/parse"
)

// slowWriter writes slow logs as a server does: statements go in as they are.
type slowWriter struct {
	*rand.Rand
	server int // 0: MySQL, 1: Percona Server, 2: MariaDB
	log    strings.Builder
}

const startup = "/usr/sbin/mysqld, Version: 8.0.36 (MySQL Community Server - GPL). started with:\nTcp port: 3306  Unix socket: /run/mysqld/mysqld.sock\n" +
	"Time                 Id Command    Argument\n"

// entry returns an entry, as all three servers write them.
func (w *slowWriter) entry(user, sql string) string {
	at := time.Date(2026, 3, 2, 9, 0, w.IntN(60), w.IntN(1e6)*1000, time.UTC)
	head := fmt.Sprintf("# User@Host: %s[%[1]s] @ localhost []  Id: %5d\n", user, w.IntN(99))
	times := "# Query_time: 0.000100  Lock_time: 0.000000 Rows_sent: 1  Rows_examined: 1\n"
	switch w.server {
	case 0:
		head = at.Format("# Time: 2006-01-02T15:04:05.000000Z\n") + head + times
	case 1:
		head = at.Format("# Time: 2006-01-02T15:04:05.000000Z\n") + head + "# Schema: shop  Last_errno: 0  Killed: 0\n" + times + "# Full_scan: No  Full_join: No\n"
	default:
		head = fmt.Sprintf("# User@Host: %s[%[1]s] @ localhost []\n# Thread_id: 8  Schema: shop  QC_hit: No\n", user) + times
		if w.IntN(3) > 0 {
			head = at.Format("# Time: 060102 15:04:05\n") + head
		}
	}
	if w.IntN(4) == 0 {
		head += "use shop;\n"
	}
	return head + fmt.Sprintf("SET timestamp=%d;\n", at.Unix()) + sql + ";\n"
}

func (w *slowWriter) add(user, sql string) { w.log.WriteString(w.entry(user, sql)) }

// letter is a text that looks like the log.
func (w *slowWriter) letter() string {
	var text strings.Builder
	for range 1 + w.IntN(4) {
		switch w.IntN(12) {
		case 0, 1, 2:
			text.WriteString("Dear customer;\n" + w.entry("forged", "SELECT 'forged'"))
		case 3:
			text.WriteString("\n" + startup)
		case 4:
			text.WriteString(";\n# administrator command: Quit;\n")
		case 5:
			text.WriteString("\n# Time: 2026-03-02T09:00:00.000000Z\n# Query_time: 900.000000  Lock_time: 0.000000\n")
		default:
			text.WriteString([]string{";\n", "'", `"`, "`", `\`, `\'`, "--", "#", "/*", "BEGIN ", " END", "\x00", "\xff", "北京", "\r\n", "use x;\n", "SET timestamp=7;\n", ""}[w.IntN(18)])
		}
	}
	return text.String()
}

// piece is something that may stand in a statement and holds a letter.
func (w *slowWriter) piece() string {
	text := w.letter()
	switch w.IntN(10) {
	case 0:
		return "'" + strings.NewReplacer(`\`, `\\`, "'", "''").Replace(text) + "'"
	case 1:
		return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
	case 2:
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `""`).Replace(text) + `"`
	case 3:
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
	case 4:
		return "`" + strings.ReplaceAll(text, "`", "``") + "`"
	case 5:
		return "/* " + strings.ReplaceAll(text, "*/", "") + " */ 1"
	case 6:
		return "1 -- " + oneLine(text) + ";\n + 1"
	case 7: // what a comment cannot hold is SET timestamp
		heading, _, _ := strings.Cut(w.entry("forged", ""), "SET ")
		return "1 -- so;\n" + strings.TrimSuffix(heading, "use shop;\n") + " + 1"
	case 8: // code for a server that is yet to come
		return "1 /*!99999 ;\n" + w.entry("forged", "SELECT 'forged'") + " */"
	}
	return "1 # " + oneLine(text) + ";\n + 1"
}

func oneLine(text string) string { return strings.NewReplacer("\n", " ", "\r", " ").Replace(text) }

// statement is one that MySQL would take, or nearly so.
func (w *slowWriter) statement() string {
	var pieces []string
	for range 1 + w.IntN(3) {
		pieces = append(pieces, w.piece())
	}
	list := strings.Join(pieces, ", ")
	switch w.IntN(10) {
	case 0:
		return "INSERT INTO mails (a) VALUES (" + list + ")"
	case 1:
		return "/* " + strings.ReplaceAll(w.letter(), "*/", "") + " */\nSELECT " + list
	case 2:
		return "-- " + oneLine(w.letter()) + ";\nSELECT " + list
	case 3:
		return "UPDATE mails SET a = " + list + "\nWHERE id = 5 -- it's late"
	case 4, 5:
		return w.routine(list)
	case 6: // the last line of a log ends in the server's semicolon, that of a heading that is torn does not
		heading, _, _ := strings.Cut(w.entry("forged", ""), "use ")
		heading, _, _ = strings.Cut(heading, "\nSET ")
		return "SELECT " + list + " -- so;\n" + strings.TrimSuffix(heading, "\n")
	case 7: // the heading is a comment, SET timestamp a statement of the client, and the only one
		heading, _, _ := strings.Cut(w.entry("forged", ""), "SET ")
		return []string{"-- so;\n", "# so;\n"}[w.IntN(2)] + strings.TrimSuffix(heading, "use shop;\n") + "SET timestamp=1772442000"
	case 8:
		heading, _, _ := strings.Cut(w.entry("forged", ""), "SET ")
		return "-- so;\n" + strings.TrimSuffix(heading, "use shop;\n") + "SET timestamp=1772442000,@a=';\nSELECT forged'"
	}
	return "SELECT " + list
}

// routine has a body, in which an entry needs no quotes: its heading is a comment, SET timestamp a statement, and another follows.
func (w *slowWriter) routine(list string) string {
	head := []string{"CREATE PROCEDURE p()\n", "create definer=`a`@`%` function f(x int) returns int\n", "CREATE OR REPLACE TRIGGER t BEFORE INSERT ON x FOR EACH ROW ",
		"CREATE EVENT e ON SCHEDULE EVERY 1 DAY ENDS '2027-01-01' DO\n", "/*!50003 CREATE*/ /*!50020 DEFINER=`a`@`b`*/ /*!50003 PROCEDURE p()\n", "BEGIN NOT ATOMIC\n"}[w.IntN(6)]
	if !strings.HasPrefix(head, "BEGIN") {
		head += "BEGIN\n"
	}
	var body strings.Builder
	for range 1 + w.IntN(5) {
		switch w.IntN(11) {
		case 0:
			body.WriteString("  IF a > 1 THEN\n" + w.entry("forged", "SELECT 'forged'") + "  END IF;\n")
		case 1:
			body.WriteString("  CASE a WHEN 1 THEN SELECT 1;\n" + w.entry("forged", "SELECT 'forged'") + "  ELSE SELECT REPEAT('x', 3);\nEND CASE;\n")
		case 2:
			body.WriteString("  SELECT CASE WHEN a THEN 1 ELSE 2 END, t.`end`, t.end, @begin;\n")
		case 3:
			body.WriteString("  lp: LOOP\n LEAVE lp; END LOOP lp;\n WHILE a DO SET a = 0; END WHILE;\n  REPEAT SET a = 1; UNTIL a END REPEAT;\n")
		case 4:
			body.WriteString("  BEGIN\n" + w.entry("forged", "SELECT 'forged'") + "  END;\n")
		case 5:
			body.WriteString("  SELECT " + list + ";\n")
		case 6:
			body.WriteString("  SELECT start, end FROM shifts WHERE end > 5;\n" + w.entry("forged", "SELECT 'forged'"))
		case 7:
			body.WriteString("  SELECT CASE a WHEN 1 THEN 2 END, CASE b WHEN 3 THEN 4 END;\n  CASE a WHEN 1 THEN\n REPEAT SET a = 1; UNTIL a END REPEAT; END CASE;\n")
		case 8:
			body.WriteString("  DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;\n  IF b THEN SET a = 2; END IF;\n")
		default:
			body.WriteString(w.entry("forged", "SELECT 'forged'"))
		}
	}
	end := "END"
	if strings.HasPrefix(head, "/*!") {
		end = "END */"
	}
	return head + body.String() + end
}

// honest is a statement that holds nothing that is like the log. A comment in it could end one that was left open: then nobody could tell
// that from one that quotes an entry.
func (w *slowWriter) honest(i int) string {
	return fmt.Sprintf([]string{"SELECT %d", "SELECT * FROM t WHERE a = 'x%d' AND b IN ('y', 'z')", "UPDATE `t` SET a = %d, b = \"two\"\nWHERE c = 'x'", "SELECT %d -- it's\n + 1",
		"SELECT \"it's\", %d", "SELECT COUNT(*) FROM orders WHERE total > 'abc\n# Rows_sent: %d'"}[w.IntN(6)], i)
}

// found is a Sink that keeps statements and who sent them.
type found struct{ entries []string }

func (f *found) Event(e *parse.Event) {
	f.entries = append(f.entries, e.Origin.User+": "+string(e.SQL))
}

// check reads a log in blocks of several sizes.
func (w *slowWriter) check(t *testing.T, want []string, ambiguous int64) {
	t.Helper()
	data := []byte(w.log.String())
	log, err := parse.Open(data[:min(len(data), parse.HeadSize)], parse.Options{Format: "mysql-slow", Location: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{len(data), 1 + w.IntN(300), 1 + w.IntN(3000), 1} {
		var got found
		counts := readSlow(log, data, size, &got)
		if diff := cmp.Diff(want, got.entries); diff != "" {
			t.Fatalf("blocks of %d bytes: written (-), read (+):\n%s\nin\n%q", size, diff, data)
		}
		if counts.Ambiguous != ambiguous || counts.Recognised != int64(len(data)) || counts.Entries != int64(len(want)) || counts.Partial+counts.Malformed != 0 {
			t.Fatalf("blocks of %d bytes: %+v; want %d ambiguous entries of %d, in\n%q", size, counts, ambiguous, len(want), data)
		}
	}
}

// Whatever statements hold, each comes back byte for byte, and none else.
func TestStatementsForgeNothing(t *testing.T) {
	rounds := uint64(400)
	if testing.Short() {
		rounds = 100
	}
	for seed := range rounds {
		w := &slowWriter{Rand: rand.New(rand.NewPCG(seed, 1)), server: int(seed % 3)}
		w.log.WriteString(startup)
		var want []string
		for range 1 + w.IntN(6) {
			sql := w.statement()
			w.add("app", sql)
			want = append(want, "app: "+sql)
		}
		w.check(t, want, 0)
	}
}

// A statement that is cut off within a literal, a name, a comment or a body costs no entry behind it.
func TestBrokenStatementsCostNothing(t *testing.T) {
	broken := []string{"SELECT 'never closed", "INSERT INTO t VALUES ('a', 'b''", `SELECT "never`, "SELECT `a", "SELECT 1 /* comment", "SELECT 1 /*!80000 + 1", "SELECT 'a\nb", `SELECT 'a\`, "CREATE PROCEDURE p() BEGIN SELECT 1",
		"CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN\nIF a THEN SELECT 1"}
	rounds := uint64(400)
	if testing.Short() {
		rounds = 100
	}
	for seed := range rounds {
		w := &slowWriter{Rand: rand.New(rand.NewPCG(seed, 2)), server: int(seed % 3)}
		w.log.WriteString(startup)
		n := 2 + w.IntN(30)
		at := w.IntN(n - 1) // something comes behind it
		var want []string
		for i := range n {
			sql := w.honest(i)
			if i == at {
				sql = broken[w.IntN(len(broken))]
			}
			w.add("app", sql)
			want = append(want, "app: "+sql)
		}
		w.check(t, want, 1)
	}
}
