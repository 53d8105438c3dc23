package parse

// eachField visits the fields of the object that a line holds: strings without their quotes, numbers and words, but not null. It is false when
// the line is something else, or not whole. Values that are objects or lists are not read.
func eachField(line []byte, visit func(key, value []byte)) bool {
	i := skipSpace(line, 0)
	if i >= len(line) || line[i] != '{' {
		return false
	}
	for i++; ; i++ {
		if i = skipSpace(line, i); i >= len(line) || line[i] != '"' {
			return false
		}
		end := stringEnd(line, i+1)
		if end < 0 {
			return false
		}
		key := line[i+1 : end]
		if i = skipSpace(line, end+1); i >= len(line) || line[i] != ':' {
			return false
		}
		from, to, next := jsonValue(line, skipSpace(line, i+1))
		if next < 0 {
			return false
		}
		if line[from-1] == '"' || string(line[from:to]) != "null" {
			visit(key, line[from:to])
		}
		if i = skipSpace(line, next); i >= len(line) {
			return false
		}
		if line[i] == '}' {
			return isBlank(line[i+1:])
		}
		if line[i] != ',' {
			return false
		}
	}
}
