// Package spell finds the word that was meant.
package spell

import "github.com/xrash/smetrics"

// Closest returns the candidate nearest to word, "" when none is near: for that, at most one letter in three may be replaced,
// inserted or removed. Of equally near ones it is the first.
func Closest(word string, candidates []string) string {
	closest, least := "", max(1, len(word)/3)+1
	for _, c := range candidates {
		if d := smetrics.WagnerFischer(word, c, 1, 1, 1); d < least {
			closest, least = c, d
		}
	}
	return closest
}

// Hint returns `; did you mean "candidate"?` for the closest candidate, "" when none is near.
func Hint(word string, candidates []string) string {
	if c := Closest(word, candidates); c != "" {
		return `; did you mean "` + c + `"?`
	}
	return ""
}
