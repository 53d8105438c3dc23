#!/usr/bin/env bash
# Fuzzes every target of the module for a time each, one after the other, and stops at the first failure.
#
#   scripts/fuzz.sh 10s
#
# Go runs one target at a time. What a failure is made of is written to testdata/fuzz beside the test: commit it.
set -euo pipefail
cd "$(dirname "$0")/.."

[ $# = 1 ] || { echo "usage: $0 TIME" >&2; exit 2; }

# The names of a package's targets stand before the line with the package.
targets=$(go test -list '^Fuzz' ./... | awk '/^Fuzz/ { names[++n] = $1 } /^ok/ { for (i = 1; i <= n; i++) print $2, names[i]; n = 0 }')
[ -n "$targets" ] || { echo "$0: no fuzz targets" >&2; exit 1; }

while read -r package name; do
	echo "$name in $package, $1"
	go test "$package" -run '^$' -fuzz "^$name\$" -fuzztime "$1"
done <<<"$targets"
