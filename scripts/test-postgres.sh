#!/bin/sh
# A private PostgreSQL for the tests, with all of its data below DIR.
#
#   scripts/test-postgres.sh start DIR   starts it (if it is not running) and prints its URL
#   scripts/test-postgres.sh url DIR     prints the URL of a running one
#   scripts/test-postgres.sh stop DIR    stops it and removes its data
#
# It listens on a Unix socket only, so that no port is taken and nobody outside this machine
# can reach it. It never runs as root. fsync is off: its data is worth nothing.
# shellcheck disable=SC2012,SC2094 # versioned folders have plain names; the log is only named, not read
set -eu

fail() {
    echo "test-postgres: $*" >&2
    exit 1
}

[ $# -eq 2 ] || fail "usage: $0 start|stop|url DIR"
command=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)
data=$dir/postgres-test-data
log=$dir/postgres-test.log

find_bin() {
    # The newest installed version; PostgreSQL's server programs are in no PATH on Debian.
    bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
    if [ -z "$bin" ] && command -v initdb >/dev/null; then
        bin=$(dirname "$(command -v initdb)")
    fi
    [ -n "$bin" ] || fail "PostgreSQL is not installed (on Debian: apt-get install postgresql)"
}

# PostgreSQL refuses to run as root.
if [ "$(id -u)" -eq 0 ]; then
    owner=nobody
    if id postgres >/dev/null 2>&1; then owner=postgres; fi
    unprivileged() { (cd / && runuser -u "$owner" -- "$@"); }
else
    owner=$(id -un)
    unprivileged() { "$@"; }
fi

running() {
    [ -f "$data/socket-dir" ] && unprivileged "$bin/pg_ctl" -D "$data" status >/dev/null 2>&1
}

url() {
    echo "postgres://tilegate@localhost/postgres?host=$(cat "$data/socket-dir")"
}

remove() {
    # Only what `start` has made.
    if [ -f "$data/socket-dir" ]; then
        socket=$(cat "$data/socket-dir")
        case $socket in */tilegate-pg.*) rm -rf -- "$socket" ;; esac
    fi
    rm -rf -- "$data"
}

start() {
    if running; then
        url
        return
    fi
    # Left behind by a machine that went down.
    remove
    mkdir -p "$data"
    : >"$log"
    # Not in DIR: a socket's path may have 107 bytes at most.
    socket=$(mktemp -d /tmp/tilegate-pg.XXXXXX)
    chmod 700 "$data" "$socket"
    echo "$socket" >"$dir/postgres-test-socket"
    if [ "$(id -u)" -eq 0 ]; then chown "$owner" "$data" "$socket" "$log"; fi
    unprivileged test -w "$data" || fail "user $owner cannot reach $data: choose a DIR below which every user may go"
    unprivileged "$bin/initdb" -D "$data" -U tilegate -A trust -E UTF8 --locale=C --no-sync >>"$log" 2>&1 ||
        fail "initdb failed, see $log"
    unprivileged "$bin/pg_ctl" -D "$data" -l "$log" -w -t 60 -o "-k $socket -c listen_addresses= \
        -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 \
        -c shared_buffers=32MB" start >>"$log" 2>&1 || fail "PostgreSQL did not start, see $log"
    mv "$dir/postgres-test-socket" "$data/socket-dir"
    url
}

stop() {
    if running; then
        unprivileged "$bin/pg_ctl" -D "$data" -m immediate -w stop >/dev/null
    fi
    remove
    rm -f -- "$log"
}

find_bin
case $command in
start) start ;;
stop) stop ;;
url) if running; then url; else fail "not running in $dir"; fi ;;
*) fail "usage: $0 start|stop|url DIR" ;;
esac
