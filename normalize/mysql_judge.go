package normalize

import (
	"slices"
	"strconv"
	"strings"
)

// JudgeMySQL judges a statement of MySQL, or the text of a pattern, by its tokens. It is false for a text that is cut off, has no
// tokens or is longer than 32 KiB. Statements that define something are not looked into.
func JudgeMySQL(sql string) (Facts, bool) {
	tokens, ok := mysqlTokens(sql)
	if !ok || len(tokens) == 0 {
		return Facts{}, false
	}
	if first := tokens[0].word; first == "create" || first == "alter" {
		return Facts{}, true
	}
	j := mysqlJudge{tokens: tokens, facts: Facts{Read: true}}
	j.begin()
	for i := range tokens {
		if !j.take(i) {
			return Facts{}, false
		}
	}
	if len(j.levels) != 1 {
		return Facts{}, false
	}
	j.finish()
	return j.facts, true
}

// mysqlToken is a token as a judge sees it.
type mysqlToken struct {
	kind mysqlKind
	text string
	word string // of a word that is no part of a qualified name, in lower case
}

func mysqlTokens(sql string) (tokens []mysqlToken, ok bool) {
	if len(sql) > maxJudged {
		return nil, false
	}
	var s mysqlScanner
	s.reset([]byte(sql), nil)
	for {
		k := s.next()
		switch k {
		case mysqlEnd:
			return tokens, true
		case mysqlTorn, mysqlHollow:
			return nil, false
		}
		t := mysqlToken{kind: k, text: string(s.token())}
		if k == mysqlWord && s.at(s.pos) != '.' && !(len(tokens) > 0 && tokens[len(tokens)-1].qualifies()) {
			t.word = strings.ToLower(t.text)
		}
		tokens = append(tokens, t)
	}
}

func (t *mysqlToken) qualifies() bool { return t.kind == mysqlDot || t.kind == mysqlSystem }

// named tells whether a token is the name of a table or column.
func (t *mysqlToken) named() bool {
	return t.kind == mysqlName || t.kind == mysqlWord && !mysqlReserved[t.word]
}

// mysqlClause is the part of a statement that a token stands in.
type mysqlClause uint8

const (
	mysqlClauseOther mysqlClause = iota
	mysqlClauseWith
	mysqlClauseSelect
	mysqlClauseFrom
	mysqlClauseWhere
)

// mysqlLevel is an open bracket, or the statement itself.
type mysqlLevel struct {
	clause mysqlClause
	query  bool // it holds a query, and not an expression
	exists bool // behind EXISTS
	outer  bool // its query is a branch of the outermost one

	table, where bool // of the branch of UNION that is read
	unfiltered   bool // a branch goes over a whole table
	limited      bool

	aggregates, grouped bool // of the branch that is read
}

// mysqlJudge walks over the tokens of a text.
type mysqlJudge struct {
	tokens []mysqlToken
	facts  Facts
	before Facts // of the statements in front of this one
	levels []mysqlLevel
	verb   string // what the statement does, "" in front of it
	common map[string]bool
	// Of the branches of the outermost query, how many there are and how many of them have one row.
	branches, single int
}

func (j *mysqlJudge) begin() {
	j.before, j.branches, j.single = j.facts, 0, 0
	j.levels, j.verb, j.common = []mysqlLevel{{outer: true}}, "", map[string]bool{}
}

// mysqlJudged are the statements that work on rows.
var mysqlJudged = wordSet("select values table insert update delete")

// finish ends a statement.
func (j *mysqlJudge) finish() {
	if !mysqlJudged[j.verb] {
		j.facts = j.before
		j.facts.Read = false
		return
	}
	l := j.level()
	j.endBranch(l)
	j.facts.Data = true
	j.facts.Aggregates = j.facts.Aggregates || j.branches > 0 && j.single == j.branches
	j.facts.NoWhere = j.facts.NoWhere || l.unfiltered && !l.limited && j.verb != "insert"
	j.facts.Read = j.facts.Read && (j.verb == "select" || j.verb == "values" || j.verb == "table")
}

func (j *mysqlJudge) level() *mysqlLevel { return &j.levels[len(j.levels)-1] }

// at returns the token at i, an empty one outside.
func (j *mysqlJudge) at(i int) *mysqlToken {
	if i < 0 || i >= len(j.tokens) {
		return &mysqlToken{}
	}
	return &j.tokens[i]
}

// endBranch ends a query, or a branch of it.
func (j *mysqlJudge) endBranch(l *mysqlLevel) {
	l.unfiltered = l.unfiltered || l.table && !l.where
	if l.query && l.outer {
		j.branches++
		if l.aggregates && !l.grouped {
			j.single++
		}
	}
	l.table, l.where, l.aggregates, l.grouped = false, false, false, false
}

// take takes a token; false means that brackets do not match.
func (j *mysqlJudge) take(i int) bool {
	l := j.level()
	switch t := &j.tokens[i]; t.kind {
	case mysqlOpen:
		j.open(i)
	case mysqlClose:
		if len(j.levels) == 1 {
			return false
		}
		j.close()
	case mysqlSemicolon:
		if len(j.levels) == 1 && i < len(j.tokens)-1 {
			j.finish()
			j.begin()
		}
	case mysqlOperator:
		j.facts.Read = j.facts.Read && t.text != ":="
		j.facts.SelectStar = j.facts.SelectStar || t.text == "*" && l.query && !l.exists && l.clause == mysqlClauseSelect && j.starsAll(i)
	case mysqlWord:
		j.takeWord(i, t.word)
	}
	j.takeTable(i)
	return true
}

// open opens a bracket: a branch of a query, joined tables, or a part of an expression.
func (j *mysqlJudge) open(i int) {
	l, prev := j.level(), j.at(i-1)
	branch := i == 0 || prev.kind == mysqlOpen && !l.query || slices.Contains([]string{"union", "all", "distinct", "except", "intersect"}, prev.word)
	inner := mysqlLevel{clause: l.clause, exists: prev.word == "exists", outer: l.outer && branch}
	if l.clause == mysqlClauseFrom && !j.tableFollows(i) {
		inner.clause = mysqlClauseOther
	}
	j.levels = append(j.levels, inner)
}

// tableFollows tells whether a table, or several in brackets, may stand at i, in FROM.
func (j *mysqlJudge) tableFollows(i int) bool {
	prev := j.at(i - 1)
	return prev.kind == mysqlComma || prev.kind == mysqlOpen ||
		slices.Contains([]string{"from", "join", "straight_join", "update", "low_priority", "ignore"}, prev.word) || prev.word == "using" && j.verb == "delete"
}

// close takes what is known of the query in a bracket to the level around it.
func (j *mysqlJudge) close() {
	inner := *j.level()
	j.levels = j.levels[:len(j.levels)-1]
	l := j.level()
	if !inner.query {
		l.table = l.table || inner.table
	}
	j.endBranch(&inner)
	l.unfiltered = l.unfiltered || inner.query && inner.outer && inner.unfiltered && !inner.limited
}

// starsAll tells whether the * at i selects all columns.
func (j *mysqlJudge) starsAll(i int) bool {
	t := j.at(i - 1)
	return t.kind == mysqlComma || t.kind == mysqlDot || t.kind == mysqlUnhint || strings.HasPrefix(t.word, "sql_") ||
		slices.Contains([]string{"select", "all", "distinct", "distinctrow", "high_priority", "straight_join"}, t.word)
}

// mysqlWriters are functions that are called for what they do.
var mysqlWriters = wordSet("get_lock release_lock release_all_locks nextval setval sleep benchmark")

func (j *mysqlJudge) takeWord(i int, word string) {
	l := j.level()
	j.takeClause(i, word)
	switch word {
	case "select", "update", "delete", "insert", "replace", "with", "values", "table":
		j.start(i, word)
	case "from", "using", "join", "straight_join":
		if l.query && (word != "using" || j.verb == "delete") {
			l.clause = mysqlClauseFrom
		}
	case "where":
		l.clause, l.where = mysqlClauseWhere, true
	case "set", "group", "order", "having", "window", "on", "into", "for", "lock":
		l.clause = mysqlClauseOther
		j.facts.Read = j.facts.Read && (word != "into" && word != "for" && word != "lock" || !l.query)
	case "union", "except", "intersect":
		j.endBranch(l)
		j.facts.Unions = j.facts.Unions || word == "union" && j.at(i+1).word != "all"
	case "limit":
		l.clause, l.limited = mysqlClauseOther, true
		j.facts.LargeOffset = max(j.facts.LargeOffset, j.offset(i+1))
	case "like":
		j.facts.LeadingWildcard = j.facts.LeadingWildcard || l.clause == mysqlClauseWhere && j.at(i-1).word != "not" && j.leadingWildcard(i+1)
	}
	if j.verb == "" && len(j.levels) == 1 && l.clause != mysqlClauseWith {
		j.verb = word
	}
	if j.at(i+1).kind == mysqlOpen {
		j.facts.Read = j.facts.Read && !mysqlWriters[word]
		if l.clause == mysqlClauseWhere && j.facts.WrappedColumn == "" && j.wraps(i) {
			j.facts.WrappedColumn = mysqlFunctionName(j.tokens[i].text)
		}
	}
}

// takeClause takes note of clauses that are asked about wherever they stand.
func (j *mysqlJudge) takeClause(i int, word string) {
	next := j.at(i + 1)
	switch word {
	case "where":
		j.facts.Where = true
	case "on":
		j.facts.Joins = j.facts.Joins || next.word != "duplicate" && next.word != "empty" && next.word != "error"
	case "using":
		j.facts.Joins = j.facts.Joins || next.kind == mysqlOpen
	case "natural":
		j.facts.Joins = true
	case "group":
		j.level().grouped = true
		j.facts.Groups = true
	case "order":
		j.facts.Orders = true
	case "distinct", "distinctrow":
		j.facts.Distinct = j.facts.Distinct || j.at(i-1).word != "union"
	default:
		if next.kind == mysqlOpen && aggregateNames[word] {
			j.takeAggregate(i)
		}
	}
}

// takeAggregate takes note of an aggregate in the list that a query selects. One with OVER is none: it has a value for each row.
func (j *mysqlJudge) takeAggregate(i int) {
	query := len(j.levels) - 1
	for query > 0 && !j.levels[query].query {
		query--
	}
	if l := &j.levels[query]; l.clause == mysqlClauseSelect && j.at(j.closing(i+1)+1).word != "over" {
		l.aggregates = true
	}
}

// start takes a word that may start a statement or query.
func (j *mysqlJudge) start(i int, word string) {
	l := j.level()
	called := j.at(i+1).kind == mysqlOpen && (word == "insert" || word == "replace" || word == "values") && j.verb != ""
	switch {
	case called, word == "update" && j.verb != "" || word == "table" && i > 0: // FOR UPDATE, ON DUPLICATE KEY UPDATE
		return
	case word == "with":
		if j.verb == "" {
			l.clause = mysqlClauseWith
		}
		return
	}
	if len(j.levels) == 1 && (j.verb == "" || l.clause == mysqlClauseWith) || j.verb == "" && l.outer {
		j.verb = word
		if word == "replace" {
			j.verb = "insert"
		}
	}
	l.query, l.clause = true, mysqlClauseOther
	switch word {
	case "select":
		l.clause = mysqlClauseSelect
	case "update":
		l.clause = mysqlClauseFrom
	case "table":
		l.table = true
	}
}

// takeTable takes note of a table in FROM, and of the names of the queries of WITH.
func (j *mysqlJudge) takeTable(i int) {
	l := j.level()
	t, prev, next := j.at(i), j.at(i-1), j.at(i+1)
	if !t.named() {
		return
	}
	name := strings.Trim(t.text, "`")
	switch l.clause {
	case mysqlClauseWith:
		if prev.word == "with" || prev.word == "recursive" || prev.kind == mysqlComma && len(j.levels) == 1 {
			j.common[name] = true
		}
	case mysqlClauseFrom:
		if j.tableFollows(i) && next.kind != mysqlOpen && (next.kind == mysqlDot || !j.common[name]) {
			l.table = true
		}
	}
}

// offset returns how many rows the LIMIT skips whose first number stands at i.
func (j *mysqlJudge) offset(i int) int64 {
	skipped := j.at(i)
	switch {
	case j.at(i+1).word == "offset":
		skipped = j.at(i + 2)
	case j.at(i+1).kind != mysqlComma:
		return 0
	}
	if n, err := strconv.ParseInt(skipped.text, 10, 64); err == nil && n >= largeOffset {
		return n
	}
	return 0
}

// leadingWildcard tells whether the text that starts at i, or CONCAT of it, starts with a wildcard.
func (j *mysqlJudge) leadingWildcard(i int) bool {
	if j.at(i).word == "concat" {
		i += 2
	}
	return j.at(i).kind == mysqlString && startsWithWildcard(j.at(i).text[1:])
}

// wraps tells whether the function at i is applied to a column and compared with something else.
func (j *mysqlJudge) wraps(i int) bool {
	if word := j.tokens[i].word; word == "" || mysqlReserved[word] && !mysqlCalls[word] || word == "row" || word == "values" {
		return false
	}
	prev := j.at(i - 1)
	first := prev.kind == mysqlOpen || prev.text == "&&" || prev.text == "||" || slices.Contains([]string{"where", "and", "or", "xor"}, prev.word)
	second := j.compares(i-1) && j.at(i-2).kind.literal() // 5 = f(a)
	if !first && !second {
		return false
	}
	end := j.closing(i + 1)
	return end > 0 && (second || j.compares(end+1)) && j.columnIn(i+2, end)
}

// compares tells whether the token at i compares in a way that an index may serve.
func (j *mysqlJudge) compares(i int) bool {
	t := j.at(i)
	if t.kind == mysqlOperator {
		return slices.Contains([]string{"=", "<", ">", "<=", ">=", "<=>"}, t.text)
	}
	return t.word == "in" || t.word == "like" || t.word == "between"
}

// closing returns the place of the bracket that closes the one at i, 0 without one.
func (j *mysqlJudge) closing(i int) int {
	depth := 0
	for ; i < len(j.tokens); i++ {
		switch j.tokens[i].kind {
		case mysqlOpen:
			depth++
		case mysqlClose:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return 0
}

// columnIn tells whether there is a column, and no query, between two tokens.
func (j *mysqlJudge) columnIn(i, end int) (found bool) {
	for ; i < end; i++ {
		t, prev := j.at(i), j.at(i-1)
		switch {
		case t.word == "select":
			return false
		case !t.named() || j.at(i+1).kind == mysqlOpen || prev.word == "as" || prev.word == "using" || prev.word == "collate" || prev.kind == mysqlAt || prev.kind == mysqlSystem:
		case mysqlUnits[t.word] && (prev.kind.literal() || j.at(i+1).word == "from" || prev.kind == mysqlOpen && strings.HasPrefix(j.at(i-2).word, "timestamp")):
		default:
			found = true
		}
	}
	return found
}

// mysqlFunctionName returns the name of a function as it is in texts.
func mysqlFunctionName(name string) string {
	if word := strings.ToLower(name); mysqlFunctions[word] || mysqlReserved[word] {
		return strings.ToUpper(name)
	}
	return name
}
