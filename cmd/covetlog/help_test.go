package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func TestEveryHelpHasExitCodesAndAnExample(t *testing.T) {
	for _, c := range discarding().commands() {
		var out bytes.Buffer
		p := &program{stdout: &out}
		if err := p.commandHelp(c); err != nil {
			t.Fatal(err)
		}
		for _, e := range exitCodes {
			if !strings.Contains(out.String(), fmt.Sprintf("\n  %-*d%s", labelWidth, e.Code, e.Meaning[:10])) {
				t.Errorf("help of %s does not have exit code %d:\n%s", c.name, e.Code, &out)
			}
		}
		if !strings.Contains(out.String(), "\nEXAMPLES\n  covetlog "+c.name) {
			t.Errorf("help of %s has no example of it:\n%s", c.name, &out)
		}
		for _, o := range c.options {
			if !strings.Contains(out.String(), o.flag()) {
				t.Errorf("help of %s does not have %s", c.name, o.flag())
			}
		}
	}
}

func TestManualHasEveryFlag(t *testing.T) {
	commands := discarding().commands()
	text := manual(commands)
	for _, c := range commands {
		for _, o := range c.options {
			if !strings.Contains(text, "**"+o.flag()+"**") {
				t.Errorf("the man page does not have %s of %s", o.flag(), c.name)
			}
		}
	}
}

func TestWrap(t *testing.T) {
	f := func(text string, width int, want ...string) {
		t.Helper()
		if got := wrap(text, width); strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("wrap(%q, %d) = %q, want %q", text, width, got, want)
		}
	}
	f("", 10, "")
	f("one", 10, "one")
	f("one two three", 7, "one two", "three")
	f("one two three", 6, "one", "two", "three")
	f("  one \n two", 20, "one two")
	f("incomprehensibilities are long", 5, "incomprehensibilities", "are", "long")
}
