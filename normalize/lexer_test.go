package normalize

import (
	"strings"
	"testing"
)

func TestTokens(t *testing.T) {
	f := func(sql, want string) {
		t.Helper()
		s := scanner{src: []byte(sql)}
		var got []string
		for k := s.next(); k != kindEnd; k = s.next() {
			got = append(got, string(s.token()))
		}
		if got := strings.Join(got, " ¦ "); got != want {
			t.Errorf("%q is\n  %s, want\n  %s", sql, got, want)
		}
	}
	f("a.b::c", "a ¦ . ¦ b ¦ :: ¦ c")
	f("a[1:2] := b..c", "a ¦ [ ¦ 1 ¦ : ¦ 2 ¦ ] ¦ := ¦ b ¦ .. ¦ c")
	f("1.5.3 1..2 .5 1e5 1.e5 1e 0x1F 1_000", "1.5 ¦ .3 ¦ 1 ¦ .. ¦ 2 ¦ .5 ¦ 1e5 ¦ 1.e5 ¦ 1e ¦ 0x1F ¦ 1_000")
	f("123abc $1abc a$1", "123abc ¦ $1 ¦ abc ¦ a$1")
	f("a*-5 a@-5 a<@b a< @b ->> /*c*/ +--d", "a ¦ * ¦ - ¦ 5 ¦ a ¦ @- ¦ 5 ¦ a ¦ <@ ¦ b ¦ a ¦ < ¦ @ ¦ b ¦ ->> ¦ +")
	f("'a''b' 'a'\n 'b' 'a' 'b'", "'a''b' ¦ 'a'\n 'b' ¦ 'a' ¦ 'b'")
	f("E'a\\'b' e'\\\\' N'x' x'1F' U&'x' u&\"x\" u & 'x'", "E'a\\'b' ¦ e'\\\\' ¦ N'x' ¦ x'1F' ¦ U&'x' ¦ u&\"x\" ¦ u ¦ & ¦ 'x'")
	f("$$a$$ $t$a$$b$t$ $ä$x$ä$ $1$2", "$$a$$ ¦ $t$a$$b$t$ ¦ $ä$x$ä$ ¦ $1 ¦ $2")
	f("/* a /* b */ c */ x -- y", "x")
	f("\"a\"\"b\" \"c", "\"a\"\"b\" ¦ \"c")
	f("'a", "'a")
	f("$t$a", "$t$a")
}

func TestPreparedBody(t *testing.T) {
	f := func(sql, want string) {
		t.Helper()
		if got := string(PreparedBody([]byte(sql))); got != want {
			t.Errorf("%q gives %q, want %q", sql, got, want)
		}
	}
	f("PREPARE p AS SELECT $1", "SELECT $1")
	f("prepare \"P\" (int, varchar(10)) /* c */ as\n INSERT INTO t VALUES ($1)", "INSERT INTO t VALUES ($1)")
	f("PREPARE TRANSACTION 'x'", "PREPARE TRANSACTION 'x'")
	f("PREPARE p (int", "PREPARE p (int")
	f("PREPARE p AS", "PREPARE p AS")
	f("SELECT 1", "SELECT 1")
	f("", "")
}
