package parse

import "hash/maphash"

// maxOrigins bounds the origins that a parser remembers. Beyond it each event gets an origin of its own: slower, not wrong.
const maxOrigins = 1 << 16

var seed = maphash.MakeSeed()

// origins interns the Origins of one parser.
type origins struct {
	none   *Origin
	byName map[string]*Origin
	recent [256]*Origin // by hash of the names
	key    []byte
}

func newOrigins() *origins {
	o := &origins{byName: map[string]*Origin{}}
	o.none = o.intern(nil, nil, nil, nil)
	return o
}

// intern returns the Origin with these names.
func (o *origins) intern(database, user, application, client []byte) *Origin {
	o.key = append(append(append(append(append(append(append(o.key[:0], database...), 0), user...), 0), application...), 0), client...)
	slot := &o.recent[maphash.Bytes(seed, o.key)%uint64(len(o.recent))]
	if r := *slot; r != nil && r.Number >= 0 && r.Database == string(database) && r.User == string(user) &&
		r.Application == string(application) && r.Client == string(client) {
		return r
	}
	origin := o.byName[string(o.key)]
	if origin == nil {
		origin = &Origin{Number: len(o.byName), Database: string(database), User: string(user), Application: string(application), Client: string(client)}
		if len(o.byName) == maxOrigins {
			origin.Number = -1
			return origin
		}
		o.byName[string(o.key)] = origin
	}
	*slot = origin
	return origin
}
