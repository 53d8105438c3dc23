package monitor

import "github.com/covetlog/covetlog/parse"

// role is who runs a statement: a set of names that is small, whatever the number of clients.
type role struct{ database, user, application string }

// roleCount counts the executions of a pattern by one role.
type roleCount struct {
	role  int32
	count int64
}

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

// of returns the number of an origin's role.
func (r *roles) of(o *parse.Origin) int32 {
	if uint(o.Number) < uint(len(r.known)) {
		if k := &r.known[o.Number]; k.origin == o {
			return k.role
		}
	}
	return r.find(o)
}

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

// count counts one execution by a role. The role of the last execution stands first, so the search is short.
func (t *tally) count(n int32) {
	for i := range t.roles {
		if t.roles[i].role == n {
			t.roles[i].count++
			if i > 0 {
				t.roles[i], t.roles[i-1] = t.roles[i-1], t.roles[i]
			}
			return
		}
	}
	t.roles = append(t.roles, roleCount{n, 1})
}

// names adds the counts up by name.
func (r *roles) names(counts []roleCount) (databases, users, applications map[string]int64) {
	databases, users, applications = map[string]int64{}, map[string]int64{}, map[string]int64{}
	for _, c := range counts {
		who := r.list[c.role]
		for _, n := range []struct {
			names map[string]int64
			name  string
		}{{databases, who.database}, {users, who.user}, {applications, who.application}} {
			if n.name != "" {
				n.names[n.name] += c.count
			}
		}
	}
	return databases, users, applications
}
