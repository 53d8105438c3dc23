// Package wholefile writes files that are there whole or not at all.
package wholefile

import (
	"bufio"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
)

// Write has write fill a temporary file in the directory of name, syncs it and renames it to name. On an error, write's included,
// name is as it was and the temporary file is gone. A file that is replaced keeps its permissions; a symbolic link stays, and
// what it points to is replaced. What is no regular file, a pipe or /dev/null, is written to as it is.
func Write(name string, write func(io.Writer) error) error {
	name = target(name)
	old, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return replace(name, 0, write)
	case err != nil:
		return err
	case !old.Mode().IsRegular():
		return inPlace(name, write)
	default:
		return replace(name, old.Mode().Perm(), write)
	}
}

// maxLinks is how many links to links are followed, as Linux does.
const maxLinks = 40

// target returns what name, if it is a symbolic link, stands for. That need not exist yet.
func target(name string) string {
	if file, err := filepath.EvalSymlinks(name); err == nil {
		return file
	}
	if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
		return name // a link of /proc/self/fd, which leads to no name
	}
	for range maxLinks {
		to, err := os.Readlink(name)
		if err != nil {
			break
		}
		if !filepath.IsAbs(to) {
			to = filepath.Dir(name) + string(filepath.Separator) + to // not cleaned: the directory of ".." may be a link, too
		}
		name = to
	}
	return name
}

func inPlace(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	err = fill(f, write)
	return cmp.Or(err, f.Close())
}

// replace writes a new file and gives it name. Perm 0 leaves the permissions to the umask.
func replace(name string, perm fs.FileMode, write func(io.Writer) error) (err error) {
	f, err := create(name)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	if err = cmp.Or(fill(f, write), keep(f, perm), f.Sync()); err != nil {
		f.Close()
		return err
	}
	if err = publish(f, name); err != nil {
		return err
	}
	return syncDir(filepath.Dir(name))
}

// publish gives f its name, unless closing it fails: some file systems only then tell that they are full.
func publish(f *os.File, name string) error {
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// create opens a temporary file beside name. os.CreateTemp would make it 0600, which is no permission for a report.
func create(name string) (*os.File, error) {
	temporary := filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+"."+strconv.FormatUint(rand.Uint64(), 36))
	return os.OpenFile(temporary, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
}

func fill(f *os.File, write func(io.Writer) error) error {
	out := bufio.NewWriter(f)
	if err := write(out); err != nil {
		return err
	}
	return out.Flush()
}

func keep(f *os.File, perm fs.FileMode) error {
	if perm == 0 {
		return nil
	}
	return f.Chmod(perm)
}

// syncDir makes the rename last over a crash. Not every file system can sync a directory, and the file is there, so its error is not ours.
func syncDir(name string) error {
	dir, err := os.Open(name)
	if err != nil {
		return nil
	}
	dir.Sync()
	return dir.Close()
}
