package main

import (
	"errors"
	"flag"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
	"time"

	"github.com/covetlog/covetlog/internal/config"
	"github.com/covetlog/covetlog/internal/when"
	"github.com/covetlog/covetlog/monitor"
)

// option is one setting of a command: a flag, an environment variable and a key of covetlog.yml. It is also the cli.Flag that
// the command line is parsed with, and the row from which help, man page and completion are made.
type option struct {
	name  string
	short string // one letter, or ""
	arg   string // what the value is called in help; "" for a switch
	group string // heading in help
	usage string
	// own says that the option means something else than another command's option of the same name. Its variable has the
	// command's name in it, and it is not a key at the top level of covetlog.yml.
	own   bool
	least origin // the option comes from there or from what wins over it
	value

	command string
	from    origin
	err     error // of the command line
}

// value is where an option's value goes.
type value struct {
	kind    config.Kind
	set     func(text string) error
	initial string   // the default, as shown
	choices []string // all there are; nil: not a closed list
	files   bool     // the value is a file's name
}

// origin is where a value came from. A later one wins.
type origin uint8

const (
	fromDefault origin = iota
	fromFile
	fromEnvironment
	fromFlag
)

// assign takes a value from a place unless one that wins has given it.
func (o *option) assign(from origin, values ...string) error {
	if o.from > from {
		return nil
	}
	o.from = from
	for _, v := range values {
		if err := o.set(v); err != nil {
			return err
		}
	}
	return nil
}

// flag returns the option as it is typed: "--limit".
func (o *option) flag() string { return "--" + o.name }

// negative returns how a switch is turned off: "--no-full".
func (o *option) negative() string { return "--no-" + o.name }

// variable returns the name of the option's environment variable.
func (o *option) variable() string {
	name := o.name
	if o.own {
		name = o.command + "-" + name
	}
	return "COVETLOG_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// Set, String and IsBoolFlag make an option a flag.Value.
func (o *option) Set(text string) error {
	if err := o.assign(fromFlag, text); err != nil && o.err == nil {
		o.err = fmt.Errorf("%s: %w", o.flag(), err)
	}
	return o.err
}

func (o *option) String() string   { return "" }
func (o *option) IsBoolFlag() bool { return o.kind == config.Switch }

// Apply, Names and IsSet make it a cli.Flag. It has one name only, as the short one is spelled out by arrange.
func (o *option) Apply(set *flag.FlagSet) error {
	set.Var(o, o.name, o.usage)
	return nil
}

func (o *option) Names() []string { return []string{o.name} }
func (o *option) IsSet() bool     { return o.from == fromFlag }

func text(dst *string) value {
	return value{initial: *dst, set: func(s string) error {
		*dst = s
		return nil
	}}
}

func file(dst *string) value {
	v := text(dst)
	v.files = true
	return v
}

func toggle(dst *bool) value {
	return value{kind: config.Switch, initial: strconv.FormatBool(*dst), choices: []string{"true", "false"}, set: func(s string) error {
		on, err := strconv.ParseBool(s)
		if err != nil {
			return fmt.Errorf("%q is neither true nor false", s)
		}
		*dst = on
		return nil
	}}
}

func oneOf(dst *string, choices ...string) value {
	return value{initial: *dst, choices: choices, set: func(s string) error {
		for _, c := range choices {
			if c == s {
				*dst = s
				return nil
			}
		}
		return fmt.Errorf("%q is not one of %s", s, strings.Join(choices, ", "))
	}}
}

// count takes a number from least on. What 0 means is for the usage to say.
func count(dst *int, least int) value {
	return value{set: func(s string) error {
		n, err := strconv.Atoi(s)
		if err != nil || n < least {
			return fmt.Errorf("%q is not a whole number from %d on", s, least)
		}
		*dst = n
		return nil
	}}
}

// unitDuration is a duration of which people think in seconds: a number alone is refused.
func unitDuration(dst *time.Duration) value {
	return value{initial: dst.String(), set: func(s string) error {
		d, err := time.ParseDuration(s)
		if err != nil || d <= 0 {
			return fmt.Errorf("%q is not a duration above zero with a unit; write 20s or 500ms", s)
		}
		*dst = d
		return nil
	}}
}

// duration takes "500ms" and "1m30s". A number alone is milliseconds, as in log_min_duration_statement.
func duration(dst *time.Duration) value {
	return value{initial: dst.String(), set: func(s string) error {
		d, err := time.ParseDuration(s)
		if ms, e := strconv.ParseFloat(s, 64); e == nil {
			d, err = time.ParseDuration(strconv.FormatFloat(ms, 'f', -1, 64) + "ms")
		}
		if err != nil || d <= 0 {
			return fmt.Errorf("%q is not a duration above zero; write 500ms, 1.5s, 2m or a number of milliseconds", s)
		}
		*dst = d
		return nil
	}}
}

func moment(dst *when.Spec) value {
	return value{set: func(s string) (err error) {
		*dst, err = when.Parse(s)
		return err
	}}
}

func zone(dst **time.Location) value {
	return value{set: func(s string) (err error) {
		if *dst, err = when.Zone(s); err != nil {
			return fmt.Errorf("%w; write a name as Europe/Paris, an offset as +03:00, or UTC", err)
		}
		return nil
	}}
}

func grouping(dst **monitor.Grouping) value {
	return value{initial: "pattern", choices: monitor.Groupings(), set: func(s string) (err error) {
		*dst, err = monitor.NewGrouping(s)
		return err
	}}
}

func list(dst *[]string) value {
	return value{kind: config.List, set: func(s string) error {
		*dst = append(*dst, s)
		return nil
	}}
}

func patterns(dst *[]*regexp.Regexp) value {
	return value{kind: config.List, set: func(s string) error {
		re, err := regexp.Compile(s)
		if err != nil {
			return pointOut(s, err)
		}
		*dst = append(*dst, re)
		return nil
	}}
}

// pointOut says what is wrong with a regular expression, and underlines where.
func pointOut(pattern string, err error) error {
	var bad *syntax.Error
	if !errors.As(err, &bad) {
		return err
	}
	before, _, found := strings.Cut(pattern, bad.Expr)
	if !found {
		before = ""
	}
	under := func(s, with string) string { return strings.Repeat(with, len([]rune(printable(s)))) }
	return fmt.Errorf("%s in the regular expression\n  %s\n  %s%s", bad.Code, printable(pattern), under(before, " "), under(bad.Expr, "^"))
}
