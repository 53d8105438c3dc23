package wholefile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func put(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

// only fails unless dir holds one file, name, with text.
func only(t *testing.T, dir, name, text string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != name {
		t.Fatalf("directory has %v (%v), want %s alone", entries, err, name)
	}
	if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != text {
		t.Errorf("%s holds %q (%v), want %q", name, got, err, text)
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "report.txt")
	if err := Write(name, put("first")); err != nil {
		t.Fatal(err)
	}
	only(t, dir, "report.txt", "first")
	if err := os.Chmod(name, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := Write(name, put("second")); err != nil {
		t.Fatal(err)
	}
	only(t, dir, "report.txt", "second")
	if info, err := os.Stat(name); err != nil || info.Mode() != 0o640 {
		t.Errorf("mode is %v (%v), want 0640 as before", info.Mode(), err)
	}
}

func TestWriteFailsWithoutTrace(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "report.txt")
	broken := errors.New("broken")
	fail := func(w io.Writer) error { return errors.Join(put("half")(w), broken) }
	if err := Write(name, fail); !errors.Is(err, broken) {
		t.Errorf("error is %v", err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("left behind: %v", entries)
	}
	if err := Write(name, put("whole")); err != nil {
		t.Fatal(err)
	}
	if err := Write(name, fail); !errors.Is(err, broken) {
		t.Errorf("error is %v", err)
	}
	only(t, dir, "report.txt", "whole")
}

func TestWriteThroughSymlink(t *testing.T) {
	dir, links := t.TempDir(), t.TempDir()
	link := filepath.Join(links, "latest.txt")
	if err := os.WriteFile(filepath.Join(dir, "report.txt"), []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "report.txt"), link); err != nil {
		t.Fatal(err)
	}
	if err := Write(link, put("new")); err != nil {
		t.Fatal(err)
	}
	only(t, dir, "report.txt", "new")
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is %v (%v)", info, err)
	}
}

func TestWriteThroughDanglingSymlink(t *testing.T) {
	dir, links := t.TempDir(), t.TempDir()
	link, first := filepath.Join(links, "latest.txt"), filepath.Join(links, "first.txt")
	if err := errors.Join(os.Symlink("first.txt", link), os.Symlink(filepath.Join(dir, "report.txt"), first)); err != nil {
		t.Fatal(err)
	}
	if err := Write(link, put("new")); err != nil {
		t.Fatal(err)
	}
	only(t, dir, "report.txt", "new")
	for _, name := range []string{link, first} {
		if info, err := os.Lstat(name); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("the link %s is %v (%v)", name, info, err)
		}
	}
}

func TestWriteRefusesRing(t *testing.T) {
	ring := filepath.Join(t.TempDir(), "ring.txt")
	if err := os.Symlink("ring.txt", ring); err != nil {
		t.Fatal(err)
	}
	if err := Write(ring, put("x")); err == nil {
		t.Error("wrote to a link to itself")
	}
}

// What cannot be closed may not be whole.
func TestPublishNeedsClose(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "report.txt")
	if err := Write(name, put("old")); err != nil {
		t.Fatal(err)
	}
	f, err := create(name)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if err := publish(f, name); !errors.Is(err, os.ErrClosed) {
		t.Errorf("error is %v, want that of the second Close", err)
	}
	if err := os.Remove(f.Name()); err != nil {
		t.Error(err)
	}
	only(t, dir, "report.txt", "old")
}

func TestWriteToDevice(t *testing.T) {
	if err := Write(os.DevNull, put("x")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode()&os.ModeDevice == 0 {
		t.Fatalf("%s is %v (%v)", os.DevNull, info.Mode(), err)
	}
}

func TestWriteRefuses(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{dir, filepath.Join(dir, "missing", "report.txt")} {
		if err := Write(name, put("x")); err == nil {
			t.Errorf("wrote to %s", name)
		}
	}
}
