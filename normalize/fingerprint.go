// Package normalize turns SQL into patterns: statements that differ only in their literals are one.
//
// For PostgreSQL, pg_query decides what is the same statement, for MySQL the lexer does. In front of them stand two caches that are
// fast and never wrong: texts already seen, compared fragment by fragment with their literals skipped, and the token shape of a text.
package normalize

import "fmt"

// Fingerprint is the class of a statement.
type Fingerprint struct {
	ID     uint64
	Text   string // the pattern: keywords upper case, names lower (of MySQL as written), literals ?, lists (...), no comments, one space
	Parsed bool   // pg_query gave the ID; otherwise it is the 64-bit FNV-1a hash of the Text
}

// Hex returns the ID as 16 hexadecimal digits, as pg_query prints it.
func (f *Fingerprint) Hex() string { return fmt.Sprintf("%016x", f.ID) }
