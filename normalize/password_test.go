package normalize

import (
	"strings"
	"testing"
)

func TestSetsPassword(t *testing.T) {
	f := func(sql string, want bool) {
		t.Helper()
		for _, s := range []string{sql, strings.ToUpper(sql), "select 1; " + sql, "/* password */ " + sql} {
			if got := SetsPassword([]byte(s)); got != want {
				t.Errorf("%s: %v, want %v", s, got, want)
			}
		}
	}
	f("alter role app password 'x'", true)
	f("create user app with login encrypted password e'x'", true)
	f("create role app password 'x", true) // cut off
	f("alter /* who */ user app password $$x$$", true)
	f("create user mapping for app server s options (user 'u', password 'x')", true)
	f("alter server s options (set password 'x')", true)
	f("create subscription s connection 'host=h password=x' publication p", true)
	f("do $$ begin execute 'alter role app password ''x'''; end $$", true)
	f("alter role app valid until '2030-01-01'", false)
	f("create table accounts (id int, password text default 'x')", false)
	f("select id from accounts where password = 'x'", false)
	f("update accounts set password = 'x' where id = 1", false)
	f("", false)
}

func TestSetsPasswordMySQL(t *testing.T) {
	f := func(sql string, want bool) {
		t.Helper()
		for _, s := range []string{sql, strings.ToUpper(sql), "select 1; " + sql, "/* identified by password */ " + sql} {
			if got := SetsPasswordMySQL([]byte(s)); got != want {
				t.Errorf("%s: %v, want %v", s, got, want)
			}
		}
	}
	f("create user 'app'@'%' identified by 'x'", true)
	f("alter user app identified with caching_sha2_password by 'x' replace 'y'", true)
	f("alter user app identified with caching_sha2_password as 'x", true) // cut off
	f("grant all on *.* to app identified by password 'x'", true)
	f("create user app identified via ed25519 using password('x')", true)
	f("set password = 'x'", true)
	f("set password for app@h = password('x')", true)
	f("update mysql.user set authentication_string = password ( 'x' ) where user = 'app'", true)
	f("select old_password('x')", true)
	f("change master to master_host='h', master_password='x'", true)
	f("change replication source to source_password = 'x'", true)
	f("start replica user='u' password='x'", true)
	f("create server s foreign data wrapper mysql options (user 'u', password 'x')", true)
	f("prepare s from 'alter user app identified by ''x'''", true)
	f("update accounts set password = 'x' where id = 1", false)
	f("select id from accounts where password = 'x' and identified = 1", false)
	f("insert into password (a) values ('x')", false)
	f("create table accounts (id int, password text)", false)
	f("set @password = 'x'", false)
	f("alter user app account lock", false)
	f("", false)
}

func FuzzSetsPassword(f *testing.F) {
	f.Add("alter user app identified by 'x'; do $$ password")
	f.Fuzz(func(t *testing.T, sql string) {
		SetsPassword([]byte(sql))
		SetsPasswordMySQL([]byte(sql))
	})
}
