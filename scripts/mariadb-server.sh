#!/bin/sh
# Starts and stops a throwaway MariaDB 10.11 for tests that want a live server.
#
#   scripts/mariadb-server.sh start DIR [name[=value] ...]   options of mariadbd; prints the socket's path
#   scripts/mariadb-server.sh stop DIR
#
# The databases live in DIR/data and survive a stop, so a second start finds them. Connect with
# mariadb -S DIR/socket -u root. There is no TCP listener unless skip-networking=0 is given, and then on 127.0.0.1 only.
# The package is installed when it is missing; it brings no daemon that starts by itself.
set -eu

usage() {
	echo "usage: $0 start DIR [name[=value] ...] | stop DIR" >&2
	exit 2
}

install_server() {
	command -v mariadbd mariadb >/dev/null && return
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq >&2
	apt-get install -y -qq --no-install-recommends mariadb-server-core mariadb-client-core >&2
}

create_databases() {
	[ -d "$dir/data" ] && return
	mkdir -p "$dir"
	mariadb-install-db --no-defaults --user="$(id -un)" --datadir="$dir/data" --auth-root-authentication-method=normal \
		--skip-test-db >"$dir/console.log" 2>&1
}

# One name or name=value a line, after what keeps the server to itself.
write_options() {
	{
		printf '%s\n' '[mariadbd]' "datadir=$dir/data" "socket=$dir/socket" "pid-file=$dir/pid" "tmpdir=$dir" \
			"log-error=$dir/console.log" "user=$(id -un)" bind-address=127.0.0.1 skip-networking=1 \
			innodb-flush-log-at-trx-commit=0 innodb-buffer-pool-size=16M
		printf '%s\n' "$@"
	} >"$dir/my.cnf"
}

# The server writes its pid before it listens, and removes it last.
wait_for_server() {
	until mariadb --no-defaults -S "$dir/socket" -u root -e "" >/dev/null 2>&1; do
		kill -0 "$1" 2>/dev/null || { tail "$dir/console.log" >&2 && exit 1; }
		sleep 0.1
	done
}

[ $# -ge 2 ] || usage
command=$1
dir=$2
shift 2
case $command in
start)
	install_server
	create_databases
	write_options "$@"
	mariadbd --defaults-file="$dir/my.cnf" >>"$dir/console.log" 2>&1 &
	wait_for_server $!
	echo "$dir/socket"
	;;
stop)
	pid=$(cat "$dir/pid")
	kill "$pid"
	while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
	;;
*) usage ;;
esac
