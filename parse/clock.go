package parse

import (
	"bytes"
	"encoding/binary"
	"strings"
	"time"
)

// clock reads the time stamps of one log. Lines of a log lie close together in time, so all that was worked out for the last
// minute and zone is kept: a stamp in the same minute costs two comparisons and the seconds.
type clock struct {
	zone
	strange map[string]zoneCertainty // zone names that are not certain

	minute [16]byte // "2006-01-02 15:04"
	base   int64    // that minute in UTC, nanoseconds
	known  bool     // base can be used
	suffix [12]byte // the zone behind the seconds, with the space before it
	length int      // of suffix; 0 without a cached minute

	// What the fast way compares with: minute and the first four bytes of suffix as numbers.
	date, time uint64
	zone4      uint32
}

const second = int64(time.Second)

// maxZones is how many names of zones are kept for warnings: whoever writes a log could invent them.
const maxZones = 20

// stamp reads "2006-01-02 15:04:05[.999] ZONE" (or with a T) at the start of b and returns the time in nanoseconds since 1970 UTC, and
// the length of the stamp. The length is 0 if there is none. The time is Unknown when the zone is.
func (c *clock) stamp(b []byte) (t int64, length int) {
	if t, ok := c.fast(b); ok {
		return t, 27
	}
	if len(b) < 19 || b[4] != '-' || b[16] != ':' {
		return 0, 0
	}
	sec, ok := twoDigits(b[17:])
	if !ok || sec > 60 {
		return 0, 0
	}
	nanos, end := fraction(b, 19)
	if c.length == 0 || !c.sameMinute(b) || !bytes.HasPrefix(b[end:], c.suffix[:c.length]) || c.zoneGoesOn(b, end+c.length) {
		return c.newMinute(b, int64(sec)*second+nanos, end)
	}
	if !c.known {
		return Unknown, end + c.length
	}
	return c.base + int64(sec)*second + nanos, end + c.length
}

// seen returns the zone of the minute that was read last, nil if it is not known.
func (c *clock) seen() *time.Location {
	if c.length == 0 || !c.known {
		return nil
	}
	local, _ := dateAndMinute(c.minute[:])
	return time.FixedZone(strings.TrimSpace(string(c.suffix[:c.length])), int(local.Unix()-c.base/second))
}

func (c *clock) sameMinute(b []byte) bool {
	return binary.LittleEndian.Uint64(b) == c.date && binary.LittleEndian.Uint64(b[8:]) == c.time
}

// fast reads the usual, "2026-11-22 20:31:37.058 UTC" and a space or nothing, in the minute of the line before. It is asked for every line.
func (c *clock) fast(b []byte) (int64, bool) {
	if len(b) < 27 || c.length != 4 || !c.known || !c.sameMinute(b) || binary.LittleEndian.Uint32(b[23:]) != c.zone4 || len(b) > 27 && b[27] != ' ' {
		return 0, false
	}
	// ":37.058 " with its digits as 0 to 9 and 0 for the rest. What is added carries a digit that is too large, 6 in the first place, into the high half of
	// its byte.
	x := binary.LittleEndian.Uint64(b[16:]) ^ 0x203030302e30303a
	if x&0xfff0f0f0fff0f0ff != 0 || (x+0x0006060600060a00)&0xf0f0f0f0f0f0f0f0 != 0 {
		return 0, false
	}
	ms := x>>8&15*10000 + x>>16&15*1000 + x>>32&15*100 + x>>40&15*10 + x>>48&15
	return c.base + int64(ms)*(second/1000), true
}

// fraction reads ".058" or ",058" at b[i:] and returns it in nanoseconds and its end. A comma is what %m gets in some locales' copies.
func fraction(b []byte, i int) (nanos int64, end int) {
	if i >= len(b) || b[i] != '.' && b[i] != ',' || i+1 >= len(b) || !isDigit(b[i+1]) {
		return 0, i
	}
	unit := second / 10
	for i++; i < len(b) && isDigit(b[i]); i++ {
		nanos += int64(b[i]-'0') * unit
		unit /= 10
	}
	return nanos, i
}

// newMinute reads the whole stamp, whose fraction ends at end, and keeps what it worked out.
func (c *clock) newMinute(b []byte, rest int64, end int) (int64, int) {
	t, ok := dateAndMinute(b)
	if !ok {
		return 0, 0
	}
	size := zoneLength(b[end:])
	if size > len(c.suffix) {
		return 0, 0
	}
	offset, certainty := c.offsetOf(b[end:end+size], t)
	copy(c.minute[:], b)
	c.date, c.time = binary.LittleEndian.Uint64(c.minute[:]), binary.LittleEndian.Uint64(c.minute[8:])
	c.length = copy(c.suffix[:], b[end:end+size])
	c.zone4 = binary.LittleEndian.Uint32(c.suffix[:])
	c.known = certainty != zoneUnknown
	c.base = t.UnixNano() - int64(offset)*second
	if size == 0 {
		c.length = 0 // nothing to compare with: do not cache
	}
	if !c.known {
		return Unknown, end + size
	}
	return c.base + rest, end + size
}

func (c *clock) offsetOf(text []byte, t time.Time) (int, zoneCertainty) {
	if len(text) == 0 {
		if c.location == nil {
			c.doubt("", zoneAssumed)
			_, seconds := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.Local).Zone()
			return seconds, zoneCertain
		}
		return c.local(t), zoneCertain
	}
	name := string(bytes.TrimLeft(text, " "))
	offset, certainty := c.offset(name, t)
	if certainty != zoneCertain {
		c.doubt(name, certainty)
	}
	return offset, certainty
}

// doubt notes a zone that is not certain; "" is that of times without one.
func (c *clock) doubt(name string, certainty zoneCertainty) {
	if c.strange == nil {
		c.strange = map[string]zoneCertainty{}
	}
	if len(c.strange) < maxZones {
		c.strange[name] = certainty
	}
}

// dateAndMinute reads "2006-01-02 15:04" as if it were UTC.
func dateAndMinute(b []byte) (time.Time, bool) {
	century, ok1 := twoDigits(b)
	year, ok2 := twoDigits(b[2:])
	month, ok3 := twoDigits(b[5:])
	day, ok4 := twoDigits(b[8:])
	hour, ok5 := twoDigits(b[11:])
	minute, ok6 := twoDigits(b[14:])
	if !(ok1 && ok2 && ok3 && ok4 && ok5 && ok6) || b[4] != '-' || b[7] != '-' || b[10] != ' ' && b[10] != 'T' || b[13] != ':' ||
		month < 1 || month > 12 || hour > 23 || minute > 59 || century < 19 || century > 21 {
		return time.Time{}, false
	}
	t := time.Date(century*100+year, time.Month(month), day, hour, minute, 0, 0, time.UTC)
	return t, t.Day() == day
}

// zoneLength returns the length of " UTC", " +03", "+03:00", " GMT+3", "Z" or " <+08>" at the start of b, 0 if there is none. A zone
// without a space before it is numeric or Z.
func zoneLength(b []byte) int {
	start := 0
	if len(b) > 0 && b[0] == ' ' {
		start = 1
	}
	if start < len(b) && b[start] == '<' {
		if end := bytes.IndexByte(b[:min(len(b), 12)], '>'); end > 0 {
			return end + 1
		}
		return 0
	}
	letters := start
	for letters < len(b) && b[letters] >= 'A' && b[letters] <= 'Z' {
		letters++
	}
	end := letters
	if letters == start || letters == start+3 {
		end = numericEnd(b, letters)
	}
	if end == start || letters > start+6 || start == 0 && b[0] != 'Z' && end == letters {
		return 0
	}
	if end < len(b) && b[end] == ':' {
		if _, ok := labels[string(b[start:end])]; ok {
			return 0 // a line without a zone: "10:00:00 LOG:  x"
		}
	}
	return end
}

// numericEnd returns the end of "+03", "-0330" or "+05:30" at b[i:], i if there is none. In "UTC-682db026.4ec" there is none: that is
// a session behind the zone.
func numericEnd(b []byte, i int) int {
	if i+1 >= len(b) || b[i] != '+' && b[i] != '-' {
		return i
	}
	end := i + 1
	for end < len(b) && end < i+7 && (isDigit(b[end]) || b[end] == ':' && end+1 < len(b) && isDigit(b[end+1])) {
		end++
	}
	if digits := end - i - 1; digits == 0 || digits > 5 || end < len(b) && (isWord(b[end]) || b[end] == '.') {
		return i
	}
	return end
}

// zoneGoesOn tells whether the zone that ends at i is longer in this line than the cached one: "CE" and "CEST", "GMT" and "GMT+3".
func (c *clock) zoneGoesOn(b []byte, i int) bool {
	if i >= len(b) {
		return false
	}
	switch next := b[i]; {
	case next >= 'A' && next <= 'Z' || isDigit(next):
		return true
	case next == '+', next == '-':
		return numericEnd(b, i) > i
	case next == ':':
		return isDigit(c.suffix[c.length-1]) && i+1 < len(b) && isDigit(b[i+1])
	}
	return false
}

// epoch reads seconds since 1970 with a fraction, "1690547999.456".
func epoch(b []byte) (t int64, length int) {
	i := 0
	for ; i < len(b) && isDigit(b[i]) && i < 11; i++ {
		t = t*10 + int64(b[i]-'0')
	}
	if i < 9 || i > 10 || i >= len(b) || b[i] != '.' {
		return 0, 0
	}
	nanos, end := fraction(b, i)
	if end == i {
		return 0, 0
	}
	return t*second + nanos, end
}

func twoDigits(b []byte) (int, bool) {
	hi, lo := b[0]-'0', b[1]-'0'
	return int(hi)*10 + int(lo), hi <= 9 && lo <= 9
}

func isDigit(c byte) bool { return c-'0' <= 9 }

func isWord(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
}
