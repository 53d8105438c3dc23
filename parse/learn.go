package parse

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"strings"
)

// The names that people put before a value in a log_line_prefix.
var keys = map[string]field{
	"user": fieldUser, "usr": fieldUser, "u": fieldUser, "username": fieldUser, "role": fieldUser,
	"db": fieldDatabase, "database": fieldDatabase, "d": fieldDatabase, "dbname": fieldDatabase,
	"app": fieldApplication, "application": fieldApplication, "a": fieldApplication, "appname": fieldApplication, "application_name": fieldApplication,
	"client": fieldHost, "host": fieldHost, "h": fieldHost, "remote": fieldHost, "rhost": fieldHost, "client_addr": fieldHost, "ip": fieldHost, "connection_source": fieldHost,
	"pid": fieldPID, "p": fieldPID, "session": fieldSession, "sess": fieldSession, "sid": fieldSession, "line": fieldLine, "l": fieldLine,
	"state": fieldCode, "sqlstate": fieldCode, "code": fieldCode, "e": fieldCode, "sql_error_code": fieldCode, "err": fieldCode,
	"vxid": fieldVXID, "xid": fieldXID, "txid": fieldXID, "x": fieldXID, "trx": fieldXID, "qid": fieldQueryID, "query_id": fieldQueryID, "queryid": fieldQueryID,
	"backend": fieldBackend, "backend_type": fieldBackend, "tag": fieldTag, "cmd": fieldTag, "ps": fieldTag, "command": fieldTag, "leader": fieldLeader,
}

var letterOf = func() (letters [fieldCount]byte) {
	for letter, f := range escapes {
		letters[f] = letter
	}
	letters[fieldTime] = 'm'
	return letters
}()

// guesser works out the log_line_prefix of a server from what a line looks like. It looks at nothing but the line, so that a line means
// the same wherever a file is cut.
type guesser struct {
	line []byte // up to the label
	i    int
	out  []byte
	seen [fieldCount]bool
}

// guessPrefix returns the setting that would have written the line, false if it does not look like the first line of a message. The
// server puts two spaces behind the label; with one, which is what copying leaves, a line is taken only where native is false.
func guessPrefix(line []byte, native bool) (string, bool) {
	line = line[:min(len(line), maxHeader)]
	for _, spaces := range []string{":  ", ": ", ":"} {
		if native && spaces != ":  " {
			break
		}
		for from := 0; ; {
			k := bytes.Index(line[from:], []byte(spaces))
			if k < 0 {
				break
			}
			if start := labelStart(line, from+k); start >= 0 && (spaces != ":" || from+k+1 == len(line)) {
				if setting, ok := guessAll(line[:start]); ok {
					return setting, true
				}
			}
			from += k + 1
		}
	}
	return "", false
}

// labelStart returns where the label that ends at the colon begins, -1 if there is none.
func labelStart(line []byte, colon int) int {
	for n := 3; n <= longestLabel && n <= colon; n++ {
		if labels[string(line[colon-n:colon])] != noLabel && (n == colon || !isUpper(line[colon-n-1]) || n == longestLabel) {
			return colon - n
		}
	}
	return -1
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }

// guessAll takes the text before a label apart. It is a prefix if it tells anything, or if there is nothing.
func guessAll(text []byte) (string, bool) {
	g := guesser{line: text}
	for g.i < len(text) {
		g.step()
	}
	return string(g.out), g.seen != [fieldCount]bool{} || len(text) == 0
}

// step reads one piece: a value by its form, a value by the name before it, or one byte of the literal text between them.
func (g *guesser) step() {
	if g.i == 0 || !isWord(g.line[g.i-1]) {
		if g.byForm() || g.byKey() || g.userAtDatabase() {
			return
		}
	}
	if g.line[g.i] == '%' {
		g.out = append(g.out, '%')
	}
	g.out = append(g.out, g.line[g.i])
	g.i++
}

func (g *guesser) emit(f field, n int) bool {
	letter := letterOf[f]
	if f == fieldTime && g.i+19 < len(g.line) && g.line[g.i+19] != '.' {
		letter = 't'
	}
	g.out = append(g.out, '%', letter)
	g.seen[f] = true
	g.i += n
	return true
}

// byForm reads what shows by its form what it is.
func (g *guesser) byForm() bool {
	b := g.line[g.i:]
	if n := startLength(b); n > 0 {
		return g.time(n)
	}
	if _, n := epoch(b); n > 0 && !g.seen[fieldEpoch] {
		return g.emit(fieldEpoch, n)
	}
	if n := clientLength(b); n > 0 && !g.seen[fieldHost] && !g.seen[fieldHostPort] {
		if b[n-1] == ')' {
			return g.emit(fieldHostPort, n)
		}
		return g.emit(fieldHost, n)
	}
	if _, n := sessionID(b); n >= 10 && !g.seen[fieldSession] && endsWord(b, n) {
		return g.emit(fieldSession, n)
	}
	return g.byDigits(b)
}

// time reads a time stamp: the first is the entry's, the second the start of its process, but only the entry's can have a fraction.
func (g *guesser) time(n int) bool {
	if !g.seen[fieldTime] {
		return g.emit(fieldTime, n)
	}
	if k := bytes.Index(g.out, []byte("%t")); k >= 0 && g.i+19 < len(g.line) && g.line[g.i+19] == '.' {
		g.out[k+1] = 's'
		return g.emit(fieldTime, n)
	}
	return g.emit(fieldStart, n)
}

// byDigits reads 5-character codes and numbers: in brackets or behind the time, the first is the pid and the second the line.
func (g *guesser) byDigits(b []byte) bool {
	if len(b) >= 5 && isCode(b[:5]) && endsWord(b, 5) && !g.seen[fieldCode] && (g.seen[fieldPID] || g.seen[fieldSession] || !isNumber(b[:5]) || string(b[:5]) == "00000") {
		return g.emit(fieldCode, 5)
	}
	_, n := number(b)
	if n == 0 {
		return false
	}
	if n < len(b) && b[n] == '/' && !g.seen[fieldVXID] {
		if _, m := number(b[n+1:]); m > 0 {
			return g.emit(fieldVXID, n+1+m)
		}
	}
	switch {
	case !endsWord(b, n) && !(n < len(b) && (isUpper(b[n]) || b[n] == '-')):
		return false
	case n+2 <= len(b) && string(b[n:n+2]) == "-1" && !g.seen[fieldLine]: // "[3-1]", as in syslog
		return g.emit(fieldLine, n)
	case !g.seen[fieldPID]:
		return g.emit(fieldPID, n)
	case !g.seen[fieldLine]:
		return g.emit(fieldLine, n)
	case !g.seen[fieldXID]:
		return g.emit(fieldXID, n)
	}
	return false
}

func isNumber(b []byte) bool {
	_, n := number(b)
	return n == len(b)
}

func endsWord(b []byte, n int) bool {
	return n == len(b) || !isWord(b[n]) && b[n] != '.' && b[n] != '-'
}

// byKey reads "user=app" or "user": "app": a known name, = or a colon, and a value up to what ends it.
func (g *guesser) byKey() bool {
	f, at := keyAt(g.line, g.i)
	if f == literal || g.seen[f] {
		return false
	}
	size := g.valueLength(f, at)
	if size < 0 {
		return false
	}
	if f == fieldHost && size > 0 && g.line[at+size-1] == ')' {
		f = fieldHostPort
	}
	g.out = append(g.out, bytes.ReplaceAll(g.line[g.i:at], []byte("%"), []byte("%%"))...)
	g.i = at
	return g.emit(f, size)
}

// keyAt reads a known name at line[i:] with its = or colon, and returns where the value begins; literal if there is none.
func keyAt(line []byte, i int) (f field, value int) {
	end := i
	for end < len(line) && isWord(line[end]) {
		end++
	}
	f, ok := keys[strings.ToLower(string(line[i:end]))]
	if !ok {
		return literal, 0
	}
	at := skipOne(line, skipOne(line, end, '"'), ' ')
	if at >= len(line) || line[at] != '=' && line[at] != ':' {
		return literal, 0
	}
	return f, skipOne(line, skipOne(line, at+1, ' '), '"')
}

func skipOne(line []byte, i int, c byte) int {
	if i < len(line) && line[i] == c {
		return i + 1
	}
	return i
}

// valueLength finds the end of a value at g.line[at:]: the closing quote, or for free texts the text before the next known name.
func (g *guesser) valueLength(f field, at int) int {
	b := g.line[at:]
	if !f.free() {
		var h header
		m := matcher{clock: &clock{}}
		return m.value(f, b, &h)
	}
	if g.line[at-1] == '"' {
		return bytes.IndexByte(b, '"')
	}
	end := len(b)
	if k := nextKey(b); k >= 0 {
		end = k
	}
	return end - trailingDelimiters(b[:end])
}

// nextKey returns the place of the next known name and its = or colon, -1 if there is none.
func nextKey(b []byte) int {
	for i := 1; i < len(b); i++ {
		if isWord(b[i]) && !isWord(b[i-1]) {
			if f, value := keyAt(b, i); f != literal && (bytes.IndexByte(b[i:value], '=') >= 0 || b[value-1] == ' ') {
				return i
			}
		}
	}
	return -1
}

// trailingDelimiters counts the bytes at the end that are not of a value: spaces, commas, brackets that do not pair.
func trailingDelimiters(b []byte) int {
	n := 0
	for n < len(b) {
		switch c := b[len(b)-1-n]; {
		case strings.IndexByte(" ,;|>\t-", c) >= 0:
		case c == ']' && !bytes.Contains(b, []byte("[")), c == ')' && !bytes.Contains(b, []byte("(")), c == ':':
		case c == '[' || c == '(' || c == '<':
		default:
			return n
		}
		n++
	}
	return n
}

// userAtDatabase reads "app@shop" up to a space, a colon or a bracket.
func (g *guesser) userAtDatabase() bool {
	if g.seen[fieldUser] || g.seen[fieldDatabase] {
		return false
	}
	b := g.line[g.i:]
	end := bytes.IndexAny(b, " :,|>()/\t")
	if end < 0 {
		end = len(b)
	}
	// A name that is not known is written [unknown], and other brackets end the word.
	word := bytes.ReplaceAll(b[:end], []byte("[unknown]"), []byte("?unknown?"))
	if k := bytes.IndexAny(word, "[]"); k >= 0 {
		end = k
		word = word[:k]
	}
	at := bytes.LastIndexByte(word, '@')
	if at < 0 || end == 0 {
		return false
	}
	g.emit(fieldUser, at)
	g.out = append(g.out, '@')
	g.i++
	g.emit(fieldDatabase, end-at-1)
	g.slashApplication()
	return true
}

// slashApplication reads "/psql" behind a database: the application name, up to what delimits it at the end of the prefix.
func (g *guesser) slashApplication() {
	rest := g.line[g.i:]
	if len(rest) < 2 || rest[0] != '/' || g.seen[fieldApplication] {
		return
	}
	g.out = append(g.out, '/')
	g.i++
	g.emit(fieldApplication, len(rest)-1-trailingDelimiters(rest[1:]))
}

// clientLength reads "10.0.0.1", "10.0.0.1(5432)", "::1", "[local]".
func clientLength(b []byte) int {
	if bytes.HasPrefix(b, []byte("[local]")) {
		return len("[local]")
	}
	n := addressLength(b)
	if n > 0 && n < len(b) && b[n] == '(' {
		if _, digits := number(b[n+1:]); digits > 0 && n+1+digits < len(b) && b[n+1+digits] == ')' {
			return n + digits + 2
		}
	}
	return n
}

// addressLength reads an IP address: four numbers, or at least two colons between hexadecimal ones.
func addressLength(b []byte) int {
	n := 0
	for part := range 4 {
		_, digits := number(b[n:])
		if digits == 0 || digits > 3 {
			break
		}
		n += digits
		if part == 3 {
			return n
		}
		if n >= len(b) || b[n] != '.' {
			break
		}
		n++
	}
	colons := 0
	for n = 0; n < len(b) && (isHex(b[n]) || b[n] == ':'); n++ {
		if b[n] == ':' {
			colons++
		}
	}
	if colons < 2 || n < 3 || n < len(b) && isWord(b[n]) && !isUpper(b[n]) {
		return 0
	}
	return n
}

// maxPrefixes is how many prefixes of one log are kept ready; other lines are guessed one by one.
const maxPrefixes = 6

// learnPrefixes returns the settings that the lines at the head of a log were written with, the most frequent first. Native says
// whether the labels have two spaces behind them, as they do unless the text was copied.
func learnPrefixes(head []byte) (settings []string, native bool) {
	if settings = vote(head, true); len(settings) > 0 {
		return settings, true
	}
	return vote(head, false), false
}

func vote(head []byte, native bool) []string {
	votes, samples := map[string]int{}, map[string][]byte{}
	for line := range bytes.Lines(head) {
		if line[0] == '\t' {
			continue
		}
		line = bytes.TrimRight(line, "\r\n")
		if setting, ok := guessPrefix(line, native); ok {
			votes[setting]++
			samples[setting] = line
		}
	}
	generalise(votes, samples)
	joinStopped(votes)
	settings := slices.SortedFunc(maps.Keys(votes), func(a, b string) int {
		return cmp.Or(cmp.Compare(votes[b], votes[a]), cmp.Compare(a, b))
	})
	return settings[:min(len(settings), maxPrefixes)]
}

// generalise gives the votes of a setting with a word in it to the one without it that reads the same line: in "night batch@shop", night
// is part of a name and not of the setting, if "app@shop" is in the log, too.
func generalise(votes map[string]int, samples map[string][]byte) {
	settings := slices.SortedFunc(maps.Keys(votes), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
	settings = settings[:min(len(settings), 50)]
	for i, long := range slices.Backward(settings) {
		for _, short := range settings[:i] {
			if len(short) < len(long) && readsLine(short, samples[long]) {
				votes[short] += votes[long]
				delete(votes, long)
				break
			}
		}
	}
}

func readsLine(setting string, line []byte) bool {
	p, err := compilePrefix(setting)
	if err != nil {
		return false
	}
	var h header
	m := matcher{prefix: p, clock: &clock{}, origins: newOrigins()}
	return m.match(line, &h)
}

// joinStopped joins "%m [%p] " and "%m [%p] %u@%d " to "%m [%p] %q%u@%d ": background processes stop at the %q.
func joinStopped(votes map[string]int) {
	for _, short := range slices.Sorted(maps.Keys(votes)) {
		best := ""
		for _, long := range slices.Sorted(maps.Keys(votes)) {
			if len(long) > len(short) && strings.HasPrefix(long, short) && !strings.Contains(long, "%q") && votes[long] > votes[best] {
				best = long
			}
		}
		if best != "" && short != "" {
			votes[short+"%q"+best[len(short):]] += votes[short] + votes[best]
			delete(votes, short)
			delete(votes, best)
		}
	}
}
