package report

// painter paints with ANSI sequences when it is true. What it is given must have passed visible, and is short.
type painter bool

func (p painter) sgr(code, s string) string {
	if !p {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (p painter) bold(s string) string  { return p.sgr("1", s) }
func (p painter) faint(s string) string { return p.sgr("2", s) }
func (p painter) red(s string) string   { return p.sgr("31", s) }

// slowness paints s by how many times its threshold a duration is: from 10 critical, 5 high, 2 medium, 1 low.
func (p painter) slowness(s string, duration float64, threshold int64) string {
	if threshold <= 0 {
		return s
	}
	switch times := duration / float64(threshold); {
	case times >= 10:
		return p.sgr("1;31", s)
	case times >= 5:
		return p.red(s)
	case times >= 2:
		return p.sgr("33", s)
	case times >= 1:
		return p.sgr("34", s)
	}
	return s
}
