#!/usr/bin/env bash
# Asks MariaDB for the DIGEST_TEXT of statements and prints its answers.
#
#   scripts/digest-answers.sh STATEMENTS >ANSWERS
#
# Both are JSON, an object a line: {"statement": …} becomes {"statement": …, "digest_text": …}. The answers can be asked again, so a case
# is added as a line with a statement to normalize/testdata/digest-mariadb.jsonl. A statement need not succeed, but it must
# get past the parser: the others have no digest and are named and left out. It runs in a database with a table t, with nobody else, in
# a throwaway server of Debian's mariadb-server; what is missing is installed.
set -euo pipefail

[ $# = 1 ] || { echo "usage: $0 STATEMENTS" >&2; exit 2; }
statements=$(realpath "$1")
work=$(mktemp -d)
chmod 755 "$work"
server=

stop() {
	[ -z "$server" ] || { kill "$server" && wait "$server" || true; }
	rm -rf "$work"
}
trap stop EXIT

if ! command -v mariadbd >/dev/null || ! perl -MDBD::mysql -e1 2>/dev/null; then
	apt-get update -qq >&2
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends mariadb-server libdbd-mysql-perl >&2
fi

as=()
if [ "$(id -u)" = 0 ]; then
	chown mysql "$work"
	as=(--user=mysql)
fi
mariadb-install-db --no-defaults "${as[@]}" --datadir="$work/data" --auth-root-authentication-method=normal --skip-test-db \
	>"$work/install.log" 2>&1 || { cat "$work/install.log" >&2; exit 1; }
mariadbd --no-defaults "${as[@]}" --datadir="$work/data" --socket="$work/socket" --pid-file="$work/pid" --skip-networking \
	--innodb-buffer-pool-size=32M --innodb-flush-log-at-trx-commit=0 --performance-schema=ON \
	--performance-schema-consumer-events-statements-current=ON --performance-schema-consumer-events-statements-history=ON \
	2>"$work/log" &
server=$!
for ((try = 0; ; try++)); do
	mariadb-admin --no-defaults -uroot -S "$work/socket" ping >/dev/null 2>&1 && break
	[ $try -lt 60 ] || { cat "$work/log" >&2; exit 1; }
	sleep 0.5
done

# An event is there shortly after the answer to its statement, so the other connection waits for a new one.
perl - "$work/socket" "$statements" <<'PERL'
use strict;
use warnings;
use DBI;
use JSON::PP;

my ($socket, $statements) = @ARGV;

sub connection {
    my $c = DBI->connect("DBI:mysql:mysql_socket=$socket", "root", "", {PrintError => 0, RaiseError => $_[0]}) or die DBI->errstr;
    $c->do("SET NAMES utf8mb4");
    return $c;
}

my $observer = connection(1);
$observer->do("CREATE DATABASE d");
$observer->do("CREATE TABLE d.t (a int, b int, c int, d int, x varchar(9), y int, z int, w int)");
my $json = JSON::PP->new->utf8->canonical;

# session returns a new connection and what asks for its last event that is not the one given.
sub session {
    my $c = connection(0);
    my ($thread) = $c->selectrow_array("SELECT thread_id FROM performance_schema.threads WHERE processlist_id = connection_id()");
    my $events = $observer->prepare("SELECT event_id, digest_text FROM performance_schema.events_statements_history
        WHERE thread_id = $thread ORDER BY event_id DESC LIMIT 1");
    my $next = sub {
        my ($seen) = @_;
        for (1 .. 2000) {
            $events->execute;
            my ($id, $text) = $events->fetchrow_array;
            return ($id, $text) if $id && $id > $seen;
            select undef, undef, undef, 0.001;
        }
        return;
    };
    return ($c, $next);
}

open my $in, "<", $statements or die "$statements: $!";
while (my $line = <$in>) {
    next unless $line =~ /\S/;
    my $statement = $json->decode($line)->{statement};
    utf8::encode(my $sql = $statement);
    my ($c, $next) = session();
    my $seen = 0;
    $c->do("USE d");
    # Until the event of USE has come, the next one could be taken for it.
    my $text = "";
    while ($text !~ /^USE /) {
        ($seen, $text) = $next->($seen) or die "no event of USE before $statement";
        $text //= "";
    }
    $c->do($sql);
    my $error = $c->errstr;
    (undef, $text) = $next->($seen);
    if (defined $text) {
        utf8::decode($text);
        print $json->encode({statement => $statement, digest_text => $text}), "\n";
    } else {
        print STDERR "no digest: $sql: ", $error // "", "\n";
    }
    $c->disconnect;
}
PERL
