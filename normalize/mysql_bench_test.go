package normalize

import (
	"fmt"
	"strings"
	"testing"
)

// mysqlShape makes statements as drivers and mappers of MySQL write them.
func (o *oltp) mysqlShape(i int) func() string {
	n := 1 + o.r.IntN(6)
	table, columns := fmt.Sprintf("table_%c%c%c", 'a'+i%26, 'a'+i/26%26, 'a'+i/676), o.names(n, "")
	quoted := "`" + strings.ReplaceAll(columns, ", ", "`, `") + "`"
	switch i % 6 {
	case 0:
		return func() string {
			return "SELECT " + quoted + " FROM `" + table + "` WHERE `id` = " + o.value() + " AND `status` IN (" + o.values(1+o.r.IntN(8)) + ") ORDER BY `created_at` DESC LIMIT " + fmt.Sprint(o.r.IntN(100)) + ", 20"
		}
	case 1:
		return func() string {
			return "INSERT INTO " + table + " (" + columns + ") VALUES " + o.rows(1+o.r.IntN(6), n)
		}
	case 2:
		return func() string {
			return "UPDATE `" + table + "` SET `amount` = " + o.value() + ", `note` = 'O\\'Neil \\\\ " + fmt.Sprint(o.r.IntN(99)) + "', `total` = `total` -" + fmt.Sprint(o.r.IntN(99)) + " WHERE `id`=" + o.value()
		}
	case 3:
		return func() string {
			return "/* app:web,request:" + fmt.Sprintf("%x", o.r.Uint64()) + " */ SELECT " + o.names(0, "") + "t0.id, t0.status, t1.amount FROM " + table + " t0\n  JOIN orders t1 ON t1.id = t0.parent_id\n WHERE t0.region LIKE \"%" + fmt.Sprint(o.r.Uint32()) + "\" AND t1.amount BETWEEN -" + fmt.Sprint(o.r.IntN(50)) + " AND " + fmt.Sprint(o.r.IntN(5000)) + " AND t0.deleted_at IS NULL LIMIT " + fmt.Sprint(o.r.IntN(100))
		}
	case 4:
		return func() string {
			return "SELECT " + columns + " FROM " + table + " WHERE id = UNHEX('0af37c') AND email = ? FOR UPDATE"
		}
	}
	return func() string {
		return fmt.Sprintf("DELETE FROM %s WHERE created_at < '2025-%02d-%02d 10:00:00' AND id = x'%016X' AND parent_id <> 0x%X", table, 1+o.r.IntN(12), 1+o.r.IntN(28), o.r.Uint64(), o.r.Uint32())
	}
}

func newMySQLOLTP(shapes int) *oltp {
	o := newOLTP(0)
	for len(o.shapes) < shapes {
		o.shapes = append(o.shapes, o.mysqlShape(len(o.shapes)))
	}
	return o
}

func TestMySQLOneShapeEach(t *testing.T) {
	for _, shapes := range []int{200, 3000} {
		o, c := newMySQLOLTP(shapes), NewCache()
		list, _ := o.statements(20 * shapes)
		patterns := map[string]bool{}
		for _, sql := range list {
			patterns[c.MySQL(sql).Text] = true
		}
		if got := len(c.mysql.shapes.now) + len(c.mysql.shapes.old); got != len(patterns) || got > shapes {
			t.Errorf("%d shapes for %d patterns of %d", got, len(patterns), shapes)
		}
	}
}

func BenchmarkMySQLFingerprint(b *testing.B) {
	o := newMySQLOLTP(200)
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
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(list)), "ns/statement")
			b.ReportMetric(float64(size)/float64(len(list)), "B/statement")
		})
	}
	f("shape-hit", NewCache(), func(c *Cache, sql []byte) *Shape { return c.mysql.byText(sql) })
	f("token-hit", NewCache(), func(c *Cache, sql []byte) *Shape { return c.mysql.byShape(c.mysql.reducer.reduce(sql, nil)) })
	for i := range list { // values are bound
		list[i] = []byte(o.shapes[4+6*o.r.IntN(30)]())
	}
	size = 0
	for _, sql := range list {
		size += int64(len(sql))
	}
	f("raw-hit", NewCache(), (*Cache).MySQL)
	list, size = o.statements(200)
	f("miss", nil, func(_ *Cache, sql []byte) *Shape { return &Shape{Fingerprint: MySQL(string(sql))} })
}
