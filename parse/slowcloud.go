package parse

import "bytes"

var cloudWatchFormat = Format{
	Name:   "mysql-cloudwatch",
	Title:  "events of a slow log from CloudWatch, an entry each: JSON lines, or what aws logs prints",
	Sample: `{"timestamp":1717232400000,"message":"# Time: 2024-06-01T09:00:00.000000Z\n# User@Host: app[app] @ localhost []  Id:     1\n# Query_time: …"}`,
	detect: detectCloud,
	open:   func(_ []byte, opts *Options) (layout, error) { return cloudLayout{opts}, nil },
}

// detectCloud counts the lines of JSON, if one of them holds an entry, or the lines of a server that starts.
func detectCloud(lines [][]byte, _ *Options) (hits int) {
	found := false
	for _, line := range lines {
		isJSON := eachMessage(line, func(text []byte) {
			found = found || opensHeading(text) || bytes.Contains(text, []byte(", Version: ")) && bytes.Contains(text, []byte(`\nT`))
		})
		if isJSON {
			hits++
		}
	}
	if !found {
		return 0
	}
	return hits
}

// eachMessage visits the strings under "message" in a line of JSON, with their escapes, whatever objects and lists they are in. It is false
// for a line that is no JSON. A document of several lines has each string on one.
func eachMessage(line []byte, visit func(text []byte)) bool {
	i := skipSpace(line, 0)
	if i >= len(line) || bytes.IndexByte([]byte(`{}[]"`), line[i]) < 0 {
		return false
	}
	for i < len(line) {
		switch c := line[i]; {
		case c == '"':
			end := stringEnd(line, i+1)
			if end < 0 {
				return false
			}
			key := line[i+1 : end]
			if i = skipSpace(line, end+1); i >= len(line) || line[i] != ':' {
				continue
			}
			if i = skipSpace(line, i+1); i >= len(line) || line[i] != '"' {
				continue
			}
			if end = stringEnd(line, i+1); end < 0 {
				return false
			}
			if string(key) == "message" || string(key) == "@message" {
				visit(line[i+1 : end])
			}
			i = end + 1
		case isWord(c) || c <= ' ' || bytes.IndexByte([]byte("{}[],:.+-"), c) >= 0:
			i++
		default:
			return false
		}
	}
	return true
}

type cloudLayout struct{ opts *Options }

// sequential: an entry may take its database from the one before it.
func (cloudLayout) sequential() bool            { return true }
func (cloudLayout) prefix() string              { return "" }
func (cloudLayout) cutter() Cutter              { return backward{lineStarts{}} }
func (l cloudLayout) decoder(sink Sink) decoder { return &cloudDecoder{slow: newSlow(sink, l.opts)} }

// cloudDecoder reads the text of each event as a slow log of its own.
type cloudDecoder struct {
	*slow
	text    []byte
	cutter  slowCutter
	outline Outline
}

func (d *cloudDecoder) engine() engine { return d.slow }

func (d *cloudDecoder) block(b Block) {
	data, c := b.Data, &d.result.Counts
	for pos := 0; pos < len(data); c.Lines++ {
		end := nextLine(data, pos)
		d.line(data[pos:end], b.Offset+int64(pos))
		pos = end
	}
}

// line accounts for a line and reports the events in it. What JSON has around them is skipped by rule.
func (d *cloudDecoder) line(line []byte, offset int64) {
	messages, known := 0, false
	isJSON := eachMessage(line, func(text []byte) {
		messages++
		known = d.event(text, offset) || known
	})
	switch {
	case known:
		d.result.Counts.Recognised += int64(len(line))
	case isJSON && messages == 0:
		d.result.Counts.Skipped += int64(len(line))
	default:
		d.unclaimed(line, offset)
	}
}

// event reports what the text of an event holds; false if it is nothing of a slow log.
func (d *cloudDecoder) event(text []byte, offset int64) (known bool) {
	d.text = unescapeJSON(d.text[:0], text)
	d.cutter.reset()
	d.cutter.Cut(d.text, true, &d.outline)
	pieces := d.outline.pieces
	for i := range pieces {
		p := &pieces[i]
		end := len(d.text)
		if i+1 < len(pieces) {
			end = int(pieces[i+1].start)
		}
		if p.kind == pieceEntry || p.kind == pieceStartup {
			known = true
			d.legacy.inherit(p, d.text)
			d.legacy.time, d.legacy.database = bytes.Clone(d.legacy.time), bytes.Clone(d.legacy.database)
		}
		if p.kind == pieceEntry {
			d.base = offset - int64(p.start) // the place of an entry is that of its event
			d.entry(p, d.text[:end], false)
		}
	}
	return known
}
