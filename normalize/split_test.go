package normalize

import (
	"slices"
	"testing"
)

func TestSplit(t *testing.T) {
	f := func(text string, want ...string) {
		t.Helper()
		if got := Split(text); !slices.Equal(got, want) {
			t.Errorf("%q is split into %q, want %q", text, got, want)
		}
	}
	f("")
	f(" ; ; -- nothing\n")
	f("SELECT 1", "SELECT 1")
	f("SELECT 1;", "SELECT 1")
	f("SELECT 1; SELECT 2 ;\n", "SELECT 1", "SELECT 2")
	f("SELECT ';'; SELECT $$;$$, \";\" /* ; */ -- ;\n; x", "SELECT ';'", "SELECT $$;$$, \";\" /* ; */ -- ;", "x")
	f("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3", "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)", "SELECT 3")
	f("SELECT 1; SELECT 'no end; SELECT 2", "SELECT 1", "SELECT 'no end; SELECT 2")
	f("SELECT 1\x00; SELECT 2", "SELECT 1\x00", "SELECT 2")
}
