//go:build cgo

package synth

import (
	"math/rand/v2"
	"testing"

	"github.com/pganalyze/pg_query_go/v5/parser"
)

// Every shape is one class of pg_query, sent either way, and no two are the same.
func TestShapesAreClasses(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 0))
	g := renderer{r: r, dialect: &postgresSQL, letter: forgery(stderr{})}
	owner := map[uint64]*shape{}
	for _, s := range newShapes(r, &postgresSQL, 3000) {
		var class uint64
		for i := range 6 {
			sql, _ := g.statement(s, i%2 == 1)
			id, err := parser.FingerprintToUInt64(sql)
			if err != nil {
				t.Fatalf("%v: %s", err, sql)
			}
			if i > 0 && id != class {
				t.Errorf("another class than its shape %s: %s", s.Text, sql)
			}
			class = id
		}
		if other := owner[class]; other != nil {
			t.Errorf("one class:\n%s\n%s", s.Text, other.Text)
		}
		owner[class] = s
	}
}
