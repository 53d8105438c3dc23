package main

import (
	"context"
	"io"
	"os"
	"strings"

	"github.com/covetlog/covetlog/internal/spell"
)

// program is covetlog as a function of its streams.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
}

// command is one command of covetlog. Parsing, help, man page and completion are made from it.
type command struct {
	name     string
	args     string // what stands behind the flags, as in "FILE..."
	summary  string // one line
	about    string // paragraphs
	examples []example
	options  []*option
	choices  []string // what its arguments can be; nil: files
	run      func(ctx context.Context, args []string) error

	// What the options hold that every command has.
	config string
	help   bool
}

type example struct{ line, what string }

// run runs a command line and returns its exit code. Results go to stdout, everything else to stderr.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{stdin: stdin, stdout: forgiving{stdout}, stderr: stderr}
	return p.exit(ctx, p.dispatch(ctx, args[1:]))
}

// commands returns the commands in the order of the help text. Their options hold the defaults.
func (p *program) commands() []*command {
	list := []*command{newReport(p), newNormalize(p), newFormats(p), newCompletion(p), newMan(p)}
	for _, c := range list {
		c.addCommonOptions()
	}
	return list
}

func (c *command) addCommonOptions() {
	const group = "Help and configuration"
	if len(c.options) > 0 {
		c.options = append(c.options, &option{name: "config", arg: "FILE", group: group, least: fromEnvironment, value: file(&c.config),
			usage: "take settings from FILE instead of ./covetlog.yml or ~/.config/covetlog/covetlog.yml"})
	}
	c.options = append(c.options, &option{name: "help", short: "h", group: group, least: fromFlag, value: toggle(&c.help), usage: "print this help"})
	for _, o := range c.options {
		o.command = c.name
	}
}

// dispatch finds the command of a command line and runs it.
func (p *program) dispatch(ctx context.Context, args []string) error {
	commands := p.commands()
	if len(args) == 0 {
		return usageError{"covetlog", "no command; there are " + strings.Join(names(commands), ", ")}
	}
	switch first, rest := args[0], args[1:]; first {
	case "-h", "--help", "help":
		return p.help(commands, rest)
	case "--version":
		return p.version()
	case completeCommand:
		return p.complete(commands, rest)
	default:
		c, err := find(commands, first)
		if err != nil {
			return err
		}
		return p.execute(ctx, c, commands, rest)
	}
}

func names(commands []*command) (list []string) {
	for _, c := range commands {
		list = append(list, c.name)
	}
	return list
}

func find(commands []*command, name string) (*command, error) {
	for _, c := range commands {
		if c.name == name {
			return c, nil
		}
	}
	if strings.HasPrefix(name, "-") {
		return nil, usageError{"covetlog", "flags stand behind the command, as in: covetlog report " + printable(name)}
	}
	hint := spell.Hint(name, names(commands))
	if hint == "" && exists(name) {
		hint = "; to read a log: covetlog report " + printable(name)
	}
	return nil, usageError{"covetlog", `unknown command "` + printable(name) + `"` + hint}
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// option returns the option of a flag as typed, without its value, and the value that the spelling implies: "--full" is true and
// "--no-full" false. It is nil when the command has no such flag.
func (c *command) option(flag string) (o *option, implied string) {
	for _, o := range c.options {
		switch {
		case flag == o.flag(), o.short != "" && flag == "-"+o.short:
			if o.IsBoolFlag() {
				implied = "true"
			}
			return o, implied
		case o.IsBoolFlag() && flag == o.negative():
			return o, "false"
		}
	}
	return nil, ""
}

// flags lists the command's flags by their long names.
func (c *command) flags() (list []string) {
	for _, o := range c.options {
		list = append(list, o.flag())
	}
	return list
}
