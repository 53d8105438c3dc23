package synth

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// shape is a class of statements.
type shape struct {
	Shape
	parts     []part
	extended  float64 // how often it is sent with parameters, 0 to 1
	mu, sigma float64 // of the logarithm of its duration in microseconds
	habits            // in MySQL
}

// schema is what the statements are about. Each table has its own alias: one that differs makes another class.
var schema = parseSchema(`
customers c     id:id email:text full_name:text country:word created_at:stamp balance:money is_active:flag
orders o        id:id customer_id:id warehouse_id:id state:word total:money placed_at:stamp note:text
order_items i   id:id order_id:id product_id:id quantity:integer unit_price:money tax_rate:money
products p      id:id sku:word title:text price:money stock:integer discontinued:flag updated_at:stamp
payments y      id:id order_id:id amount:money provider:word reference:uuid paid_at:stamp refunded:flag
shipments h     id:id order_id:id carrier:word tracking_code:uuid sent_at:stamp weight_kg:money
warehouses w    id:id city:word capacity:integer opened_at:stamp
reviews r       id:id product_id:id customer_id:id stars:integer body:text written_at:stamp
carts t         id:uuid customer_id:id expires_at:stamp coupon_code:word
web_sessions s  id:uuid customer_id:id device:word started_at:stamp last_seen_at:stamp pages:integer
price_changes g id:id product_id:id old_price:money new_price:money changed_at:stamp changed_by:text
audit_entries a id:id actor:word verb:word subject_id:id happened_at:stamp details:text
`)

// dialect is the SQL of a server.
type dialect struct {
	schemas [][]table // a statement is about one of them
	// traps are legal statements that are easily misread, each with its pattern.
	traps [][2]string
	kinds []func(builder) string
	// classes gives patterns of one class one text.
	classes  func(string) string
	style    func(b builder, text string) string
	quote    func(r *rand.Rand, dst, text []byte) []byte
	oddWords []string // rare in prose
	nulls    bool     // rows hold NULL
}

type column struct{ name, hole string }

type table struct {
	name, alias string
	columns     []column
}

func parseSchema(text string) (tables []table) {
	for line := range strings.Lines(strings.TrimSpace(text)) {
		fields := strings.Fields(line)
		t := table{name: fields[0], alias: fields[1]}
		for _, f := range fields[2:] {
			name, hole, _ := strings.Cut(f, ":")
			t.columns = append(t.columns, column{name, hole})
		}
		tables = append(tables, t)
	}
	return tables
}

var postgresSQL = dialect{schemas: [][]table{schema}, traps: traps, kinds: kinds, classes: classes.Replace, style: builder.style, quote: quotePostgres,
	oddWords: oddWords}

var traps = [][2]string{
	{"BEGIN", "BEGIN"},
	{"commit;", "COMMIT"},
	{"INSERT INTO outbox (tenant_id, body) VALUES ({id}, {letter})", "INSERT INTO outbox (tenant_id, body) VALUES (...)"},
	{"/* request {tag} */ SELECT f.enabled -- {tag}\nFROM flags f\n\tWHERE f.label = {text}", "SELECT f.enabled FROM flags f WHERE f.label = ?"},
	{"UPDATE \"Meter\" SET v = v -{id}, w = {money}*{money} WHERE id={integer} AND k2<>{word}",
		"UPDATE \"Meter\" SET v = v - ?, w = ? * ? WHERE id = ? AND k2 <> ?"},
	{"SELECT col1, t2.col2 FROM events_2024_q1 t2 WHERE t2.col1={integer}", "SELECT col1, t2.col2 FROM events_2024_q1 t2 WHERE t2.col1 = ?"},
	{"SELECT doc -> {word} FROM documents WHERE doc ? {word} AND doc @> {text}", "SELECT doc -> ? FROM documents WHERE doc ? ? AND doc @> ?"},
	{"SELECT id FROM jobs WHERE queue = {word} ORDER BY run_at LIMIT {id} FOR UPDATE SKIP LOCKED",
		"SELECT id FROM jobs WHERE queue = ? ORDER BY run_at LIMIT ? FOR UPDATE SKIP LOCKED"},
	{"select x.id,x.score*{money} from scores as x where x.day>={stamp}::date and x.score between {integer} and {integer}",
		"SELECT x.id, x.score * ? FROM scores AS x WHERE x.day >= ?::date AND x.score BETWEEN ? AND ?"},
}

// newShapes returns n shapes, the frequent ones first: mostly short ones.
func newShapes(r *rand.Rand, sql *dialect, n int) []*shape {
	b := builder{Rand: r}
	seen := map[string]bool{}
	var shapes []*shape
	for _, t := range sql.traps[:min(n, len(sql.traps))] {
		shapes = append(shapes, b.shape(t[0], t[1]))
	}
	for len(shapes) < n {
		b.schema = sql.schemas[len(shapes)%len(sql.schemas)]
		plain := sql.kinds[r.IntN(len(sql.kinds))](b)
		text := pattern(compile(plain))
		if class := sql.classes(text); !seen[class] {
			seen[class] = true
			shapes = append(shapes, b.shape(sql.style(b, plain), text))
		}
	}
	order := map[*shape]float64{}
	for _, s := range shapes {
		order[s] = float64(len(s.Text)) * r.ExpFloat64()
	}
	slices.SortFunc(shapes, func(a, b *shape) int { return cmp.Compare(order[a], order[b]) })
	return shapes
}

// classes gives patterns of one class one text: pg_query takes = and IN for the same.
var classes = strings.NewReplacer("IN (...)", "= ?")

type builder struct {
	*rand.Rand
	schema []table
}

func (b builder) shape(template, text string) *shape {
	s := &shape{Shape: Shape{Text: text}, parts: compile(template), extended: float64(b.IntN(2)),
		mu: math.Log(80) + b.Float64()*math.Log(5000), sigma: 0.3 + b.Float64()}
	if b.IntN(10) == 0 {
		s.extended = 0.5
	}
	return s
}

// style writes a statement as some program would: in lines, in lower case, with comments.
func (b builder) style(text string) string {
	switch b.IntN(6) {
	case 0, 1:
		text = lines.Replace(text)
	case 2:
		text = strings.ToLower(text)
	}
	switch b.IntN(16) {
	case 0, 1:
		text += " /*controller='{tag}',traceparent='{tag}'*/"
	case 2:
		text = "-- {tag}\n" + text
	}
	return text
}

var lines = strings.NewReplacer(" FROM ", "\n  FROM ", " JOIN ", "\n  JOIN ", " WHERE ", "\n  WHERE ", " AND ", "\n    AND ", " SET ", "\n  SET ",
	" VALUES ", "\n  VALUES ", " GROUP BY ", "\n\tGROUP BY ", " ORDER BY ", "\n\tORDER BY ")

// kinds build statements with holes. What they choose stands in the order of the schema and only once, so that different texts are
// different classes: pg_query sorts columns and conditions.
var kinds = []func(builder) string{builder.lookup, builder.lookup, builder.search, builder.search, builder.join, builder.join, builder.summary,
	builder.insert, builder.batch, builder.upsert, builder.update, builder.update, builder.remove, builder.recent}

func (b builder) table() table { return b.schema[b.IntN(len(b.schema))] }

// some returns n different columns.
func (b builder) some(t table, n int) (columns []column) {
	chosen := b.Perm(len(t.columns))[:min(n, len(t.columns))]
	slices.Sort(chosen)
	for _, i := range chosen {
		columns = append(columns, t.columns[i])
	}
	return columns
}

// each joins what f makes of the columns.
func each(columns []column, separator string, f func(c column) string) string {
	var list []string
	for _, c := range columns {
		list = append(list, f(c))
	}
	return strings.Join(list, separator)
}

func names(columns []column, alias string) string {
	return each(columns, ", ", func(c column) string { return alias + c.name })
}

func (b builder) where(t table, n int, alias string) string {
	return " WHERE " + each(b.some(t, n), " AND ", func(c column) string { return alias + c.name + b.condition(c.hole) })
}

func (b builder) condition(hole string) string {
	value := "{" + hole + "}"
	switch x := b.IntN(4); {
	case x == 0 && hole == "id":
		return " IN ({list})"
	case x < 2 && hole == "stamp":
		return " BETWEEN " + value + " AND " + value
	case x == 1 && hole == "text":
		return " LIKE " + value
	case x == 2 && hole != "flag":
		return " > " + value
	case x == 3 && hole != "id":
		return " IS NOT NULL"
	}
	return " = " + value
}

// tail is the order and the number of rows asked for.
func (b builder) tail(t table, alias string) (text string) {
	if b.IntN(2) == 0 {
		text = " ORDER BY " + alias + b.some(t, 1)[0].name + []string{"", " DESC"}[b.IntN(2)]
	}
	if b.IntN(2) == 0 {
		text += " LIMIT {id}"
	}
	return text
}

func (b builder) lookup() string {
	t := b.table()
	return "SELECT " + names(b.some(t, 2+b.IntN(6)), "") + " FROM " + t.name + " WHERE " + t.columns[0].name + " = {" + t.columns[0].hole + "}"
}

func (b builder) search() string {
	t := b.table()
	return "SELECT " + []string{"*", names(b.some(t, 1+b.IntN(4)), "")}[b.IntN(2)] + " FROM " + t.name + b.where(t, 1+b.IntN(3), "") + b.tail(t, "")
}

// join follows the tables that name the id of another one.
func (b builder) join() string {
	from := b.table()
	text, tables := " FROM "+from.name+" "+from.alias, []table{from}
	for _, c := range from.columns {
		for _, t := range b.schema {
			if bareName(c.name) == strings.TrimSuffix(bareName(t.name), "s")+"_id" {
				text += " " + []string{"", "LEFT "}[b.IntN(2)] + "JOIN " + t.name + " " + t.alias +
					" ON " + t.alias + "." + t.columns[0].name + " = " + from.alias + "." + c.name
				tables = append(tables, t)
			}
		}
	}
	var list []string
	for _, t := range tables {
		list = append(list, names(b.some(t, 1+b.IntN(3)), t.alias+"."))
	}
	return "SELECT " + strings.Join(list, ", ") + text + b.where(from, 1+b.IntN(3), from.alias+".") + b.tail(from, from.alias+".")
}

func (b builder) summary() string {
	t := b.table()
	by := b.some(t, 1)[0].name
	return "SELECT " + by + ", count(*), max(" + b.some(t, 1)[0].name + ") FROM " + t.name + b.where(t, 1+b.IntN(3), "") + " GROUP BY " + by +
		" HAVING count(*) > {id}"
}

func holesOf(columns []column) string {
	return each(columns, " ", func(c column) string { return c.hole })
}

func (b builder) insert() string {
	t := b.table()
	c := b.some(t, 2+b.IntN(5))
	return "INSERT INTO " + t.name + " (" + names(c, "") + ") VALUES {row " + holesOf(c) + "}" + []string{"", " RETURNING id"}[b.IntN(2)]
}

func (b builder) batch() string {
	t := b.table()
	c := b.some(t, 2+b.IntN(3))
	return "INSERT INTO " + t.name + " (" + names(c, "") + ") VALUES {rows " + holesOf(c) + "} ON CONFLICT DO NOTHING"
}

func (b builder) upsert() string {
	t := b.table()
	c := b.some(t, 2+b.IntN(5))
	return "INSERT INTO " + t.name + " (" + names(c, "") + ") VALUES {row " + holesOf(c) + "} ON CONFLICT (id) DO UPDATE SET " +
		each(b.some(t, 1+b.IntN(3)), ", ", func(c column) string { return c.name + " = excluded." + c.name })
}

func (b builder) update() string {
	t := b.table()
	return "UPDATE " + t.name + " SET " + each(b.some(t, 1+b.IntN(4)), ", ", func(c column) string { return c.name + " = {" + c.hole + "}" }) + b.where(t, 1+b.IntN(2), "")
}

func (b builder) remove() string {
	t := b.table()
	return "DELETE FROM " + t.name + b.where(t, 1+b.IntN(3), "")
}

func (b builder) recent() string {
	t := b.table()
	c := b.some(t, 1+b.IntN(4))
	return "WITH recent AS (SELECT " + names(c, "") + " FROM " + t.name + b.where(t, 1+b.IntN(3), "") + ") SELECT count(*), max(" + c[0].name +
		") FROM recent WHERE " + c[len(c)-1].name + " IS NOT NULL"
}
