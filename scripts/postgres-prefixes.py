#!/usr/bin/python3
"""Writes testdata/logs/prefixes.json: log_line_prefix settings from the field, each with a line that a real
PostgreSQL 15 wrote under it and what that line says.

What it says is taken from the csvlog record of the same message, not from the line. Runs as root, next to
pg-server.sh.
"""
import csv
import datetime
import io
import json
import os
import pathlib
import shutil
import subprocess
import time
import zoneinfo

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE.parent / "testdata/logs/prefixes.json"
DIR = pathlib.Path("/var/lib/covetlog-prefixes")
PSQL = "/usr/lib/postgresql/15/bin/psql"
PORT = "5434"

# What to run, and the words by which its log line is found.
DURATION = ("SELECT 42", "statement: SELECT 42")
ERROR = ("SELECT 1/0", "division by zero")
WAIT = ("TABLE busy", "still waiting")
IDLE = ("BEGIN; SELECT 1;\n\\! sleep 0.4\nSELECT 2", "idle-in-transaction timeout")

HEROKU = (' sql_error_code = %e time_ms = "%m" pid="%p" proc_start_time="%s" session_id="%c" vtid="%v" tid="%x"'
          ' log_line="%l" %qdatabase="%d" connection_source="%r" user="%u" application_name="%a" ')

# (prefix, what to run, log_timezone)
CASES = [
    # managed services and the settings that monitoring services and packagers recommend
    ("%t:%r:%u@%d:[%p]:", DURATION, "UTC"),
    ("%t-%c-", DURATION, "UTC"),
    ("%m [%p][%v] : [%l-1] %q[app=%a] ", DURATION, "UTC"),
    ("%t [%p-%l] %q%u@%d ", DURATION, "UTC"),
    ("%m [%p] %q[user=%u,db=%d,app=%a] ", DURATION, "UTC"),
    ("%m [%p] %q[user=%u,db=%d,app=%a,host=%h] ", DURATION, "UTC"),
    ("%t [%p]: [%l-1] user=%u,db=%d - PG-%e ", ERROR, "UTC"),
    ("%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ", DURATION, "UTC"),
    ("%t [%p]: [%l-1] [trx_id=%x] user=%u,db=%d ", DURATION, "UTC"),
    ("[%p]: [%l-1] db=%d,user=%u ", DURATION, "UTC"),
    ("%m %r %u %a [%c] [%p] ", DURATION, "UTC"),
    ("%m [%p]: [%l-1] db=%d,user=%u ", DURATION, "UTC"),
    ("%m [%p]: [%l-1] db=%d,user=%u,host=%h ", DURATION, "UTC"),
    ("pid=%p,user=%u,db=%d,app=%a,client=%h ", DURATION, "UTC"),
    ("user=%u,db=%d,app=%a,client=%h ", DURATION, "UTC"),
    ("%p-%s-%c-%l-%h-%u-%d-%m ", DURATION, "UTC"),
    ("%m [%p][%b][%v][%x] %q[user=%u,db=%d,app=%a] ", DURATION, "UTC"),
    ("%m [%p] %q%u@%d ", DURATION, "UTC"),
    ("%t [%p] %q%u@%d %h ", DURATION, "UTC"),
    ("%m [%p] ", DURATION, "UTC"),
    (HEROKU, ERROR, "UTC"),
    (" database = %d connection_source = %r sql_error_code = %e ", ERROR, "UTC"),
    (" sql_error_code = %e ", ERROR, "UTC"),
    ("%t:%h:%u@%d:[%p]:", DURATION, "UTC"),
    # seen in bug reports
    ("%m ", DURATION, "Europe/Istanbul"),
    ("%t ", DURATION, "UTC"),
    ("", DURATION, "UTC"),
    ("%n [%p] ", DURATION, "UTC"),
    ("%n %u@%d ", DURATION, "UTC"),
    ("%m : %p : ", DURATION, "GMT"),
    ("< %m >", DURATION, "Europe/Moscow"),
    ("[%t] [%p] [%h] ", ERROR, "Asia/Singapore"),
    ("timestamp: %m user: %u db: %d app: %a | ", DURATION, "UTC"),
    ("%m [%p]: client=%h", DURATION, "UTC"),
    ("%m [%p] %q%u@%d app=%a client=%h state=%e session=%c line=%l ", ERROR, "UTC"),
    # every escape, padding, literal percent signs, two-word command tags
    ("%m|%p|%u|%d|%a|%r|%c|%l|%s|%v|%x|%i|%e|%b|%P|%Q|", DURATION, "UTC"),
    ("%m [%7p] %-10u|%10d|%-3e|", ERROR, "UTC"),
    ("%30m [%-7p] %-20a%3u ", DURATION, "UTC"),
    ("%%%m%% [%p] 100%% ", DURATION, "UTC"),
    ("%t [%p] [%s] %u@%d ", DURATION, "UTC"),
    ("%s %m [%p] ", DURATION, "UTC"),
    ("%m [%p] %Q %q%u@%d ", DURATION, "UTC"),
    ("%t %b[%p] leader=%P ", DURATION, "UTC"),
    ("%t [%p:%i] %u@%d ", WAIT, "UTC"),
    ("%t [%p] %i %u@%d ", IDLE, "UTC"),
    ('{"t":"%m","pid":%p,"user":"%u","db":"%d"} ', DURATION, "UTC"),
    # zones
    ("%m [%p] ", DURATION, "America/Sao_Paulo"),
    ("%m [%p] ", DURATION, "Asia/Kathmandu"),
    ("%m [%p] ", DURATION, "Asia/Kolkata"),
    ("%t [%p] ", DURATION, "Europe/Berlin"),
    ("%m [%p] ", DURATION, "America/Chicago"),
]

# What PostgreSQL 15 cannot write: %L, the server's address, is of 18.
HANDMADE = [{
    "prefix": "%m [%p] %L %q%u@%d ", "timezone": "UTC", "handmade": True,
    "line": "2026-03-04 05:06:07.089 UTC [4711] 10.0.0.7 app@shop LOG:  duration: 0.042 ms  statement: SELECT 42",
    "want": {"time": "2026-03-04T05:06:07.089Z", "pid": 4711, "user": "app", "database": "shop", "severity": "LOG",
             "message": "duration: 0.042 ms  statement: SELECT 42"},
}]

# Names of the csvlog columns that a prefix can show too.
COLUMNS = {"user": 1, "database": 2, "session": 5, "sqlstate": 12, "application": 22}
ESCAPES = {"u": "user", "d": "database", "c": "session", "e": "sqlstate", "a": "application"}


def psql(sql, user="app", database="shop", host="127.0.0.1", wait=True):
    command = [PSQL, "-X", "-q", "-o", "/dev/null", "-h", host, "-p", PORT, "-U", user, "-d", database]
    client = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                              env={**os.environ, "PGAPPNAME": "billing worker"})
    client.stdin.write(sql + ";\n")
    client.stdin.close()
    if wait:
        client.wait()
    return client


def administer(*commands):
    for command in commands:
        psql(command, user="postgres", database="postgres", host=str(DIR))


def record(prefix, action, zone):
    administer("ALTER SYSTEM SET log_line_prefix = '%s'" % prefix, f"ALTER SYSTEM SET log_timezone = '{zone}'",
               "SELECT pg_reload_conf()")
    time.sleep(0.2)
    text, table = DIR / "log/server.log", DIR / "log/server.csv"
    start = text.stat().st_size, table.stat().st_size
    sql, words = action
    holder = psql("BEGIN; LOCK TABLE busy; SELECT pg_sleep(0.5); COMMIT", wait=False) if action is WAIT else None
    time.sleep(0.2)
    psql(sql)
    if holder:
        holder.wait()
    time.sleep(0.2)
    line = next(x for x in text.read_bytes()[start[0]:].decode().splitlines() if words in x)
    row = next(r for r in csv.reader(io.StringIO(table.read_bytes()[start[1]:].decode())) if words in r[13])
    return {"prefix": prefix, "timezone": zone, "line": line, "want": wanted(prefix, row, zone)}


def wanted(prefix, row, zone):
    """The part of a csvlog record that the prefix shows."""
    shown = {p.lstrip("-0123456789")[:1] for p in prefix.replace("%%", "").split("%")[1:]}
    want = {name: row[COLUMNS[name]] for escape, name in ESCAPES.items() if escape in shown}
    if shown & set("mnt"):
        want["time"] = utc(row[0], zone, seconds=not shown & set("mn"))
    if "p" in shown:
        want["pid"] = int(row[3])
    if shown & set("hr"):
        want["client"] = row[4].rsplit(":", 1)[0]
    return want | {"severity": row[11], "message": row[13]}


def utc(local, zone, seconds):
    moment = datetime.datetime.fromisoformat(local.rsplit(" ", 1)[0]).replace(tzinfo=zoneinfo.ZoneInfo(zone))
    precision = "seconds" if seconds else "milliseconds"
    return moment.astimezone(datetime.timezone.utc).isoformat(timespec=precision).replace("+00:00", "Z")


def main():
    server = str(HERE / "pg-server.sh")
    DIR.mkdir(mode=0o755)
    try:
        subprocess.run([server, "start", str(DIR), "listen_addresses=127.0.0.1", f"port={PORT}", "compute_query_id=on",
                        "logging_collector=on", "log_destination=stderr,csvlog", "log_directory=../log",
                        "log_filename=server.log", "log_lock_waits=on", "deadlock_timeout=100ms"],
                       check=True, stdout=subprocess.DEVNULL)
        administer("CREATE ROLE app LOGIN", "CREATE DATABASE shop OWNER app",
                   "ALTER ROLE app SET idle_in_transaction_session_timeout = '100ms'",
                   "ALTER SYSTEM SET log_min_duration_statement = 0")
        psql("CREATE TABLE busy ()")
        cases = [record(*case) for case in CASES]
    finally:
        subprocess.run([server, "stop", str(DIR)])
        shutil.rmtree(DIR)
    OUT.write_text(json.dumps(cases + HANDMADE, indent=1, ensure_ascii=False) + "\n")


main()
