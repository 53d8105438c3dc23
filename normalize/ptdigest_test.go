package normalize

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// recorded calls f with every line of a recording, an object of JSON each.
func recorded[T any](t *testing.T, file string, f func(T)) {
	t.Helper()
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	lines := 0
	s := bufio.NewScanner(in)
	for ; s.Scan(); lines++ {
		var line T
		if err := json.Unmarshal(s.Bytes(), &line); err != nil {
			t.Fatalf("%s:%d: %v", file, lines+1, err)
		}
		f(line)
	}
	if s.Err() != nil || lines == 0 {
		t.Fatalf("%s: %d lines, %v", file, lines, s.Err())
	}
}

// The answers are pt-query-digest's own: scripts/pt-answers.sh asked for them.
func TestPTDigest(t *testing.T) {
	type answer struct{ Statement, Fingerprint, Checksum string }
	recorded(t, "testdata/pt-digest.jsonl", func(want answer) {
		sql := narrow(want.Statement)
		if got := PTFingerprint(sql); got != narrow(want.Fingerprint) {
			t.Errorf("%q is\n  %q, want\n  %q", sql, got, narrow(want.Fingerprint))
		}
		if got := PTChecksum(sql); got != want.Checksum {
			t.Errorf("%q has %s, want %s", sql, got, want.Checksum)
		}
	})
}

// Only what looks like a SELECT and a UNION again and again, and never repeats, comes near to the bound.
func TestPTDigestOfManyUnions(t *testing.T) {
	var sql strings.Builder
	for i := range 8000 {
		sql.WriteString("select " + strings.Repeat("c", 1+i%90) + string(rune('g'+i%7)) + strings.Repeat("h", i/100) + " union ")
	}
	if got := PTFingerprint(sql.String()); got != sql.String() {
		t.Errorf("%d bytes became %d", sql.Len(), len(got))
	}
}

func FuzzPTFingerprint(f *testing.F) {
	f.Add("SELECT a FROM t WHERE b IN (1, 2) UNION SELECT 5 -- x\n ORDER BY a ASC")
	f.Add("INSERT INTO t VALUES ('\xff', \"\\\"\"), (2)")
	f.Add("use x\ny # z")
	f.Fuzz(func(t *testing.T, sql string) {
		if got := PTFingerprint(sql); len(got) > 2*len(sql)+16 {
			t.Errorf("%q grew to %q", sql, got)
		}
	})
}
