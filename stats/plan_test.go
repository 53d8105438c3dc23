package stats

import "testing"

func TestPlan(t *testing.T) {
	var p Plan
	for _, e := range []struct {
		duration, n int64
		text        string
	}{{-1, 1, "unknown"}, {5, 2, "b"}, {5, 1, "a"}, {4, 1, "quicker"}, {9, 1, ""}, {5, 1, "b"}} {
		p.AddN(7, e.n)
		p.AddTime(e.duration, e.n)
		p.Keep(e.duration, []byte(e.text))
	}
	if want := (Plan{Occurrences{7, 7, 7}, 6, 33, 5, "a"}); p != want { // 5+5+5+4+9+5
		t.Errorf("%+v, want %+v", p, want)
	}
}
