package normalize

// What stands before a quoted name in a message of the server. Other quoted texts may hold data and are blanked.
var named = map[string]bool{
	"relation": true, "column": true, "constraint": true, "table": true, "database": true, "role": true, "user": true, "function": true,
	"schema": true, "type": true, "index": true, "sequence": true, "parameter": true, "trigger": true, "view": true, "language": true,
	"extension": true, "tablespace": true, "server": true, "subscription": true, "publication": true, "slot": true, "domain": true,
	"operator": true, "aggregate": true, "collation": true, "procedure": true, "policy": true, "rule": true, "attribute": true,
	"partition": true, "cursor": true, "portal": true, "savepoint": true, "statement": true,
}

// AppendMessage appends the pattern of an error message to dst: quoted data and numbers are ?, the names of tables, columns,
// constraints and their like stay, and so does the first line only. The rule looks at the text alone, because not every log tells the
// SQLSTATE.
func AppendMessage(dst, text []byte) []byte {
	start := len(dst)
	for i := 0; i < len(text) && text[i] != '\n'; {
		switch c := text[i]; {
		case c == '"' || c == '\'' && !isMessageWord(before(text, i)):
			end := quoteEnd(text, i)
			if c == '"' && named[lastWord(dst[start:])] {
				dst = append(dst, text[i:end]...)
			} else {
				dst = append(dst, c, '?', c)
			}
			i = end
		case isMessageDigit(c) && !isMessageWord(before(text, i)):
			for i < len(text) && (isMessageWord(text[i]) || text[i] == '.' && i+1 < len(text) && isMessageDigit(text[i+1])) {
				i++
			}
			dst = append(dst, '?')
		default:
			dst = append(dst, c)
			i++
		}
	}
	return trimPosition(dst, start)
}

// trimPosition cuts off " at character ?".
func trimPosition(dst []byte, start int) []byte {
	const position = " at character ?"
	if n := len(dst); n-start > len(position) && string(dst[n-len(position):]) == position {
		return dst[:n-len(position)]
	}
	return dst
}

func before(text []byte, i int) byte {
	if i == 0 {
		return ' '
	}
	return text[i-1]
}

// quoteEnd returns the place behind the quote that closes the one at i, or the end of the line: a text cut short may hold data, too.
func quoteEnd(text []byte, i int) int {
	quote := text[i]
	for i++; i < len(text) && text[i] != '\n'; i++ {
		if text[i] == quote {
			return i + 1
		}
	}
	return i
}

// lastWord returns the word before the space at the end of b.
func lastWord(b []byte) string {
	end := len(b)
	for end > 0 && b[end-1] == ' ' {
		end--
	}
	start := end
	for start > 0 && b[start-1] >= 'a' && b[start-1] <= 'z' {
		start--
	}
	return string(b[start:end])
}

func isMessageDigit(c byte) bool { return c-'0' <= 9 }

func isMessageWord(c byte) bool {
	return isMessageDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c >= 0x80
}
