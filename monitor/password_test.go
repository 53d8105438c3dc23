package monitor_test

import (
	"testing"

	"github.com/covetlog/covetlog/monitor"
	"github.com/covetlog/covetlog/parse"
)

// A statement that sets a password is shown as its pattern.
func TestExamplesHideThePasswordsThatAreSet(t *testing.T) {
	f := func(dialect parse.Dialect, sql, want string, hidden bool) {
		t.Helper()
		c := monitor.NewCollector(monitor.CollectorOptions{Examples: true})
		c.Event(&parse.Event{Kind: parse.Execution, Dialect: dialect, SQL: []byte(sql), Origin: &parse.Origin{}, Params: []byte("$1 = 'x'"), Duration: 5, Time: 1})
		for _, p := range c.Set().Patterns {
			if e := p.Example; e.SQL != want || e.Cut != hidden || hidden != (e.Params == "") {
				t.Errorf("%s: %+v, want %s", sql, e, want)
			}
		}
	}
	f(parse.PostgreSQL, "alter role app password 'hush'", "ALTER ROLE app PASSWORD ?", true)
	f(parse.PostgreSQL, "select 'hush'", "select 'hush'", false)
	f(parse.MySQL, "alter user app identified by 'hush'", "ALTER USER app IDENTIFIED BY ?", true)
	f(parse.MySQL, "select 'hush'", "select 'hush'", false)
}
