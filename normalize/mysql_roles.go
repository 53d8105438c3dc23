package normalize

import (
	"encoding/binary"
	"strings"
)

// mysqlRole is what a word of MySQL means for what stands behind it.
type mysqlRole uint8

const (
	mysqlRoleNone       mysqlRole = iota
	mysqlRoleExpression           // reserved, and an expression may follow: a minus behind it is a sign, NULL a literal
	mysqlRoleQuery                // SELECT and WITH: the bracket in front is no list
	mysqlRoleIn
	mysqlRoleField // FIELD(a, 1, 2, 3) is the list of an ORDER BY
	mysqlRoleValues
	mysqlRoleRow
	mysqlRoleIs
	mysqlRoleNot
	mysqlRoleSet
	mysqlRoleNull
	mysqlRoleBoolean // TRUE, FALSE
	mysqlRoleDefault
	mysqlRoleTemporal // DATE '2026-01-01' is one literal
	mysqlRoleCharset  // so is _utf8mb4'text'
)

// mysqlRoleWords are the words with a role, in lower case.
var mysqlRoleWords = map[mysqlRole]string{
	mysqlRoleExpression: `all and as between binary both by case distinct distinctrow div else elseif exists from having
		high_priority if interval kill leading like limit match mod on or regexp return rlike separator
		sql_big_result sql_calc_found_rows sql_small_result straight_join then to trailing update using when where while xor`,
	mysqlRoleQuery:    "select with",
	mysqlRoleIn:       "in",
	mysqlRoleField:    "field",
	mysqlRoleValues:   "values value",
	mysqlRoleRow:      "row",
	mysqlRoleIs:       "is",
	mysqlRoleNot:      "not",
	mysqlRoleSet:      "set",
	mysqlRoleNull:     "null",
	mysqlRoleBoolean:  "true false",
	mysqlRoleDefault:  "default",
	mysqlRoleTemporal: "date time timestamp",
	mysqlRoleCharset: `_armscii8 _ascii _big5 _binary _cp1250 _cp1251 _cp1256 _cp1257 _cp850 _cp852 _cp866 _cp932 _dec8
		_eucjpms _euckr _gb18030 _gb2312 _gbk _geostd8 _greek _hebrew _hp8 _keybcs2 _koi8r _koi8u _latin1 _latin2 _latin5
		_latin7 _macce _macroman _sjis _swe7 _tis620 _ucs2 _ujis _utf16 _utf16le _utf32 _utf8 _utf8mb3 _utf8mb4`,
}

// mysqlRoleTable finds the role of a word by its first 8 bytes, which decide for most. A slot is taken or its key is 0; what
// collides is in the next one.
type mysqlRoleTable struct {
	keys  [mysqlRoleSlots]uint64
	roles [mysqlRoleSlots]mysqlRole
	words [mysqlRoleSlots]string
}

const mysqlRoleSlots = 512 // a power of 2, four times the number of words

var mysqlRoles = func() *mysqlRoleTable {
	t := new(mysqlRoleTable)
	for role, list := range mysqlRoleWords {
		for _, word := range strings.Fields(list) {
			key := mysqlRoleKey([]byte(word), 0, len(word))
			i := mysqlRoleSlot(key)
			for t.keys[i] != 0 {
				i = (i + 1) % mysqlRoleSlots
			}
			t.keys[i], t.roles[i], t.words[i] = key, role, word
		}
	}
	return t
}()

// mysqlRoleKey returns the first 8 bytes of a word, letters in one case.
func mysqlRoleKey(src []byte, start, end int) (key uint64) {
	const cases = 0x2020202020202020
	n := end - start
	if len(src)-start >= 8 {
		key = binary.LittleEndian.Uint64(src[start:])
	} else {
		for i := min(n, 8) - 1; i >= 0; i-- {
			key = key<<8 | uint64(src[start+i])
		}
	}
	key |= cases
	if n < 8 {
		key &= 1<<(8*n) - 1
	}
	return key
}

func mysqlRoleSlot(key uint64) int { return int(key * 0x9e3779b97f4a7c15 >> (64 - 9)) }

// mysqlRoleOf returns the role of the word src[start:end].
func mysqlRoleOf(src []byte, start, end int) mysqlRole {
	key := mysqlRoleKey(src, start, end)
	for i := mysqlRoleSlot(key); mysqlRoles.keys[i] != 0; i = (i + 1) % mysqlRoleSlots {
		if mysqlRoles.keys[i] == key && wordIs(src[start:end], mysqlRoles.words[i]) {
			return mysqlRoles.roles[i]
		}
	}
	return mysqlRoleNone
}
