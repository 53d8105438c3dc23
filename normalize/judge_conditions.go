package normalize

import (
	"slices"
	"strconv"
	"strings"
)

// judgeConditions looks at what queries skip and compare, in the whole statement.
func (f *Facts) judgeConditions(stmt node) {
	first := -1.0 // where the wrapped column stands: a tree is walked in no order
	walk(stmt, func(n node) bool {
		if skipped := n.child("limitOffset").integer(); skipped >= largeOffset {
			f.LargeOffset = max(f.LargeOffset, skipped)
		}
		walk(n["whereClause"], func(n node) bool {
			comparison := n.child("A_Expr")
			f.LeadingWildcard = f.LeadingWildcard || comparison.leadingWildcard()
			place, _ := comparison["location"].(float64)
			if name := comparison.wrapped(); name != "" && (first < 0 || place < first) {
				first, f.WrappedColumn = place, name
			}
			return true
		})
		return true
	})
}

// integer returns the value of a constant, 0 for anything else.
func (n node) integer() int64 {
	constant := n.child("A_Const")
	if digits, ok := constant.child("fval")["fval"].(string); ok { // more than 32 bits
		value, _ := strconv.ParseInt(digits, 10, 64)
		return value
	}
	value, _ := constant.child("ival")["ival"].(float64)
	return int64(value)
}

// operator returns the name of the operator of an A_Expr.
func (n node) operator() string { return lastName(n.list("name")) }

func (n node) leadingWildcard() bool {
	if op := n.operator(); op != "~~" && op != "~~*" {
		return false
	}
	text, _ := n.child("rexpr").child("A_Const").child("sval")["sval"].(string)
	return startsWithWildcard(text)
}

func startsWithWildcard(text string) bool {
	return strings.HasPrefix(text, "%") || strings.HasPrefix(text, "_")
}

// comparisons are the operators that an index may serve. IN, BETWEEN and LIKE have others.
var comparisons = []string{"=", "<", ">", "<=", ">=", "BETWEEN", "~~", "~~*"}

// wrapped returns what a comparison applies to a column before it compares it with something else.
func (n node) wrapped() string {
	if !slices.Contains(comparisons, n.operator()) {
		return ""
	}
	if n.child("lexpr").child("A_Const") != nil {
		return n.child("rexpr").wrapper()
	}
	return n.child("lexpr").wrapper()
}

// wrapper returns the name of a function of a column, or of a type of time that it is cast to.
func (n node) wrapper() string {
	if call := n.child("FuncCall"); call != nil && holdsColumn(call["args"]) {
		return lastName(call.list("funcname"))
	}
	if coalesce := n.child("CoalesceExpr"); coalesce != nil && holdsColumn(coalesce["args"]) {
		return "coalesce"
	}
	if cast := n.child("TypeCast"); cast.child("arg").child("ColumnRef") != nil {
		if name := lastName(cast.child("typeName").list("names")); slices.Contains([]string{"date", "time", "timestamp", "timestamptz"}, name) {
			return name
		}
	}
	return ""
}

func lastName(names []node) string {
	if len(names) == 0 {
		return ""
	}
	name, _ := names[len(names)-1].child("String")["sval"].(string)
	return name
}

// holdsColumn tells whether there is a column in an expression, outside of the queries in it.
func holdsColumn(value any) (found bool) {
	walk(value, func(n node) bool {
		found = found || n.child("ColumnRef") != nil
		return !found && n.child("SubLink") == nil
	})
	return found
}
