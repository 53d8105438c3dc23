#!/bin/bash
# Records testdata/logs/mariadb-10.11: slow logs of a real MariaDB, with what the server and the clients counted beside
# them. Takes about half a minute; missing Debian packages are installed.
#
#   scripts/mariadb-fixture.sh [PHASE...]      all phases by default
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
out=$here/../testdata/logs/mariadb-10.11
work=$here/fixtures/mariadb
dir=/var/lib/covetlog-fixture # shows in the logs, so the same everywhere
port=3307
export PYTHONDONTWRITEBYTECODE=1

common=(
	skip-networking=0 port=$port character-set-server=utf8mb4 collation-server=utf8mb4_general_ci
	log-slow-query=1 log-slow-query-file=$dir/slow.log log-slow-query-time=0 log-slow-min-examined-row-limit=0 log-queries-not-using-indexes=1 log-slow-admin-statements=1
	event-scheduler=1 performance-schema=1 performance-schema-digests-size=2000 performance-schema-max-digest-length=4096 max-digest-length=4096
)

# --- machinery -----------------------------------------------------------------------------------------------------

install_missing() {
	command -v python3 >/dev/null && [ -d /usr/share/zoneinfo/America ] && return
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3 tzdata
}

clean_up() {
	if [ -f $dir/pid ]; then "$here/mariadb-server.sh" stop $dir; fi
	rm -rf $dir
}

# The script's own statements: out of the log, and with watch_clients out of the counts.
control() {
	mariadb --no-defaults -S $dir/socket -u root --default-character-set=utf8mb4 --init-command='SET SESSION slow_query_log = 0' "$@"
}

watch_clients() {
	control performance_schema -e "INSERT INTO setup_actors VALUES ('localhost', 'root', '%', 'NO', 'NO')"
	control performance_schema -e 'TRUNCATE events_statements_summary_by_digest; TRUNCATE events_statements_summary_by_user_by_event_name'
}

set_up() {
	"$here/mariadb-server.sh" start $dir character-set-server=utf8mb4 >/dev/null
	control <"$work/setup.sql"
	"$here/mariadb-server.sh" stop $dir
}

# record PHASE SCENARIOS SETTINGS...
record() {
	local phase=$1 scenarios=$2
	rm -f $dir/slow.log*
	"$here/mariadb-server.sh" start $dir "${common[@]}" "${@:3}" >/dev/null
	watch_clients
	"$work/workload.py" $dir/socket $port $dir/tally $scenarios
	"$work/truth.py" $dir/socket $dir/tally >$dir/truth.json
	mkdir -p "$out/$phase"
	rm -f "$out/$phase"/*
	if [ "$phase" = table ]; then "$work/dump.py" $dir/socket "$out/$phase"; fi
	"$here/mariadb-server.sh" stop $dir
	install -m 644 $dir/slow.log* $dir/truth.json "$out/$phase/"
}

# --- phases --------------------------------------------------------------------------------------------------------

phases=("${@:-full minimal rotated rate modes table}")
install_missing
trap clean_up EXIT
rm -rf $dir && mkdir -p $dir
set_up
for phase in ${phases[*]}; do
	case $phase in
	full) record full 'shapes errors timeouts lock_waits deadlock killed prepared routines events names administration flush clients' \
		log-slow-verbosity=query_plan,innodb,explain,engine,warnings,full log-slow-disabled-statements= ;;
	minimal) TZ=America/Sao_Paulo record minimal 'shapes traps errors timeouts lock_waits deadlock killed prepared routines events commands names administration flush clients' ;;
	rotated) record rotated 'shapes flush rename clients' ;;
	rate) record rate many log-slow-rate-limit=5 ;;
	modes) record modes modes ;;
	table) record table 'shapes traps errors prepared names' log-output=TABLE,FILE default-time-zone=+02:00 ;;
	*) echo "$0: no phase $phase" >&2 && exit 2 ;;
	esac
done
gzip -9nc "$out/minimal/slow.log" >"$out/minimal/slow.log.gz"
