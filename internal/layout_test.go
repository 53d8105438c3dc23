// Package internal_test holds the module to its layout: ARCHITECTURE.md says who may import whom, and this is where it is checked.
package internal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/covetlog/covetlog/"

// layers are the packages of ours that a package may import, itself without its tests. Commands may import anything, and a package
// that is not listed nothing of ours.
var layers = map[string][]string{
	"metric":                  {},
	"parse":                   {"metric"},
	"normalize":               {},
	"stats":                   {"metric"},
	"alert":                   {},
	"report":                  {"stats", "metric"},
	"monitor":                 {"metric", "parse", "normalize", "stats", "alert", "report"},
	"internal/config":         {"internal/spell"},
	"internal/ingest":         {"monitor", "parse", "stats", "internal/when"},
	"internal/synth/synthlog": {"internal/synth"},
}

// homes are modules that one package alone may import, so that they can be replaced there.
var homes = map[string]string{
	"github.com/olekukonko/tablewriter":   "report",
	"github.com/pganalyze/pg_query_go/v5": "normalize",
	"github.com/fsnotify/fsnotify":        "internal/follow",
	"github.com/urfave/cli/v2":            "cmd/covetlog",
	"github.com/schollz/progressbar/v3":   "cmd/covetlog",
	"github.com/bmatcuk/doublestar/v4":    "internal/ingest",
	"github.com/klauspost/compress":       "internal/ingest",
	"go.yaml.in/yaml/v3":                  "internal/config",
	"github.com/cpuguy83/go-md2man/v2":    "cmd/covetlog",
}

type listed struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
	Dir                                string
	GoFiles, CgoFiles                  []string
}

func (p *listed) name() string { return strings.TrimPrefix(p.ImportPath, module) }

func TestImportsPointOneWay(t *testing.T) {
	for _, p := range packages(t) {
		if strings.HasPrefix(p.name(), "cmd/") {
			continue
		}
		for _, path := range p.Imports {
			if name, ours := strings.CutPrefix(path, module); ours && !slices.Contains(layers[p.name()], name) {
				t.Errorf("%s must not import %s", p.name(), name)
			}
		}
	}
}

func TestLibrariesStayAtHome(t *testing.T) {
	for _, p := range packages(t) {
		for _, path := range p.Imports {
			for library, home := range homes {
				if within(path, library) && p.name() != home {
					t.Errorf("%s imports %s: only %s may", p.name(), path, home)
				}
			}
		}
		if len(p.CgoFiles) > 0 && p.name() != "normalize" {
			t.Errorf("%s has cgo: only normalize may", p.name())
		}
	}
}

// pure are the packages whose results depend on their input alone: no file, no network, no log of their own, and no clock.
var pure = []string{"parse", "normalize", "stats", "report"}

func TestTheEngineIsPure(t *testing.T) {
	for _, p := range packages(t) {
		if !slices.Contains(pure, p.name()) {
			continue
		}
		for _, path := range []string{"os", "net", "net/http", "log", "log/slog"} {
			if slices.Contains(p.Imports, path) {
				t.Errorf("%s must not import %s", p.name(), path)
			}
		}
		for _, name := range p.GoFiles {
			source, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(source, []byte("time.Now()")) {
				t.Errorf("%s looks at the clock in %s", p.name(), name)
			}
		}
	}
}

func TestRequirementsAreUsed(t *testing.T) {
	var used []string
	for _, p := range packages(t) {
		used = slices.Concat(used, p.Imports, p.TestImports, p.XTestImports)
	}
	required := requirements(t)
	if len(required) == 0 {
		t.Error("all requirements in go.mod are marked indirect: run go mod tidy")
	}
	for _, path := range required {
		if !slices.ContainsFunc(used, func(s string) bool { return within(s, path) }) {
			t.Errorf("go.mod requires %s, and nothing imports it", path)
		}
	}
}

// within tells whether a package is in a module, or is it.
func within(path, module string) bool { return path == module || strings.HasPrefix(path, module+"/") }

// packages lists the packages of the module.
func packages(t *testing.T) (list []*listed) {
	d := json.NewDecoder(strings.NewReader(output(t, "go", "list", "-json=ImportPath,Dir,GoFiles,CgoFiles,Imports,TestImports,XTestImports", "../...")))
	for {
		p := new(listed)
		switch err := d.Decode(p); {
		case errors.Is(err, io.EOF):
			return list
		case err != nil:
			t.Fatal(err)
		}
		list = append(list, p)
	}
}

// requirements lists the modules that go.mod requires for the module's own sake.
func requirements(t *testing.T) (paths []string) {
	var mod struct {
		Require []struct {
			Path     string
			Indirect bool
		}
	}
	if err := json.Unmarshal([]byte(output(t, "go", "mod", "edit", "-json")), &mod); err != nil {
		t.Fatal(err)
	}
	for _, r := range mod.Require {
		if !r.Indirect {
			paths = append(paths, r.Path)
		}
	}
	return paths
}

func output(t *testing.T, command string, args ...string) string {
	t.Helper()
	out, err := exec.Command(command, args...).Output()
	if err != nil {
		t.Fatalf("%s %s: %v", command, strings.Join(args, " "), err)
	}
	return string(out)
}
