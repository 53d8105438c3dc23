package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var schema = Schema{
	Common: Keys{"timezone": Scalar, "full": Switch, "database": List, "threshold": Scalar},
	Commands: map[string]Keys{
		"report":    {"timezone": Scalar, "full": Switch, "database": List, "threshold": Scalar, "format": Scalar},
		"normalize": {"format": Scalar},
	},
}

func TestLookup(t *testing.T) {
	file, err := Parse("covetlog.yml", []byte(`# for all commands
timezone: Europe/Paris
full: true
database: shop
threshold: &slow 250ms

report:
  format: "json"
  full: false
  database: [shop, 'audit, old', 42]
  threshold: *slow
normalize:
`), schema)
	if err != nil {
		t.Fatal(err)
	}
	f := func(command, key, at string, values ...string) {
		t.Helper()
		got, ok := file.Lookup(command, key)
		want := Setting{At: at, Key: key, Values: values}
		if diff := cmp.Diff(want, got); !ok || diff != "" {
			t.Errorf("%s.%s: found %t, -want +got:\n%s", command, key, ok, diff)
		}
	}
	f("report", "format", "covetlog.yml:8", "json")
	f("report", "full", "covetlog.yml:9", "false")
	f("report", "database", "covetlog.yml:10", "shop", "audit, old", "42")
	f("report", "threshold", "covetlog.yml:11", "250ms")
	f("", "timezone", "covetlog.yml:2", "Europe/Paris")
	f("", "full", "covetlog.yml:3", "true")
	f("", "database", "covetlog.yml:4", "shop")
	for _, absent := range [][2]string{{"report", "timezone"}, {"normalize", "format"}, {"", "format"}} {
		if s, ok := file.Lookup(absent[0], absent[1]); ok {
			t.Errorf("%q is %v, which the file does not have", absent, s)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		_, err := Parse("covetlog.yml", []byte(text), schema)
		if err == nil || err.Error() != want {
			t.Errorf("%q:\n  %v\nwant\n  %s", text, err, want)
		}
	}
	f("\n\ntreshold: 5\n", `covetlog.yml:3: unknown key "treshold"; did you mean "threshold"?`)
	f("report:\n  full: true\n  treshold: 5\n", `covetlog.yml:3: unknown key "treshold"; did you mean "threshold"?`)
	f("reprot:\n  full: true\n", `covetlog.yml:1: unknown key "reprot"; did you mean "report"?`)
	f("format: json\n", `covetlog.yml:1: unknown key "format"`)
	f("report: {colour: never}\n", `covetlog.yml:1: unknown key "colour"`)
	f("full: yes\n", `covetlog.yml:1: full: want true or false, not "yes"`)
	f("full: [true]\n", `covetlog.yml:1: full: want true or false, not a list`)
	f("threshold: [5]\n", `covetlog.yml:1: threshold: want a value, not a list`)
	f("threshold:\n", `covetlog.yml:1: threshold: want a value, not nothing`)
	f("database:\n- shop\n- {name: x}\n", `covetlog.yml:3: database: want a value or a list of values, not a group of keys`)
	f("report: json\n", `covetlog.yml:1: want key: value, not "json"`)
	f("- report\n", `covetlog.yml:1: want key: value, not a list`)
	f("full: true\nreport:\n  full: true\nfull: false\n", `covetlog.yml:4: "full" is already in line 1`)
	f("full: true\n---\nfull: false\n", `covetlog.yml:2: a second document; one is read`)
	f("full: true\n\tthreshold: 5\n", `covetlog.yml:2: found a tab character that violates indentation`)
}

func TestParseNothing(t *testing.T) {
	for _, text := range []string{"", "\n", "# only a comment\n", "---\n", "report:\n"} {
		if _, err := Parse("covetlog.yml", []byte(text), schema); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestReadLooksInOrder(t *testing.T) {
	work, home := t.TempDir(), t.TempDir()
	t.Chdir(work)
	t.Setenv("XDG_CONFIG_HOME", home)
	timezone := func(explicit string) string {
		t.Helper()
		file, err := Read(explicit, schema)
		if err != nil {
			t.Fatal(err)
		}
		s, _ := file.Lookup("", "timezone")
		return strings.Join(s.Values, ",")
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := timezone(""); got != "" {
		t.Errorf("without a file: %q", got)
	}
	write(filepath.Join(home, "covetlog", "covetlog.yml"), "timezone: home")
	if got := timezone(""); got != "home" {
		t.Errorf("in $XDG_CONFIG_HOME: %q", got)
	}
	write("covetlog.yml", "timezone: here")
	if got := timezone(""); got != "here" {
		t.Errorf("in the working directory: %q", got)
	}
	write("other.yml", "timezone: other")
	if got := timezone("other.yml"); got != "other" {
		t.Errorf("asked for: %q", got)
	}
	if _, err := Read("missing.yml", schema); err == nil {
		t.Error("a file that was asked for may be missing")
	}
}
