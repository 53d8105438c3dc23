package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const checkout = "../.."

// Blocks of shell commands in the documents are run, each in a folder of its own with the logs that they name. A console block shows a
// command and what it prints. Those in bash blocks take minutes or other programs and are not run.
var executed = []string{"README.md", "docs/cli.md", "docs/json.md"}

// atHome is what the folder has, by the file of testdata/logs it is made from.
var atHome = map[string]string{
	"postgresql.log":              "postgresql-15/durations/postgresql.log",
	"postgresql.csv":              "postgresql-15/durations/postgresql.csv",
	"postgresql.json":             "postgresql-15/durations/postgresql.json",
	"syslog":                      "postgresql-15/durations/syslog-rfc3164.log",
	"mysql-slow.log":              "mariadb-10.11/full/slow.log",
	"log/postgresql-sun.log":      "postgresql-15/terse/postgresql.log",
	"log/postgresql-sat.log.gz":   "compressed/postgresql.log.gz",
	"log/old/postgresql-1.log.xz": "compressed/postgresql.log.xz",
}

// prelude makes of what cannot be run within a test something that can.
const prelude = `set -euo pipefail
# tests within tests
make() { command make --dry-run -C "$CHECKOUT" "$@"; }
go() (
	cd "$CHECKOUT"
	export HOME=$OWN_HOME # of the build cache
	case $1 in
	install) command go list "${2%@*}" ;; # without the network
	*) command go "$@" ;;
	esac
)
command -v jq >/dev/null || jq() { cat >/dev/null; }
# PowerShell
Out-String() { cat; }
Invoke-Expression() { cat >/dev/null; }
mkdir -p ~/.zfunc ~/.config/fish/completions
`

func TestCommandsInDocumentsRun(t *testing.T) {
	for _, name := range executed {
		blocks := fenced(t, name, "sh")
		if len(blocks) == 0 {
			t.Errorf("%s has no commands", name)
		}
		for _, block := range blocks {
			if out, err := shell(home(t), block); err != nil {
				t.Errorf("%s: %v\n%s\n%s", name, err, block, out)
			}
		}
	}
}

// What a console block shows is what its command prints. A line … stands for any lines.
func TestOutputInDocumentsIsReal(t *testing.T) {
	blocks := fenced(t, "README.md", "console")
	if len(blocks) == 0 {
		t.Fatal("README.md shows no report")
	}
	for _, block := range blocks {
		command, shown, _ := strings.Cut(strings.TrimPrefix(block, "$ "), "\n")
		out, err := shell(home(t), `cd "$CHECKOUT"; `+command)
		if err != nil {
			t.Fatalf("%s: %v\n%s", command, err, out)
		}
		rest := out
		for _, part := range strings.Split(shown, "…\n") {
			_, after, found := strings.Cut(rest, part)
			if !found {
				t.Errorf("%s does not print, or not in this order:\n%s\nbut:\n%s", command, part, rest)
				break
			}
			rest = after
		}
	}
}

func TestGoInDocumentsIsTheExample(t *testing.T) {
	example := strings.ReplaceAll(content(t, "monitor/example_test.go"), "\n\t", "\n")
	for _, block := range fenced(t, "README.md", "go") {
		if !strings.Contains(example, block) {
			t.Errorf("monitor/example_test.go does not have this code of README.md:\n%s", block)
		}
	}
}

// The tables of exit codes say what the help texts do.
func TestExitCodesInDocumentsAreThose(t *testing.T) {
	row := fmt.Sprintf("| %d | %s |\n", exitGate, exitCodes[exitGate].Meaning)
	for _, name := range []string{"README.md", "docs/cli.md"} {
		if !strings.Contains(content(t, name), row) {
			t.Errorf("%s does not have the row %s", name, row)
		}
	}
}

var (
	link     = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	testName = regexp.MustCompile("`((?:Test|Fuzz|Benchmark)[A-Z]\\w*)")
)

// Documents name no file and no test that is not there.
func TestDocumentsLeadSomewhere(t *testing.T) {
	tests := testNames(t)
	for _, name := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(content(t, name), -1) {
			if _, err := os.Stat(filepath.Join(checkout, filepath.Dir(name), m[1])); err != nil {
				t.Errorf("%s has a link to %s, which is not there", name, m[1])
			}
		}
		for _, m := range testName.FindAllStringSubmatch(content(t, name), -1) {
			if !slices.Contains(tests, m[1]) {
				t.Errorf("%s names %s, which is not there", name, m[1])
			}
		}
	}
}

func documents(t *testing.T) (names []string) {
	for _, pattern := range []string{"*.md", "docs/*.md"} {
		paths, err := filepath.Glob(filepath.Join(checkout, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			name, err := filepath.Rel(checkout, path)
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, name)
		}
	}
	return names
}

var testFunction = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)\w+)`)

// testNames lists the tests of the module.
func testNames(t *testing.T) (names []string) {
	err := filepath.WalkDir(checkout, func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, m := range testFunction.FindAllSubmatch(source, -1) {
			names = append(names, string(m[1]))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func content(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(checkout, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// fenced returns the blocks of a language in a document.
func fenced(t *testing.T, name, language string) (blocks []string) {
	t.Helper()
	_, rest, found := strings.Cut(content(t, name), "```"+language+"\n")
	for found {
		var block string
		block, rest, _ = strings.Cut(rest, "```\n")
		blocks = append(blocks, block)
		_, rest, found = strings.Cut(rest, "```"+language+"\n")
	}
	return blocks
}

// shell runs commands in a folder and returns what they print. covetlog is this program, see TestMain.
func shell(dir, commands string) (string, error) {
	root, err := filepath.Abs(checkout)
	if err != nil {
		return "", err
	}
	cmd := exec.Command("bash", "-c", prelude+commands)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CHECKOUT="+root, "OWN_HOME="+os.Getenv("HOME"), "HOME="+dir)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// home makes a folder with the logs that the documents name.
func home(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, source := range atHome {
		log, err := os.ReadFile(filepath.Join(checkout, "testdata/logs", source))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, log, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
