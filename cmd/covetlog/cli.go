package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/covetlog/covetlog/internal/spell"
)

// This file is all that knows urfave/cli. Version 2 takes the first argument that is no flag, and everything behind it, for files; it
// prints usage errors to stdout, with the whole help text; and it has exit codes of its own. So it is given a
// command line that has been put in order, and its errors come back here.

// execute runs a command with its arguments.
func (p *program) execute(ctx context.Context, c *command, all []*command, args []string) error {
	arranged, err := arrange(c, args)
	if err != nil {
		return err
	}
	app := &cli.App{
		Name:           "covetlog",
		HideHelp:       true,
		Writer:         io.Discard,
		ErrWriter:      io.Discard,
		ExitErrHandler: func(*cli.Context, error) {},
		// The values of some flags hold commas: SQL, regular expressions, globs.
		DisableSliceFlagSeparator: true,
	}
	app.Commands = []*cli.Command{{
		Name:         c.name,
		HideHelp:     true,
		Flags:        c.cliFlags(),
		OnUsageError: func(_ *cli.Context, err error, _ bool) error { return c.usage(err) },
		Action: func(parsed *cli.Context) error {
			if c.help {
				return p.commandHelp(c)
			}
			if err := settle(c, all); err != nil {
				return err
			}
			return c.run(parsed.Context, parsed.Args().Slice())
		},
	}}
	return app.RunContext(ctx, append([]string{"covetlog", c.name}, arranged...))
}

func (c *command) cliFlags() (flags []cli.Flag) {
	for _, o := range c.options {
		flags = append(flags, o)
	}
	return flags
}

// usage returns what is wrong with a command line. The option knows it better than the flag package, which has turned it into text.
func (c *command) usage(err error) error {
	for _, o := range c.options {
		if o.err != nil {
			err = o.err
		}
	}
	return c.misused("%w", err)
}

func (c *command) misused(format string, args ...any) error {
	return usageError{"covetlog " + c.name, fmt.Errorf(format, args...).Error()}
}

// arrange puts the flags of a command line first, each in the form --name=value, then --, then everything else. Behind a -- of the
// user's nothing is a flag.
func arrange(c *command, args []string) ([]string, error) {
	var flags, rest []string
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		if arg == "--" {
			rest = append(rest, args...)
			break
		}
		if arg == "-" || !strings.HasPrefix(arg, "-") {
			rest = append(rest, arg)
			continue
		}
		flag, left, err := spellOut(c, arg, args)
		if err != nil {
			return nil, err
		}
		flags, args = append(flags, flag), left
	}
	return append(append(flags, "--"), rest...), nil
}

// spellOut turns a flag into --name=value. The value may be the next argument; what is left of the arguments is returned.
func spellOut(c *command, arg string, next []string) (flag string, left []string, err error) {
	name, value, inline := strings.Cut(arg, "=")
	o, implied := c.option(name)
	switch {
	case o == nil:
		return "", nil, c.misused("unknown flag %s%s", printable(name), c.flagHint(name))
	case inline && implied == "false":
		return "", nil, c.misused("%s takes no value", name)
	case inline:
	case implied != "":
		value = implied
	case len(next) == 0, c.isFlag(next[0]):
		return "", nil, c.misused("%s needs a value%s", name, o.choiceHint())
	default:
		value, next = next[0], next[1:]
	}
	return o.flag() + "=" + value, next, nil
}

// isFlag tells whether an argument is a flag of the command. As the value of another one, it was most likely forgotten.
func (c *command) isFlag(arg string) bool {
	name, _, _ := strings.Cut(arg, "=")
	o, _ := c.option(name)
	return o != nil
}

// synonyms are names that other tools have for flags of ours.
var synonyms = map[string]string{"host": "client", "db": "database", "app": "application", "from": "since", "to": "until", "sort": "order-by", "top": "limit"}

func (c *command) flagHint(name string) string {
	known := c.flags()
	if meant := "--" + synonyms[strings.TrimLeft(name, "-")]; slices.Contains(known, meant) {
		return "; did you mean " + meant + "?"
	}
	if closest := spell.Closest("--"+strings.TrimLeft(name, "-"), known); closest != "" {
		return "; did you mean " + closest + "?"
	}
	return ""
}

func (o *option) choiceHint() string {
	if len(o.choices) == 0 {
		return ""
	}
	return ": " + strings.Join(o.choices, ", ")
}
