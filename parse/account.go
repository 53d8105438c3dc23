package parse

import "bytes"

// account keeps the books of a block: what became of its lines and bytes.
type account struct{ result Result }

func (a *account) begin() {
	a.result = Result{Strange: a.result.Strange[:0], Doubtful: a.result.Doubtful[:0]}
}

// unclaimed accounts for a line that is of no record: a blank one is skipped by rule, any other was not understood.
func (a *account) unclaimed(line []byte, offset int64) {
	if !isBlank(line) {
		a.strange(line, offset)
		return
	}
	a.result.Counts.Skipped += int64(len(line))
	a.result.Counts.BlankLines++
}

// strange accounts for a line that was not understood, with its newline.
func (a *account) strange(line []byte, offset int64) {
	c := &a.result.Counts
	c.UnrecognisedLines++
	c.Unrecognised += int64(len(line))
	if len(a.result.Strange) < MaxStrange {
		text := bytes.TrimRight(line, "\r\n")
		a.result.Strange = append(a.result.Strange, Strange{Line: c.Lines, Offset: offset, Text: string(text[:min(len(text), maxStrangeText)])})
	}
}

// zones notes the zones that a clock was not certain of.
func (a *account) zones(c *clock) {
	for name, certainty := range c.strange {
		if a.result.Zones == nil {
			a.result.Zones = map[string]bool{}
		}
		a.result.Zones[name] = certainty == zoneAssumed
	}
}

// nextLine returns the place behind the newline that ends the line at data[pos:], or the end of the data.
func nextLine(data []byte, pos int) int {
	if k := bytes.IndexByte(data[pos:], '\n'); k >= 0 {
		return pos + k + 1
	}
	return len(data)
}

func lineCount(b []byte) int64 {
	n := int64(bytes.Count(b, []byte("\n")))
	if len(b) > 0 && b[len(b)-1] != '\n' {
		n++
	}
	return n
}
