// Package config reads covetlog.yml.
//
// A file gives settings for all commands at its top level, and for one command below that command's name. Keys are the long names of the flags. What a key takes is checked here, what its value means is the command's business.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/covetlog/covetlog/internal/spell"
)

// Kind is what a key takes.
type Kind uint8

// The kinds.
const (
	Scalar Kind = iota
	Switch      // true or false
	List        // a list, or a scalar for a list of one
)

// Keys are the keys of one section.
type Keys map[string]Kind

// Schema says which keys a file may have.
type Schema struct {
	Common   Keys            // at the top level
	Commands map[string]Keys // below a command's name
}

// Setting is one key of a file with what it holds.
type Setting struct {
	At     string // "covetlog.yml:7", for errors
	Key    string
	Values []string // one of a Scalar and a Switch
}

// File is a configuration file that was read. The zero File has no settings.
type File struct {
	name     string
	sections map[string]map[string]Setting
}

// Parse reads a file. Its name goes into the errors: "covetlog.yml:7: unknown key ...".
func Parse(name string, data []byte, schema Schema) (*File, error) {
	f := &File{name: name, sections: map[string]map[string]Setting{"": {}}}
	root, err := f.decode(data)
	if err != nil || root == nil {
		return f, err
	}
	err = f.walk(root, func(key, value *yaml.Node) error {
		if keys, ok := schema.Commands[key.Value]; ok {
			f.sections[key.Value] = map[string]Setting{}
			return f.section(f.sections[key.Value], value, keys)
		}
		return f.setting(f.sections[""], key, value, schema.Common, slices.Sorted(maps.Keys(schema.Commands)))
	})
	return f, err
}

// Lookup returns what a command's section has for key; the command "" is the top level.
func (f *File) Lookup(command, key string) (Setting, bool) {
	s, ok := f.sections[command][key]
	return s, ok
}

// decode returns the mapping that the file holds, nil when it holds nothing.
func (f *File) decode(data []byte) (*yaml.Node, error) {
	var doc, next yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	switch err := decoder.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, f.syntax(err)
	}
	if err := decoder.Decode(&next); err == nil {
		return nil, f.errorf(&next, "a second document; one is read")
	}
	root := doc.Content[0]
	if root.Tag == "!!null" {
		return nil, nil
	}
	return root, nil
}

var yamlLine = regexp.MustCompile(`^yaml: line (\d+): `)

// syntax turns "yaml: line 3: text" into "covetlog.yml:3: text".
func (f *File) syntax(err error) error {
	text := err.Error()
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("%s:%s: %s", f.name, m[1], text[len(m[0]):])
	}
	return fmt.Errorf("%s: %s", f.name, strings.TrimPrefix(text, "yaml: "))
}

func (f *File) section(into map[string]Setting, value *yaml.Node, keys Keys) error {
	if value.Tag == "!!null" {
		return nil
	}
	return f.walk(value, func(key, value *yaml.Node) error { return f.setting(into, key, value, keys, nil) })
}

// walk calls visit for each key of a mapping and what it holds.
func (f *File) walk(mapping *yaml.Node, visit func(key, value *yaml.Node) error) error {
	if mapping = resolve(mapping); mapping.Kind != yaml.MappingNode {
		return f.errorf(mapping, "want key: value, not %s", describe(mapping))
	}
	seen := map[string]int{}
	for pair := range slices.Chunk(mapping.Content, 2) {
		key, value := pair[0], resolve(pair[1])
		if line := seen[key.Value]; line != 0 {
			return f.errorf(key, "%q is already in line %d", key.Value, line)
		}
		seen[key.Value] = key.Line
		if err := visit(key, value); err != nil {
			return err
		}
	}
	return nil
}

// setting takes one key. Sections are names that are keys too, where the hint for a wrong one is concerned.
func (f *File) setting(into map[string]Setting, key, value *yaml.Node, keys Keys, sections []string) error {
	kind, ok := keys[key.Value]
	if !ok {
		known := append(slices.Sorted(maps.Keys(keys)), sections...)
		return f.errorf(key, "unknown key %q%s", key.Value, spell.Hint(key.Value, known))
	}
	values, err := f.values(key, value, kind)
	into[key.Value] = Setting{At: f.at(key), Key: key.Value, Values: values}
	return err
}

func (f *File) values(key, value *yaml.Node, kind Kind) (values []string, err error) {
	items := []*yaml.Node{value}
	if kind == List && value.Kind == yaml.SequenceNode {
		items = value.Content
	}
	for _, item := range items {
		item = resolve(item)
		switch {
		case item.Kind != yaml.ScalarNode || item.Tag == "!!null":
			return nil, f.errorf(item, "%s: want %s, not %s", key.Value, wanted[kind], describe(item))
		case kind == Switch && item.Tag != "!!bool":
			return nil, f.errorf(item, "%s: want %s, not %q", key.Value, wanted[kind], item.Value)
		}
		values = append(values, item.Value)
	}
	return values, nil
}

var wanted = map[Kind]string{Scalar: "a value", Switch: "true or false", List: "a value or a list of values"}

func describe(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.MappingNode:
		return "a group of keys"
	case n.Tag == "!!null":
		return "nothing"
	default:
		return fmt.Sprintf("%q", n.Value)
	}
}

func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func (f *File) at(n *yaml.Node) string { return fmt.Sprintf("%s:%d", f.name, n.Line) }

func (f *File) errorf(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%s: %s", f.at(n), fmt.Sprintf(format, args...))
}
