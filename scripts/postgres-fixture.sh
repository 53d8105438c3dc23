#!/bin/bash
# Records testdata/logs/postgresql-15: one workload, logged by a real PostgreSQL 15 to stderr, csvlog, jsonlog and syslog
# at once, with what the server counted beside it. Run as root on a machine or container without a syslog daemon, for
# PostgreSQL's syslog goes to /dev/log and nowhere else. Takes about a minute; missing Debian packages are installed.
#
#   scripts/postgres-fixture.sh [PHASE...]      all phases by default
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
out=$here/../testdata/logs/postgresql-15
work=$here/fixtures/workload
dir=/var/lib/covetlog-fixture # shows in the logs, so the same everywhere
port=5433
bin=/usr/lib/postgresql/15/bin
prefix='%m [%p] %q%u@%d app=%a client=%h state=%e session=%c line=%l '

common=(
	listen_addresses=127.0.0.1 port=$port log_timezone=UTC "log_line_prefix=$prefix"
	logging_collector=on log_destination=stderr,csvlog,jsonlog,syslog log_directory=../log log_filename=postgresql.log
	log_connections=on log_disconnections=on log_lock_waits=on log_temp_files=0 log_checkpoints=on
	log_autovacuum_min_duration=0 autovacuum_naptime=1s deadlock_timeout=100ms
	shared_preload_libraries=pg_stat_statements compute_query_id=on pg_stat_statements.track_utility=on
)

# --- machinery -----------------------------------------------------------------------------------------------------

install_missing() {
	if ! command -v rsyslogd python3 >/dev/null; then
		apt-get update -qq
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends rsyslog python3
	fi
	if [ -e /dev/log ]; then
		echo "$0: /dev/log is taken; run this where no syslog daemon is running" >&2
		exit 1
	fi
}

start_syslog() {
	rm -rf $dir/syslog && mkdir -p $dir/syslog
	sed "s|@DIR@|$dir|" "$here/fixtures/rsyslog.conf" >$dir/rsyslog.conf
	rsyslogd -f $dir/rsyslog.conf -i $dir/rsyslog.pid
}

stop_syslog() {
	[ -f $dir/rsyslog.pid ] || return 0
	local pid
	pid=$(cat $dir/rsyslog.pid)
	kill "$pid"
	while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
}

clean_up() {
	if [ -f $dir/data/postmaster.pid ]; then "$here/pg-server.sh" stop $dir; fi
	stop_syslog
	rm -rf $dir
}

# session USER DATABASE APPLICATION PSQL_ARGUMENTS...: an error is written down as "SEVERITY:  SQLSTATE"
session() {
	PGAPPNAME=$3 "$bin/psql" -X -q -h $dir -p $port -U "$1" -d "$2" -v VERBOSITY=sqlstate -o /dev/null "${@:4}" 2>>$dir/errors || true
}

# The script's own statements, out of the log and out of the counts.
control() {
	PGOPTIONS='-c log_min_duration_statement=-1 -c log_statement=none -c log_duration=off -c log_disconnections=off -c pg_stat_statements.track=none' \
		PGAPPNAME=control "$bin/psql" -X -q -At -h $dir -p $port -U postgres -d postgres "$@"
}

bench() {
	PGAPPNAME=pgbench "$bin/pgbench" -n -h 127.0.0.1 -p $port -U 'night batch' -f "$work/bench.sql" -c 4 "$@" shop >/dev/null 2>>$dir/errors
}

wire() { "$here/fixtures/wire.py" $dir $port "$@" 2>>$dir/errors; }

set_up() {
	"$here/pg-server.sh" start $dir port=$port shared_preload_libraries=pg_stat_statements >/dev/null
	install -o postgres -m 600 "$here/fixtures/pg_hba.conf" $dir/data/pg_hba.conf
	"$bin/psql" -X -q -h $dir -p $port -U postgres -v ON_ERROR_STOP=1 -f "$here/fixtures/setup.sql"
	"$here/pg-server.sh" stop $dir
}

write_truth() {
	local errors
	errors=$(grep -oE '(ERROR|FATAL):  [0-9A-Z]{5}$' $dir/errors | sort | uniq -c |
		awk '{printf "%s\"%s\": %d", sep, $3, $1; sep = ", "}')
	control -v errors="{$errors}" -f "$here/fixtures/truth.sql" >$dir/truth.json
}

# Every format must hold the same records; a record's first line has a severity that is no field of another.
check_parity() {
	local severity='(DEBUG|INFO|NOTICE|WARNING|ERROR|LOG|FATAL|PANIC):  ' want file
	want=$(wc -l <"$1/postgresql.json")
	{
		python3 -c 'import csv, sys; print(sum(1 for _ in csv.reader(sys.stdin)), "csv")' <"$1/postgresql.csv"
		for file in "$1"/*.log; do
			echo "$(grep -aE "^[^	]*$severity" "$file" | grep -avc '#011')" "$file"
		done
	} | awk -v want="$want" '$1 != want {print $2 ": " $1 " records, not " want; bad = 1} END {exit bad}' >&2
}

# record PHASE SETTINGS...
record() {
	local phase=$1
	rm -rf $dir/log $dir/errors && install -d -o postgres $dir/log && touch $dir/errors
	start_syslog
	"$here/pg-server.sh" start $dir "${common[@]}" "${@:2}" >/dev/null
	control -c 'SELECT pg_stat_statements_reset()' >/dev/null
	"phase_$phase"
	write_truth
	"$here/pg-server.sh" stop $dir
	sleep 0.5
	stop_syslog
	mkdir -p "$out/$phase"
	install -m 644 $dir/log/* $dir/syslog/syslog-*.log $dir/truth.json "$out/$phase/"
	check_parity "$out/$phase"
}

# --- pieces of the workload ----------------------------------------------------------------------------------------

lock_waits() {
	session app shop holder -c BEGIN -c 'UPDATE customers SET balance = balance + 1 WHERE id = 10' -c 'SELECT pg_sleep(0.6)' -c COMMIT &
	local holder=$!
	sleep 0.2
	session app shop waiter -c 'UPDATE customers SET balance = balance + 2 WHERE id = 10' &
	local waiter=$!
	session app shop hasty -c "SET lock_timeout = '50ms'" -c 'UPDATE customers SET balance = balance + 3 WHERE id = 10'
	wait $holder $waiter
}

deadlock() {
	local pids=() row
	for row in 20 21; do
		session app shop "deadlock $row" -c BEGIN -c "UPDATE customers SET balance = 0 WHERE id = $row" -c 'SELECT pg_sleep(0.2)' \
			-c "UPDATE customers SET balance = 0 WHERE id = $((41 - row))" -c COMMIT &
		pids+=($!)
	done
	wait "${pids[@]}"
}

cut_short() {
	local pids=() how
	for how in cancel terminate; do
		session app shop "to $how" -c 'SELECT pg_sleep(9)' &
		pids+=($!)
	done
	sleep 0.4
	for how in cancel terminate; do
		session app shop operator -c "SELECT pg_${how}_backend(pid) FROM pg_stat_activity WHERE application_name = 'to $how'"
	done
	wait "${pids[@]}"
	printf '%s\n' "SET idle_in_transaction_session_timeout = '50ms';" 'BEGIN;' '\! sleep 0.3' 'SELECT 1;' | session app shop sleeper
}

strange_names() {
	session my-user my-db 'sidekiq 1.2.3 queues:x[0 of 50 busy]' -c 'CREATE TABLE "Mixed Case" (id int)' -c 'SELECT * FROM "Mixed Case"'
	session "O'Brien, Pat" 'shop, eu' 'LOG: ' -c 'SELECT 1' -c 'SELECT $$ERROR:  x$$'
	session 'Zoë [ops]' shop 'a "quoted", app' -c 'SELECT count(*) FROM orders' -c 'SELECT 1/0'
}

# --- phases --------------------------------------------------------------------------------------------------------

# log_min_duration_statement = 0: text and duration on one line. Everything that can happen, happens here.
phase_durations() {
	session app shop batch -c "UPDATE bulk SET payload = payload || 'y'"
	session app shop psql -f "$work/shapes.sql" &
	local shapes=$!
	session app shop checkout -f "$work/errors.sql" &
	local errors=$!
	bench -M simple -t 2
	bench -M extended -t 2
	bench -M prepared -t 2
	wait $shapes $errors
	lock_waits
	deadlock
	cut_short
	strange_names
	wire parameters portals refused broken
	session app shop psql -f "$work/large-object.sql"
	session reporter shop reports -f "$work/explained.sql"
	session reporter-json shop reports -f "$work/explained.sql"
	control -c CHECKPOINT
	sleep 1.5 # an autovacuum
}

# log_statement = all with log_duration: text and duration on lines of their own, other sessions' lines between.
phase_pairs() {
	session app shop psql -f "$work/shapes.sql" &
	local shapes=$!
	session app shop checkout -f "$work/errors.sql" &
	local errors=$!
	bench -M simple -t 3
	bench -M prepared -t 2
	wait $shapes $errors
	wire parameters portals
	strange_names
	lock_waits
}

phase_verbose() {
	session app shop checkout -f "$work/errors.sql" &
	local errors=$!
	bench -M simple -t 2
	wait $errors
	wire parameters
	deadlock
}

# Over the simple protocol only: terse drops DETAIL from stderr and syslog but not from csvlog and jsonlog, so with
# parameters the formats would not hold the same.
phase_terse() {
	session app shop checkout -f "$work/errors.sql" &
	local errors=$!
	bench -M simple -t 3
	wait $errors
	strange_names
}

# The server is told a new prefix twice while clients are busy; each backend follows at its next command.
phase_prefixes() {
	bench -M simple -t 12 &
	local clients=$! next
	for next in '%t:%r:%u@%d:[%p]:' '%n [%p] %a|%u|%d|%e '; do
		sleep 0.2
		control -c "ALTER SYSTEM SET log_line_prefix = '$next'" -c 'SELECT pg_reload_conf()' >/dev/null
	done
	wait $clients
	session app shop checkout -c 'SELECT 1/0' -c "SELECT 'two
lines'"
	control -c 'ALTER SYSTEM RESET log_line_prefix'
}

# --- run -----------------------------------------------------------------------------------------------------------

phases=("${@:-durations pairs verbose terse prefixes}")
install_missing
trap clean_up EXIT
rm -rf $dir && mkdir -p $dir
set_up
for phase in ${phases[*]}; do
	case $phase in
	durations) record durations log_min_duration_statement=0 ;;
	pairs) record pairs log_statement=all log_duration=on ;;
	verbose) record verbose log_min_duration_statement=0 log_error_verbosity=verbose log_timezone=Europe/Berlin ;;
	terse) record terse log_min_duration_statement=0 log_error_verbosity=terse log_timezone=America/Sao_Paulo ;;
	prefixes) record prefixes log_min_duration_statement=0 'log_line_prefix=%m [%p] %q%u@%d ' ;;
	*) echo "$0: no phase $phase" >&2 && exit 2 ;;
	esac
done
"$here/derive-logs.sh"
