package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// visible makes text harmless for a terminal. What would move the cursor, change the direction of writing or not be seen at
// all is spelled out as in Go: \x1b, \u202e, and \xe9 for a byte that is not UTF-8. Other kinds of space become a blank.
// The backslash itself stays as it is: SQL has many, and the result is for reading, not for decoding.
func visible(s string) string {
	if printableASCII(s) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unicode.Is(unicode.Zs, r):
			b.WriteByte(' ')
		case shown(r):
			b.WriteRune(r)
		default:
			b.WriteString(escape(r))
		}
	}
	return b.String()
}

func printableASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// shown says whether a terminal prints r as something to be seen. Variation selectors and fillers count as letters
// and marks in Unicode, but nobody sees them.
func shown(r rune) bool {
	return unicode.IsPrint(r) && !unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

func escape(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r < utf8.RuneSelf:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// oneLine puts a statement on one line.
func oneLine(sql string) string { return strings.Join(strings.Fields(sql), " ") }

// markdownCode makes text a code span, in which nothing of Markdown or HTML has a meaning and nobody is mentioned. The fence is
// longer than any run of backticks inside. A pipe is escaped, as it ends a table's cell even within code; inTable says so.
func markdownCode(s string, inTable bool) string {
	s = visible(s)
	if strings.TrimSpace(s) == "" {
		return unknown
	}
	if inTable {
		s = strings.ReplaceAll(s, "|", `\|`)
	}
	fence := strings.Repeat("`", longestRun(s, '`')+1)
	if s[0] == '`' || s[len(s)-1] == '`' || s[0] == ' ' && s[len(s)-1] == ' ' {
		s = " " + s + " "
	}
	return fence + s + fence
}

func longestRun(s string, c byte) (longest int) {
	run := 0
	for i := range len(s) {
		if s[i] != c {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// csvText makes text harmless for a spreadsheet: what it would take for a formula gets a ' in front. Numbers do not pass through here. Tabs and
// line ends, which some programs skip before they look for a formula, are spelled out by visible.
func csvText(s string) string {
	s = visible(s)
	if s != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}

// jsonSafe escapes in encoded JSON what encoding/json leaves as it is and a terminal would obey: DEL, the C1 controls
// and everything that is not seen. Such runes stand in strings only, so the value stays the same.
func jsonSafe(encoded []byte) []byte {
	var out []byte
	done := 0
	for i := 0; i < len(encoded); {
		if b := encoded[i]; b < utf8.RuneSelf && b != 0x7f {
			i++
			continue
		}
		r, n := utf8.DecodeRune(encoded[i:])
		if !shown(r) && !unicode.Is(unicode.Zs, r) {
			out = append(append(out, encoded[done:i]...), jsonEscape(r)...)
			done = i + n
		}
		i += n
	}
	if done == 0 {
		return encoded
	}
	return append(out, encoded[done:]...)
}

func jsonEscape(r rune) string {
	if r < 0x10000 {
		return fmt.Sprintf(`\u%04x`, r)
	}
	r -= 0x10000
	return fmt.Sprintf(`\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
}
