package when

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"
	_ "time/tzdata" // names of zones are known where the system has no database of them
)

var offset = regexp.MustCompile(`^([+-])(\d{1,2})(?::?([0-5]\d))?$`)

// Zone returns the time zone of a name: "Europe/Paris", "UTC", "Z", "Local", or an offset east of Greenwich as in "+03", "-0330",
// "+05:45". A name that is not known is an error, never UTC. "UTC+3" is not known: people mean east by it and POSIX, and with it
// PostgreSQL, means west.
func Zone(name string) (*time.Location, error) {
	if m := offset.FindStringSubmatch(name); m != nil {
		return fixed(m[1] == "-", m[2], m[3])
	}
	switch name {
	case "":
		return nil, errors.New("no time zone given")
	case "Z", "z", "UTC":
		return time.UTC, nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("unknown time zone %q", name)
	}
	return loc, nil
}

func fixed(west bool, hours, minutes string) (*time.Location, error) {
	h, _ := strconv.Atoi(hours)
	m, _ := strconv.Atoi("0" + minutes)
	// The widest offset in use is +14:00; +15 is more likely a typing error than a place.
	if h > 14 {
		return nil, fmt.Errorf("a time zone offset of %d hours", h)
	}
	seconds := h*3600 + m*60
	if west {
		seconds = -seconds
	}
	return time.FixedZone("", seconds), nil
}
