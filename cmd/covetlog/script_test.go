package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"covetlog": main})
}

func TestScripts(t *testing.T) {
	logs, err := filepath.Abs("../../testdata/logs")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("LOGS", logs)
			return nil
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"examples": runExamples,
		},
	})
}

// exits runs a command and checks its exit code: exits 3 covetlog report poem.txt
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var failed *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &failed) {
		got = failed.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// runExamples runs every example of every help text. None may fail.
func runExamples(ts *testscript.TestScript, _ bool, _ []string) {
	for _, c := range discarding().commands() {
		for _, e := range c.examples {
			ts.Logf("%s", e.line)
			ts.Check(ts.Exec("bash", "-c", "set -o pipefail; "+e.line))
		}
	}
}

func discarding() *program { return &program{stdin: os.Stdin, stdout: io.Discard, stderr: io.Discard} }

// A flag without a script is a flag that nobody has seen at work.
func TestEveryFlagHasAScript(t *testing.T) {
	scripts, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range scripts {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	for _, c := range discarding().commands() {
		for _, o := range c.options {
			if !strings.Contains(all.String(), " "+o.flag()) {
				t.Errorf("no script has %s of covetlog %s", o.flag(), c.name)
			}
		}
	}
}
