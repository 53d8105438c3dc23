package normalize

import "maps"

// Which words of a pattern are keywords, and printed in upper case, is decided by the tables here. Words are in lower case.
var (
	// mysqlReserved cannot be names without backticks: what is reserved in MySQL 5.7, 8 and 9 and in MariaDB alike. What only newer
	// servers reserve, as rank and groups, are names in the logs of others: their neighbours decide.
	mysqlReserved = wordSet(`accessible add all alter analyze and as asc asensitive before between bigint binary blob both by call
		cascade case change char character check collate column condition constraint continue convert create cross
		current_date current_time current_timestamp current_user cursor database databases day_hour day_microsecond day_minute
		day_second dec decimal declare default delayed delete desc describe deterministic distinct distinctrow div double drop
		dual each else elseif enclosed escaped exists exit explain false fetch float float4 float8 for force foreign from
		fulltext grant group having high_priority hour_microsecond hour_minute hour_second if ignore in index infile inner
		inout insensitive insert int int1 int2 int3 int4 int8 integer interval into is iterate join key keys kill leading
		leave left like limit linear lines load localtime localtimestamp lock long longblob longtext loop low_priority
		master_ssl_verify_server_cert match maxvalue mediumblob mediumint mediumtext middleint minute_microsecond
		minute_second mod modifies natural no_write_to_binlog not null numeric on optimize option optionally or order out
		outer outfile partition precision primary procedure purge range read reads read_write real references regexp release
		rename repeat replace require resignal restrict return revoke right rlike schema schemas second_microsecond select
		sensitive separator set show signal smallint spatial specific sql sqlexception sqlstate sqlwarning sql_big_result
		sql_calc_found_rows sql_small_result ssl starting straight_join table terminated then tinyblob tinyint tinytext to
		trailing trigger true undo union unique unlock unsigned update usage use using utc_date utc_time utc_timestamp values
		varbinary varchar varcharacter varying when where while with write xor year_month zerofill`)

	// mysqlCalls are reserved words that are functions or types in front of a bracket: no space between.
	mysqlCalls = wordSet(`binary bigint char character convert current_date current_time current_timestamp current_user database dec
		decimal default double float if insert int integer interval left localtime localtimestamp mediumint mod numeric real
		repeat replace right row schema smallint tinyint utc_date utc_time utc_timestamp varbinary varchar`)

	// mysqlFunctions are the built-in functions that are not reserved. Their names have no case.
	mysqlFunctions = wordSet(`abs acos adddate addtime aes_decrypt aes_encrypt any_value ascii asin atan atan2 avg benchmark bin
		bin_to_uuid bit_and bit_count bit_length bit_or bit_xor cast ceil ceiling char_length character_length charset coalesce
		coercibility collation compress concat concat_ws connection_id conv convert_tz cos cot count crc32 cume_dist curdate
		current_role curtime date date_add date_format date_sub datediff day dayname dayofmonth dayofweek dayofyear decode degrees
		dense_rank elt encode exp export_set extract extractvalue field find_in_set first_value floor format format_bytes
		found_rows from_base64 from_days from_unixtime geometrycollection get_format get_lock greatest group_concat grouping hex
		hour ifnull inet6_aton inet6_ntoa inet_aton inet_ntoa instr is_free_lock is_used_lock is_uuid isnull json_array
		json_array_append json_array_insert json_arrayagg json_compact json_contains json_contains_path json_depth json_detailed
		json_exists json_extract json_insert json_keys json_length json_merge json_merge_patch json_merge_preserve json_object
		json_objectagg json_overlaps json_pretty json_query json_quote json_remove json_replace json_schema_valid json_search
		json_set json_storage_size json_table json_type json_unquote json_valid json_value lag last_day last_insert_id last_value
		lastval lcase lead least length linestring ln load_file locate log log10 log2 lower lpad ltrim make_set makedate
		maketime master_pos_wait max md5 median microsecond mid min minute month monthname name_const nextval now nth_value
		ntile nullif nvl nvl2 oct octet_length old_password ord password percent_rank percentile_cont percentile_disc period_add
		period_diff pi point polygon position pow power quarter quote radians rand random_bytes rank regexp_instr regexp_like
		regexp_replace regexp_substr release_all_locks release_lock reverse roles_graphml round row_count row_number rpad rtrim
		sec_to_time second session_user setval sha sha1 sha2 sign sin sleep soundex space sqrt st_area st_asgeojson st_asbinary
		st_astext st_buffer st_centroid st_contains st_crosses st_disjoint st_distance st_distance_sphere st_equals
		st_geomfromgeojson st_geomfromtext st_geomfromwkb st_intersects st_length st_overlaps st_srid st_touches st_transform
		st_within st_x st_y std stddev stddev_pop stddev_samp str_to_date strcmp subdate substr substring substring_index subtime
		sum sysdate system_user tan time time_format time_to_sec timediff timestamp timestampadd timestampdiff to_base64 to_char
		to_days to_seconds trim truncate ucase uncompress unhex unix_timestamp updatexml upper user uuid uuid_short uuid_to_bin
		validate_password_strength value values var_pop var_samp variance version wait_for_executed_gtid_set week weekday
		weekofyear weight_string year yearweek`)

	// mysqlUnits follow INTERVAL and what is counted. Those of two parts are reserved.
	mysqlUnits = wordSet("microsecond second minute hour day week month quarter year")

	// mysqlTypes are types that are not reserved.
	mysqlTypes = wordSet("bit bool boolean date datetime enum fixed geometry json nchar nvarchar point serial signed text time timestamp uuid year")

	// mysqlOpening are words that are keywords at the start of a statement, which may be one of a routine.
	mysqlOpening = wordSet(`begin binlog checksum clone close commit deallocate do execute flush get handler help import install open
		prepare repair reset restart rollback savepoint shutdown start stop truncate uninstall until xa`)

	// mysqlBlocks are keywords behind which a statement of a routine starts.
	mysqlBlocks = wordSet("begin then else do loop repeat")

	// mysqlAfter says which words are keywords behind which others.
	mysqlAfter = map[string]map[string]bool{
		"bernoulli": wordSet("tablesample"), "boolean": wordSet("in"), "chain": wordSet("and no"), "charset": wordSet("set show"),
		"collation": wordSet("show"), "columns": wordSet("show full"), "committed": wordSet("read"), "concurrent": wordSet("data"),
		"connection": wordSet("kill"), "consistent": wordSet("with"), "current": wordSet("rows range groups between and"),
		"data": wordSet("load"), "engine": wordSet("show"), "engines": wordSet("show"), "errors": wordSet("show"),
		"event": wordSet("create alter drop"), "events": wordSet("show"), "expansion": wordSet("query"), "extended": wordSet("show explain"),
		"fields": wordSet("show full"), "first": wordSet("fetch"), "found": wordSet("not"), "full": wordSet("show"),
		"function": wordSet("create alter drop"), "global": wordSet("set show"), "grants": wordSet("show"), "handler": wordSet("continue exit undo"),
		"immediate": wordSet("execute"), "indexes": wordSet("show"), "innodb": wordSet("engine"), "isolation": wordSet("transaction"),
		"language": wordSet("natural"), "level": wordSet("isolation"), "local": wordSet("set show data"), "locked": wordSet("skip"),
		"logs": wordSet("binary master flush"), "master": wordSet("show change reset"), "mode": wordSet("boolean language share exclusive"),
		"names": wordSet("set"), "next": wordSet("fetch"), "no": wordSet("and"), "nowait": wordSet("update share"), "only": wordSet("read"),
		"open": wordSet("show"), "password": wordSet("set"), "partitions": wordSet("explain"), "persist": wordSet("set"), "persist_only": wordSet("set"),
		"plugins": wordSet("show"), "privileges": wordSet("all show"), "processlist": wordSet("show full"), "profile": wordSet("show"),
		"profiles": wordSet("show"), "query": wordSet("with kill"), "quick": wordSet("delete"), "recursive": wordSet("with"),
		"repeatable": wordSet("level"), "replica": wordSet("show start stop reset"), "replicas": wordSet("show"), "role": wordSet("create drop set"),
		"rollup": wordSet("with"), "row": wordSet("current each"), "savepoint": wordSet("to release"), "serializable": wordSet("level"),
		"session": wordSet("set show"), "share": wordSet("for in"), "slave": wordSet("show start stop reset"), "snapshot": wordSet("consistent"),
		"sql_buffer_result": wordSet("select distinct all"), "sql_cache": wordSet("select distinct all"), "sql_no_cache": wordSet("select distinct all"),
		"status": wordSet("show table global session master slave replica innodb procedure function"),
		"tables": wordSet("show lock unlock flush full open"), "temporary": wordSet("create drop"), "transaction": wordSet("start set session global"),
		"triggers": wordSet("show"), "unbounded": wordSet("rows range groups between and"), "uncommitted": wordSet("read"),
		"commit": wordSet("xa"), "end": wordSet("xa"), "format": wordSet("explain describe"), "prepare": wordSet("xa"), "recover": wordSet("xa"),
		"rollback": wordSet("xa"), "start": wordSet("xa"), "user": wordSet("create alter drop rename"), "variables": wordSet("show global session"), "view": wordSet("create alter drop replace"),
		"warnings": wordSet("show"), "work": wordSet("commit rollback begin"),
	}

	// mysqlAhead says which words are keywords in front of which others.
	mysqlAhead = map[string]map[string]bool{
		"columns": wordSet("terminated enclosed escaped optionally"), "current": wordSet("row"), "duplicate": wordSet("key"),
		"except": wordSet("select all distinct"), "fields": wordSet("terminated enclosed escaped optionally"), "identified": wordSet("by with"),
		"intersect": wordSet("select all distinct"), "rows": wordSet("between unbounded current"), "groups": wordSet("between unbounded current"),
		"skip": wordSet("locked"), "transaction": wordSet("isolation"),
	}

	// mysqlDefining are keywords in statements that define something, unless they stand where a name starts.
	mysqlDefining = wordSet(`action after algorithm always auto_increment avg_row_length cascaded charset checksum coalesce comment completion
		compression copy definer delay_key_write disabled enabled encryption end engine every expire first following follows function
		generated hash hashed identified inplace instant invisible invoker key_block_size less list max_rows merge min_rows
		modify no online pack_keys partitions persistent precedes preserve removing reorganize returns role row_format schedule security sqlstate
		starts stats_auto_recalc stats_persistent stats_sample_pages storage stored subpartition temporary temptable than
		undefined view virtual visible`)

	// mysqlClauses are the words that isClause knows.
	mysqlClauses = wordSet(`against any begin end escape except following intersect lateral nowait of offset over preceding returning row
		some sounds unknown value window`)

	// mysqlContextual are all words that are keywords in places. Most names are none.
	mysqlContextual = union(mysqlUnits, mysqlTypes, mysqlOpening, mysqlClauses, mysqlDefining, keys(mysqlAfter), keys(mysqlAhead))
)

func union(sets ...map[string]bool) map[string]bool {
	all := map[string]bool{}
	for _, set := range sets {
		maps.Copy(all, set)
	}
	return all
}

func keys(m map[string]map[string]bool) map[string]bool {
	set := map[string]bool{}
	for word := range m {
		set[word] = true
	}
	return set
}
