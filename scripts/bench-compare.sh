#!/usr/bin/env bash
# Times covetlog and other readers of PostgreSQL logs side by side and prints a Markdown table.
#
#   scripts/bench-compare.sh LOG [ROUNDS]
#
# Each round runs every program once, so that a machine which slows down slows all of them; the fastest of the rounds
# (3) counts. Everything is read once before, so it is work that is compared and not the disk. pgBadger gets the
# first 64 MiB only, and covetlog a second row for the same slice. The log may be gzipped: sizes are of what is in it.
# What is missing gets installed: time, jq and pgbadger from Debian, quellog with go install.
set -euo pipefail

[ $# -ge 1 ] || { echo "usage: $0 LOG [ROUNDS]" >&2; exit 2; }
log=$(realpath "$1")
rounds=${2:-3}
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PATH="$work/bin:$PATH"
source scripts/side-by-side.sh

round() {
	once "covetlog report" "$bytes" "$work/bin/covetlog" report "$log"
	once "covetlog report, one worker" "$bytes" "$work/bin/covetlog" report --jobs 1 "$log"
	once "$grep -c duration:" "$bytes" env LC_ALL=C $grep -c duration: "$log"
	! command -v quellog >/dev/null || once "quellog" "$bytes" quellog "$log"
	once "covetlog report, slice" "$slice_bytes" "$work/bin/covetlog" report "$slice"
	once "pgbadger -j 2, slice" "$slice_bytes" pgbadger --quiet -j 2 ${prefix:+--prefix "$prefix"} -o "$work/badger.html" "$slice"
}

install_missing pgbadger=pgbadger jq=jq
install_go quellog github.com/Alain-L/quellog@latest
go build -o "$work/bin/covetlog" ./cmd/covetlog
prefix=$("$work/bin/covetlog" report --format json "$log" | jq -r '.inputs[0].prefix // ""')
grep=grep
! gzip -l "$log" >/dev/null 2>&1 || grep=zgrep
bytes=$(zcat -f "$log" | wc -c)
slice=$work/slice.log
{ zcat -f "$log" || true; } 2>/dev/null | head -c 64M | sed '$d' >"$slice" # head leaves early
slice_bytes=$(wc -c <"$slice")
for i in $(seq "$rounds"); do
	echo "round $i of $rounds" >&2
	round
done
table
