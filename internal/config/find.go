package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// FileName is the name under which a file is looked for.
const FileName = "covetlog.yml"

// Read reads the file that is in force: explicit if it is not "", else ./covetlog.yml, else $XDG_CONFIG_HOME/covetlog/covetlog.yml,
// $XDG_CONFIG_HOME being ~/.config when it is not set. A file that was asked for must exist, the others need not.
func Read(explicit string, schema Schema) (*File, error) {
	if explicit != "" {
		return readFile(explicit, schema)
	}
	for _, name := range places() {
		f, err := readFile(name, schema)
		if !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
	}
	return &File{}, nil
}

func readFile(name string, schema Schema) (*File, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return Parse(name, data, schema)
}

func places() []string {
	list := []string{FileName}
	home := os.Getenv("XDG_CONFIG_HOME")
	if home == "" {
		if user, err := os.UserHomeDir(); err == nil {
			home = filepath.Join(user, ".config")
		}
	}
	if home != "" {
		list = append(list, filepath.Join(home, "covetlog", FileName))
	}
	return list
}
