package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/covetlog/covetlog/internal/config"
)

// settle completes what the flags have set, from the environment and then from covetlog.yml.
func settle(c *command, all []*command) error {
	for _, o := range c.options {
		if err := o.readEnvironment(); err != nil {
			return err
		}
	}
	file, err := config.Read(c.config, schema(all))
	if err != nil {
		return err
	}
	for _, o := range c.options {
		s, ok := file.Lookup(c.name, o.name)
		if !ok && !o.own {
			s, ok = file.Lookup("", o.name)
		}
		if !ok {
			continue
		}
		if err := o.assign(fromFile, s.Values...); err != nil {
			return fmt.Errorf("%s: %s: %w", s.At, s.Key, err)
		}
	}
	return nil
}

// readEnvironment takes the option's variable. An empty one counts as not set. A list is written one value a line, because a
// comma can be part of a value.
func (o *option) readEnvironment() error {
	text := os.Getenv(o.variable())
	if text == "" || o.least > fromEnvironment {
		return nil
	}
	values := []string{text}
	if o.kind == config.List {
		values = slices.DeleteFunc(strings.Split(text, "\n"), func(s string) bool { return s == "" })
	}
	if err := o.assign(fromEnvironment, values...); err != nil {
		return fmt.Errorf("%s: %w", o.variable(), err)
	}
	return nil
}

// schema says which keys covetlog.yml may have: the options of each command below its name, and those that mean the same
// everywhere at the top level, too.
func schema(commands []*command) config.Schema {
	s := config.Schema{Common: config.Keys{}, Commands: map[string]config.Keys{}}
	for _, c := range commands {
		keys := config.Keys{}
		for _, o := range c.options {
			if o.least > fromFile {
				continue
			}
			keys[o.name] = o.kind
			if !o.own {
				s.Common[o.name] = o.kind
			}
		}
		if len(keys) > 0 {
			s.Commands[c.name] = keys
		}
	}
	return s
}
