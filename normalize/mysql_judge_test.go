package normalize

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestJudgeMySQL: facts behind a / are seen in the raw statement only.
func TestJudgeMySQL(t *testing.T) {
	describe := func(f Facts, ok bool) string {
		var list []string
		for _, fact := range []struct {
			name string
			is   bool
		}{{"error", !ok}, {"read", f.Read}, {"star", f.SelectStar}, {"nowhere", f.NoWhere}, {f.WrappedColumn, f.WrappedColumn != ""},
			{"wildcard", f.LeadingWildcard}, {fmt.Sprint(f.LargeOffset), f.LargeOffset != 0}} {
			if fact.is {
				list = append(list, fact.name)
			}
		}
		return strings.Join(list, " ")
	}
	f := func(sql, want string) {
		t.Helper()
		both, rest, _ := strings.Cut(want, "/")
		both = strings.TrimSpace(both)
		if got := describe(JudgeMySQL(sql)); got != strings.TrimSpace(both+rest) {
			t.Errorf("%s\nis %q, want %q", sql, got, want)
		}
		text := MySQL(sql).Text
		if got := describe(JudgeMySQL(text)); got != both && both != "error" {
			t.Errorf("%s\nas %s\nis %q, want %q", sql, text, got, both)
		}
	}
	f("SELECT a FROM t WHERE b = 5", "read")
	f("select a from t", "read nowhere")
	f("select a from t limit 5", "read")
	f("select * from t where a in (1, 2) and b in ('x')", "read star")
	f("select t.*, u.a from t join u using (id)", "read star nowhere")
	f("select distinct * from `t` where a = 1", "read star")
	f("select /*+ x(1) */ * from t where a = 1", "read star")
	f("select sql_no_cache * from t where a = 1", "read star")
	f("select count(*), a * b from t where a between -5 and 7", "read")
	f("select a from t where exists (select * from u where u.id = t.id)", "read")
	f("select a from t where exists (select 1 from (select * from v) u)", "read star")
	f("select a from (select * from t where b = 1) s", "read star")
	f("select a from (select b from t) s", "read")
	f("select a from (t join u on t.id = u.id)", "read nowhere")
	f("select 1", "read")
	f("select 1 from dual", "read")
	f("select extract(year from a) from t where b = 1", "read")
	f("select a from json_table('[]', '$[*]' columns (a int path '$.a')) x", "read")
	f("values row(1, 2)", "read")
	f("select a from t where b = 5 for update skip locked", "")
	f("select a from t where b = 5 lock in share mode", "")
	f("select a into @x from t where b = 5", "")
	f("select a into outfile '/x' from t", "nowhere")
	f("select get_lock('x', 1)", "")
	f("select @a := 5", "")
	f("with c as (select a from t where b = 1) select a from c", "read")
	f("with recursive c (n) as (select 1 union all select n + 1 from c), d as (select 2) select n from c, d", "read")
	f("with c as (select a from t where b = 1) select a from c, u", "read nowhere")
	f("with c as (select a from t) delete from t where a = 1", "")
	f("select a from t where b = 1 union all select a from u", "read nowhere")
	f("select a from t union all select a from u limit 5", "read")
	f("(select a from t) union (select a from u limit 5)", "read nowhere")
	f("(select a from t limit 5) union (select a from u where b = 1)", "read")
	f("(select a from t) limit 5", "read")
	f("update t set a = 5", "nowhere")
	f("update low_priority t set a = 5 where b = default", "")
	f("update t set a = 5 limit 10", "")
	f("update t join u on t.id = u.id set t.a = u.a", "nowhere")
	f("delete from t", "nowhere")
	f("delete from t where a = 1", "")
	f("delete t from t join u on t.id = u.id", "nowhere")
	f("insert into t (a) values (1), (2) on duplicate key update a = values(a)", "")
	f("insert into t select * from u", "star")
	f("replace into t select a from u where b = 1", "")
	f("explain select a from t where b = 5", "")
	f("select a from t where b = 5; delete from u", "nowhere")
	f("commit", "")
	f("show tables like '%x'", "")
	f("create table t select * from u", "")
	f("create procedure p() begin select * from t; delete from t; end", "")
	f("select a from t where b = 'cut", "error")
	f("select a from t where (b = 1", "error")
	f("", "error")
	f("select a from t where b like '%x'", "read / wildcard")
	f("select a from t where c = 1 and (b like \"_x\" or d = 2)", "read / wildcard")
	f("select a from t where b like concat('%', 'x')", "read / wildcard")
	f("select a from t where b like 'x%' and c not like '%y' and d = '%'", "read")
	f("select a like '%x' from t where b = 1", "read")
	f("select a from t where b = 1 group by a having a like '%x'", "read")
	f("delete from t where a in (select b from u where c like '%x%')", " / wildcard")
	f("select a from t limit 1000, 10", "read / 1000")
	f("select a from t limit 10 offset 1000", "read / 1000")
	f("select a from t limit 1000", "read")
	f("select a from t limit 999, 1000", "read")
	f("select a from (select b from u limit 7000, 1) t where a = 1 limit 5000, 1", "read / 7000")
	f("select a from t where date(b) = '2026-01-01' and year(c) = 2026", "read DATE")
	f("select a from t where b = 1 and (date_format(`b`, '%Y') in ('2026') or c = 1)", "read DATE_FORMAT")
	f("select a from t where 5 < myFunc(t.b)", "read myFunc")
	f("update t set a = 1 where left(b, 3) like 'x%'", "LEFT")
	f("select a from t where mod(b, 10) between 1 and 2", "read MOD")
	f("select a from t where b in (select c from u where ifnull(d, 0) = 1)", "read IFNULL")
	f("select date(a) from t where b > date_sub(now(), interval 1 day) and date_sub(now(), interval 1 day) < c and cast(5 as signed) = d order by year(a)", "read")
	f("select a from t where date(b) <> '2026-01-01' and match (a) against ('x') and (a, b) in ((1, 2)) and exists (select 1)", "read")
	f("select a from t join u on lower(t.a) = u.a where t.b = lower(u.c)", "read")
	f("select a"+strings.Repeat(" + a", maxJudged), "error")
	f("select "+strings.Repeat("(", 5000)+strings.Repeat(")", 5000), "read")
}

func FuzzJudgeMySQL(f *testing.F) {
	for _, c := range mysqlPatterns {
		f.Add(c[0])
	}
	f.Fuzz(func(t *testing.T, sql string) { JudgeMySQL(sql) })
}

func TestJudgeMySQLTakesAnything(t *testing.T) {
	mysqlMutants(t, func(sql string, _ *rand.Rand) { JudgeMySQL(sql) })
}
