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

install_missing() {
	local packages=()
	[ -x /usr/bin/time ] || packages+=(time)
	command -v pgbadger >/dev/null || packages+=(pgbadger)
	command -v jq >/dev/null || packages+=(jq)
	if [ ${#packages[@]} -gt 0 ]; then
		apt-get update -qq >&2
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >&2
	fi
	command -v quellog >/dev/null || GOBIN="$work/bin" go install github.com/Alain-L/quellog@latest ||
		echo "no quellog: it is left out" >&2
}

# once NAME BYTES COMMAND... appends seconds, CPU seconds and peak KiB of a run. A program that fails is not timed: how
# fast it gives up says nothing. The output goes to a file: grep stops at the first match when it sees /dev/null.
once() {
	local name=$1 bytes=$2
	shift 2
	if ! /usr/bin/time -q -o "$work/time" -f '%e %U %S %M' "$@" >"$work/output" 2>"$work/errors"; then
		echo "$name failed: $(head -n 3 "$work/errors")" >&2
		return
	fi
	echo "$name|$bytes|$(cat "$work/time")" >>"$work/times"
}

round() {
	once "covetlog report" "$bytes" "$work/bin/covetlog" report "$log"
	once "covetlog report, one worker" "$bytes" "$work/bin/covetlog" report --jobs 1 "$log"
	once "$grep -c duration:" "$bytes" env LC_ALL=C $grep -c duration: "$log"
	! command -v quellog >/dev/null || once "quellog" "$bytes" quellog "$log"
	once "covetlog report, slice" "$slice_bytes" "$work/bin/covetlog" report "$slice"
	once "pgbadger -j 2, slice" "$slice_bytes" pgbadger --quiet -j 2 ${prefix:+--prefix "$prefix"} -o "$work/badger.html" "$slice"
}

# table prints the fastest run of each program. A slice is compared with covetlog's run on the slice.
table() {
	echo "| program | MiB | s | CPU s | MB/s | times covetlog's | peak MiB |"
	echo "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
	awk -F '|' '
		!($1 in best) { names[++n] = $1 }
		{ split($3, t, " ") }
		!($1 in best) || t[1] < best[$1] { size[$1] = $2; best[$1] = t[1]; cpu[$1] = t[2] + t[3]; peak[$1] = t[4] }
		END {
			for (i = 1; i <= n; i++) {
				name = names[i]
				own = best["covetlog report" (name ~ /, slice$/ ? ", slice" : "")]
				printf "| %s | %.0f | %.2f | %.2f | %.0f | %.2f | %.0f |\n", name, size[name] / 2^20, best[name], cpu[name],
					size[name] / 1e6 / (best[name] + 1e-9), best[name] / (own + 1e-9), peak[name] / 1024
			}
		}' "$work/times"
}

install_missing
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
