package normalize

import "strings"

// role is what a word means for the literals behind it.
type role uint8

const (
	roleNone       role = iota
	roleExpression      // an expression follows, so a minus behind it is a sign. Reserved words only: others may be columns
	roleQuery           // starts a statement, or a query in one
	roleFolded          // starts a statement whose literals are constants all the same: CALL, EXECUTE, SET
	roleExplain         // starts a statement that ends in another
	roleDefine          // PREPARE: starts a statement that may hold a query behind AS
	roleCreate          // the same, and reserved
	roleDeclare         // starts a statement that holds a query behind FOR
	roleAs
	roleFor
	roleConstant // NULL, TRUE, FALSE
	roleDefault
	roleIn
	roleArray
	roleType   // a type whose modifiers matter: float(24) is not float(53)
	roleSecond // takes a number like a type: second(3). It may be a function, too
	rolePosition
	roleUescape
)

// roleOf returns the role of a lower-case word.
func roleOf(word []byte) role {
	switch string(word) {
	case "select", "insert", "update", "delete", "merge", "with", "values":
		return roleQuery
	case "table", "call", "execute", "set":
		return roleFolded
	case "where", "and", "or", "not", "then", "else", "when", "case", "on", "limit", "offset", "having", "returning", "distinct":
		return roleExpression
	case "as":
		return roleAs
	case "for":
		return roleFor
	case "null", "true", "false":
		return roleConstant
	case "in":
		return roleIn
	case "default":
		return roleDefault
	case "array":
		return roleArray
	case "bit", "char", "character", "dec", "decimal", "float", "interval", "nchar", "numeric", "time", "timestamp", "varchar", "varying",
		"current_time", "current_timestamp", "localtime", "localtimestamp":
		return roleType
	case "second":
		return roleSecond
	case "explain":
		return roleExplain
	case "prepare":
		return roleDefine
	case "declare":
		return roleDeclare
	case "create":
		return roleCreate
	case "position":
		return rolePosition
	case "uescape":
		return roleUescape
	}
	return roleNone
}

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(list) {
		set[word] = true
	}
	return set
}

var (
	// reserved words cannot be names of columns or tables. Those of PostgreSQL's kwlist.h, with its class of words that can
	// only be types or functions.
	reserved = wordSet(`all analyse analyze and any array as asc asymmetric both case cast check collate column constraint
		create current_catalog current_date current_role current_time current_timestamp current_user default deferrable desc
		distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral leading
		limit localtime localtimestamp not null offset on only or order placing primary references returning select session_user
		some symmetric system_user table then to trailing true union unique user using variadic when where window with
		authorization binary collation concurrently cross current_schema freeze full ilike inner is isnull join left like natural
		notnull outer overlaps right similar tablesample verbose`)

	// usual are words that are not reserved, but hardly ever a name.
	usual = wordSet(`abort alter attach begin between by call cascade checkpoint close cluster commit committed conflict copy
		cursor deallocate declare delete detach disable discard drop each enable escape exclusive execute exists explain
		extension filter following function if immediate immutable index inherit inherits insert instead isolation language
		listen lock locked logged materialized matched merge move nothing notify nowait nulls of ordinality over partition
		preceding prepare prepared procedure reassign recursive refresh reindex release rename repeatable reset restart
		restrict revoke rollback rows rule savepoint scroll sequence serializable set show skip start stdin stdout temp
		temporary tablespace transaction trigger truncate unbounded uncommitted unlisten unlogged update vacuum values view
		within without`)

	// after says which words are keywords behind which others, though they are common as names.
	after = map[string]map[string]bool{
		"absolute": wordSet("fetch move"), "add": wordSet("table alter only"), "backward": wordSet("fetch move"),
		"column": wordSet("alter drop add"), "current": wordSet("between and rows range groups where"), "data": wordSet("with no"),
		"database": wordSet("create drop alter on"), "domain": wordSet("create drop alter"), "first": wordSet("nulls fetch"),
		"forward": wordSet("fetch move"), "groups": wordSet("over"), "hold": wordSet("with without"), "key": wordSet("primary foreign no for"),
		"last": wordSet("nulls fetch"), "level": wordSet("isolation"), "local": wordSet("set"), "next": wordSet("fetch"), "no": wordSet("for with do is scroll"),
		"option": wordSet("grant check admin"), "owner": wordSet("alter"), "password": wordSet("with encrypted role user"), "prior": wordSet("fetch"),
		"range": wordSet("by"), "read": wordSet("level transaction"), "relative": wordSet("fetch move"), "replace": wordSet("or"),
		"role": wordSet("create alter drop set reset"), "row": wordSet("current each next first"), "schema": wordSet("create drop alter in set"),
		"session": wordSet("set reset"), "share": wordSet("for key in row"), "statistics": wordSet("set create drop"),
		"ties": wordSet("with"), "time": wordSet("at set local"), "type": wordSet("create drop alter"), "work": wordSet("commit rollback begin"),
		"write": wordSet("read"), "zone": wordSet("time"), "cube": wordSet("by"), "rollup": wordSet("by"), "sets": wordSet("grouping"),
		"grouping": wordSet("by"),
	}

	// ahead says which words are keywords in front of which others.
	ahead = map[string]map[string]bool{
		"add": wordSet("column constraint primary foreign unique check exclude generated"), "encrypted": wordSet("password"),
		"valid": wordSet("until"),
	}

	// opening are words that are keywords at the start of a statement.
	opening = wordSet("comment do import load security")

	// introducing are words that are keywords in front of a literal: no type has such a name.
	introducing = wordSet("password program uescape until")
)
