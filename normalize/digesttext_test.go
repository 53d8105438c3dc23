package normalize

import (
	"testing"
	"unicode/utf8"
)

// The answers are MariaDB's own: scripts/digest-answers.sh asked for them.
func TestMariaDBDigestText(t *testing.T) {
	type answer struct {
		Statement  string
		DigestText string `json:"digest_text"`
	}
	recorded(t, "testdata/digest-mariadb.jsonl", func(want answer) {
		if got := MariaDBDigestText(want.Statement); got != want.DigestText {
			t.Errorf("%q is\n  %q, want\n  %q", want.Statement, got, want.DigestText)
		}
	})
}

// What MySQL 8 does otherwise than MariaDB, whose answers stand for the rest.
func TestDigestText(t *testing.T) {
	f := func(sql, want string) {
		t.Helper()
		if got := DigestText(sql); got != want {
			t.Errorf("%q is\n  %q, want\n  %q", sql, got, want)
		}
	}
	f("SELECT * FROM a.b WHERE c = 5", "SELECT * FROM `a` . `b` WHERE `c` = ?")
	f("select a from t where b in (1) and c not in (1, 'x', NULL) and (d, e) in ((1, 2))", "SELECT `a` FROM `t` WHERE `b` IN (...) AND `c` NOT IN (...) AND ( `d` , `e` ) IN ( (...) )")
	f("select a from t where b in (1, c)", "SELECT `a` FROM `t` WHERE `b` IN ( ? , `c` )")
	f("insert into t values (1, 'a'), (2, 'b')", "INSERT INTO `t` VALUES (...) /* , ... */")
	f("insert into t values (1), (2);", "INSERT INTO `t` VALUES (?) /* , ... */")
	f("select @@version_comment limit 1", "SELECT @@`version_comment` LIMIT ?")
	f("select id, sequence, rank() over w from t", "SELECT `id` , `sequence` , RANK ( ) OVER `w` FROM `t`")
	f("select x'4D', sysdate(), _gb18030'x'", "SELECT ? , SYSDATE ( ) , (_charset) ?")
	f("select /*+ MAX_EXECUTION_TIME(1000) no_index_merge(t1 i) */ a /* c */ from t1", "SELECT /*+ MAX_EXECUTION_TIME (?) NO_INDEX_MERGE ( `t1` `i` ) */ `a` FROM `t1`")
	f("select /*+ bka(t1@qb) mrr(@qb date) set_var(sort_buffer_size = 16M) */ a", "SELECT /*+ BKA ( `t1`@`qb` ) MRR ( @`qb` `date` ) SET_VAR ( `sort_buffer_size` = `16M` ) */ `a`")
	f("show replicas", "SHOW REPLICAS")
	f("ſelect `a``b`, \"c\"\"d\" ", "`ſelect` `a``b` , ?")
	f("select 'torn", "SELECT ?")
	f(`select 'C:\', 'secret'`, "") // a backslash may escape here, or not
	f(`select 'C:\', 'secret /* ', 1`, "")
	f("select \xff, '\xff'", "SELECT `�` , ?")
	f("", "")
	f(" /* nothing */ ; ", "")
	f("# administrator command: Quit", "")
	f("administrator command: Quit", "")
}

func FuzzDigestText(f *testing.F) {
	f.Add("SELECT /*+ a(b@c) */ @a, -1 FROM `t`.5 WHERE b IN (1, NULL)")
	f.Add("select _utf8 x'4', (1), (2), ((3)) /*! union */ -- \xff")
	f.Fuzz(func(t *testing.T, sql string) {
		for _, got := range []string{DigestText(sql), MariaDBDigestText(sql)} {
			if !utf8.ValidString(got) {
				t.Errorf("%q is not UTF-8", got)
			}
			// No word is longer than 32 bytes, and no byte of a name becomes more than 3.
			if len(got) > maxDigestBytes/digestTokenBytes*(32+1) {
				t.Errorf("%d bytes of %d", len(got), len(sql))
			}
		}
	})
}
