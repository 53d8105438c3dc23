//go:build cgo

package normalize

import (
	"strings"
	"testing"
)

func TestJudge(t *testing.T) {
	f := func(sql, want string) {
		t.Helper()
		facts, ok := Judge(PostgreSQL(sql).Text)
		var got []string
		for _, fact := range []struct {
			name string
			is   bool
		}{{"error", !ok}, {"read", facts.Read}, {"star", facts.SelectStar}, {"nowhere", facts.NoWhere}} {
			if fact.is {
				got = append(got, fact.name)
			}
		}
		if got := strings.Join(got, " "); got != want {
			t.Errorf("%s\nas %s\nis %q, want %q", sql, fillIn(PostgreSQL(sql).Text, "''"), got, want)
		}
	}
	f("SELECT a FROM t WHERE b = 5", "read")
	f("SELECT a FROM t", "read nowhere")
	f("SELECT a FROM t LIMIT 5", "read")
	f("SELECT * FROM t WHERE a IN (1, 2) AND b IN ('x')", "read star")
	f("SELECT t.*, u.a FROM t JOIN u USING (id)", "read star nowhere")
	f("SELECT count(*) FROM t WHERE a BETWEEN -5 AND 7", "read")
	f("SELECT a FROM t WHERE EXISTS (SELECT * FROM u WHERE u.id = t.id)", "read")
	f("SELECT a FROM t WHERE EXISTS (SELECT 1 FROM (SELECT * FROM v) u)", "read star")
	f("SELECT a FROM (SELECT * FROM t WHERE b = 1) s", "read star")
	f("SELECT 1", "read")
	f("SELECT now(), 'x'::text, interval '1 day', date '2020-01-01'", "read")
	f("SELECT a FROM generate_series(1, 10) a", "read")
	f("VALUES (1, 2), (3, 4)", "read")
	f("SELECT a FROM t WHERE data ? 'key' AND data ?| array['a', 'b'] AND data ? k", "read")
	f("SELECT a FROM t WHERE (a, b) IN ((1, 2), (3, 4)) AND c = ANY (ARRAY[1, 2])", "read")
	f("SELECT '{}'::int[3], a[1:2] FROM t WHERE b = 5", "read")
	f("SELECT a FROM t WHERE b = 5 FOR UPDATE SKIP LOCKED", "")
	f("SELECT a INTO x FROM t WHERE b = 5", "")
	f("SELECT nextval('s')", "")
	f("WITH d AS (DELETE FROM t WHERE a = 1 RETURNING *) SELECT a FROM d", "")
	f("WITH c AS (SELECT a FROM t WHERE b = 1) SELECT a FROM c", "read")
	f("WITH c AS (SELECT a FROM t WHERE b = 1) SELECT a FROM c, u", "read nowhere")
	f("SELECT a FROM t WHERE b = 1 UNION ALL SELECT a FROM u", "read nowhere")
	f("SELECT a FROM t TABLESAMPLE system (1)", "read nowhere")
	f("UPDATE t SET a = 5", "nowhere")
	f("UPDATE t SET a = 5 WHERE b = DEFAULT", "")
	f("DELETE FROM t", "nowhere")
	f("DELETE FROM t WHERE a = 1", "")
	f("INSERT INTO t (a) VALUES (1), (2)", "")
	f("INSERT INTO t SELECT * FROM u", "star")
	f("EXPLAIN SELECT a FROM t WHERE b = 5", "")
	f("SELECT a FROM t WHERE b = 5; DELETE FROM u", "nowhere")
	f("COMMIT", "")
	f("SELECT a FROM t WHERE", "error")
	f("SELECT a"+strings.Repeat(" + a", maxJudged/4-20)+" FROM t", "error") // nested deeper than JSON may be
	f("SELECT a"+strings.Repeat(" + a", 500)+" FROM t LIMIT 1", "read")
	f("SELECT a"+strings.Repeat(" + a", maxJudged), "error")
}
