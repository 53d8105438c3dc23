package ingest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// twins copies what one server logged in three formats to a directory.
func twins(t *testing.T) (dir string) {
	dir = t.TempDir()
	for _, name := range []string{"postgresql.log", "postgresql.csv", "postgresql.json"} {
		copyFile(t, filepath.Join(logs, "postgresql-15/durations", name), filepath.Join(dir, name))
	}
	return dir
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestOneOfSeveralFormatsIsRead(t *testing.T) {
	dir := twins(t)
	one := read(t, Options{}, filepath.Join(dir, "postgresql.csv"))
	in := func(name string) string { return filepath.Join(dir, name) }
	for _, path := range []string{dir, in("*"), in("postgresql.*")} {
		set := read(t, Options{}, path)
		want := []string{in("postgresql.json") + " and " + in("postgresql.log") + " hold the same log as " + in("postgresql.csv") + " and were left out"}
		if !slices.Equal(set.Warnings, want) {
			t.Errorf("%s: %q", path, set.Warnings)
		}
		if set.Totals() != one.Totals() || len(set.Inputs) != 1 {
			t.Errorf("%s: %+v, want %+v", path, set.Totals(), one.Totals())
		}
	}
	os.Remove(in("postgresql.csv"))
	want := []string{in("postgresql.log") + " holds the same log as " + in("postgresql.json") + " and was left out"}
	if set := read(t, Options{}, dir); !slices.Equal(set.Warnings, want) || set.Totals() != one.Totals() {
		t.Errorf("%q", set.Warnings)
	}
}

// Other logs may have the same name: of another phase, or in another directory.
func TestOtherLogsAreNotLeftOut(t *testing.T) {
	dir := twins(t)
	copyFile(t, filepath.Join(logs, "postgresql-15/pairs/postgresql.json"), filepath.Join(dir, "postgresql.json"))
	os.Remove(filepath.Join(dir, "postgresql.csv"))
	if set := read(t, Options{}, dir); len(set.Inputs) != 2 || len(set.Warnings) != 0 {
		t.Errorf("%d inputs, %q", len(set.Inputs), set.Warnings)
	}
}

func TestNamedTwinsCountTwice(t *testing.T) {
	dir := twins(t)
	a, b := filepath.Join(dir, "postgresql.log"), filepath.Join(dir, "postgresql.csv")
	one, set := read(t, Options{}, a), read(t, Options{}, a, b)
	if got, want := set.Totals().Count, 2*one.Totals().Count; got != want {
		t.Errorf("%d executions, want %d", got, want)
	}
	if want := []string{a + " and " + b + " look like the same log in two formats; everything is counted twice"}; !slices.Equal(set.Warnings, want) {
		t.Errorf("%q", set.Warnings)
	}
	other := filepath.Join(logs, "postgresql-15/pairs/postgresql.csv")
	if set := read(t, Options{}, a, other); len(set.Warnings) != 0 {
		t.Errorf("%q", set.Warnings)
	}
}

func TestFoundFilesThatAreNoLogs(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "poem.txt")
	if err := os.WriteFile(name, []byte("The log lay open on the desk,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	set := read(t, Options{}, dir)
	if want := []string{name + " is not a log that can be read, and was left out"}; len(set.Inputs) != 0 || !slices.Equal(set.Warnings, want) {
		t.Errorf("%v, %q", set.Inputs, set.Warnings)
	}
}

func TestDirectoryOfDirectories(t *testing.T) {
	dir := t.TempDir()
	f := func(want string) {
		t.Helper()
		if _, err := directory(dir); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("error is %v, want %s", err, want)
		}
	}
	f(": the directory holds no files")
	below := filepath.Join(dir, "2025", "03")
	if err := os.MkdirAll(below, 0o700); err != nil {
		t.Fatal(err)
	}
	f(": the directory holds no files")
	copyFile(t, filepath.Join(logs, "postgresql-15/durations/postgresql.log"), filepath.Join(below, "postgresql.log"))
	f(": the directory holds no files; its subdirectories do: give '" + dir + "/**'")
	if set := read(t, Options{}, dir+"/**"); len(set.Inputs) != 1 {
		t.Errorf("%+v", set.Inputs)
	}
}
