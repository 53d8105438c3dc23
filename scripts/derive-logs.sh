#!/bin/bash
# Makes testdata/logs/compressed and testdata/logs/bad from the recorded logs. Everything in there is the work of this
# script, and the same each time.
set -euo pipefail
cd "$(dirname "$0")/../testdata/logs"
log=postgresql-15/terse/postgresql.log
mkdir -p compressed bad

gzip -9nc $log >compressed/postgresql.log.gz
zstd -19 -qc $log >compressed/postgresql.log.zst
bzip2 -9c $log >compressed/postgresql.log.bz2
xz -9c $log >compressed/postgresql.log.xz

: >bad/empty.log
head -c 1500 compressed/postgresql.log.gz >bad/truncated.log.gz
sed 's/$/\r/' $log >bad/crlf.log
{ printf '\357\273\277' && cat $log; } >bad/bom.log
python3 - $log <<'PYTHON'
import random, struct, sys, zlib

log = open(sys.argv[1], "rb").read()
inside = log.index(b"\n\tWHERE id = 1;") - 20  # within the first line of a statement
open("bad/middle.log", "wb").write(log[inside:])
open("bad/no-newline.log", "wb").write(log.rstrip(b"\n"))
open("bad/random.bin", "wb").write(random.Random(15).randbytes(8192))


def chunk(kind, data):
    return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))


rows = b"".join(b"\0" + b"".join(bytes((x * 8, y * 8, 128)) for x in range(32)) for y in range(32))
header = struct.pack("!IIBBBBB", 32, 32, 8, 2, 0, 0, 0)  # 32 by 32, 8 bits, RGB
open("bad/picture.png", "wb").write(
    b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
PYTHON
cat >bad/poem.txt <<'POEM'
The log lay open on the desk,
its pages held no time, no name:
a list of things that someone kept
and never read, and kept the same.
POEM
