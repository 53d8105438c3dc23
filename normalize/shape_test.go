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
	if got := warm.Bound([]byte(sql), false).Fingerprint; got != want {
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
		"SELECT 'ЖЖ', E'Ж\\'Ж', N'ЖЖ', U&'ЖЖ', $$ЖЖ$$, $tag$ЖЖ$tag$, 'a''ЖЖ' 'ЖЖ'\n'ЖЖ' FROM t WHERE a IN ('ЖЖ', 'ЖЖ') AND b = -77 AND c LIKE 'ЖЖ' AND d = 77.77e7",
		"INSERT INTO t VALUES (77, 'ЖЖ'), (77, f('ЖЖ')), (77, \t'ЖЖ')",
		"ALTER ROLE x PASSWORD 'ЖЖ' VALID UNTIL 'ЖЖ'", "COPY t FROM '/ЖЖ' WITH (DELIMITER 'ЖЖ')", "SET x = 'ЖЖ'", "SET x TO 77", "FETCH 77 FROM c", "DO $x$ ЖЖ $x$", "CREATE FUNCTION f() AS $$ЖЖ$$",
		"SELECT a[77], x::int[77], 77abc, 0x77, f(77 , 'ЖЖ'), interval '77' day, ARRAY['ЖЖ', x], 77::int",
		"PREPARE p AS SELECT 'ЖЖ'", "EXPLAIN SELECT 'ЖЖ'", "not SQL 'ЖЖ' 77", "SELECT U&\"x\" UESCAPE 'Ж'",
	} {
		for end := range len(sql) + 1 {
			if text := PostgreSQL(sql[:end]).Text; strings.ContainsAny(text, "Ж7\uFFFD") {
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
		c.Bound(sql, false)
		if n := testing.AllocsPerRun(10, func() { c.PostgreSQL(sql, false); c.Bound(sql, false) }); n != 0 {
			t.Errorf("%s: %v allocations", sql, n)
		}
	}
}
