package monitor

import (
	"github.com/covetlog/covetlog/parse"
	"github.com/covetlog/covetlog/stats"
)

// role is who runs a statement: a set of names that is small, whatever the number of clients.
type role struct{ database, user, application string }

// roleCount counts the executions of a pattern by one role.
type roleCount struct {
	role  int32
	count int64
}

const (
	// maxRoles is how many roles a Collector tells apart at a time.
	maxRoles = 1 << 14
	// maxRoleCounts is how many of them a pattern counts before it adds them up by name: a longer list is slower to search than a map.
	maxRoleCounts = 64
)

// roles numbers the roles of one Collector.
type roles struct {
	numbers map[role]int32
	list    []role
	// known[n] is what the parser's origin number n was found to be. Several parsers number alike, so the origin is compared.
	known []knownOrigin
}

type knownOrigin struct {
	origin *parse.Origin
	role   int32
}

func newRoles() roles { return roles{numbers: map[role]int32{}} }

// of returns the number of an origin's role; false if it is not known.
func (r *roles) of(o *parse.Origin) (int32, bool) {
	if uint(o.Number) < uint(len(r.known)) {
		if k := &r.known[o.Number]; k.origin == o {
			return k.role, true
		}
	}
	return 0, false
}

// full tells whether there is no number left for a new role.
func (r *roles) full() bool { return len(r.list) >= maxRoles }

// find returns the number of an origin's role, a new one if need be.
func (r *roles) find(o *parse.Origin) int32 {
	who := role{o.Database, o.User, o.Application}
	n, ok := r.numbers[who]
	if !ok {
		n = int32(len(r.list))
		r.numbers[who] = n
		r.list = append(r.list, who)
	}
	if o.Number >= 0 {
		for o.Number >= len(r.known) {
			r.known = append(r.known, knownOrigin{})
		}
		r.known[o.Number] = knownOrigin{o, n}
	}
	return n
}

// countRole counts one execution by the role of an origin.
func (c *Collector) countRole(t *tally, o *parse.Origin) {
	n, ok := c.roles.of(o)
	if !ok {
		if c.roles.full() {
			c.addUpNames()
			c.roles = newRoles()
		}
		n = c.roles.find(o)
	}
	if !t.count(n) {
		c.roles.addUp(t)
		t.count(n)
	}
}

// count counts one execution by a role; false if the list is full. The role of the last execution stands first, so the search is short.
func (t *tally) count(n int32) bool {
	for i := range t.roles {
		if t.roles[i].role == n {
			t.roles[i].count++
			if i > 0 {
				t.roles[i], t.roles[i-1] = t.roles[i-1], t.roles[i]
			}
			return true
		}
	}
	if len(t.roles) == maxRoleCounts {
		return false
	}
	t.roles = append(t.roles, roleCount{n, 1})
	return true
}

// addUpNames adds up the names of all patterns.
func (c *Collector) addUpNames() {
	for _, t := range c.tallies {
		c.roles.addUp(t)
	}
	c.roles.addUp(&c.overflow)
}

// addUp adds the counts by role to those by name.
func (r *roles) addUp(t *tally) {
	for _, c := range t.roles {
		who := r.list[c.role]
		addName(&t.Databases, who.database, c.count)
		addName(&t.Users, who.user, c.count)
		addName(&t.Applications, who.application, c.count)
	}
	t.roles = t.roles[:0]
}

func addName(names *stats.Names, name string, n int64) {
	if name == "" {
		return
	}
	if *names == nil {
		*names = stats.Names{}
	}
	names.Add(name, n)
}
