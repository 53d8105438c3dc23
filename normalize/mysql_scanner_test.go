package normalize

import (
	"strings"
	"testing"
)

func TestMySQLTokens(t *testing.T) {
	f := func(sql, want string) {
		t.Helper()
		var s mysqlScanner
		s.reset([]byte(sql), nil)
		var got []string
		for k := s.next(); k != mysqlEnd; k = s.next() {
			token := string(s.token())
			if k.literal() {
				token = mysqlKindNames[k] + token
			}
			got = append(got, token)
		}
		if got := strings.Join(got, " ¦ "); got != want {
			t.Errorf("%q is\n  %s, want\n  %s", sql, got, want)
		}
	}
	f("SELECT a.b,`c``d`FROM t", "SELECT ¦ a ¦ . ¦ b ¦ , ¦ `c``d` ¦ FROM ¦ t")
	f(`'it''s' "a""b" 'a\'b' '\\' 'a"b' "a'b"`, `s'it''s' ¦ s"a""b" ¦ s'a\'b' ¦ s'\\' ¦ s'a"b' ¦ s"a'b"`)
	f("N'a' n'b' x'4D' X'4D' b'1' B'0' x '4D' _utf8mb4'c'", "n N'a' ¦ n n'b' ¦ x x'4D' ¦ x X'4D' ¦ b b'1' ¦ b B'0' ¦ x ¦ s'4D' ¦ _utf8mb4 ¦ s'c'")
	f("1 1.5 .5 1. 1e5 1E+5 1.5e-3 1.e3", "i 1 ¦ d 1.5 ¦ d .5 ¦ d 1. ¦ f 1e5 ¦ f 1E+5 ¦ f 1.5e-3 ¦ f 1.e3")
	f("0x1F 0b101 0X1F 0B1 0x 0b 0xG 0b12 0x1Fg 01", "x 0x1F ¦ b 0b101 ¦ 0X1F ¦ 0B1 ¦ 0x ¦ 0b ¦ 0xG ¦ 0b12 ¦ 0x1Fg ¦ i 01")
	f("123abc 1t 1_000 1e 1e+ 1e5x 1.5abc", "123abc ¦ 1t ¦ 1_000 ¦ 1e ¦ 1e ¦ + ¦ f 1e5 ¦ x ¦ d 1.5 ¦ abc")
	f("t.1col t.5 t.1e5 t .5 `t`.5 t.x'1' 1.5.3 1..2", "t ¦ . ¦ 1col ¦ t ¦ . ¦ 5 ¦ t ¦ . ¦ 1e5 ¦ t ¦ d .5 ¦ `t` ¦ d .5 ¦ t ¦ . ¦ x ¦ s'1' ¦ d 1.5 ¦ d .3 ¦ d 1. ¦ d .2")
	f("a->'$.x' a->>'$' a:=1 a<=>b a||b a&&b a!=b a<>b a<<2>>3 a>=b a<=-1", "a ¦ -> ¦ s'$.x' ¦ a ¦ ->> ¦ s'$' ¦ a ¦ := ¦ i 1 ¦ a ¦ <=> ¦ b ¦ a ¦ || ¦ b ¦ a ¦ && ¦ b ¦ a ¦ != ¦ b ¦ a ¦ <> ¦ b ¦ a ¦ << ¦ i 2 ¦ >> ¦ i 3 ¦ a ¦ >= ¦ b ¦ a ¦ <= ¦ - ¦ i 1")
	f("@a @a.b-1 @'q r' @`q` @@x @@global.x @@`x` u@localhost 'u'@'10.%'", "@a ¦ @a.b ¦ - ¦ i 1 ¦ @ ¦ s'q r' ¦ @ ¦ `q` ¦ @@ ¦ x ¦ @@ ¦ global ¦ . ¦ x ¦ @@ ¦ `x` ¦ u ¦ @localhost ¦ s'u' ¦ @ ¦ s'10.%'")
	f("5--2 a--b a -- b\nc --\nd --\te", "i 5 ¦ - ¦ - ¦ i 2 ¦ a ¦ - ¦ - ¦ b ¦ a ¦ c ¦ d")
	f("a # b 'c\nd/* e ' */f/**/g/*/ */h", "a ¦ d ¦ f ¦ g ¦ h")
	f("/*!50001 a */ b /*! c */ d /*M!100100 e */ /*!1234 f */ /*!080000g*/", "a ¦ b ¦ c ¦ d ¦ e ¦ i 1234 ¦ f ¦ g")
	f("/*!40101 SET x='a*/b' */ a*b */ c", "SET ¦ x ¦ = ¦ s'a*/b' ¦ a ¦ * ¦ b ¦ * ¦ / ¦ c")
	f("/*! a /* b */ c */ d", "a ¦ c ¦ d")
	f("SELECT /*+ MAX_EXECUTION_TIME(1000) */ a", "SELECT ¦ /*+ ¦ MAX_EXECUTION_TIME ¦ ( ¦ i 1000 ¦ ) ¦ */ ¦ a")
	f("SELECT a /*+ b */ FROM /*+ c */ t; SELECT /* d */ /*+ e */ f", "SELECT ¦ a ¦ FROM ¦ t ¦ ; ¦ SELECT ¦ f")
	f("INSERT\n/*+ SET_VAR(a = '*/') # b */ c", "INSERT ¦ /*+ ¦ SET_VAR ¦ ( ¦ a ¦ = ¦ s'*/' ¦ ) ¦ */ ¦ c")
	f("\\N \\M ? (...) {d '1'} $a a$b $$x'y$$ $t$ $$ $t$", "0\\N ¦ \\ ¦ M ¦ ?? ¦ ( ¦ ... ¦ ) ¦ { ¦ d ¦ s'1' ¦ } ¦ $a ¦ a$b ¦ $$$x'y$$ ¦ $$t$ $$ $t$")
	f("'a\x00b' \x00 ä \xff 'ä'", "s'a\x00b' ¦ \x00 ¦ ä ¦ \xff ¦ s'ä'")
	f("a 'b", "a ¦ !'b")
	f(`a 'b\'`, `a ¦ !'b\'`)
	f(`a "b""`, `a ¦ !"b""`)
	f("a 'b\\", "a ¦ !'b\\")
	f("a `b", "a ¦ !`b")
	f("a x'4", "a ¦ !x'4")
	f("a $$b", "a ¦ !$$b")
	f("a /* b", "a ¦ ")
	f("a /*! b", "a ¦ b")
	f("a -- b", "a")
}

var mysqlKindNames = map[mysqlKind]string{mysqlString: "s", mysqlNational: "n ", mysqlHex: "x ", mysqlBits: "b ", mysqlInteger: "i ",
	mysqlDecimal: "d ", mysqlFloat: "f ", mysqlParam: "?", mysqlNull: "0", mysqlDollar: "$", mysqlTorn: "!"}

// TestMySQLStringEnd: reading 8 bytes at a time agrees with reading one, for all texts of a small alphabet at all distances from the end.
func TestMySQLStringEnd(t *testing.T) {
	const alphabet = `'"\a`
	for pad := range 10 {
		for n := range 1 << (2 * 6) {
			text := []byte("'" + strings.Repeat("-", pad))
			for k := 0; k < 6; k++ {
				text = append(text, alphabet[n>>(2*k)&3])
			}
			for _, tail := range []string{"", "bbbbbbbbb"} {
				src := append(text[:len(text):len(text)], tail...)
				if got, want := mysqlStringEnd(src, 0), mysqlStringTail(src, 1, '\''); got != want {
					t.Fatalf("%q ends at %d, want %d", src, got, want)
				}
			}
		}
	}
}

// TestMySQLRoles: each word has its own role, in either case, and no other word has one.
func TestMySQLRoles(t *testing.T) {
	for role, list := range mysqlRoleWords {
		for _, word := range strings.Fields(list) {
			for _, word := range []string{word, strings.ToUpper(word)} {
				for _, src := range []string{word, word + " and more"} {
					if got := mysqlRoleOf([]byte(src), 0, len(word)); got != role {
						t.Errorf("%s has role %d, want %d", word, got, role)
					}
				}
			}
			for _, other := range []string{word + "s", word[:len(word)-1] + "\x7f", strings.ReplaceAll(word, "_", "\x7f") + "\x7f"} {
				if got := mysqlRoleOf([]byte(other), 0, len(other)); got != mysqlRoleNone && got != mysqlRoleValues {
					t.Errorf("%q has role %d", other, got)
				}
			}
		}
	}
}
