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

func TestSplitMySQL(t *testing.T) {
	f := func(text string, want ...string) {
		t.Helper()
		if got := SplitMySQL(text); !slices.Equal(got, want) {
			t.Errorf("%q is split into %q, want %q", text, got, want)
		}
	}
	f("")
	f(" ; # nothing; at all\n-- nor here; \n")
	f("SELECT 1; SELECT 2 ;\n", "SELECT 1", "SELECT 2")
	f(`SELECT ';', "it\";s", `+"`;`"+` # ;`+"\n; x", `SELECT ';', "it\";s", `+"`;` # ;", "x")
	f("SELECT (1; 2)); SELECT 3", "SELECT (1; 2))", "SELECT 3")
	f("a)); b", "a))", "b")
	f("a) (b; c)", "a) (b; c)")
	f("SELECT 1 /* ; */; SELECT 'no end; SELECT 2", "SELECT 1 /* ; */", "SELECT 'no end; SELECT 2")
	f("SELECT 1; SELECT 2 /* no end; x", "SELECT 1", "SELECT 2 /* no end; x")
}
