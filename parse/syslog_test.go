package parse_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/covetlog/covetlog/internal/synth"
	"github.com/covetlog/covetlog/parse"
)

// readSyslog reads a log whole, and sees to it that it reads the same however it is cut.
func readSyslog(t *testing.T, text string, opts parse.Options) *reading {
	t.Helper()
	opts.Format, opts.Location = "pg-syslog", time.UTC
	data := []byte(text)
	log, err := parse.Open(data, opts)
	if err != nil {
		t.Fatal(err)
	}
	whole := readBlocks(log, []parse.Block{{Data: data, First: true, Last: true}})
	for size := range byte(20) {
		blocks := cutBlocks(log, data, bySizes([]byte{size}))
		if diff := cmp.Diff(whole, readBlocks(log, blocks), cmp.AllowUnexported(reading{})); diff != "" {
			t.Errorf("%d blocks (+) read otherwise than one (-):\n%s", len(blocks), diff)
		}
	}
	return whole
}

// Law 1: what is no message of a server is not recognised, and nor is what goes on with it. The sign before each line is what is to become
// of it: + recognised, - unrecognised, ~ skipped.
func TestOtherProgramsInSyslog(t *testing.T) {
	lines := []string{
		"+Mar  1 10:00:00 db1 postgres[101]: [5-1] 2026-03-01 10:00:00.001 UTC [101] LOG:  statement: SELECT id\n",
		"~Mar  1 10:00:00 db1 sshd[101]: Accepted publickey for root\n",
		"~Mar  1 10:00:00 db1 sshd[101]: #011and more\n",
		"~Mar  1 10:00:00 db1 kernel: [ 12.5] eth0: link is up\n",
		"~Mar  1 10:00:00 db1 sshd[102]: #011the rest of what it said before\n",
		"+Mar  1 10:00:00 db1 postgres[101]: [5-2] #011FROM orders\n",
		"-Mar  1 10:00:00 db1 postgres[103]: [1-1] 2026-03-01 10:00:00.001 UTC [103] FEHLER:  Division durch Null\n",
		"+Mar  1 10:00:00 db1 postgres[104]: [1-1] 2026-03-01 10:00:00.001 UTC [104] ERROR:  division by zero\n",
		"-Mar  1 10:00:00 db1 postgres[103]: [1-2] 2026-03-01 10:00:00.001 UTC [103] ANWEISUNG:  SELECT 1/0\n",
		"+Mar  1 10:00:00 db1 postgres[104]: [1-2] 2026-03-01 10:00:00.001 UTC [104] STATEMENT:  SELECT 1/0\n",
		"~Mar  1 10:00:00 db1 postgres[105]: [9-2] #011WHERE id = 1\n",
		"~Mar  1 10:00:00 db1 postgres[105]: 2026-03-01 10:00:00.001 UTC [105] DETAIL:  of a message before the log\n",
		"~\n",
		"+Mar  1 10:00:00 db1 shopdb[106]: [2-1] 2026-03-01 10:00:00.001 UTC [106] LOG:  statement: SELECT 2\n",
		"-a line of nobody\n",
	}
	var text strings.Builder
	want := parse.Counts{Lines: int64(len(lines)), Entries: 3, BlankLines: 1}
	for _, line := range lines {
		sign, line := line[0], line[1:]
		text.WriteString(line)
		switch size := int64(len(line)); sign {
		case '+':
			want.Recognised += size
		case '~':
			want.Skipped += size
		default:
			want.Unrecognised += size
			want.UnrecognisedLines++
		}
	}
	got := readSyslog(t, text.String(), parse.Options{})
	if diff := cmp.Diff(want, got.counts); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if all := strings.Join(got.events, "\n"); !strings.Contains(all, `sql "SELECT id\nFROM orders"`) || strings.Contains(all, "publickey") {
		t.Errorf("the events are\n%s", all)
	}
}

func TestUnrecognisedSyslogIsShown(t *testing.T) {
	const first = "Mar  1 10:00:00 db1 postgres[101]: [5-1] 2026-03-01 10:00:00.001 UTC [101] LOG:  statement: SELECT 1\n"
	const other = "Mar  1 10:00:00 db1 postgres[7]: FEHLER:  Division durch Null"
	data := []byte(first + other + "\n")
	log, err := parse.Open(data, parse.Options{Location: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	got := log.NewParser(newCollect()).Parse(parse.Block{Data: data, First: true, Last: true}).Strange
	want := []parse.Strange{{Line: 1, Offset: int64(len(first)), Text: other}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// durations are those of statements.
type durations map[string]time.Duration

func (d durations) Event(e *parse.Event) { d[string(e.AppendSQL(nil))] = time.Duration(e.Duration) }

// Processes of two hosts, or of two programs of one host, may have the same number. Neither the pieces of their messages nor their
// sessions mix, whether the lines are of RFC 3164 or RFC 5424.
func TestSendersInSyslogAreApart(t *testing.T) {
	const stamp = "2026-03-01 10:00:00.001 UTC "
	f := func(one, other, prefix string) {
		t.Helper()
		lines := []string{
			one + "[5-1] " + prefix + "LOG:  statement: SELECT 1",
			other + "[5-1] " + prefix + "LOG:  statement: SELECT 2",
			one + "[5-2] #011FROM one",
			other + "[5-2] #011FROM other",
			one + "[6-1] " + prefix + "LOG:  duration: 1.000 ms",
			other + "[6-1] " + prefix + "LOG:  duration: 2.000 ms",
		}
		text := strings.Join(lines, "\n") + "\n"
		got := durations{}
		readAll(t, []byte(text), parse.Options{Location: time.UTC}, got)
		want := durations{"SELECT 1\nFROM one": time.Millisecond, "SELECT 2\nFROM other": 2 * time.Millisecond}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		readSyslog(t, text, parse.Options{})
	}
	for _, prefix := range []string{stamp + "[7] ", stamp} {
		f("Mar  1 10:00:00 db1 postgres[7]: ", "Mar  1 10:00:00 db2 postgres[7]: ", prefix)
		f("Mar  1 10:00:00 db1 postgres[7]: ", "Mar  1 10:00:00 db1 postgres-16[7]: ", prefix)
		f("<134>1 2026-03-01T10:00:00Z db1 postgres 7 - - ", "<134>1 2026-03-01T10:00:00Z db2 postgres 7 - - ", prefix)
	}
}

// dates keeps the days of the Events, in their order.
type dates []string

func (d *dates) Event(e *parse.Event) {
	if e.Time == parse.Unknown {
		*d = append(*d, "unknown")
		return
	}
	*d = append(*d, time.Unix(0, e.Time).UTC().Format(time.DateOnly))
}

// RFC 3164 tells no year: it is worked out from when the log was written and the new years within it.
func TestYearsOfSyslog(t *testing.T) {
	const plain = "app@shop LOG:  duration: 1.000 ms  statement: SELECT 1"
	f := func(modified string, want []string, lines ...string) {
		t.Helper()
		opts := parse.Options{Format: "pg-syslog", Location: time.UTC}
		if modified != "" {
			at, err := time.Parse(time.RFC3339, modified)
			if err != nil {
				t.Fatal(err)
			}
			opts.Modified = at
		}
		var text strings.Builder
		for i, line := range lines {
			day, message, told := strings.Cut(line, ": ")
			if !told {
				message = plain
			}
			fmt.Fprintf(&text, "%s 12:00:00 db1 postgres[6]: [%d-1] %s\n", day, i+1, message)
		}
		var got dates
		readAll(t, []byte(text.String()), opts, &got)
		if diff := cmp.Diff(dates(want), got); diff != "" {
			t.Errorf("%v, written %s: -want +got\n%s", lines, modified, diff)
		}
		readSyslog(t, text.String(), opts)
	}
	f("2027-02-10T00:00:00Z", []string{"2026-10-03", "2027-01-05"}, "Oct  3", "Jan  5")
	f("2027-02-10T00:00:00Z", []string{"2026-11-30", "2027-02-01"}, "Nov 30", "Feb  1")
	f("2027-01-05T00:00:00Z", []string{"2026-12-31", "2027-01-01", "2026-12-31", "2027-01-01"}, "Dec 31", "Jan  1", "Dec 31", "Jan  1")
	f("2027-01-31T00:00:00Z", []string{"2025-10-01", "2026-01-01", "2026-05-01", "2026-10-01", "2027-01-01"}, "Oct  1", "Jan  1", "May  1", "Oct  1", "Jan  1")
	f("2026-06-01T00:00:00Z", []string{"2026-02-01", "2026-05-01", "2026-03-01"}, "Feb  1", "May  1", "Mar  1")
	f("2026-06-01T00:00:00Z", []string{"2025-08-01", "2025-09-01"}, "Aug  1", "Sep  1")
	f("2026-12-31T23:30:00Z", []string{"2027-01-01"}, "Jan  1") // written where it is an hour later
	f("", []string{"unknown", "unknown"}, "Oct  3", "Jan  5")
	f("", []string{"unknown"}, "Oct  3: app@shop LOG:  duration: 1.000 ms  statement: SELECT '1999-01-01 00:00:00'")
	f("", []string{"2026-12-31", "2027-01-01"}, "Dec 31", "Jan  1: 2027-01-01 12:00:00.000 UTC [6] LOG:  duration: 1.000 ms  statement: SELECT 1")
}

// Messages that are put together take the memory of those before.
func TestSyslogMessagesAreNotAllocated(t *testing.T) {
	block := synthetic(t, synth.Options{Seed: 1, Format: "pg-syslog", Size: 256 << 10})
	allocated, events := allocations(t, block)
	if events < 300 || allocated > float64(events)/10 {
		t.Errorf("%v allocations for %d events", allocated, events)
	}
}
