package parse

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// The fast ways find what the plain ones find, at every place, near and far.
func TestNear(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		b := make([]byte, r.IntN(70))
		for i := range b {
			b[i] = "ab,\n\"\x00\x80\xff-+"[min(r.IntN(60), 9)]
		}
		from := r.IntN(len(b) + 1)
		want := bytes.IndexByte(b[from:], '"')
		if want >= 0 {
			want += from
		}
		if got := indexFrom(b, from, '"'); got != want {
			t.Fatalf("%q from %d: %d, want %d", b, from, got, want)
		}
		want = bytes.IndexAny(b[from:], ",\n") + from
		if want < from {
			want = len(b)
		}
		if got := commaFrom(b, from); got != want {
			t.Fatalf("%q from %d: comma at %d, want %d", b, from, got, want)
		}
	}
}
