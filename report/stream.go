package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"iter"
	"reflect"
)

// stream prints doc as JSON, a key of the document and of queries a line, and a pattern a line: so two reports can be
// compared with diff, and no more than one pattern is held as text (json.Encoder by itself holds the whole document). Strings are escaped for HTML too, in case a report is put into a page.
func stream(out *bufio.Writer, doc document) error {
	s := &streamer{out: out}
	s.enc = json.NewEncoder(&s.buf)
	s.object(reflect.ValueOf(doc))
	out.WriteByte('\n')
	return s.err
}

type streamer struct {
	out *bufio.Writer
	enc *json.Encoder
	buf bytes.Buffer // one value
	err error        // the first
}

func (s *streamer) object(v reflect.Value) {
	s.out.WriteByte('{')
	for i := range v.NumField() {
		s.separate(i)
		s.value(v.Type().Field(i).Tag.Get("json"))
		s.out.WriteByte(':')
		s.member(v.Field(i))
	}
	s.out.WriteByte('}')
}

func (s *streamer) member(v reflect.Value) {
	switch m := v.Interface().(type) {
	case queries:
		s.object(v)
	case iter.Seq[pattern]:
		s.array(m)
	default:
		s.value(m)
	}
}

func (s *streamer) array(list iter.Seq[pattern]) {
	s.out.WriteByte('[')
	i := 0
	for p := range list {
		if s.err != nil {
			break
		}
		s.separate(i)
		s.value(p)
		i++
	}
	s.out.WriteByte(']')
}

func (s *streamer) separate(i int) {
	if i > 0 {
		s.out.WriteString(",\n")
	}
}

func (s *streamer) value(v any) {
	if s.err != nil {
		return
	}
	s.buf.Reset()
	if s.err = s.enc.Encode(v); s.err == nil {
		_, s.err = s.out.Write(jsonSafe(bytes.TrimSuffix(s.buf.Bytes(), []byte("\n"))))
	}
}
