package normalize

import "hash/fnv"

// mysqlCache is what a Cache knows of MySQL.
type mysqlCache struct {
	recent     recent
	recentGain gain
	texts      mysqlTexts
	textsGain  gain
	reducer    mysqlReducer
	shapes     shapes
}

func newMySQLCache() mysqlCache {
	return mysqlCache{recentGain: gain{share: 50}, textsGain: gain{share: 30}}
}

// MySQL returns the shape of a statement of MySQL, MariaDB or Percona Server, any bytes. sql is not kept.
func (c *Cache) MySQL(sql []byte) *Shape {
	x := &c.mysql
	if !x.recentGain.worth() {
		return x.byText(sql)
	}
	s := x.recent.find(sql, false)
	x.recentGain.count(s != nil)
	if s == nil {
		s = x.byText(sql)
		x.recent.learn(sql, false, s)
	}
	return s
}

func (c *mysqlCache) byText(sql []byte) *Shape {
	if !c.textsGain.worth() {
		return c.byShape(c.reducer.reduce(sql, nil))
	}
	s := c.texts.tree.findMySQL(sql)
	c.textsGain.count(s != nil)
	if s == nil {
		c.texts.template.reset(sql)
		s = c.byShape(c.reducer.reduce(sql, &c.texts.template))
		c.texts.learn(s)
	}
	return s
}

func (c *mysqlCache) byShape(key []byte) *Shape {
	s, current := c.shapes.find(key)
	if s == nil {
		s = &Shape{Fingerprint: mysqlFingerprint(key)}
	}
	if !current {
		c.shapes.keep(string(key), s)
	}
	return s
}

// MySQL returns the fingerprint of one statement of MySQL, MariaDB or Percona Server, read with the default sql_mode: " quotes a string,
// and a backslash escapes. The ID is the 64-bit FNV-1a hash of the Text; Parsed is false.
//
// In the Text keywords and the names of built-in functions are upper case and other names as they are written, since the names of
// tables have case on most servers. Backticks stand where a name needs them.
func MySQL(sql string) Fingerprint {
	var r mysqlReducer
	return mysqlFingerprint(r.reduce([]byte(sql), nil))
}

func mysqlFingerprint(shape []byte) Fingerprint {
	text := mysqlText(shape)
	h := fnv.New64a()
	h.Write([]byte(text))
	return Fingerprint{ID: h.Sum64(), Text: text}
}
