package parse

import "hash/maphash"

// maxOrigins bounds the origins that a parser remembers. Beyond it each event gets an origin of its own: slower, not wrong.
const maxOrigins = 1 << 16

// maxName is how many bytes of a name are kept: four times what a server takes for one.
const maxName = 1 << 10

var seed = maphash.MakeSeed()

// origins interns the Origins of one parser.
type origins struct {
	none   *Origin
	byName map[string]*Origin
	recent [256]*Origin // by hash of the names
	key    []byte

	processes [512]processOrigin // by pid
}

// processOrigin is the Origin of a process and the names as they stood in the log.
type processOrigin struct {
	pid    uint32
	raw    [4][]byte
	origin *Origin
}

// ofProcess returns what is known of a process. Its names as they stand in the log are seldom others than in its record before; if they are, the
// origin is nil, and remember makes it.
func (o *origins) ofProcess(pid uint32, database, user, application, client []byte) *processOrigin {
	slot := &o.processes[pid%uint32(len(o.processes))]
	if slot.origin != nil && slot.pid == pid && string(slot.raw[0]) == string(database) && string(slot.raw[1]) == string(user) &&
		string(slot.raw[2]) == string(application) && string(slot.raw[3]) == string(client) {
		return slot
	}
	slot.pid, slot.origin = pid, nil
	for i, name := range [...][]byte{database, user, application, client} {
		slot.raw[i] = append(slot.raw[i][:0], name...)
	}
	return slot
}

// remember makes the origin of a process of its names without quotes and escapes.
func (o *origins) remember(p *processOrigin, database, user, application, client []byte) {
	p.origin = o.intern(known(database), known(user), known(application), known(client))
}

func newOrigins() *origins {
	o := &origins{byName: map[string]*Origin{}}
	o.none = o.intern(nil, nil, nil, nil)
	return o
}

// intern returns the Origin with these names. Longer ones than maxName are cut.
func (o *origins) intern(database, user, application, client []byte) *Origin {
	for _, name := range [...]*[]byte{&database, &user, &application, &client} {
		*name = (*name)[:min(len(*name), maxName)]
	}
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
