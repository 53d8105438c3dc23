package parse

import (
	"strconv"
	"strings"
	"time"
)

// The abbreviations that PostgreSQL's strftime("%Z") prints and that mean one offset wherever they are used, in minutes east.
var abbreviations = map[string]int{
	"UTC": 0, "GMT": 0, "Z": 0, "UCT": 0, "WET": 0, "WEST": 60, "CET": 60, "CEST": 120, "EET": 120, "EEST": 180, "MSK": 180, "MSD": 240,
	"MEZ": 60, "MESZ": 120, "MET": 60, "MEST": 120, "TRT": 180, "SAST": 120, "CAT": 120, "EAT": 180, "WAT": 60, "WAST": 120,
	"IDT": 180, "IRST": 210, "IRDT": 270, "PKT": 300, "NPT": 345, "WIB": 420, "WITA": 480, "WIT": 540, "HKT": 480, "SGT": 480, "PHT": 480,
	"JST": 540, "KST": 540, "ICT": 420, "MYT": 480, "AWST": 480, "ACST": 570, "ACDT": 630, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780,
	"BRT": -180, "BRST": -120, "ART": -180, "CLT": -240, "CLST": -180, "COT": -300, "PET": -300, "VET": -240, "UYT": -180, "BOT": -240,
	"EDT": -240, "CDT": -300, "MDT": -360, "PDT": -420, "AKST": -540, "AKDT": -480, "HST": -600, "NST": -210, "NDT": -150, "ADT": -180,
}

// The abbreviations that mean several offsets, read as the most used one unless a location tells better.
var ambiguous = map[string]int{
	"IST": 330,  // India; Ireland +1, Israel +2
	"CST": -360, // US Central; China +8, Cuba -5
	"EST": -300, // US Eastern; Australia +10 in old zone data
	"MST": -420, // US Mountain; Malaysia, Myanmar
	"PST": -480, // US Pacific; Philippines +8
	"BST": 60,   // Britain in summer; Bangladesh +6
	"AST": -240, // Atlantic; Arabia +3
	"SST": -660, // Samoa; Singapore +8
	"GST": 240,  // Gulf; South Georgia -2
	"AMT": -240, // Amazon; Armenia +4
}

// zone finds the offset of a zone as a log writes it.
type zone struct {
	location *time.Location // of the user's choice; nil when there is none
}

// zoneCertainty says how sure an offset is.
type zoneCertainty uint8

const (
	zoneUnknown zoneCertainty = iota
	zoneAssumed               // an ambiguous abbreviation, read as the most used one
	zoneCertain
)

// offset returns the seconds east of UTC of the zone called name at the local time t (whose own location is ignored).
func (z zone) offset(name string, t time.Time) (int, zoneCertainty) {
	if seconds, ok := numericOffset(name); ok {
		return seconds, zoneCertain
	}
	if z.location != nil {
		if seconds, ok := z.abbreviation(name, t); ok {
			return seconds, zoneCertain
		}
	}
	if minutes, ok := abbreviations[name]; ok {
		return minutes * 60, zoneCertain
	}
	if minutes, ok := ambiguous[name]; ok {
		return minutes * 60, zoneAssumed
	}
	if z.location == nil {
		return 0, zoneUnknown
	}
	return z.local(t), zoneCertain
}

// local returns the offset of the user's location at the local time t.
func (z zone) local(t time.Time) int {
	_, seconds := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, z.location).Zone()
	return seconds
}

// abbreviation asks the user's location what it means by name in t's year: that settles the hour that occurs twice, too.
func (z zone) abbreviation(name string, t time.Time) (int, bool) {
	for month := time.January; month <= time.December; month++ {
		if abbr, seconds := time.Date(t.Year(), month, 15, 12, 0, 0, 0, z.location).Zone(); abbr == name {
			return seconds, true
		}
	}
	return 0, false
}

// numericOffset reads "+03", "-0330", "+05:30", "GMT+3" and "<+08>".
func numericOffset(name string) (int, bool) {
	name = strings.TrimSuffix(strings.TrimPrefix(name, "<"), ">")
	name = strings.TrimPrefix(strings.TrimPrefix(name, "GMT"), "UTC")
	if len(name) < 2 || name[0] != '+' && name[0] != '-' {
		return 0, false
	}
	digits := strings.ReplaceAll(name[1:], ":", "")
	n, err := strconv.ParseUint(digits, 10, 16)
	if err != nil {
		return 0, false
	}
	hours, minutes := int(n), 0
	if len(digits) > 2 {
		hours, minutes = int(n/100), int(n%100)
	}
	if hours > 15 || minutes > 59 || len(digits) > 4 {
		return 0, false
	}
	seconds := hours*3600 + minutes*60
	if name[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}
