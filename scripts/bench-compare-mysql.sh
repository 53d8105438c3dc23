#!/usr/bin/env bash
# Times covetlog and other readers of MySQL slow logs side by side and prints a Markdown table.
#
#   scripts/bench-compare-mysql.sh LOG [ROUNDS]
#
# Each round runs every program once, so that a machine which slows down slows all of them; the fastest of the rounds
# (3) counts. Everything is read once before, so it is work that is compared and not the disk. pt-query-digest gets the
# first 64 MiB only, up to the start of an entry, and covetlog a second row for the same slice.
# What is missing gets installed: time and percona-toolkit from Debian, dw-query-digest with go install, and go-mysql,
# which is a library, as a program that counts fingerprints.
set -euo pipefail

[ $# -ge 1 ] || { echo "usage: $0 LOG [ROUNDS]" >&2; exit 2; }
log=$(realpath "$1")
rounds=${2:-3}
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PATH="$work/bin:$PATH"
source scripts/side-by-side.sh

# build_go_mysql builds the shortest program that does with go-mysql what a report does: a sum for each fingerprint.
build_go_mysql() {
	mkdir "$work/go-mysql"
	cat >"$work/go-mysql/main.go" <<-'EOF'
		package main

		import (
			"fmt"
			"os"

			"github.com/percona/go-mysql/log"
			"github.com/percona/go-mysql/log/slow"
			"github.com/percona/go-mysql/query"
		)

		func main() {
			file, err := os.Open(os.Args[1])
			if err != nil {
				panic(err)
			}
			parser := slow.NewSlowLogParser(file, log.Options{})
			go parser.Start()
			classes, entries := map[string]float64{}, 0
			for e := range parser.EventChan() {
				entries++
				classes[query.Fingerprint(e.Query)] += e.TimeMetrics["Query_time"]
			}
			fmt.Println(entries, "entries,", len(classes), "classes")
		}
	EOF
	(
		cd "$work/go-mysql"
		go mod init compared
		go get github.com/percona/go-mysql@v0.0.0-20210427141028-73d29c6da78c # it has no releases
		go build -o "$work/bin/go-mysql-digest" .
	) >"$work/errors" 2>&1 || echo "no go-mysql: it is left out: $(tail -n 1 "$work/errors")" >&2
}

# slice_log copies the first 64 MiB without the entry that they cut. What MariaDB says before it once a second goes, too.
slice_log() {
	head -c 64M "$log" >"$work/head.log"
	local end
	end=$(LC_ALL=C grep -ab '^# User@Host: ' "$work/head.log" | tail -n 1 | cut -d : -f 1)
	head -c "$end" "$work/head.log" | sed '${/^# Time: /d}' >"$slice"
}

round() {
	once "covetlog report" "$bytes" "$work/bin/covetlog" report "$log"
	once "covetlog report, one worker" "$bytes" "$work/bin/covetlog" report --jobs 1 "$log"
	once "grep -c Query_time:" "$bytes" env LC_ALL=C grep -c Query_time: "$log"
	! command -v go-mysql-digest >/dev/null || once "go-mysql" "$bytes" go-mysql-digest "$log"
	if command -v dw-query-digest >/dev/null; then
		# It leaves a cache beside the log, so each round it finds the log in a new folder.
		rm -rf "$work/cached"
		mkdir "$work/cached"
		ln -s "$log" "$work/cached/slow.log"
		once "dw-query-digest" "$bytes" dw-query-digest "$work/cached/slow.log"
	fi
	once "covetlog report, slice" "$slice_bytes" "$work/bin/covetlog" report "$slice"
	once "pt-query-digest, slice" "$slice_bytes" pt-query-digest --no-version-check "$slice"
}

install_missing pt-query-digest=percona-toolkit
install_go dw-query-digest github.com/devops-works/dw-query-digest@latest
build_go_mysql
go build -o "$work/bin/covetlog" ./cmd/covetlog
bytes=$(wc -c <"$log")
slice=$work/slice.log
slice_log
slice_bytes=$(wc -c <"$slice")
for i in $(seq "$rounds"); do
	echo "round $i of $rounds" >&2
	round
done
table
