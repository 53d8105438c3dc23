package normalize

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// oltp makes statements of an application: shapes that differ in tables, columns and clauses, with literals of all lengths.
type oltp struct {
	r      *rand.Rand
	shapes []func() string
}

func newOLTP(shapes int) *oltp {
	o := &oltp{r: rand.New(rand.NewPCG(1, 2))}
	for len(o.shapes) < shapes {
		o.shapes = append(o.shapes, o.shape(len(o.shapes)))
	}
	return o
}

// statements returns some in a random order, frequent shapes more often, and their bytes.
func (o *oltp) statements(n int) (list [][]byte, size int64) {
	for range n {
		s := o.shapes[int(float64(len(o.shapes))*o.r.Float64()*o.r.Float64())]()
		list = append(list, []byte(s))
		size += int64(len(s))
	}
	return list, size
}

func (o *oltp) names(n int, prefix string) string {
	words := strings.Fields("id customer_id status created_at email amount currency region updated_at parent_id quantity")
	var list []string
	for range n {
		list = append(list, prefix+words[o.r.IntN(len(words))])
	}
	return strings.Join(list, ", ")
}

func (o *oltp) value() string {
	switch o.r.IntN(5) {
	case 0:
		return fmt.Sprintf("%d.%02d", o.r.IntN(10000), o.r.IntN(100))
	case 1:
		return fmt.Sprintf("'%08x-%04x-4000-8000-%012x'", o.r.Uint32(), o.r.IntN(1<<16), o.r.Uint32())
	case 2:
		return fmt.Sprintf("'2025-%02d-%02d 10:%02d:00'", 1+o.r.IntN(12), 1+o.r.IntN(28), o.r.IntN(60))
	case 3:
		return "'" + strings.Repeat("amber it''s ", 1+o.r.IntN(4)) + "'"
	}
	return fmt.Sprint(o.r.IntN(300000))
}

func (o *oltp) values(n int) string {
	var list []string
	for range n {
		list = append(list, o.value())
	}
	return strings.Join(list, ", ")
}

func (o *oltp) rows(n, columns int) string {
	var list []string
	for range n {
		list = append(list, "("+o.values(columns)+")")
	}
	return strings.Join(list, ", ")
}

func (o *oltp) shape(i int) func() string {
	n := 1 + o.r.IntN(6)
	table, columns := fmt.Sprintf("table_%c%c%c", 'a'+i%26, 'a'+i/26%26, 'a'+i/676), o.names(n, "")
	joined := o.names(n, "t0.")
	switch i % 6 {
	case 0:
		return func() string {
			return "SELECT " + columns + "\n  FROM " + table + "\n WHERE id = " + o.value() + " AND status IN (" + o.values(1+o.r.IntN(20)) + ")"
		}
	case 1:
		return func() string {
			return "INSERT INTO " + table + " (" + columns + ") VALUES " + o.rows(1+o.r.IntN(30), n)
		}
	case 2:
		return func() string {
			return "UPDATE " + table + " SET amount = " + o.value() + ", total = total -" + fmt.Sprint(o.r.IntN(99)) + " WHERE id=" + o.value() + fmt.Sprintf(" /*request='%x'*/", o.r.Uint64())
		}
	case 3:
		return func() string {
			return "SELECT " + joined + " FROM " + table + " t0 JOIN orders t1 ON t1.id = t0.parent_id WHERE t0.region LIKE '%" + fmt.Sprint(o.r.Uint32()) + "' AND t1.amount BETWEEN " + fmt.Sprint(o.r.IntN(50)) + " AND " + fmt.Sprint(o.r.IntN(5000)) + " ORDER BY 1 LIMIT " + fmt.Sprint(o.r.IntN(100))
		}
	case 4:
		return func() string { return "SELECT " + columns + " FROM " + table + " WHERE id = $1 AND email = $2" }
	}
	return func() string { return "DELETE FROM " + table + " WHERE created_at < " + o.value() }
}

func TestOneShapeEach(t *testing.T) {
	for _, shapes := range []int{200, 3000} {
		o, c := newOLTP(shapes), NewCache()
		list, _ := o.statements(20 * shapes)
		tables := map[uint64]string{}
		for _, sql := range list {
			f := c.PostgreSQL(sql, false).Fingerprint
			if text, seen := tables[f.ID]; seen && text != f.Text {
				t.Fatalf("two texts for one shape:\n%s\n%s", text, f.Text)
			}
			tables[f.ID] = f.Text
		}
		if got := len(c.now) + len(c.old); got != len(tables) {
			t.Errorf("%d shapes for %d classes", got, len(tables))
		}
	}
}

func BenchmarkFingerprint(b *testing.B) {
	o := newOLTP(200)
	list, size := o.statements(20000)
	f := func(name string, c *Cache, find func(c *Cache, sql []byte) *Shape) {
		b.Run(name, func(b *testing.B) {
			for _, sql := range list {
				find(c, sql)
			}
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				for _, sql := range list {
					find(c, sql)
				}
			}
		})
	}
	f("shape-hit", NewCache(), func(c *Cache, sql []byte) *Shape { return c.byText(sql, false) })
	f("token-hit", NewCache(), func(c *Cache, sql []byte) *Shape { return c.byShape(c.reducer.reduce(sql, nil, false)) })
	for i := range list { // as the extended protocol logs it
		list[i] = []byte(o.shapes[4+6*o.r.IntN(30)]())
	}
	size = 0
	for _, sql := range list {
		size += int64(len(sql))
	}
	f("raw-hit", NewCache(), func(c *Cache, sql []byte) *Shape { return c.Bound(sql, false) })
	list, size = o.statements(200)
	f("miss", nil, func(_ *Cache, sql []byte) *Shape { return &Shape{Fingerprint: PostgreSQL(string(sql))} })
}

func TestHex(t *testing.T) {
	f := Fingerprint{ID: 0xabc}
	if got := f.Hex(); got != "0000000000000abc" {
		t.Errorf("got %s", got)
	}
}
