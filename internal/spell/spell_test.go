package spell

import "testing"

func TestHint(t *testing.T) {
	candidates := []string{"threshold", "timezone", "limit", "format", "log-format", "full"}
	f := func(word, want string) {
		t.Helper()
		if got := Hint(word, candidates); got != want {
			t.Errorf("Hint(%q) = %q, want %q", word, got, want)
		}
	}
	f("treshold", `; did you mean "threshold"?`)
	f("thershold", `; did you mean "threshold"?`)
	f("Limit", `; did you mean "limit"?`)
	f("limt", `; did you mean "limit"?`)
	f("logformat", `; did you mean "log-format"?`)
	f("ful", `; did you mean "full"?`)
	f("colour", "")
	f("x", "")
	f("", "")
}
