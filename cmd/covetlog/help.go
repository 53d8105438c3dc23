package main

import (
	"fmt"
	"io"
	"runtime/debug"
	"strings"
)

const tagline = "covetlog reads what databases and poolers write to their logs and says where the time goes."

// version is set by the linker for releases.
var version string

func (p *program) version() error {
	_, err := fmt.Fprintln(p.stdout, "covetlog", buildVersion())
	return err
}

func buildVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// help prints the help of the program, or of the command named.
func (p *program) help(commands []*command, topic []string) error {
	if len(topic) > 0 {
		c, err := find(commands, topic[0])
		if err != nil {
			return err
		}
		return p.commandHelp(c)
	}
	h := p.sheet()
	h.line(tagline)
	h.heading("Usage")
	h.line("  covetlog COMMAND [flags] [arguments]")
	h.heading("Commands")
	for _, c := range commands {
		h.row(c.name, c.summary)
	}
	h.heading("Flags")
	h.row("-h, --help", "print this help; covetlog COMMAND --help has the flags of a command")
	h.row("--version", "print the version")
	h.examples(commands[0].examples[:2])
	h.exitCodes()
	return h.print(p.stdout)
}

func (p *program) commandHelp(c *command) error {
	h := p.sheet()
	h.prose("", "covetlog "+c.name+" - "+c.summary)
	h.heading("Usage")
	h.line("  " + c.usageLine())
	if c.about != "" {
		h.line("")
		h.paragraphs(c.about)
	}
	h.examples(c.examples)
	h.options(c.options)
	h.exitCodes()
	if len(c.options) > 1 {
		h.heading("Environment and configuration")
		h.paragraphs(precedence)
	}
	return h.print(p.stdout)
}

func (c *command) usageLine() string {
	return strings.TrimSpace("covetlog " + c.name + " [flags] " + c.args)
}

const precedence = `Each flag can also be set by a variable, --log-format by COVETLOG_LOG_FORMAT, and by a key of covetlog.yml, log-format. ` +
	`A flag wins over a variable, a variable over the file. A list in a variable is written one value a line. ` +
	`--no-full turns off what covetlog.yml turns on with full: true; so for every flag without a value.`

// sheet is a help text in the making.
type sheet struct {
	strings.Builder
	width int
}

// A help text is as wide as the terminal, but lines beyond 100 characters are hard to read.
func (p *program) sheet() *sheet { return &sheet{width: min(terminalWidth(p.stdout), 100)} }

func (h *sheet) print(w io.Writer) error {
	_, err := io.WriteString(w, h.String())
	return err
}

func (h *sheet) line(text string) { h.WriteString(strings.TrimRight(text, " ") + "\n") }

func (h *sheet) heading(text string) { h.line("\n" + strings.ToUpper(text)) }

// prose wraps text behind an indent.
func (h *sheet) prose(indent, text string) {
	for _, l := range wrap(text, h.width-len(indent)) {
		h.line(indent + l)
	}
}

func (h *sheet) paragraphs(text string) {
	for i, paragraph := range strings.Split(text, "\n\n") {
		if i > 0 {
			h.line("")
		}
		h.prose("  ", paragraph)
	}
}

// labelWidth is the width of the left column; a longer label has its text on the next line.
const labelWidth = 31

func (h *sheet) row(label, text string) {
	indent := strings.Repeat(" ", labelWidth+2)
	lines := wrap(text, h.width-len(indent))
	if len(label) > labelWidth-2 {
		h.line("  " + label)
	} else {
		h.line(fmt.Sprintf("  %-*s%s", labelWidth, label, lines[0]))
		lines = lines[1:]
	}
	for _, l := range lines {
		h.line(indent + l)
	}
}

func (h *sheet) options(options []*option) {
	group := ""
	for _, o := range options {
		if o.group != group {
			group = o.group
			h.heading(group)
		}
		h.row(o.label(), o.describe())
	}
}

// label is the left column of an option: "-o, --output FILE".
func (o *option) label() string {
	label := "    " + o.flag()
	if o.short != "" {
		label = "-" + o.short + ", " + o.flag()
	}
	return strings.TrimRight(label+" "+o.arg, " ")
}

// describe is the right column: the usage, the choices, the default.
func (o *option) describe() string {
	var b strings.Builder
	b.WriteString(o.usage)
	if !o.IsBoolFlag() {
		b.WriteString(o.choiceHint())
	}
	switch {
	case o.IsBoolFlag() && o.initial == "true":
		b.WriteString(" (on by default)")
	case o.initial != "" && !o.IsBoolFlag():
		fmt.Fprintf(&b, " (default %s)", o.initial)
	}
	if o.own {
		fmt.Fprintf(&b, " [$%s]", o.variable())
	}
	return b.String()
}

func (h *sheet) examples(examples []example) {
	h.heading("Examples")
	for _, e := range examples {
		h.line("  " + e.line)
		h.prose("      ", e.what)
	}
}

func (h *sheet) exitCodes() {
	h.heading("Exit codes")
	for _, e := range exitCodes {
		h.row(fmt.Sprint(e.Code), e.Meaning)
	}
}

// wrap breaks text at blanks into lines of at most width bytes; a longer word stays whole. There is always a line.
func wrap(text string, width int) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case len(line)+1+len(word) > width:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}
