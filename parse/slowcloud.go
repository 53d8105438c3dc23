package parse

import "bytes"

var cloudWatchFormat = Format{
	Name:   "mysql-cloudwatch",
	Title:  "events of a slow log from CloudWatch, a JSON object a line, an entry each",
	Sample: `{"timestamp":1717232400000,"message":"# Time: 2024-06-01T09:00:00.000000Z\n# User@Host: app[app] @ localhost []  Id:     1\n# Query_time: …"}`,
	detect: func(lines [][]byte, _ *Options) int { return countLines(lines, isCloudEvent) },
	open:   func(_ []byte, opts *Options) (layout, error) { return cloudLayout{opts}, nil },
}

// isCloudEvent tells whether a line holds an entry, or the lines of a server that starts.
func isCloudEvent(line []byte) bool {
	text, ok := messageOf(line)
	return ok && (opensHeading(text) || bytes.Contains(text, []byte(", Version: ")) && bytes.Contains(text, []byte(`\nT`)))
}

// messageOf returns the string under "message", with its escapes.
func messageOf(line []byte) (text []byte, ok bool) {
	whole := eachField(line, func(key, value []byte) {
		if string(key) == "message" {
			text, ok = value, true
		}
	})
	return text, ok && whole
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
	text []byte
}

func (d *cloudDecoder) engine() engine { return d.slow }

func (d *cloudDecoder) block(b Block) {
	data, c := b.Data, &d.result.Counts
	for pos := 0; pos < len(data); c.Lines++ {
		end := nextLine(data, pos)
		line := data[pos:end]
		if text, ok := messageOf(bytes.TrimRight(line, "\r\n")); ok {
			d.event(text, line, b.Offset+int64(pos))
		} else {
			d.unclaimed(line, b.Offset+int64(pos))
		}
		pos = end
	}
}

// event reports what the text of an event, which is a line, holds.
func (d *cloudDecoder) event(text, line []byte, offset int64) {
	d.text = unescapeJSON(d.text[:0], text)
	cutter := newSlowCutter()
	var o Outline
	cutter.Cut(d.text, true, &o)
	known := false
	for i := range o.pieces {
		p := &o.pieces[i]
		end := len(d.text)
		if i+1 < len(o.pieces) {
			end = int(o.pieces[i+1].start)
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
	if known {
		d.result.Counts.Recognised += int64(len(line))
	} else {
		d.strange(line, offset)
	}
}
