package monitor_test

import (
	"testing"

	"github.com/covetlog/covetlog/monitor"
	"github.com/covetlog/covetlog/parse"
	"github.com/covetlog/covetlog/stats"
)

// Of each plan there are its executions, what they took, and the text of the slowest one.
func TestPlansAreCounted(t *testing.T) {
	c := monitor.NewCollector(monitor.CollectorOptions{Examples: true})
	run := func(duration int64, key, rows string) {
		plan := "# explain: id\ttable\tkey\trows\n# explain: 1\torders\t" + key + "\t" + rows + "\n"
		c.Event(&parse.Event{Kind: parse.Execution, Dialect: parse.MySQL, SQL: []byte("select 1"), Origin: &parse.Origin{}, Duration: duration, Time: 9, Plan: []byte(plan)})
	}
	run(5, "note", "3")
	run(40, "NULL", "90")
	run(7, "note", "2")
	run(7, "note", "4")
	got := map[string][2]int64{}
	for _, p := range c.Set().Patterns {
		for _, plan := range p.Plans {
			got[plan.Text] = [2]int64{plan.Count, plan.Sum}
			if plan.Occurrences != (stats.Occurrences{Count: plan.Count, First: 9, Last: 9}) || plan.Timed != plan.Count {
				t.Errorf("%+v", plan)
			}
		}
	}
	const head = "id\ttable\tkey\trows\n1\torders\t"
	if len(got) != 2 || got[head+"note\t2"] != [2]int64{3, 19} || got[head+"NULL\t90"] != [2]int64{1, 40} {
		t.Errorf("%v", got)
	}
}
