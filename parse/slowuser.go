package parse

import (
	"bytes"
	"encoding/binary"
)

// users finds the Origins of "# User@Host:" lines.
type users struct {
	origins *origins
	recent  [4096]seenUser // as many as there are sessions at a time, most often
}

// seenUser is an origin and the texts it comes from.
type seenUser struct {
	user, database []byte
	origin         *Origin
}

// of returns the Origin of a line, without its "# ", and a database.
func (u *users) of(line, database []byte) *Origin {
	line = withoutID(line)
	slot := &u.recent[(ending(line)*0x9e3779b97f4a7c15+ending(database))*0x9e3779b97f4a7c15>>52]
	if slot.origin != nil && string(slot.user) == string(line) && string(slot.database) == string(database) {
		return slot.origin
	}
	name, host := splitUser(line)
	origin := u.origins.intern(withoutBackticks(database), name, nil, host)
	if len(line)+len(database) <= 4*maxName { // otherwise it is damaged, and not worth the memory
		slot.user, slot.database, slot.origin = append(slot.user[:0], line...), append(slot.database[:0], database...), origin
	}
	return origin
}

// ending tells most texts apart by their last eight bytes and their length.
func ending(b []byte) uint64 {
	if len(b) >= 8 {
		return binary.LittleEndian.Uint64(b[len(b)-8:]) + uint64(len(b))
	}
	var last [8]byte
	copy(last[:], b)
	return binary.LittleEndian.Uint64(last[:]) + uint64(len(b))
}

// withoutID cuts off the number of the connection: "  Id:    42".
func withoutID(line []byte) []byte {
	n := len(line)
	for n > 0 && isDigit(line[n-1]) {
		n--
	}
	for n > 0 && line[n-1] == ' ' {
		n--
	}
	if n < 5 || string(line[n-5:n]) != "  Id:" {
		return line
	}
	return line[:n-5]
}

// withoutBackticks returns the name that is written in backticks.
func withoutBackticks(name []byte) []byte {
	if n := len(name); n >= 2 && name[0] == '`' && name[n-1] == '`' {
		return bytes.ReplaceAll(name[1:n-1], []byte("``"), []byte("`"))
	}
	return name
}

// splitUser takes "User@Host: priv[user] @ host [ip]" apart. The user is who logged in, not whose privileges he got; the host is its name,
// or the address where the server does not look up names. A name may hold spaces, @ and brackets.
func splitUser(line []byte) (user, host []byte) {
	_, rest, _ := bytes.Cut(line, []byte(":"))
	rest = bytes.TrimSpace(rest)
	k := bytes.LastIndex(rest, []byte("@ "))
	if k < 0 {
		return bracketed(rest), nil
	}
	user, host = bracketed(bytes.TrimSpace(rest[:k])), bytes.TrimSpace(rest[k+2:])
	if open := bytes.LastIndexByte(host, '['); open >= 0 {
		name, address := bytes.TrimSpace(host[:open]), bytes.TrimSuffix(host[open+1:], []byte("]"))
		if host = name; len(name) == 0 {
			host = address
		}
	}
	return user, host
}

// bracketed returns the name in "priv[user]".
func bracketed(text []byte) []byte {
	inner, ok := bytes.CutSuffix(text, []byte("]"))
	if !ok {
		return text
	}
	// Both names are mostly the same: that tells where the bracket is even if they hold one.
	if half := len(inner) / 2; len(inner)%2 == 1 && inner[half] == '[' && bytes.Equal(inner[:half], inner[half+1:]) {
		return inner[:half]
	}
	open := bytes.IndexByte(inner, '[')
	if open < 0 {
		return text
	}
	if open+1 < len(inner) {
		return inner[open+1:]
	}
	return inner[:open]
}
