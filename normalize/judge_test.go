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

// TestJudgeConditions: a text without literals tells less.
func TestJudgeConditions(t *testing.T) {
	f := func(sql string, raw, text Facts) {
		t.Helper()
		for _, c := range []struct {
			sql  string
			want Facts
		}{{sql, raw}, {PostgreSQL(sql).Text, text}} {
			facts, ok := Judge(c.sql)
			got := Facts{LeadingWildcard: facts.LeadingWildcard, LargeOffset: facts.LargeOffset, WrappedColumn: facts.WrappedColumn}
			if !ok || got != c.want {
				t.Errorf("%s\nis %+v, %v, want %+v", c.sql, got, ok, c.want)
			}
		}
	}
	wildcard := Facts{LeadingWildcard: true}
	f("select a from t where b like '%x'", wildcard, Facts{})
	f("select a from t where c = 1 and (b ilike '_x' or d = 2)", wildcard, Facts{})
	f("select a from t where b like 'x%' and c not like '%y' and d = '%'", Facts{}, Facts{})
	f("select a like '%x' from t", Facts{}, Facts{})
	f("delete from t where a in (select b from u where c like '%x%')", wildcard, Facts{})
	f("select a from t limit 10 offset 1000", Facts{LargeOffset: 1000}, Facts{})
	f("select a from t limit 10 offset 999", Facts{}, Facts{})
	f("select a from (select b from u offset 7000 limit 1) t offset 5000000000", Facts{LargeOffset: 5000000000}, Facts{})
	f("select a from t limit 1000", Facts{}, Facts{})
	f("select a from t where lower(b) = 'x' and upper(c) = 'y'", Facts{WrappedColumn: "lower"}, Facts{WrappedColumn: "lower"})
	f("update t set a = 1 where 5 < date_trunc('day', t.b) ", Facts{WrappedColumn: "date_trunc"}, Facts{WrappedColumn: "date_trunc"})
	f("select a from t where b::date = '2026-01-01' or coalesce(c, 1) in (1, 2)", Facts{WrappedColumn: "date"}, Facts{WrappedColumn: "date"})
	f("select a from t where coalesce(c, 1) between 1 and 2", Facts{WrappedColumn: "coalesce"}, Facts{WrappedColumn: "coalesce"})
	f("select lower(a) from t where b = lower('x') and c > now() - interval '1 day' and d = lower(e) order by lower(f)", Facts{}, Facts{})
	f("select a from t join u on lower(t.a) = u.a where b::text = 'x'", Facts{}, Facts{})
}
