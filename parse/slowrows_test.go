package parse_test

import (
	"strings"
	"testing"

	"github.com/covetlog/covetlog/parse"
)

// origins is a Sink that keeps who ran what where.
type origins struct{ list []string }

func (o *origins) Event(e *parse.Event) {
	o.list = append(o.list, e.Origin.User+" in "+e.Origin.Database+": "+string(e.SQL))
}

func TestNullInJSONIsNoName(t *testing.T) {
	const rows = `{"start_time":"2026-03-02 09:00:00","user_host":"a[a] @ localhost []","query_time":"00:00:01","lock_time":"00:00:00","rows_sent":1,"rows_examined":2,"db":null,"sql_text":"SELECT 1"}` + "\n" +
		`{"start_time":"2026-03-02 09:00:00","user_host":null,"query_time":"00:00:01","lock_time":"00:00:00","rows_sent":1,"rows_examined":2,"db":"null","sql_text":"SELECT 2"}` + "\n"
	log, err := parse.Open([]byte(rows), parse.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got origins
	readSlow(log, []byte(rows), len(rows), &got)
	if all := strings.Join(got.list, "; "); all != "a in : SELECT 1;  in null: SELECT 2" {
		t.Error(all)
	}
}

// A quote too many takes all lines behind it with it. Each of them is told to be lost.
func TestLinesBehindAnOddQuoteAreCounted(t *testing.T) {
	const row = `"2026-03-02 09:00:00","a[a] @ localhost []","00:00:01","00:00:00",1,1,"shop","SELECT 1"` + "\n"
	csv := "start_time,user_host,query_time,lock_time,rows_sent,rows_examined,db,sql_text\n" + row + strings.Replace(row, "SELECT", `SELECT "`, 1) + strings.Repeat(row, 10)
	log, err := parse.Open([]byte(csv), parse.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{len(csv), 10} {
		if counts := readSlow(log, []byte(csv), size, &origins{}); counts.Entries != 1 || counts.Lines != 13 || counts.UnrecognisedLines != 11 {
			t.Errorf("blocks of %d bytes: %d entries, %d of %d lines unrecognised; want 1, 11 of 13", size, counts.Entries, counts.UnrecognisedLines, counts.Lines)
		}
	}
}
