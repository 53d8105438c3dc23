package monitor

import (
	"fmt"
	"strings"

	"github.com/covetlog/covetlog/normalize"
	"github.com/covetlog/covetlog/parse"
	"github.com/covetlog/covetlog/stats"
)

// Grouping is what executions are counted by in place of their pattern.
type Grouping struct {
	By   string // as in NewGrouping
	name func(e *parse.Event, scratch []byte) []byte
}

// Groupings lists what NewGrouping knows; of "tag:NAME", NAME is that of a tag.
func Groupings() []string {
	return []string{"pattern", "database", "user", "host", "application", "tag:NAME"}
}

// tagPrefix stands before the name of a tag.
const tagPrefix = "tag:"

// synonyms are what other tools, and the filters, call the keys.
var synonyms = map[string]string{"db": "database", "client": "host"}

// NewGrouping returns the Grouping by database, user, host or application, or by a tag that applications write into comments (see
// normalize.Tags), as in "tag:controller". For "pattern" it is nil. "db" and "client" stand for database and host.
func NewGrouping(by string) (*Grouping, error) {
	g := &Grouping{By: by}
	if meant := synonyms[by]; meant != "" {
		g.By, by = meant, meant
	}
	tag, tagged := strings.CutPrefix(by, tagPrefix)
	switch {
	case by == "pattern":
		return nil, nil
	case by == "database":
		g.name = func(e *parse.Event, dst []byte) []byte { return append(dst, e.Origin.Database...) }
	case by == "user":
		g.name = func(e *parse.Event, dst []byte) []byte { return append(dst, e.Origin.User...) }
	case by == "host":
		g.name = func(e *parse.Event, dst []byte) []byte { return append(dst, e.Origin.Client...) }
	case by == "application":
		g.name = func(e *parse.Event, dst []byte) []byte { return append(dst, e.Origin.Application...) }
	case tagged && tag != "":
		g.name = func(e *parse.Event, dst []byte) []byte { return appendTag(dst, e.SQL, tag) }
	default:
		return nil, fmt.Errorf("%q is none of %s", by, strings.Join(Groupings(), ", "))
	}
	return g, nil
}

func appendTag(dst, sql []byte, tag string) []byte {
	normalize.Tags(sql, func(name, value []byte) bool {
		if string(name) != tag {
			return true
		}
		dst = append(dst, value...)
		return false
	})
	return dst
}

// noGroup is the name of the group of those that do not tell theirs.
const noGroup = "(none)"

// maxGroupName is how many bytes of a name are looked at.
const maxGroupName = 256

// group returns the tally of the group that an Event is of.
func (c *Collector) group(e *parse.Event) *tally {
	c.message = c.opts.Group.name(e, c.message[:0])
	name := c.message[:min(len(c.message), maxGroupName)]
	if len(name) == 0 {
		c.message = append(c.message, noGroup...)
		name = c.message
	}
	if t := c.groups[string(name)]; t != nil && !t.evicted { // copies nothing
		return t
	}
	if c.groups == nil || len(c.groups) > 2*c.opts.MaxPatterns {
		c.groups = map[string]*tally{}
	}
	id := fnvAdd(fnvAdd(fnvStart, c.opts.Group.By+"\x00"), name)
	t := c.pattern(stats.Key{Fingerprint: id, By: c.opts.Group.By}, string(name))
	c.groups[string(name)] = t
	return t
}
