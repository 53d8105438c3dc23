//go:build cgo

package normalize

import (
	"bytes"
	"sync"

	"github.com/pganalyze/pg_query_go/v5/parser"
)

// HasParser tells whether pg_query is built in; without it every Fingerprint is the lexer's.
const HasParser = true

// parserMutex keeps calls apart: pg_query points the process's standard error at a pipe while it parses, and two calls at once
// would restore each other's. There is one call for each new shape, so nobody waits long.
var parserMutex sync.Mutex

// parse returns pg_query's fingerprint of SQL, false when it does not parse. A NUL byte ends a string in C: such text is
// not given to it.
func parse(sql []byte) (id uint64, ok bool) {
	if len(sql) > maxShape || bytes.IndexByte(sql, 0) >= 0 {
		return 0, false
	}
	parserMutex.Lock()
	defer parserMutex.Unlock()
	id, err := parser.FingerprintToUInt64(string(sql))
	return id, err == nil
}

// parseTree returns pg_query's parse tree of SQL as JSON.
func parseTree(sql string) (tree string, ok bool) {
	parserMutex.Lock()
	defer parserMutex.Unlock()
	tree, err := parser.ParseToJSON(sql)
	return tree, err == nil
}
