#!/bin/sh
# Starts and stops a throwaway PostgreSQL 15 for tests that want a live server.
#
#   scripts/pg-server.sh start DIR [name=value ...]   settings go into postgresql.conf; prints the socket's directory
#   scripts/pg-server.sh stop DIR
#
# The cluster lives in DIR/data and survives a stop, so a second start finds its databases. Connect with
# psql -h DIR -U postgres. There is no TCP listener unless listen_addresses is given. As root the server runs as the
# user postgres, and the package is installed when it is missing; DIR must then be reachable for that user.
set -eu

bin=/usr/lib/postgresql/15/bin

usage() {
	echo "usage: $0 start DIR [name=value ...] | stop DIR" >&2
	exit 2
}

# PostgreSQL refuses to run as root.
as_server() {
	if [ "$(id -u)" = 0 ]; then
		(cd / && runuser -u postgres -- "$@")
	else
		"$@"
	fi
}

install_server() {
	[ -x $bin/postgres ] && return
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq >&2
	# Without this Debian creates and starts a cluster of its own.
	mkdir -p /etc/postgresql-common
	echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
	apt-get install -y -qq --no-install-recommends postgresql-15 >&2
}

create_cluster() {
	[ -d "$dir/data" ] && return
	mkdir -p "$dir"
	[ "$(id -u)" = 0 ] && chown postgres "$dir"
	as_server $bin/initdb -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
	echo "include 'throwaway.conf'" | as_server tee -a "$dir/data/postgresql.conf" >/dev/null
}

# One name=value a line; the value is taken literally.
write_settings() {
	{
		printf '%s\n' "listen_addresses = ''" "unix_socket_directories = '$dir'" "fsync = off"
		for setting; do
			printf "%s = '%s'\n" "${setting%%=*}" "$(printf %s "${setting#*=}" | sed "s/'/''/g")"
		done
	} | as_server tee "$dir/data/throwaway.conf" >/dev/null
}

[ $# -ge 2 ] || usage
command=$1
dir=$2
shift 2
case $command in
start)
	install_server
	create_cluster
	write_settings "$@"
	as_server $bin/pg_ctl -D "$dir/data" -l "$dir/console.log" -w start >/dev/null
	echo "$dir"
	;;
stop)
	as_server $bin/pg_ctl -D "$dir/data" -m fast -w stop >/dev/null
	;;
*) usage ;;
esac
