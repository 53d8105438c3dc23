package parse

import "bytes"

// plannedQuery returns the statement in a plan of auto_explain, which has the form of text, JSON, XML or YAML, and whether the TABs of
// the log are still in it. They are not where newlines are written as escapes.
func plannedQuery(plan []byte, tabbed bool) (sql []byte, stillTabbed bool) {
	trimmed := bytes.TrimLeft(plan, " \t\r\n")
	switch {
	case bytes.HasPrefix(trimmed, []byte("Query Text: ")):
		q := trimmed[len("Query Text: "):]
		if bytes.HasPrefix(q, []byte(`"`)) && !bytes.Contains(q, []byte("\n")) || isYAML(q) {
			return quotedQuery(q), false
		}
		return textQuery(q, tabbed), tabbed
	case bytes.HasPrefix(trimmed, []byte("{")):
		if k := bytes.Index(trimmed, []byte(`"Query Text": `)); k >= 0 {
			return quotedQuery(trimmed[k+len(`"Query Text": `):]), false
		}
	case bytes.HasPrefix(trimmed, []byte("<")):
		return xmlQuery(trimmed), tabbed
	}
	return nil, false
}

// isYAML tells the quoted one-line value of YAML from a statement that begins with a quoted name: behind the value comes "Plan:".
func isYAML(q []byte) bool {
	line, rest, _ := bytes.Cut(q, []byte("\n"))
	line = bytes.TrimRight(line, "\r")
	rest = bytes.TrimLeft(rest, " \t")
	return len(line) > 1 && line[0] == '"' && line[len(line)-1] == '"' && (bytes.HasPrefix(rest, []byte("Plan:")) || bytes.HasPrefix(rest, []byte("Query ")))
}

// The lines that can follow the statement in a plan as text: parameters, the query's number, the first node.
var planLines = [...]string{"Query Parameters: ", "Query Identifier: "}

// textQuery cuts the plan off: its first node is the first line with "  (cost=" in it, or, with costs off, "(actual ". A statement
// has no end of its own.
func textQuery(q []byte, tabbed bool) []byte {
	for at := 0; ; {
		k := bytes.IndexByte(q[at:], '\n')
		if k < 0 {
			return q
		}
		next := at + k + 1
		line, _, _ := bytes.Cut(q[next:], []byte("\n"))
		if tabbed {
			line = bytes.TrimPrefix(line, []byte("\t"))
		}
		if startsPlan(line) {
			return bytes.TrimRight(q[:at+k], "\r")
		}
		at = next
	}
}

func startsPlan(line []byte) bool {
	for _, start := range planLines {
		if bytes.HasPrefix(line, []byte(start)) {
			return true
		}
	}
	return bytes.Contains(line, []byte("  (cost=")) || bytes.Contains(line, []byte(" (actual "))
}

// quotedQuery reads a string with JSON's escapes, which YAML's double quotes share.
func quotedQuery(q []byte) []byte {
	if len(q) == 0 || q[0] != '"' {
		return nil
	}
	end := stringEnd(q, 1)
	if end < 0 {
		return nil
	}
	return unescapeJSON(nil, q[1:end])
}

// xmlQuery reads the element Query-Text.
func xmlQuery(plan []byte) []byte {
	_, rest, found := bytes.Cut(plan, []byte("<Query-Text>"))
	text, _, closed := bytes.Cut(rest, []byte("</Query-Text>"))
	if !found || !closed {
		return nil
	}
	for _, entity := range [][2]string{{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", `"`}, {"&#x0d;", "\r"}, {"&amp;", "&"}} {
		text = bytes.ReplaceAll(text, []byte(entity[0]), []byte(entity[1]))
	}
	return text
}
