package parse

import (
	"strings"
	"testing"
)

// What a statement leaves open at the end of each of its lines: a quote, * for a comment, B for the body of a routine, - for nothing.
func TestWhatStatementsLeaveOpen(t *testing.T) {
	f := func(sql, want string) {
		t.Helper()
		var text sqlText
		text.begin()
		got := ""
		for line := range strings.SplitSeq(sql, "\n") {
			text.line([]byte(line))
			switch {
			case text.open != 0:
				got += string(text.open)
			case text.depth > 0:
				got += "B"
			default:
				got += "-"
			}
		}
		if got != want {
			t.Errorf("%q leaves %q open, want %q", sql, got, want)
		}
	}
	f("SELECT 1", "-")
	f("SELECT 'a\nb'", "'-")
	f(`SELECT 'it''s', 'it\'s', "a""b", "a\"b"`, "-")
	f("SELECT `a``b`, `a\\`", "-")
	f("SELECT '\"`', \"'`\", `'\"`", "-")
	f("SELECT /* ' \n \" */ 1", "*-")
	f("SELECT 1 -- it's\n, 2 # it's\n, 3", "---")
	f("SELECT 5--'2'", "-") // two signs
	f("SELECT 1 --\t'", "-")
	f("SELECT /*!50001 'a\n' */ 1", "'-")
	f("SELECT /*+ NO_INDEX(t) ' */ 1", "-")
	f("COMMIT\nBEGIN", "--")
	f("BEGIN\nSELECT 1", "--")
	f("BEGIN NOT ATOMIC\nSELECT 1;\nEND", "BB-")
	f("CREATE TABLE t (\n`begin` int,\nbegin int)", "---")
	f("CREATE PROCEDURE p()\nBEGIN\nSELECT 1;\nEND", "-BB-")
	f("create definer=`a`@`b`\nprocedure p()\nbegin\nif a then\nselect case when b then 1 end;\nend if;\nend", "--BBBB-")
	f("CREATE FUNCTION f() RETURNS INT BEGIN CASE a WHEN 1 THEN SET b = 1;\nEND CASE;\nRETURN b;\nEND", "BBB-")
	f("CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN\nx: LOOP\nLEAVE x;\nEND LOOP x;\nEND", "BBBB-")
	f("/* a\nword */ CREATE PROCEDURE p()\nBEGIN\nEND", "*-B-")
	f("/*!50003 CREATE PROCEDURE p()\nBEGIN\nEND */", "-B-")
	f("ALTER EVENT e DO\nBEGIN\nEND", "-B-")
}
