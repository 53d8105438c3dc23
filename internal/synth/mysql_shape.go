package synth

import (
	"math/rand/v2"
	"strings"
)

// mysqlSQL is the SQL of MySQL and of what came of it.
var mysqlSQL = dialect{schemas: [][]table{mysqlSchema, backticked(mysqlSchema)}, traps: mysqlTraps, classes: mysqlClass, style: builder.mysqlStyle,
	quote: quoteMySQL, oddWords: mysqlOddWords, nulls: true,
	kinds: []func(builder) string{builder.lookup, builder.lookup, builder.search, builder.search, builder.join, builder.join, builder.summary,
		builder.update, builder.update, builder.remove, builder.recent, builder.insertIgnore, builder.insertRows, builder.onDuplicate, builder.page,
		builder.hinted, builder.pairs, builder.copyRows}}

var mysqlSchema = append(parseSchema("uploads u id:id owner_id:id content_hash:digest mime:word received_at:stamp"), schema...)

// backticked returns the tables as programs name them that quote every name.
func backticked(tables []table) (quoted []table) {
	for _, t := range tables {
		q := table{name: "`" + t.name + "`", alias: t.alias}
		for _, c := range t.columns {
			q.columns = append(q.columns, column{"`" + c.name + "`", c.hole})
		}
		quoted = append(quoted, q)
	}
	return quoted
}

func bareName(name string) string { return strings.Trim(name, "`") }

// mysqlClass lets shapes differ in more than case, backticks, the form of a LIMIT, or a list where another has one value: not all readers
// take those for different classes.
func mysqlClass(text string) string { return mysqlClasses.Replace(strings.ToLower(text)) }

var mysqlClasses = strings.NewReplacer("`", "", "limit ?, ?", "limit ?", "limit ? offset ?", "limit ?", "in (...)", "= ?")

// useWarehouse is a statement that changes the database of its session.
const useWarehouse = "USE `warehouse`"

// mysqlTraps are misread where a semicolon at the end of a line, a line that begins with #, or a quote is taken for more than it is.
var mysqlTraps = [][2]string{
	{"BEGIN", "BEGIN"},
	{"commit", "COMMIT"},
	{"use `warehouse`", useWarehouse},
	{"INSERT INTO outbox (tenant_id, body) VALUES ({id}, {letter})", "INSERT INTO outbox (tenant_id, body) VALUES (...)"},
	{"/* request {tag};\n# Time flies: {tag}\n*/ SELECT f.enabled -- it's {tag};\nFROM flags f # \"{tag};\n\tWHERE f.label = {text}", "SELECT f.enabled FROM flags f WHERE f.label = ?"},
	{"SELECT `odd``;\n# Time`, `#1` FROM `my-table` WHERE `key` = {word} AND `it's` <> {text}",
		"SELECT `odd``;\n# Time`, `#1` FROM `my-table` WHERE `key` = ? AND `it's` <> ?"},
	{"UPDATE `Meter` SET v = v -{id}, w = {money}*{money} WHERE id={integer} AND k2<>{word}", "UPDATE `Meter` SET v = v - ?, w = ? * ? WHERE id = ? AND k2 <> ?"},
	{"SELECT col1, t2.col2, 1st_try FROM events_2024_q1 t2 WHERE t2.col1={integer} -- {tag}", "SELECT col1, t2.col2, 1st_try FROM events_2024_q1 t2 WHERE t2.col1 = ?"},
	{"SELECT doc->'$.name', doc->>\"$.tags[0]\" FROM documents WHERE doc->'$.owner' = {word}", "SELECT doc -> ?, doc ->> ? FROM documents WHERE doc -> ? = ?"},
	{"SELECT id FROM jobs WHERE queue = {word} ORDER BY run_at LIMIT {id} FOR UPDATE SKIP LOCKED",
		"SELECT id FROM jobs WHERE queue = ? ORDER BY run_at LIMIT ? FOR UPDATE SKIP LOCKED"},
	{"SELECT /*+ MAX_EXECUTION_TIME({id}) */ x.id,x.score*{money} from scores as x where x.day>={stamp} and x.score between {integer} and {integer}",
		"SELECT /*+ MAX_EXECUTION_TIME(?) */ x.id, x.score * ? FROM scores AS x WHERE x.day >= ? AND x.score BETWEEN ? AND ?"},
	{"SELECT /*!40001 SQL_NO_CACHE */ * FROM `mails` WHERE `sent_at` > {stamp}", "SELECT SQL_NO_CACHE * FROM `mails` WHERE `sent_at` > ?"},
	{"SELECT @rank := @rank + 1 AS place, m.* FROM marks m WHERE m.class <=> {word}", "SELECT @rank := @rank + ? AS place, m.* FROM marks m WHERE m.class <=> ?"},
	{"CREATE PROCEDURE tidy()\nBEGIN\n  DELETE FROM outbox WHERE sent;\n# second step\n  DELETE FROM carts WHERE expires_at < NOW();\nEND",
		"CREATE PROCEDURE tidy() BEGIN DELETE FROM outbox WHERE sent; DELETE FROM carts WHERE expires_at < NOW(); END"},
}

// mysqlStyle writes a statement as some program would. The server cuts blanks at both ends.
func (b builder) mysqlStyle(text string) string {
	switch b.IntN(6) {
	case 0, 1:
		text = lines.Replace(text)
	case 2:
		text = strings.ToLower(text)
	}
	switch b.IntN(16) {
	case 0, 1:
		text += " /*action='run%2Bthis',controller='{tag}',traceparent='00-{tag}-01'*/"
	case 2:
		text = "-- {tag}\n" + text
	case 3:
		text = "/* app:{tag} */ " + text
	case 4:
		text = "# {tag}\n" + text
	case 5:
		text += " -- {tag}" // the semicolon behind it is in the comment
	}
	return text
}

var mysqlOddWords = []string{"D'Arcy", `C:\tmp\`, "--", "/*", "*/", "50%", ";", ";\n", "`ticks`", `"quoted"`, "(", ")", "?", "#", "\n# note", "SET timestamp=7;",
	"# Query_time: 7.000000"}

// quoteMySQL appends a string in one of the ways in which it can be written.
func quoteMySQL(r *rand.Rand, dst, text []byte) []byte {
	switch x := r.IntN(100); {
	case x == 0:
		dst = append(dst, "_utf8mb4"...)
	case x == 1:
		dst = append(dst, 'N')
	case x < 6:
		return append(append(append(dst, '"'), doubledInDouble.Replace(string(text))...), '"')
	case x < 50:
		return append(append(append(dst, '\''), driverEscapes.Replace(string(text))...), '\'')
	}
	return append(append(append(dst, '\''), doubledInSingle.Replace(string(text))...), '\'')
}

var (
	// driverEscapes leave line breaks as they are: those are what misleads.
	driverEscapes   = strings.NewReplacer(`\`, `\\`, `'`, `\'`, `"`, `\"`, "\t", `\t`)
	doubledInSingle = strings.NewReplacer(`\`, `\\`, `'`, `''`)
	doubledInDouble = strings.NewReplacer(`\`, `\\`, `"`, `""`)
)

func (b builder) insertIgnore() string {
	t := b.table()
	c := b.some(t, 2+b.IntN(5))
	return []string{"INSERT", "INSERT", "INSERT IGNORE", "REPLACE"}[b.IntN(4)] + " INTO " + t.name + " (" + names(c, "") + ") VALUES {row " + holesOf(c) + "}"
}

func (b builder) insertRows() string {
	t := b.table()
	c := b.some(t, 2+b.IntN(3))
	return "INSERT INTO " + t.name + " (" + names(c, "") + ") VALUES {rows " + holesOf(c) + "}"
}

func (b builder) onDuplicate() string {
	t := b.table()
	c := b.some(t, 2+b.IntN(5))
	return "INSERT INTO " + t.name + " (" + names(c, "") + ") VALUES {rows " + holesOf(c) + "} ON DUPLICATE KEY UPDATE " +
		each(b.some(t, 1+b.IntN(3)), ", ", func(c column) string { return c.name + " = VALUES(" + c.name + ")" })
}

func (b builder) page() string {
	t := b.table()
	return "SELECT " + names(b.some(t, 1+b.IntN(4)), "") + " FROM " + t.name + b.where(t, 1+b.IntN(3), "") + " ORDER BY " + b.some(t, 1)[0].name +
		[]string{" LIMIT {id}, {id}", " LIMIT {id} OFFSET {id}"}[b.IntN(2)]
}

func (b builder) hinted() string {
	t := b.table()
	c := b.some(t, 1)[0]
	return "SELECT " + []string{"SQL_CALC_FOUND_ROWS ", "DISTINCT ", "STRAIGHT_JOIN "}[b.IntN(3)] + names(b.some(t, 1+b.IntN(4)), "") + " FROM " + t.name +
		" FORCE INDEX (ix_" + bareName(c.name) + ")" + b.where(t, 1+b.IntN(3), "") + b.tail(t, "")
}

func (b builder) pairs() string {
	t := b.table()
	c := b.some(t, 2)
	return "DELETE FROM " + t.name + " WHERE (" + names(c, "") + ") IN ({rows " + holesOf(c) + "}) LIMIT {id}"
}

func (b builder) copyRows() string {
	t := b.table()
	c := names(b.some(t, 1+b.IntN(4)), "")
	return "INSERT INTO archived_" + bareName(t.name) + " (" + c + ") SELECT " + c + " FROM " + t.name + b.where(t, 1+b.IntN(3), "")
}
