package normalize

import (
	"encoding/json"
	"slices"
)

// Facts are what the text of a statement says about it.
type Facts struct {
	// Read: it is a query that changes and locks nothing, as far as can be seen: what a function does is not known.
	Read bool
	// SelectStar: a list of selected columns has a * in it, alone or of a table. count(*) is none, and EXISTS (SELECT * …) is
	// harmless.
	SelectStar bool
	// NoWhere: a SELECT, UPDATE or DELETE that goes over a table with neither WHERE nor LIMIT, in the outermost query.
	NoWhere bool
	// LeadingWildcard: a WHERE has LIKE with a text that starts with a wildcard. Seen in raw statements only.
	LeadingWildcard bool
	// LargeOffset is the largest number of rows that a query skips, if it is 1000 or more. Seen in raw statements only.
	LargeOffset int64
	// WrappedColumn is the name of the first function in a WHERE that is applied to a column before it is compared: an index of the
	// column is of no use then, unless there is one for the expression. In PostgreSQL it may be the type of a cast.
	WrappedColumn string
	// Data: it reads or changes rows of tables. SHOW, EXPLAIN, SET and what defines something do not, and have no other facts.
	Data bool
	// Where and Joins: it has a WHERE, or tables joined on a condition, in any of its queries.
	Where, Joins bool
	// Groups, Orders, Distinct and Unions: it has a GROUP BY, an ORDER BY, a DISTINCT or a UNION that drops duplicates somewhere.
	Groups, Orders, Distinct, Unions bool
	// Aggregates: the outermost query, which an INSERT may have, is of aggregates without GROUP BY, so it has one row whatever it reads.
	Aggregates bool
}

// largeOffset is the least that LargeOffset tells: fewer rows are skipped at once.
const largeOffset = 1000

// maxJudged is the longest text that is judged, in bytes: a tree takes hundreds of times the memory of its text.
const maxJudged = 32 << 10

// Judge judges a statement of PostgreSQL, or the text of a pattern, as it is in a Fingerprint. It is false when the text does not parse; it takes a parse,
// so it is for the patterns of a report, not for statements of a log.
func Judge(text string) (Facts, bool) {
	if len(text) > maxJudged {
		return Facts{}, false
	}
	for _, constant := range []string{"''", "1"} { // the length of an array takes no string
		tree, ok := parseTree(string(fillIn(text, constant)))
		if !ok {
			continue
		}
		var script struct{ Stmts []struct{ Stmt node } }
		if json.Unmarshal([]byte(tree), &script) != nil {
			return Facts{}, false
		}
		f := Facts{Read: len(script.Stmts) > 0}
		for _, s := range script.Stmts {
			f.judge(s.Stmt)
		}
		return f, true
	}
	return Facts{}, false
}

// fillIn puts a constant in the place of every ? and ... of a text. A ? may also be an operator, of jsonb; then an operand
// stands on either side of it.
func fillIn(text, constant string) []byte {
	s := scanner{src: []byte(text)}
	var out []byte
	operand := false // the token in front ends an operand
	for k := s.next(); k != kindEnd && k != kindHollow; k = s.next() {
		token := string(s.token())
		switch {
		case token == "..." || token == ".." && s.at(s.pos) == '.':
			s.pos = s.start + 3
			token = constant
		case token == "?" && !(operand && s.operandFollows()):
			token, k = constant, kindString
		}
		operand = k != kindOperator && k != kindOpen && k != kindBracket && k != kindComma && !(k == kindWord && endsNoOperand(token))
		out = append(append(out, token...), ' ')
	}
	return out
}

// endsNoOperand tells whether a word is a keyword or the name of a type, which a constant may follow.
func endsNoOperand(word string) bool {
	return word[0] >= 'A' && word[0] <= 'Z' || word == "date" || roleOf([]byte(word)) == roleType
}

// operandFollows tells whether the next token starts an operand.
func (s scanner) operandFollows() bool {
	switch s.next() {
	case kindWord:
		return !endsNoOperand(string(s.token())) || s.is("array")
	case kindName, kindUName, kindOpen:
		return true
	case kindOperator:
		return string(s.token()) == "?"
	}
	return false
}

// node is a node of pg_query's parse tree: {"SelectStmt": {…}}, or what is inside of it.
type node map[string]any

// child returns the object under a key, nil without one. A nil node has no children.
func (n node) child(key string) node {
	c, _ := n[key].(map[string]any)
	return c
}

// list returns the objects in the list under a key.
func (n node) list(key string) (nodes []node) {
	items, _ := n[key].([]any)
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			nodes = append(nodes, m)
		}
	}
	return nodes
}

// walk visits all objects below and including value; visit says whether to go on below one.
func walk(value any, visit func(n node) bool) {
	switch v := value.(type) {
	case node:
		walk(map[string]any(v), visit)
	case map[string]any:
		if visit(v) {
			for _, child := range v {
				walk(child, visit)
			}
		}
	case []any:
		for _, child := range v {
			walk(child, visit)
		}
	}
}

// judgedStatements are those that work on rows, or have such a statement in them that is run.
var judgedStatements = []string{"SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "DeclareCursorStmt", "PrepareStmt", "CreateTableAsStmt", "CopyStmt"}

func (f *Facts) judge(stmt node) {
	if !slices.ContainsFunc(judgedStatements, func(kind string) bool { return stmt.child(kind) != nil }) {
		f.Read = false
		return
	}
	f.Data = true
	f.judgeClauses(stmt)
	f.Aggregates = f.Aggregates || aggregates(stmt.child("SelectStmt")) || aggregates(stmt.child("InsertStmt").child("selectStmt").child("SelectStmt"))
	f.Read = f.Read && stmt.child("SelectStmt") != nil && !changes(stmt)
	f.SelectStar = f.SelectStar || selectsStar(stmt)
	f.judgeConditions(stmt)
	common := commonTables(stmt)
	switch {
	case stmt.child("SelectStmt") != nil:
		f.NoWhere = f.NoWhere || unfiltered(stmt.child("SelectStmt"), common)
	case stmt.child("UpdateStmt") != nil:
		f.NoWhere = f.NoWhere || stmt.child("UpdateStmt")["whereClause"] == nil
	case stmt.child("DeleteStmt") != nil:
		f.NoWhere = f.NoWhere || stmt.child("DeleteStmt")["whereClause"] == nil
	}
}

// writers are functions that are called for what they do.
var writers = []string{"nextval", "setval", "set_config", "pg_notify", "pg_advisory_lock", "pg_advisory_xact_lock",
	"pg_try_advisory_lock", "pg_try_advisory_xact_lock", "pg_advisory_unlock", "pg_terminate_backend", "pg_cancel_backend"}

// changes tells whether anything below value writes or locks.
func changes(value any) (found bool) {
	walk(value, func(n node) bool {
		for _, key := range []string{"InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "LockingClause", "intoClause"} {
			found = found || n[key] != nil
		}
		if names := n.child("FuncCall").list("funcname"); len(names) > 0 {
			name, _ := names[len(names)-1].child("String")["sval"].(string)
			found = found || slices.Contains(writers, name)
		}
		return !found
	})
	return found
}

func selectsStar(value any) (found bool) {
	walk(value, func(n node) bool {
		if sub := n.child("SubLink"); sub != nil && sub["subLinkType"] == "EXISTS_SUBLINK" {
			inner := sub.child("subselect").child("SelectStmt")
			found = found || selectsStar(inner["fromClause"]) || selectsStar(inner["whereClause"])
			return false
		}
		for _, target := range n.child("SelectStmt").list("targetList") {
			for _, field := range target.child("ResTarget").child("val").child("ColumnRef").list("fields") {
				found = found || field.child("A_Star") != nil
			}
		}
		return !found
	})
	return found
}

// commonTables returns the names of all WITH queries.
func commonTables(stmt node) map[string]bool {
	names := map[string]bool{}
	walk(stmt, func(n node) bool {
		if name, ok := n.child("CommonTableExpr")["ctename"].(string); ok {
			names[name] = true
		}
		return true
	})
	return names
}

// unfiltered tells whether a query, or a branch of its UNION, reads a whole table.
func unfiltered(query node, common map[string]bool) bool {
	if query["limitCount"] != nil {
		return false
	}
	for _, branch := range []string{"larg", "rarg"} {
		if b := query.child(branch); b != nil && unfiltered(b, common) {
			return true
		}
	}
	return query["whereClause"] == nil && slices.ContainsFunc(query.list("fromClause"), func(n node) bool { return readsTable(n, common) })
}

// readsTable tells whether there is a table in an item of FROM.
func readsTable(item node, common map[string]bool) bool {
	if table := item.child("RangeVar"); table != nil {
		name, _ := table["relname"].(string)
		return table["schemaname"] != nil || !common[name]
	}
	if join := item.child("JoinExpr"); join != nil {
		return readsTable(join.child("larg"), common) || readsTable(join.child("rarg"), common)
	}
	return item.child("RangeTableSample") != nil
}
