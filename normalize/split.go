package normalize

import "strings"

// Split cuts text at the semicolons between statements of PostgreSQL: those outside of literals, comments and parentheses. A literal or
// comment that does not end goes to the end of the text. Statements without a token are left out.
func Split(text string) []string {
	p := splitter{text: text}
	s := scanner{src: []byte(text)}
	for {
		switch s.next() {
		case kindEnd:
			return p.end()
		case kindHollow:
			p.tokens++
			return p.end()
		case kindOpen:
			p.depth++
		case kindClose:
			p.depth = max(0, p.depth-1)
		case kindSemicolon:
			p.semicolon(s.start, s.pos)
			continue
		}
		p.tokens++
	}
}

// SplitMySQL is Split for statements of MySQL. DELIMITER is a command of a client, which it does not know.
func SplitMySQL(text string) []string {
	p := splitter{text: text}
	var s mysqlScanner
	s.reset([]byte(text), nil)
	for {
		switch s.next() {
		case mysqlEnd:
			return p.end()
		case mysqlHollow:
			p.tokens++
			return p.end()
		case mysqlOpen:
			p.depth++
		case mysqlClose:
			p.depth = max(0, p.depth-1)
		case mysqlSemicolon:
			p.semicolon(s.start, s.pos)
			continue
		}
		p.tokens++
	}
}

// splitter collects the statements of a text.
type splitter struct {
	text       string
	start      int // of the statement
	tokens     int // in it
	depth      int // of parentheses
	statements []string
}

// semicolon takes a semicolon between two places for the end of the statement, unless it is in parentheses.
func (p *splitter) semicolon(start, end int) {
	if p.depth > 0 {
		p.tokens++
		return
	}
	p.cut(start)
	p.start = end
}

// cut ends the statement.
func (p *splitter) cut(end int) {
	if p.tokens > 0 {
		p.statements = append(p.statements, strings.TrimSpace(p.text[p.start:end]))
	}
	p.tokens, p.depth = 0, 0
}

func (p *splitter) end() []string {
	p.cut(len(p.text))
	return p.statements
}
