package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/cpuguy83/go-md2man/v2/md2man"
)

func newMan(p *program) *command {
	c := &command{
		name:     "man",
		summary:  "print the man page",
		about:    "The page is made from the commands themselves, in the format of man(7).",
		examples: []example{{"covetlog man > covetlog.1", "The page; man ./covetlog.1 shows it."}},
	}
	c.run = func(_ context.Context, args []string) error {
		if len(args) > 0 {
			return c.misused("it takes no arguments, and there is %q", args[0])
		}
		_, err := p.stdout.Write(md2man.Render([]byte(manual(p.commands()))))
		return err
	}
	return c
}

// manual writes the man page in Markdown. The library's own knows neither examples nor exit codes, and sorts the flags.
func manual(commands []*command) string {
	m := &page{}
	m.put("%% covetlog 1\n\n# NAME\n\ncovetlog - say where the time goes, from the logs of databases and poolers\n")
	m.put("# SYNOPSIS\n")
	for _, c := range commands {
		m.put("**covetlog %s** [flags] %s  ", c.name, literal(c.args))
	}
	m.put("\n# DESCRIPTION\n\n%s\n", literal(tagline))
	m.put("# COMMANDS\n")
	for _, c := range commands {
		m.command(c)
	}
	m.put("# EXIT STATUS\n")
	for _, e := range exitCodes {
		m.put("**%d**\n:   %s\n", e.Code, literal(e.Meaning))
	}
	m.put("# ENVIRONMENT AND CONFIGURATION\n\n%s\n", literal(precedence))
	return m.String()
}

// page is Markdown in the making.
type page struct{ strings.Builder }

func (m *page) put(format string, args ...any) { fmt.Fprintf(m, format+"\n", args...) }

func (m *page) command(c *command) {
	m.put("## %s\n\n%s.\n", literal(c.usageLine()), literal(strings.ToUpper(c.summary[:1])+c.summary[1:]))
	m.put("%s\n", literal(c.about))
	for _, o := range c.options {
		m.put("%s\n:   %s%s\n", o.manLabel(), literal(o.describe()), o.manVariable())
	}
	m.put("Examples:\n")
	for _, e := range c.examples {
		m.put("    %s\n        %s\n", e.line, e.what)
	}
}

func (o *option) manLabel() string {
	label := "**" + o.flag() + "**"
	if o.short != "" {
		label = "**-" + o.short + "**, " + label
	}
	if o.arg != "" {
		label += " *" + o.arg + "*"
	}
	return label
}

// manVariable names the option's variable where describe does not.
func (o *option) manVariable() string {
	if o.own || o.least > fromEnvironment {
		return ""
	}
	return " [$" + literal(o.variable()) + "]"
}

// literal keeps Markdown from reading text as its own.
func literal(text string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `_`, `\_`, "`", "\\`", `[`, `\[`, `<`, `\<`, `|`, `\|`).Replace(text)
}
