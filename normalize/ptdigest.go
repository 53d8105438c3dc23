package normalize

import (
	"crypto/md5"
	"encoding/hex"
	"regexp"
	"strings"
)

// PTFingerprint returns the fingerprint that pt-query-digest gives a statement of a slow log, bug for bug, so that patterns
// can be joined with its reports and with the tables of --review and --history. sql is the statement as it stands in the log,
// without the semicolon that ends it there; of an administrator command it is "administrator command: Quit", with or
// without the "# " in front.
//
// The reference is percona-toolkit 3.2.1 of Debian 12 with its default options. Of 3.5.7 it is known that it takes doubled quotes
// and doubled backslashes in literals otherwise: of a doubled quote both halves are hidden here and
// the second one shows there. Nothing else is known to differ.
//
// The text is whole: reports as JSON show the first 5000 bytes of it, the checksum is of all. It can hold parts of literals and bytes that
// are not UTF-8, and what follows the first of several rows of an INSERT is gone. A statement that pt-query-digest takes
// for none, as it does with USE in lower case, has the empty fingerprint. What it cuts in two, at a semicolon before a line with
// #, and what it gives up on, lists or arms of a UNION by the ten thousand, cannot be joined.
func PTFingerprint(sql string) string {
	return narrow(ptFingerprint(ptStatement(widen(sql))))
}

// PTChecksum returns the MD5 sum of PTFingerprint(sql) as 32 hexadecimal digits in upper case: the checksum of the tables,
// the Query ID of the reports. Releases before 3.0.11 use the last 16 digits alone.
func PTChecksum(sql string) string {
	sum := md5.Sum([]byte(PTFingerprint(sql)))
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// widen makes of each byte the character of its number: what pt-query-digest reads are bytes, and Go's regular expressions
// would take some letters beyond them for others in the wrong case, ſ for S.
func widen(s string) string {
	wide := make([]rune, len(s))
	for i := range len(s) {
		wide[i] = rune(s[i])
	}
	return string(wide)
}

// narrow undoes widen.
func narrow(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		b = append(b, byte(r))
	}
	return string(b)
}

var (
	ptHeader = regexp.MustCompile(`\A(?:(?:use |SET (?:last_insert_id|insert_id|timestamp))[^\n]*(?:\n|\z))+`)
	ptMark   = regexp.MustCompile(`\A#[\s\v]*`)
)

// ptStatement returns what is left for the statement when its first lines have been taken for the end of the header.
func ptStatement(sql string) string {
	return cut(ptMark, cut(ptHeader, sql))
}

// ptBlanks is Perl's \s. Go's has no vertical tab.
const ptBlanks = " \t\n\v\f\r"

func cut(re *regexp.Regexp, s string) string { return s[len(re.FindString(s)):] }

var (
	ptDump    = regexp.MustCompile("\\ASELECT /\\*!40001 SQL_NO_CACHE \\*/ \\* FROM `")
	ptToolkit = regexp.MustCompile(`/\*\w+\.\w+:[0-9]/[0-9]\*/`)
	ptAdmin   = regexp.MustCompile(`\Aadministrator command: `)
	ptCall    = regexp.MustCompile(`(?i)\A[\s\v]*(call[\s\v]+[^\s\v]+)\(`)
	ptRows    = regexp.MustCompile(`(?is)\A((?:INSERT|REPLACE)(?: IGNORE)?[\s\v]+INTO.+?VALUES[\s\v]*\(.*?\))[\s\v]*,[\s\v]*\(`)
	ptUse     = regexp.MustCompile(`(?i)\Ause [^\s\v]+(\n?)\z`)
)

// ptFingerprint works on wide text.
func ptFingerprint(sql string) string {
	switch {
	case ptDump.MatchString(sql):
		return "mysqldump"
	case ptToolkit.MatchString(sql):
		return "percona-toolkit"
	case ptAdmin.MatchString(sql):
		return sql
	}
	if call := ptCall.FindStringSubmatch(sql); call != nil {
		return lowerASCII(call[1])
	}
	if rows := ptRows.FindStringSubmatch(sql); rows != nil {
		sql = rows[1]
	}
	sql = replaceAll(ptComments, sql)
	if ptUse.MatchString(sql) {
		return ptUse.ReplaceAllString(sql, "use ?${1}")
	}
	sql = lowerASCII(replaceAll(ptLiterals, sql))
	sql = repeatedUnions(replaceAll(ptLists, sql))
	return ascending(replaceFirst(ptLimit, sql))
}

// ptStep replaces what matches.
type ptStep struct {
	match *regexp.Regexp
	with  string
}

// The order counts: each step works on what the ones before have left.
var (
	ptComments = []ptStep{
		{regexp.MustCompile(`(?s)/\*[^!].*?\*/`), ""}, // the shortest is /* */: of /**/ the second star is text
		{regexp.MustCompile(`(?:--|#)[^'"\r\n]*([\r\n]|\z)`), "${1}"},
	}
	ptLiterals = []ptStep{
		{regexp.MustCompile(`\\["']`), ""},
		{regexp.MustCompile(`(?s)".*?"`), "?"},
		{regexp.MustCompile(`(?s)'.*?'`), "?"},
		{regexp.MustCompile(`(?i)\bfalse\b|\btrue\b`), "?"},
		{regexp.MustCompile(`[0-9+-][0-9a-f.xb+-]*`), "?"}, // within names, too
		{regexp.MustCompile(`[xb.+-]\?`), "?"},
		{regexp.MustCompile(`\A[\s\v]+`), ""},
		{regexp.MustCompile(`\n\z`), ""},
		{regexp.MustCompile(`[ \n\t\r\f]+`), " "},
	}
	ptLists = []ptStep{
		{regexp.MustCompile(`\bnull\b`), "?"},
		{regexp.MustCompile(`\b(in|values?)(?:[\s\v,]*\([\s\v?,]*\))+`), "${1}(?+)"},
	}
	ptLimit = ptStep{regexp.MustCompile(`\blimit \?(?:, ?\?| offset \?)?`), "limit ?"}
)

func replaceAll(steps []ptStep, s string) string {
	for _, step := range steps {
		s = step.match.ReplaceAllString(s, step.with)
	}
	return s
}

func replaceFirst(step ptStep, s string) string {
	at := step.match.FindStringIndex(s)
	if at == nil {
		return s
	}
	return s[:at[0]] + step.with + s[at[1]:]
}

func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 {
			return rune(lower[r])
		}
		return r
	}, s)
}

var (
	ptSelect    = regexp.MustCompile(`\bselect[\s\v]`)
	ptUnion     = regexp.MustCompile(`[\s\v]union(?:[\s\v]all)?`)
	ptUnionHere = regexp.MustCompile(`\A[\s\v]union(?:[\s\v]all)?`)
)

// maxUnionTrials bounds the pairs of SELECT and UNION that are looked at, of which there are n² in a statement with n of each. It is
// some tenths of a second; pt-query-digest would not have come to an end within minutes.
const maxUnionTrials = 1 << 24

// repeatedUnions keeps one of several arms of a UNION that are the same. An arm is the shortest text from a SELECT to a UNION
// that stands behind the UNION again, be it as the start of a longer one.
func repeatedUnions(s string) string {
	var out strings.Builder
	unions, trials, done := ptUnion.FindAllStringIndex(s, -1), maxUnionTrials, 0
	for _, at := range ptSelect.FindAllStringIndex(s, -1) {
		for len(unions) > 0 && unions[0][0] < at[1] {
			unions = unions[1:]
		}
		if at[0] < done {
			continue
		}
		if folded, end := repeatedArm(s, at[0], unions, &trials); end > 0 {
			out.WriteString(s[done:at[0]] + folded)
			done = end
		}
	}
	return out.String() + s[done:]
}

// repeatedArm returns what stands for the arm at start and its repetitions, and where they end; 0 when there are none.
func repeatedArm(s string, start int, unions [][]int, trials *int) (folded string, end int) {
	for _, union := range unions {
		if *trials--; *trials < 0 || end > 0 {
			break
		}
		arm := s[start:union[0]]
		for union != nil && repeats(s[union[1]:], arm) {
			folded = arm + " /*repeat" + s[union[0]:union[1]] + "*/"
			end = union[1] + 1 + len(arm)
			union = unionAt(s, end)
		}
	}
	return folded, end
}

func repeats(s, arm string) bool {
	return s != "" && strings.IndexByte(ptBlanks, s[0]) >= 0 && strings.HasPrefix(s[1:], arm)
}

// unionAt returns start and end of the UNION at a place, nil if there is none.
func unionAt(s string, at int) []int {
	if n := len(ptUnionHere.FindString(s[at:])); n > 0 {
		return []int{at, at + n}
	}
	return nil
}

var (
	ptOrder = regexp.MustCompile(`\border by `)
	ptAsc   = regexp.MustCompile(`(.+?)[\s\v]+asc`)
)

// ascending drops ASC behind the first ORDER BY, also where it is the start of a word.
func ascending(s string) string {
	at := ptOrder.FindStringIndex(s)
	if at == nil {
		return s
	}
	return s[:at[1]] + ptAsc.ReplaceAllString(s[at[1]:], "${1}")
}
