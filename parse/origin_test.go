package parse

import (
	"strings"
	"testing"
)

// A log without line ends must not become one that is kept.
func TestNamesAreCut(t *testing.T) {
	long := strings.Repeat("u", 5*maxName)
	u := users{origins: newOrigins()}
	for range 2 {
		o := u.of([]byte("User@Host: a["+long+"] @ "+long+" []"), []byte(long))
		if len(o.User) != maxName || len(o.Client) != maxName || len(o.Database) != maxName {
			t.Errorf("names of %d, %d and %d bytes; want %d", len(o.User), len(o.Client), len(o.Database), maxName)
		}
	}
	for i := range u.recent {
		if n := cap(u.recent[i].user); n > 0 {
			t.Errorf("a line of %d bytes is kept", n)
		}
	}
	const line = "User@Host: app[app] @ web-1 [10.0.0.7]"
	if o := u.of([]byte(line), []byte("shop")); o.User != "app" || o != u.of([]byte(line), []byte("shop")) {
		t.Errorf("%+v is not kept", o)
	}
}
