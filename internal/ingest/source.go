package ingest

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

// source is one log to be read.
type source struct {
	name  string
	found bool // in a directory or by a pattern, not named: it may turn out to be no log
	stdin io.Reader
	pipe  bool  // no regular file: what is read of it is gone
	err   error // why it cannot be read, if it cannot even be found
}

// once tells whether a source can be opened only once.
func (src source) once() bool { return src.stdin != nil || src.pipe }

// title is the source's name in a sentence.
func (src source) title() string {
	if src.stdin != nil {
		return "standard input"
	}
	return src.name
}

// NoSourceError says that a path leads to nothing that can be read.
type NoSourceError struct{ Path, Reason string }

func (e *NoSourceError) Error() string { return e.Path + ": " + e.Reason }

// expand finds the sources that paths mean, each file once, in the order of the paths and by name within one. A path that leads nowhere
// is a source with an error; if all are, the error is returned.
func expand(paths []string, stdin io.Reader) (sources []source, err error) {
	var seen []fs.FileInfo
	lost := 0
	for _, path := range paths {
		list, failure := expandOne(path, stdin)
		if failure != nil {
			lost++
			err = cmp.Or(err, failure)
			sources = append(sources, source{name: path, err: failure})
			continue
		}
		for _, s := range list {
			if info, err := os.Stat(s.name); err == nil && s.stdin == nil {
				if slices.ContainsFunc(seen, func(o fs.FileInfo) bool { return os.SameFile(o, info) }) {
					continue
				}
				seen = append(seen, info)
			}
			sources = append(sources, s)
		}
	}
	if lost == len(paths) {
		return nil, err
	}
	return sources, nil
}

func expandOne(path string, stdin io.Reader) ([]source, error) {
	if path == "-" {
		return []source{{name: "-", stdin: stdin}}, nil
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return directory(path)
	case err == nil:
		return []source{{name: path, pipe: !info.Mode().IsRegular()}}, nil
	case errors.Is(err, fs.ErrNotExist) && strings.ContainsAny(path, "*?[{"):
		return glob(path)
	case errors.Is(err, fs.ErrNotExist):
		return nil, &NoSourceError{path, "no such file or directory"}
	}
	return nil, &NoSourceError{path, reason(err)}
}

// directory lists the files in a directory itself, hidden ones left out.
func directory(path string) (sources []source, err error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, &NoSourceError{path, reason(err)}
	}
	for _, e := range entries {
		name := filepath.Join(path, e.Name())
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() && !strings.HasPrefix(e.Name(), ".") {
			sources = append(sources, source{name: name, found: true})
		}
	}
	switch {
	case len(sources) > 0:
		return sources, nil
	case filesBelow(path):
		return nil, &NoSourceError{path, fmt.Sprintf("the directory holds no files; its subdirectories do: give '%s'", filepath.Join(path, "**"))}
	default:
		return nil, &NoSourceError{path, "the directory holds no files"}
	}
}

// filesBelow tells whether there is a file in a subdirectory, however deep. What cannot be entered is passed over.
func filesBelow(path string) (found bool) {
	filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
		switch hidden := strings.HasPrefix(d.Name(), ".") && name != path; {
		case err != nil || hidden && d.IsDir():
			return fs.SkipDir
		case !hidden && d.Type().IsRegular():
			found = true
			return fs.SkipAll
		}
		return nil
	})
	return found
}

// glob expands a pattern that the shell did not, ** included.
func glob(pattern string) (sources []source, err error) {
	names, err := doublestar.FilepathGlob(pattern, doublestar.WithFilesOnly())
	if err != nil {
		return nil, &NoSourceError{pattern, "not a valid pattern"}
	}
	// A pipe that a pattern matches by chance would be waited for.
	names = slices.DeleteFunc(names, func(name string) bool {
		info, err := os.Stat(name)
		return err == nil && !info.Mode().IsRegular()
	})
	if len(names) == 0 {
		return nil, &NoSourceError{pattern, "no file matches"}
	}
	slices.Sort(names)
	for _, name := range names {
		sources = append(sources, source{name: name, found: true})
	}
	return sources, nil
}

// reason returns what an operation on a file failed of, without its name, which is told elsewhere.
func reason(err error) string {
	var lost *NoSourceError
	if errors.As(err, &lost) {
		return lost.Reason
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

// stream is an open source, decompressed.
type stream struct {
	io.Reader
	compression string
	stored      *counter // bytes as they are stored
	size        int64    // stored bytes at the time of opening; 0: not known
	modified    time.Time
	closers     []func()
}

// counter counts what is read through it. It may be looked at while another goroutine reads.
type counter struct {
	io.Reader
	n atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n.Add(int64(n))
	return n, err
}

func (s *stream) close() {
	for _, f := range slices.Backward(s.closers) {
		f()
	}
}

func (src source) open() (*stream, error) {
	if src.err != nil {
		return nil, src.err
	}
	if src.stdin != nil {
		return decompress(&stream{stored: &counter{Reader: src.stdin}})
	}
	f, err := os.Open(src.name)
	if err != nil {
		return nil, err
	}
	s := &stream{stored: &counter{Reader: f}, closers: []func(){func() { f.Close() }}}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		s.size, s.modified = info.Size(), info.ModTime()
	}
	return decompress(s)
}

// The compressions, told by their first bytes.
var compressions = []struct {
	name, magic string
	open        func(io.Reader) (io.Reader, func(), error)
}{
	{"gzip", "\x1f\x8b", func(r io.Reader) (io.Reader, func(), error) {
		z, err := gzip.NewReader(r)
		return z, func() {}, err
	}},
	{"zstd", "\x28\xb5\x2f\xfd", func(r io.Reader) (io.Reader, func(), error) {
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20))
		if err != nil {
			return nil, nil, err
		}
		return z, z.Close, nil
	}},
	{"bzip2", "BZh", func(r io.Reader) (io.Reader, func(), error) { return bzip2.NewReader(r), func() {}, nil }},
	{"xz", "\xfd7zXZ\x00", func(r io.Reader) (io.Reader, func(), error) {
		z, err := xz.NewReader(r)
		return z, func() {}, err
	}},
}

const readAhead = 256 << 10

// decompress puts a decoder in front of what is compressed. A plain file is read without a buffer in between.
func decompress(s *stream) (*stream, error) {
	magic := make([]byte, 6)
	n, err := readFull(s.stored, magic)
	if err != nil && err != io.EOF {
		s.close()
		return nil, err
	}
	plain := io.MultiReader(bytes.NewReader(magic[:n]), s.stored)
	s.Reader = plain
	for _, c := range compressions {
		if !bytes.HasPrefix(magic[:n], []byte(c.magic)) {
			continue
		}
		r, closer, err := c.open(bufio.NewReaderSize(plain, readAhead))
		if err != nil {
			s.close()
			return nil, fmt.Errorf("it looks like %s, but cannot be decompressed: %w", c.name, err)
		}
		s.Reader, s.compression = r, c.name
		s.closers = append(s.closers, closer)
	}
	return s, nil
}
