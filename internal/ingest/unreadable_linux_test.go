package ingest

import (
	"path/filepath"
	"testing"
)

// A file that can be opened and not read, even by root: nothing is mapped at the address 0. The others are read.
func TestFileCannotBeRead(t *testing.T) {
	good := filepath.Join(logs, "postgresql-15/durations/postgresql.log")
	set := read(t, Options{}, "/proc/self/mem", good)
	if in := set.Inputs[0]; in.Name != "/proc/self/mem" || in.Error != "input/output error" || in.Bytes != 0 {
		t.Errorf("%+v", in)
	}
	if got, want := set.Totals(), read(t, Options{}, good).Totals(); got != want || set.Inputs[1].Error != "" {
		t.Errorf("%+v, want %+v", got, want)
	}
}
