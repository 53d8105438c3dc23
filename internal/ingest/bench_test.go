//go:build unix

package ingest

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/covetlog/covetlog/internal/synth"
)

// benchSize is what a benchmarked log has, decompressed: enough for the start not to count.
const benchSize = 64 << 20

var benchmarks = []struct {
	name string
	synth.Options
}{
	{"pg", synth.Options{Format: "pg"}},
	{"pg-kv", synth.Options{Format: "pg-kv"}},
	{"pg-csv", synth.Options{Format: "pg-csv"}},
	{"pg-json", synth.Options{Format: "pg-json"}},
	{"pg-dollar", synth.Options{Format: "pg", Protocol: synth.Extended}},
	{"pg-literals", synth.Options{Format: "pg", Protocol: synth.Literals}},
	{"pg.gz", synth.Options{Format: "pg"}},
	{"pg-5000-shapes", synth.Options{Format: "pg", Shapes: 5000}},
	{"mysql", synth.Options{Format: "mysql"}},
	{"mysql-extra", synth.Options{Format: "mysql-extra"}},
	{"percona", synth.Options{Format: "percona"}},
	{"mariadb", synth.Options{Format: "mariadb"}},
	{"mysql.gz", synth.Options{Format: "mysql"}},
	{"mysql-5000-shapes", synth.Options{Format: "mysql", Shapes: 5000}},
}

// BenchmarkReport is all that a report needs, from a file to its figures, with as many workers as processors (-cpu 1,2). The figure in
// MB/s is of decompressed bytes. That in cpu-MB/s is for each second that a processor was busy with it: other programs change it less.
func BenchmarkReport(b *testing.B) {
	dir := b.TempDir() // lives as long as all of them, so each log is written once
	for _, bench := range benchmarks {
		b.Run(bench.name, func(b *testing.B) {
			path := filepath.Join(dir, bench.name)
			if _, err := os.Stat(path); err != nil {
				writeLog(b, path, bench.Options)
			}
			b.SetBytes(benchSize)
			b.ReportAllocs()
			before := processorTime(b)
			for b.Loop() {
				set, err := Run(context.Background(), Options{Paths: []string{path}})
				if err != nil || set.Inputs[0].Bytes < benchSize || set.Totals().Count < 10_000 {
					b.Fatal(err, set.Inputs, set.Totals())
				}
			}
			b.ReportMetric(float64(b.N)*benchSize/1e6/(processorTime(b)-before).Seconds(), "cpu-MB/s")
		})
	}
}

// processorTime is what this process has used.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// writeLog writes a log, compressed if its name says so.
func writeLog(b *testing.B, path string, opts synth.Options) {
	b.Helper()
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	var w io.WriteCloser = f
	if strings.HasSuffix(path, ".gz") {
		w = gzip.NewWriter(f)
	}
	opts.Seed, opts.Size = 1, benchSize
	if _, err := synth.Write(w, opts); err != nil {
		b.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
}
