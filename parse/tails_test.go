package parse

import "testing"

// TestLinesBeforeDoNotShow: what a header says is in its line, whatever the lines before have taught.
func TestLinesBeforeDoNotShow(t *testing.T) {
	const stamp = "2026-11-22 20:31:37.058 UTC"
	f := func(setting string, tails ...string) {
		t.Helper()
		p, err := compilePrefix(setting)
		if err != nil {
			t.Fatal(err)
		}
		read := func(hs *headers, h *header, tail string) bool {
			return hs.read([]byte(stamp+tail+"  duration: 0.450 ms  statement: SELECT 1"), h)
		}
		fresh := func() *headers {
			return newHeaders(&stderr{prefixes: []*prefix{p}, native: true}, &clock{}, newOrigins())
		}
		for _, before := range tails {
			for _, tail := range tails {
				var got, want header
				warm := fresh()
				read(warm, &got, before)
				read(warm, &got, before)
				warm.before = nil
				read(warm, &got, before)
				ok, wantOK := read(warm, &got, tail), read(fresh(), &want, tail)
				if !ok && !wantOK {
					continue
				}
				if ok != wantOK || got.time != want.time || got.pid != want.pid || got.label != want.label || got.text != want.text ||
					got.background != want.background || got.origin.User != want.origin.User || got.origin.Database != want.origin.Database ||
					got.origin.Application != want.origin.Application || string(got.code) != string(want.code) {
					t.Errorf("%s: %q behind %q is %+v %v, alone it is %+v %v", setting, tail, before, got, ok, want, wantOK)
				}
			}
		}
	}
	f("%m [%p] %q%u@%d ", " [71] app@shop LOG:", " [711] app@shop LOG:", " [71] app@shop DETAIL:", " [71] app@shopping LOG:", " [71] ap@shop ERROR:",
		" [71] LOG:", " [71] app@shop", " [71] app@shop HINT", " [71] app LOG:", " [7", "")
	f("%m [%p", " [71LOG:", " [711LOG:", " [7LOG:", " [71DETAIL:", " [71", " [x")
	f("%m %u", " appLOG:", " ap LOG:", " appLOGLOG:", " LOG:", " app")
	f("%m %q%a %p ", " psql 71 LOG:", " psql 71  LOG:", " psql 7 71 LOG:", " LOG:", " psql LOG:", " my app 71 STATEMENT:")
	f("%m %c %e ", " 6b035129.1ab 00000 LOG:", " 6b035129.1ab 22012 ERROR:", " 6b035129.1abc 00000 LOG:")
}
