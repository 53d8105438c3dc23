#!/usr/bin/env bash
# Asks pt-query-digest for the fingerprints of statements and prints its answers.
#
#   scripts/pt-answers.sh STATEMENTS >ANSWERS
#
# Both are JSON, an object a line: {"statement": …} becomes {"statement": …, "fingerprint": …, "checksum": …}. Characters stand
# for the bytes of their numbers, as in pt-query-digest's own JSON. The answers can be asked again, so a case is added as
# a line with a statement to normalize/testdata/pt-digest.jsonl. Each statement becomes an entry of a slow log; those that
# pt-query-digest drops or cuts in two are named and left out. It is installed when it is missing, from Debian.
set -euo pipefail

[ $# = 1 ] || { echo "usage: $0 STATEMENTS" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! command -v pt-query-digest >/dev/null; then
	apt-get update -qq >&2
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends percona-toolkit >&2
fi

python3 - "$1" "$work/slow.log" <<'PYTHON'
import json, sys

with open(sys.argv[2], "wb") as log:
    lines = open(sys.argv[1], encoding="utf-8").read().split("\n")
    for number, line in enumerate(line for line in lines + ['{"statement": "end"}'] if line):
        log.write(b"# Time: 2024-05-02T00:00:00.000000Z\n# User@Host: u%d[u%d] @ localhost []  Id: 1\n" % (number, number))
        log.write(b"# Query_time: 1.5  Lock_time: 0.1 Rows_sent: 1  Rows_examined: 1\nSET timestamp=1714600000;\n")
        log.write(json.loads(line)["statement"].encode("latin-1") + b";\n")
PYTHON

# A filter is Perl that sees each event. It runs behind the step that makes fingerprints.
pt-query-digest --no-version-check --no-report --filter '
	print(join(" ", substr($event->{user}, 1), make_checksum($event->{fingerprint}), unpack("H*", $event->{fingerprint})) . "\n") && 1
	' "$work/slow.log" >"$work/answers"

python3 - "$1" "$work/answers" <<'PYTHON'
import json, sys

answers = {}
for line in open(sys.argv[2]):
    number, checksum, fingerprint = line.rstrip("\n").split(" ")
    answers.setdefault(int(number), []).append((bytes.fromhex(fingerprint).decode("latin-1"), checksum))
lines = open(sys.argv[1], encoding="utf-8").read().split("\n")
for number, line in enumerate(line for line in lines if line):
    statement = json.loads(line)["statement"]
    if len(answers.get(number, [])) != 1:
        print("not one event but %d: %r" % (len(answers.get(number, [])), statement), file=sys.stderr)
        continue
    fingerprint, checksum = answers[number][0]
    print(json.dumps({"statement": statement, "fingerprint": fingerprint, "checksum": checksum}, ensure_ascii=False))
PYTHON
