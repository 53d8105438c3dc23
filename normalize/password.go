package normalize

import (
	"bytes"
	"slices"
	"strings"
)

// SetsPassword tells whether a statement of PostgreSQL may have a password in it that it sets or logs in with: of a role, a user mapping, a
// subscription or a foreign server. It rather says so once too often. Most statements cost a search for the word.
func SetsPassword(sql []byte) bool {
	if !holdsFold(sql, "password") {
		return false
	}
	s := scanner{src: sql}
	var verb, object string
	for k := s.next(); k != kindEnd && k != kindHollow; k = s.next() {
		switch {
		case k == kindSemicolon:
			verb, object = "", ""
			continue
		case k != kindWord:
			continue
		case verb == "":
			verb = foldWord(s.token())
		case object == "":
			object = foldWord(s.token())
		}
		if verb == "do" || (verb == "create" || verb == "alter") && slices.Contains(passwordOwners, object) {
			if holdsFold(sql[s.start:], "password") {
				return true
			}
		}
	}
	return false
}

// passwordOwners are what PostgreSQL and MySQL keep a password for.
var passwordOwners = []string{"role", "user", "group", "server", "subscription"}

// SetsPasswordMySQL is SetsPassword for a statement of MySQL: IDENTIFIED BY and WITH, PASSWORD(…), SET PASSWORD, and what servers log in with.
func SetsPasswordMySQL(sql []byte) bool {
	if !holdsFold(sql, "password") && !holdsFold(sql, "identified") {
		return false
	}
	var s mysqlScanner
	s.reset(sql, nil)
	w := mysqlPassword{}
	for k := s.next(); k != mysqlEnd && k != mysqlHollow; k = s.next() {
		if w.take(k, s.token()) {
			return true
		}
	}
	return false
}

// mysqlPassword looks for passwords, token by token.
type mysqlPassword struct {
	verb, object string    // the first two words of the statement
	words        [2]string // the last two tokens: words, "(" or ""
}

// take tells whether a token shows that there is a password.
func (w *mysqlPassword) take(k mysqlKind, token []byte) bool {
	called := k.literal() && w.words[1] == "(" && (w.words[0] == "password" || w.words[0] == "old_password")
	word := ""
	switch k {
	case mysqlSemicolon:
		*w = mysqlPassword{}
		return false
	case mysqlOpen:
		word = "("
	case mysqlWord:
		word = foldWord(token)
		if w.verb == "" {
			w.verb = word
		} else if w.object == "" {
			w.object = word
		}
	}
	w.words = [2]string{w.words[1], word}
	switch w.verb {
	case "change", "start":
		return strings.HasSuffix(word, "password")
	case "prepare", "execute": // a statement in a literal
		return k.literal() && (holdsFold(token, "password") || holdsFold(token, "identified"))
	}
	return called || w.words[0] == "identified" && (word == "by" || word == "with" || word == "via") || word == "password" &&
		(w.verb == "set" && w.object == word && w.words[0] == "set" || (w.verb == "create" || w.verb == "alter") && w.object == "server")
}

// foldWord returns a word in lower case; "" for one that is longer than any that is asked for.
func foldWord(word []byte) string {
	if len(word) > 32 {
		return ""
	}
	return string(bytes.ToLower(word))
}

// holdsFold tells whether a text holds a word, which is in lower case, in any case.
func holdsFold(text []byte, word string) bool {
	for i := 0; i+len(word) <= len(text); i++ {
		if lower[text[i]] == word[0] && bytes.EqualFold(text[i:i+len(word)], []byte(word)) {
			return true
		}
	}
	return false
}
