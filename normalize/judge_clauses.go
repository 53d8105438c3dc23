package normalize

// judgeClauses looks for clauses in the whole statement.
func (f *Facts) judgeClauses(stmt node) {
	walk(stmt, func(n node) bool {
		join := n.child("JoinExpr")
		f.Where = f.Where || n["whereClause"] != nil
		f.Joins = f.Joins || join["quals"] != nil || join["usingClause"] != nil || join["isNatural"] == true
		f.Groups = f.Groups || n["groupClause"] != nil
		f.Orders = f.Orders || n["sortClause"] != nil || n["orderClause"] != nil || n["agg_order"] != nil
		f.Distinct = f.Distinct || n["distinctClause"] != nil || n["agg_distinct"] == true
		f.Unions = f.Unions || n["op"] == "SETOP_UNION" && n["all"] != true
		return true
	})
}

// aggregateNames are the functions that make one value of many rows.
var aggregateNames = wordSet(`array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count every group_concat
	json_agg json_arrayagg json_object_agg json_objectagg jsonb_agg jsonb_object_agg max min mode percentile_cont percentile_disc std stddev stddev_pop
	stddev_samp string_agg sum var_pop var_samp variance xmlagg`)

// aggregates tells whether each branch of a query is of aggregates without GROUP BY.
func aggregates(query node) bool {
	if left, right := query.child("larg"), query.child("rarg"); left != nil {
		return aggregates(left) && aggregates(right)
	}
	return query["groupClause"] == nil && holdsAggregate(query["targetList"])
}

// holdsAggregate tells whether there is an aggregate in an expression, outside of the queries in it.
func holdsAggregate(value any) (found bool) {
	walk(value, func(n node) bool {
		call := n.child("FuncCall")
		found = found || call != nil && call["over"] == nil && aggregateNames[lastName(call.list("funcname"))]
		return !found && n.child("SubLink") == nil
	})
	return found
}
