package normalize

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// treeOfMySQL knows the texts of the corpus.
func treeOfMySQL() *mysqlCache {
	c := &mysqlCache{textsGain: gain{share: 0}}
	for _, text := range mysqlPatterns {
		c.byText([]byte(text[0]))
	}
	return c
}

// checkMySQLTree: what a tree finds is what the lexer says.
func checkMySQLTree(t *testing.T, c *mysqlCache, sql string) {
	t.Helper()
	if s := c.texts.tree.findMySQL([]byte(sql)); s != nil {
		if want := MySQL(sql); s.Fingerprint != want {
			t.Fatalf("%q\n is %q in the tree,\n but %q", sql, s.Text, want.Text)
		}
	}
	c.byText([]byte(sql))
}

// replaceLiterals puts other literals, or what looks like some, in the places of those of a statement.
func replaceLiterals(sql string, r *rand.Rand) string {
	others := []string{"5", "-5", "- 5", "+5", "--5", "'x'", `"y"`, "'it''s'", `'\'`, "1e5", "1e", ".5", "5.", "5.5", "0x1F", "0xG", "x'1F'", "b'1'", "N'x'", "_utf8'x'", "_utf8 'x'", "_foo 'x'", "_utf8 5", "null", "TRUE", "NULLS", "null.a", "default", "default(a)",
		"?", "??", "\\N", "'a' 'b'", "'a'/**/'b'", "date'x'", "5a", "a", "'x", "(5)", "(5, 6)", "()", "((5, 6))", "((5), (6))", "(5, (6))", "(a)", "-- c\n5", "/* c */ 5", "/*! 5 */", "5 /*", "-'x'", "-null", "@'x'", "5 -- x", "5# x\n"}
	var s mysqlScanner
	s.reset([]byte(sql), nil)
	var out strings.Builder
	for end := 0; ; {
		k := s.next()
		out.WriteString(sql[end:s.start])
		if k.literal() && r.IntN(3) == 0 {
			out.WriteString(others[r.IntN(len(others))])
		} else {
			out.Write(s.token())
		}
		if end = s.pos; k == mysqlEnd || k == mysqlHollow {
			return out.String()
		}
	}
}

func TestMySQLTree(t *testing.T) {
	c := treeOfMySQL()
	mysqlMutants(t, func(sql string, r *rand.Rand) {
		checkMySQLTree(t, c, sql)
		for range 4 {
			checkMySQLTree(t, c, replaceLiterals(sql, r))
		}
	})
}

func FuzzMySQLTree(f *testing.F) {
	for i, c := range mysqlPatterns {
		f.Add(c[0], c[0], uint64(i))
	}
	f.Fuzz(func(t *testing.T, learned, sql string, seed uint64) {
		c := &mysqlCache{textsGain: gain{share: 0}}
		c.byText([]byte(learned))
		checkMySQLTree(t, c, sql)
		checkMySQLTree(t, c, replaceLiterals(learned, rand.New(rand.NewPCG(seed, 0))))
		checkMySQLTree(t, c, replaceLiterals(sql, rand.New(rand.NewPCG(seed, 0))))
	})
}

// TestMySQLTreeFinds: what the tree is for, it knows.
func TestMySQLTreeFinds(t *testing.T) {
	f := func(learned string, others ...string) {
		t.Helper()
		c := &mysqlCache{textsGain: gain{share: 0}}
		c.byText([]byte(learned))
		for _, sql := range others {
			if c.texts.tree.findMySQL([]byte(sql)) == nil {
				t.Errorf("%q is not found behind %q", sql, learned)
			}
		}
	}
	f("SELECT a FROM t WHERE b = 5 AND c = 'x'", "SELECT a FROM t WHERE b = 'it''s' AND c = -7", `SELECT a FROM t WHERE b = "x\"" AND c = NULL`, "SELECT a FROM t WHERE b = x'41' AND c = 0x41", "SELECT a FROM t WHERE b = _binary'x' AND c = ?", "SELECT a FROM t WHERE b = 1.5e3 AND c = .5")
	f("SELECT a FROM t WHERE b = _utf8mb4'x'", "SELECT a FROM t WHERE b = 1")
	f("SELECT a FROM t WHERE b = -1", "SELECT a FROM t WHERE b = 1")
	f("SELECT a FROM t WHERE b IN (1, 2)", "SELECT a FROM t WHERE b IN ('x')", "SELECT a FROM t WHERE b IN (1,  -2,NULL ,\n\"x\")")
	f("SELECT a FROM t WHERE (b, c) IN ((1, 2), (3, 4)) LIMIT 5, 6", "SELECT a FROM t WHERE (b, c) IN ((1,'x')) LIMIT 7, 8")
	f("INSERT INTO t VALUES (1, 'x'), (2, 'y')", "INSERT INTO t VALUES (DEFAULT, NULL)", "INSERT INTO t VALUES (1, 2),(3,4) , (5,6)")
	f("/* a */ SELECT b -- c\nFROM t", "/* x ' */ SELECT b # y\nFROM t")
}

// TestMySQLTreeIsBounded: names without end do not fill the memory.
func TestMySQLTreeIsBounded(t *testing.T) {
	c := newMySQLCache()
	c.textsGain.share = 0
	name := strings.Repeat("a", 4<<10)
	for i := range 3 * maxTreeBytes / len(name) {
		c.byText([]byte("SELECT " + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676)) + name))
		if c.texts.bytes > maxTreeBytes {
			t.Fatalf("%d bytes in the tree", c.texts.bytes)
		}
	}
}
