package normalize

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

// checkLaw tells whether one statement has one fingerprint, whatever a cache has seen, and whether it is pg_query's.
func checkLaw(t *testing.T, warm *Cache, sql string) {
	t.Helper()
	want := PostgreSQL(sql)
	if got := warm.PostgreSQL([]byte(sql), false).Fingerprint; got != want {
		t.Fatalf("%q\n is %+v in a used cache,\n    %+v on its own", sql, got, want)
	}
	if got := warm.PostgreSQL([]byte(sql), false).Fingerprint; got != want {
		t.Fatalf("%q\n is %+v the second time,\n    %+v on its own", sql, got, want)
	}
	tabbed := strings.ReplaceAll(sql, "\n", "\n\t")
	if got := warm.PostgreSQL([]byte(tabbed), true).Fingerprint; got != want {
		t.Fatalf("%q\n is %+v with the TABs of a log,\n    %+v without", sql, got, want)
	}
	if strings.Contains(sql, "\x00") {
		return
	}
	if id, ok := parse([]byte(sql)); ok && (!want.Parsed || id != want.ID) {
		t.Fatalf("%q\n has shape %q,\n parsed %v, %016x; pg_query says %016x", sql, shapeOf(sql), want.Parsed, want.ID, id)
	}
}

func shapeOf(sql string) string {
	var r reducer
	return string(r.reduce([]byte(sql), nil, false))
}

// TestSameShapeSameFingerprint: law 5. The fingerprint is pg_query's for the statement as it is, and what a cache has seen does
// not change it.
func TestSameShapeSameFingerprint(t *testing.T) {
	warm := NewCache()
	for _, sql := range statements {
		checkLaw(t, warm, sql)
	}
	rounds := 20000
	if testing.Short() {
		rounds = 2000
	}
	for seed := range uint64(rounds) {
		checkLaw(t, warm, mutant(rand.New(rand.NewPCG(seed, 0))))
	}
}

func TestShapeIsItsOwn(t *testing.T) {
	for _, sql := range statements {
		if shape := shapeOf(sql); HasParser && PostgreSQL(sql).Parsed && PostgreSQL(shape).ID != PostgreSQL(sql).ID {
			t.Errorf("%q: its shape %q is of another class", sql, shape)
		}
	}
}

func FuzzShape(f *testing.F) {
	for _, sql := range statements {
		f.Add(sql)
	}
	warm := NewCache()
	for _, sql := range statements {
		warm.PostgreSQL([]byte(sql), false)
	}
	f.Fuzz(func(t *testing.T, sql string) { checkLaw(t, warm, sql) })
}

// TestShapeHidesLiterals: no byte of a literal is in a text, wherever the statement is cut off.
func TestShapeHidesLiterals(t *testing.T) {
	for _, sql := range []string{
		"SELECT 'MARK', E'MA\\'RK', N'MARK', U&'MARK', $$MARK$$, $tag$MARK$tag$, 'a''MARK' 'MARK'\n'MARK' FROM t WHERE a IN ('MARK', 'MARK') AND b = -77 AND c LIKE 'MARK' AND d = 77.77e7",
		"INSERT INTO t VALUES (77, 'MARK'), (77, f('MARK')), (77, \t'MARK')",
		"ALTER ROLE x PASSWORD 'MARK' VALID UNTIL 'MARK'", "COPY t FROM '/MARK' WITH (DELIMITER 'MARK')", "SET x = 'MARK'", "SET x TO 77", "FETCH 77 FROM c", "DO $x$ MARK $x$", "CREATE FUNCTION f() AS $$MARK$$",
		"SELECT a[77], x::int[77], 77abc, 0x77, f(77 , 'MARK'), interval '77' day, ARRAY['MARK', x], 77::int",
		"PREPARE p AS SELECT 'MARK'", "EXPLAIN SELECT 'MARK'", "not SQL 'MARK' 77", "SELECT U&\"x\" UESCAPE 'M'",
	} {
		for end := range len(sql) + 1 {
			text := PostgreSQL(sql[:end]).Text
			if strings.ContainsAny(text, "7MRK") && strings.ContainsAny(strings.NewReplacer("MATERIALIZED", "", "FROM", "", "LIKE", "", "MERGE", "", "ROLE", "", "WHERE", "", "FOR", "", "PREPARE", "", "ALTER", "").Replace(text), "7M") {
				t.Errorf("%q: %q", sql[:end], text)
			}
		}
	}
}

func TestNothingAllocatedForKnownShapes(t *testing.T) {
	c := NewCache()
	for _, sql := range statements {
		c.PostgreSQL([]byte(sql), false)
	}
	list := bytes.Split([]byte("SELECT a FROM t WHERE b = 5 AND c IN (1, 2, 3)|SELECT a FROM t WHERE b = E'x'|INSERT INTO t VALUES (1, 'x'), (2, 'y')|COMMIT|SELECT a FROM t WHERE b = $1"), []byte("|"))
	for _, sql := range list {
		c.PostgreSQL(sql, false)
		if n := testing.AllocsPerRun(10, func() { c.PostgreSQL(sql, false) }); n != 0 {
			t.Errorf("%s: %v allocations", sql, n)
		}
	}
}
