package normalize

import "strings"

// Split cuts text at the semicolons between statements: those outside of literals, comments and parentheses. A literal or comment
// that does not end goes to the end of the text. Statements without a token are left out.
func Split(text string) (statements []string) {
	s := scanner{src: []byte(text)}
	start, depth, tokens := 0, 0, 0
	cut := func(end int) {
		if tokens > 0 {
			statements = append(statements, strings.TrimSpace(text[start:end]))
		}
		tokens = 0
	}
	for {
		switch s.next() {
		case kindEnd:
			cut(len(text))
			return statements
		case kindHollow:
			tokens++
			cut(len(text))
			return statements
		case kindOpen:
			depth++
		case kindClose:
			depth = max(0, depth-1)
		case kindSemicolon:
			if depth == 0 {
				cut(s.start)
				start = s.pos
				continue
			}
		}
		tokens++
	}
}
