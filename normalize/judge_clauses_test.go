//go:build cgo

package normalize

import (
	"strings"
	"testing"
)

// clausesOf says what is known of the clauses of a statement.
func clausesOf(f Facts, ok bool) string {
	var list []string
	for _, fact := range []struct {
		name string
		is   bool
	}{{"error", !ok}, {"data", f.Data}, {"where", f.Where}, {"joins", f.Joins}, {"groups", f.Groups}, {"orders", f.Orders}, {"distinct", f.Distinct},
		{"unions", f.Unions}, {"aggregates", f.Aggregates}} {
		if fact.is {
			list = append(list, fact.name)
		}
	}
	return strings.Join(list, " ")
}

// Both dialects have the same clauses, raw and as a pattern.
func TestClauses(t *testing.T) {
	mysql := func(sql, want string) {
		t.Helper()
		for _, text := range []string{sql, MySQL(sql).Text} {
			if got := clausesOf(JudgeMySQL(text)); got != want {
				t.Errorf("MySQL: %s\nis %q, want %q", text, got, want)
			}
		}
	}
	postgres := func(sql, want string) {
		t.Helper()
		for _, text := range []string{sql, PostgreSQL(sql).Text} {
			if got := clausesOf(Judge(text)); got != want {
				t.Errorf("PostgreSQL: %s\nis %q, want %q", text, got, want)
			}
		}
	}
	f := func(sql, want string) {
		t.Helper()
		mysql(sql, want)
		postgres(sql, want)
	}
	f("select a from t", "data")
	f("select a from t where b = 1", "data where")
	f("select a from t join u on t.id = u.id", "data joins")
	f("select a from t join u using (id) where b = 1", "data where joins")
	f("select a from t natural join u", "data joins")
	f("select a from t cross join u", "data")
	f("select a from (select b from t where c = 1) x", "data where")
	f("update t set a = 1 where b = 2", "data where")
	f("delete from t", "data")
	f("insert into t (a) values (1)", "data")
	f("insert into t select count(*) from u where b = 1", "data where aggregates")
	f("select a, count(*) from t group by a", "data groups")
	f("select a from t order by b", "data orders")
	f("select distinct a from t", "data distinct")
	f("select count(distinct a) from t", "data distinct aggregates")
	f("select a from t union select b from u", "data unions")
	f("select a from t union distinct select b from u", "data unions")
	f("select a from t union all select b from u", "data")
	f("select count(*) from t", "data aggregates")
	f("select coalesce(sum(a), 0) + 1, min(b) from t where c = 1", "data where aggregates")
	f("select count(*) from t union all select max(a) from u", "data aggregates")
	f("(select count(*) from t) union all (select max(a) from u)", "data aggregates")
	f("(select count(*) from t) union all (select a from u)", "data")
	f("select count(*) from t union all select a from u", "data")
	f("select count(*) from (select a from t group by a) x", "data groups aggregates")
	f("select a from (select count(*) as a from t) x", "data")
	f("select a from t where b = (select max(b) from u)", "data where")
	f("select (select max(b) from u), a from t", "data")
	f("select a, sum(b) over (order by c) from t", "data orders")
	f("select a from t order by abs(b)", "data orders")
	f("with c as (select max(a) as m from t) select m from c where m > 1", "data where")
	f("explain select a from t where b = 1", "")
	f("commit", "")
	postgres("set work_mem = '4MB'", "")
	postgres("create view v as select * from t where a = 1", "")
	postgres("declare c cursor for select a from t where b = 1", "data where")
	postgres("select string_agg(a, ',' order by b) from t", "data orders aggregates")
	mysql("set @a = (select count(*) from t where b = 1)", "")
	mysql("show full columns from t where field = 'a'", "")
	mysql("select group_concat(a order by b separator ',') from t", "data orders aggregates")
	mysql("select convert(a using utf8mb4) from t", "data")
	mysql("insert into t (a) values (1) on duplicate key update a = 2", "data")
	mysql("select a from t straight_join u on t.id = u.id", "data joins")
	mysql("select a from t where b = 1; show tables", "data where")
}
