package monitor

import (
	"github.com/covetlog/covetlog/parse"
	"github.com/covetlog/covetlog/stats"
)

// role is who runs a statement: a set of names that is small, whatever the number of clients.
type role struct{ database, user, application string }

// roleCounts counts the executions of a pattern by role. Most logs have a few dozen roles: those have counts by their number. The others stand in a
// list that is searched.
type roleCounts struct {
	first  []int64
	others []roleCount
}

// roleCount counts the executions of a pattern by one role.
type roleCount struct {
	role  int32
	count int64
}

const (
	// maxRoles is how many roles a Collector tells apart at a time.
	maxRoles = 1 << 14
	// maxFirstRoles is how many roles have counts by number: a pattern takes 8 bytes for each.
	maxFirstRoles = 64
	// maxRoleCounts is how many others a pattern counts before it adds them up by name: a longer list is slower to search than a map.
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

// countRole counts executions by the role of an origin.
func (c *Collector) countRole(t *tally, o *parse.Origin, times int64) {
	n, ok := c.roles.of(o)
	if !ok {
		if c.roles.full() {
			c.addUpNames()
			c.roles = newRoles()
		}
		n = c.roles.find(o)
	}
	if !t.roles.count(n, times) {
		c.roles.addUp(t)
		t.roles.count(n, times)
	}
}

// count counts executions by a role; false if there is no room for another one.
func (r *roleCounts) count(n int32, times int64) bool {
	if int(n) < len(r.first) {
		r.first[n] += times
		return true
	}
	if n < maxFirstRoles {
		r.first = append(r.first, make([]int64, int(n)+1-len(r.first))...)
		r.first[n] += times
		return true
	}
	return r.countOther(n, times)
}

// countOther counts in the list. The role of the last execution moves to the front, so the search is short.
func (r *roleCounts) countOther(n int32, times int64) bool {
	list := r.others
	for i := range list {
		if list[i].role == n {
			list[i].count += times
			if i > 0 {
				list[i], list[i-1] = list[i-1], list[i]
			}
			return true
		}
	}
	if len(list) == maxRoleCounts {
		return false
	}
	r.others = append(list, roleCount{n, times})
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
	for n, count := range t.roles.first {
		if count > 0 {
			r.addNames(t, n, count)
		}
	}
	for _, c := range t.roles.others {
		r.addNames(t, int(c.role), c.count)
	}
	clear(t.roles.first)
	t.roles.others = t.roles.others[:0]
}

func (r *roles) addNames(t *tally, role int, count int64) {
	who := &r.list[role]
	addName(&t.Databases, who.database, count)
	addName(&t.Users, who.user, count)
	addName(&t.Applications, who.application, count)
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
