package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/term"
)

// fileOf returns the file behind a stream, or nil.
func fileOf(stream any) *os.File {
	if w, ok := stream.(forgiving); ok {
		stream = w.Writer
	}
	f, _ := stream.(*os.File)
	return f
}

func isTerminal(stream any) bool {
	f := fileOf(stream)
	return f != nil && term.IsTerminal(int(f.Fd()))
}

// terminalWidth is the width of w's lines: $COLUMNS, else the terminal's, else 80.
func terminalWidth(w io.Writer) int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	if f := fileOf(w); f != nil {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			return n
		}
	}
	return 80
}

// When colour and progress are shown.
const (
	auto   = "auto"
	always = "always"
	never  = "never"
)

// colored decides about colour on w.
func colored(when string, w io.Writer) bool {
	force := os.Getenv("CLICOLOR_FORCE")
	switch {
	case when != auto:
		return when == always
	case os.Getenv("NO_COLOR") != "":
		return false
	case force != "" && force != "0":
		return true
	default:
		return os.Getenv("TERM") != "dumb" && isTerminal(w)
	}
}

// printableLines makes a message of several lines harmless for a terminal.
func printableLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = printable(line)
	}
	return strings.Join(lines, "\n")
}

// printable makes text harmless for a terminal: whatever moves the cursor or is not seen is spelled out, as \x1b; so is a byte that is
// not UTF-8.
func printable(text string) string {
	var b strings.Builder
	for i, r := range text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], string(utf8.RuneError)):
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			quoted := strconv.QuoteRune(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return b.String()
}
