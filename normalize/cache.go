package normalize

import "hash/fnv"

// Shape is the class of a statement as a Cache knows it. A class of pg_query may have several, with different texts: aliases
// are part of a shape.
type Shape struct {
	Fingerprint
	// Tag is the caller's. A Shape lives as long as it is in the cache, so one that comes back may have lost it.
	Tag any
}

// Limits of a generation of the cache. A full generation becomes the old one, and what is not asked for while the next one
// fills is forgotten: 2 generations of 32,768 shapes, or of 16 MiB of text.
const (
	maxShapes     = 32 << 10
	maxShapeBytes = 16 << 20
)

// Cache knows the fingerprints of the statements it has seen. What it returns never depends on what it has seen. It is not safe
// for concurrent use: every worker has its own.
//
// A statement is looked for in up to four ways, the cheapest first: as the very text, as a text that differs in its literals only, by
// its shape, and in the end pg_query is asked. Each of the first two is left alone while it finds too little.
type Cache struct {
	recent     recent
	recentGain gain
	texts      texts
	textsGain  gain
	reducer    reducer
	shapes
	mysql mysqlCache
}

// shapes are the statements of one dialect by their shape. now may be nil.
type shapes struct {
	now, old map[string]*Shape
	bytes    int // of the shapes and texts in now
}

// NewCache returns an empty Cache.
func NewCache() *Cache {
	return &Cache{recentGain: gain{share: 50}, textsGain: gain{share: 30}, mysql: newMySQLCache()}
}

// PostgreSQL returns the shape of a statement, any bytes. With tabbed, each newline in sql is followed by one TAB that the log
// added. sql is not kept.
func (c *Cache) PostgreSQL(sql []byte, tabbed bool) *Shape { return c.byText(sql, tabbed) }

// Bound is PostgreSQL for a statement of the extended protocol. Where its literals are parameters it comes back byte for byte, so that it
// is looked for as a whole first.
func (c *Cache) Bound(sql []byte, tabbed bool) *Shape {
	if !c.recentGain.worth() {
		return c.byText(sql, tabbed)
	}
	s := c.recent.find(sql, tabbed)
	c.recentGain.count(s != nil)
	if s == nil {
		s = c.byText(sql, tabbed)
		c.recent.learn(sql, tabbed, s)
	}
	return s
}

func (c *Cache) byText(sql []byte, tabbed bool) *Shape {
	if !c.textsGain.worth() {
		return c.byShape(c.reducer.reduce(sql, nil, tabbed))
	}
	s := c.texts.tree.find(sql)
	c.textsGain.count(s != nil)
	if s == nil {
		c.texts.template.reset(sql)
		s = c.byShape(c.reducer.reduce(sql, &c.texts.template, tabbed))
		c.texts.learn(s)
	}
	return s
}

func (c *Cache) byShape(key []byte) *Shape {
	s, current := c.shapes.find(key)
	if s == nil {
		s = &Shape{Fingerprint: fingerprintOf(key)}
	}
	if !current {
		c.keep(string(key), s)
	}
	return s
}

// find returns what has a shape, nil if nothing has, and whether it is in the current generation.
func (x *shapes) find(key []byte) (s *Shape, current bool) {
	if s = x.now[string(key)]; s != nil {
		return s, true
	}
	return x.old[string(key)], false
}

func (x *shapes) keep(key string, s *Shape) {
	size := len(key) + len(s.Text)
	if x.now == nil || len(x.now) >= maxShapes || x.bytes+size > maxShapeBytes {
		x.now, x.old, x.bytes = map[string]*Shape{}, x.now, 0
	}
	x.now[key] = s
	x.bytes += size
}

// PostgreSQL returns the fingerprint of one statement.
func PostgreSQL(sql string) Fingerprint {
	var r reducer
	return fingerprint(r.reduce([]byte(sql), nil, false))
}

// fingerprint returns that of a shape.
func fingerprint(shape []byte) Fingerprint {
	f := Fingerprint{Text: render(shape)}
	if f.ID, f.Parsed = parse(shape); !f.Parsed {
		h := fnv.New64a()
		h.Write([]byte(f.Text))
		f.ID = h.Sum64()
	}
	return f
}
