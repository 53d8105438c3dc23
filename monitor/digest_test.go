package monitor

import (
	"strings"
	"testing"

	"github.com/covetlog/covetlog/report"
	"github.com/covetlog/covetlog/stats"
)

func TestDigests(t *testing.T) {
	f := func(what string, p *stats.Pattern, want report.Digests) {
		t.Helper()
		if got := Digests(p); got != want {
			t.Errorf("%s: %+v, want %+v", what, got, want)
		}
	}
	of := func(dialect, text string, e *stats.Example) *stats.Pattern {
		return &stats.Pattern{Key: stats.Key{Dialect: dialect}, Text: text, Example: e}
	}
	// The checksums are the MD5 sums of "select id from carts where note = ?" and of "administrator command: Quit", which is left as it is.
	f("statement", of(stats.MySQL, "SELECT id FROM carts WHERE note = ?", &stats.Example{SQL: "SELECT id FROM carts WHERE note = 'secret'"}),
		report.Digests{PTChecksum: "068506198510EEB1CA28ED6091EFFAF6", DigestText: "SELECT `id` FROM `carts` WHERE `note` = ?"})
	f("command", of(stats.MySQL, "administrator command: Quit", &stats.Example{SQL: "Quit"}), report.Digests{PTChecksum: "EDBC971AEC392917AA353644DE4C4CB4"})
	f("cut", of(stats.MySQL, "SELECT ?", &stats.Example{SQL: "SELECT 'a", Cut: true}), report.Digests{})
	f("no example", of(stats.MySQL, "SELECT ?", nil), report.Digests{})
	f("PostgreSQL", of(stats.PostgreSQL, "SELECT ?", &stats.Example{SQL: "SELECT 1"}), report.Digests{})
}

func BenchmarkDigests(b *testing.B) {
	p := &stats.Pattern{Key: stats.Key{Dialect: stats.MySQL}, Text: "SELECT ?", Example: &stats.Example{
		SQL: "SELECT o.id, o.total FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.email = 'c17@example.org' AND o.id IN (" +
			strings.Repeat("4711, ", 50) + "4712) ORDER BY o.placed DESC LIMIT 10"}}
	for b.Loop() {
		Digests(p)
	}
}
