#!/usr/bin/env bash
# What the benchmarks measure, for them to read in: an NGINX with the configuration that is shipped, the bound beside it, an
# image server that gives one tile, and Tilegate with its settings, policy and account. Whoever reads it in has
# said `set -euo pipefail` and gone to the top of the tree. Everything is in $dir, and ends with the script.
# shellcheck disable=SC2034,SC2154 # names of, and for, the scripts that read it in

say() { printf '%s\n' "$*"; }
fail() {
    printf 'make bench: %s\n' "$*" >&2
    exit 1
}
median() { sort -n | awk '{ all[NR] = $1 } END { if (NR) print (NR % 2) ? all[(NR + 1) / 2] : (all[NR / 2] + all[NR / 2 + 1]) / 2 }'; }

export LC_ALL=C
export no_proxy="*" NO_PROXY="*" NO_COLOR=1
PATH=$PATH:/usr/sbin:/sbin:${HOME:-/root}/.cargo/bin

runs=${RUNS:-5}
run_seconds=${RUN_SECONDS:-4}
connections=${CONNECTIONS:-32}
compare=${COMPARE:-}
rules_db=${RULES_DB:-}
many_rules=${RULES:-10000000}
rules=1000
tile_bytes=10240
public_host=images.example.org

for number in "$runs" "$run_seconds" "$connections"; do
    [[ $number =~ ^[1-9][0-9]{0,3}$ ]] || fail "RUNS, RUN_SECONDS and CONNECTIONS are numbers from 1 to 9999, not '$number'"
done
[[ -z $compare || -x $compare ]] || fail "COMPARE=$compare is not a program"
[[ -z $rules_db || -r $rules_db ]] || fail "RULES_DB=$rules_db cannot be read; cargo bench --bench scale -- 10000000 $rules_db makes it"
for need in nginx:nginx wrk:wrk curl:curl taskset:util-linux setpriv:util-linux cargo:rust; do
    command -v "${need%:*}" >/dev/null || fail "${need%:*} is missing (Debian's package ${need#*:})"
done
[[ -r /proc/self/schedstat ]] || fail "this kernel has no /proc/PID/schedstat, from which CPU time is read"
mapfile -t cores < <(taskset -cp $$ | sed 's/.*: //; s/,/\n/g' | while IFS=- read -r first last; do seq "$first" "${last:-$first}"; done)
((${#cores[@]} >= 2)) || fail "it takes two cores: one for the servers, one for the load"
server_core=${cores[0]} load_core=${cores[1]}

cargo build --release --locked --quiet --bin tilegate </dev/null
tilegate=${CARGO_TARGET_DIR:-target}/release/tilegate

# --- where, and who ------------------------------------------------------------------------------

umask 022
dir=$(mktemp -d /tmp/tilegate-bench.XXXXXX)
declare -A pids=() # name -> process id of the master
finish() {
    local name
    trap '' INT TERM HUP
    for name in "${!pids[@]}"; do kill -TERM "${pids[$name]}" 2>/dev/null || true; done
    for name in "${!pids[@]}"; do wait "${pids[$name]}" 2>/dev/null || true; done
    rm -rf -- "$dir"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if (($(id -u) == 0)); then
    id www-data >/dev/null 2>&1 || fail "there is no user www-data, and as root no server is started: run it as an ordinary user"
    become=(--reuid=www-data --regid=www-data --init-groups)
    chown www-data: "$dir"
else
    become=()
fi
as_user() { HOME=$dir setpriv "${become[@]}" -- "$@"; }
put() { as_user tee "$1" >/dev/null; }
# As a server is started: unprivileged, on the servers' core, ended with this script whatever its end.
server() { HOME=$dir exec taskset -c "${on_cores:-$server_core}" setpriv "${become[@]}" --pdeathsig TERM -- "$@"; }

cp "$tilegate" "$dir/tilegate"
if [[ -n $compare ]]; then cp "$compare" "$dir/tilegate-compared"; fi
chmod 755 "$dir"/tilegate*

taken() { (: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
free_port() {
    local port
    for _ in {1..50}; do
        port=$((20000 + RANDOM % 12000))
        taken "$port" || { printf %s "$port" && return; }
    done
    return 1
}
ports=()
while ((${#ports[@]} < 6)); do
    port=$(free_port) || fail "no free port was found"
    [[ " ${ports[*]} " == *" $port "* ]] || ports+=("$port")
done
port=${ports[0]} disk_port=${ports[1]} compared_port=${ports[2]} many_port=${ports[3]} many_login_port=${ports[4]} storm_port=${ports[5]}

# --- Tilegate: settings, policy, account ------------------------------------------------------------

for name in "${!TILEGATE_@}"; do unset "$name"; done
TILEGATE_KEYS=$("$dir/tilegate" key new)
export TILEGATE_KEYS
export TILEGATE_PUBLIC_URL=https://$public_host
export TILEGATE_LISTEN=unix:$dir/tilegate.sock
export TILEGATE_NGINX_SOCKET_DIR=$dir
export TILEGATE_DATABASE_URL=sqlite:$dir/tilegate.db
# The image server's address is exchanged for a Unix socket below.
export TILEGATE_MOUNT_IMAGES="image /iiif/images/ http://127.0.0.1:9/iiif/ server=iipsrv default=closed"
export TILEGATE_MOUNT_FILES="file /files/ http://127.0.0.1:9/files/ default=closed"

open_tile=/iiif/images/public%2Falbum-03%2Fphoto-12.tif/1024,512,512,512/512,/0/default.jpg
held_tile=/iiif/images/archive%2Fseries-07%2Fitem-0742%2Fpage-3.tif/1024,512,512,512/512,/0/default.jpg
held_chunk=/files/volume/series-07/0/12.3.45

{
    printf '[[condition]]\nname = "staff"\npattern = "login"\nlabel = { en = "Staff" }\n'
    printf '[[rule]]\nmount = "images"\nidentifier = "public"\nconditions = ["open"]\n'
    printf '[[rule]]\nmount = "files"\nidentifier = "volume"\nconditions = ["staff"]\n'
    for ((number = 0; number < rules - 1; number++)); do
        printf -v folder 'archive/series-%02d/item-%04d' $((number / 100)) "$number"
        match=prefix
        if ((number % 2)); then match=exact folder+=/page-1.tif; fi
        printf '[[rule]]\nmount = "images"\nidentifier = "%s"\nmatch = "%s"\nconditions = ["staff"]\n' "$folder" "$match"
    done
} | put "$dir/policy.toml"
as_user "$dir/tilegate" policy import "$dir/policy.toml" >/dev/null || fail "the policy was refused"
as_user "$dir/tilegate" account add reader --conditions staff --password-stdin <<<"correct horse battery" >/dev/null ||
    fail "the account could not be made"

# --- NGINX: the one that is measured, the bound, the image server ------------------------------------

mkdir "$dir"/{front,bound,origin}
mkdir -p "$dir/files/iiif"
head -c "$tile_bytes" /dev/urandom >"$dir/files/tile.jpg"
if ((${#become[@]})); then chown -R www-data: "$dir"/{front,bound,origin}; fi

start_nginx() { # <name>: the configuration of its http block on standard input
    local name=$1
    {
        printf 'daemon off;\nworker_processes 1;\npid %s/%s/pid;\nevents { worker_connections 2048; }\n' "$dir" "$name"
        printf 'http {\naccess_log off;\nkeepalive_requests 100000000;\nopen_file_cache max=16;\n'
        for temporary in client_body proxy fastcgi uwsgi scgi; do
            printf '%s_temp_path %s/%s/%s;\n' "$temporary" "$dir" "$name" "$temporary"
        done
        cat
        printf '}\n'
    } | put "$dir/$name/nginx.conf"
    server nginx -p "$dir/$name" -c nginx.conf -e "$dir/$name/error.log" >/dev/null 2>&1 </dev/null &
    pids[$name]=$!
}
await() { # <what> <command…>: for at most ten seconds
    local what=$1
    shift
    for _ in {1..200}; do
        if "$@" >/dev/null 2>&1; then return; fi
        sleep 0.05
    done
    tail -n 5 "$dir"/*/error.log "$dir"/*.log >&2 2>/dev/null || true
    fail "$what did not start"
}

start_nginx origin <<CONF
server {
    listen unix:$dir/origin.sock;
    location / { root $dir/files; try_files /tile.jpg =404; types { } default_type image/jpeg; }
}
CONF
start_nginx bound <<CONF
server {
    listen unix:$dir/bound.sock;
    location / { return 204; }
}
CONF

as_user "$dir/tilegate" nginx-conf --http | sed "s|server 127.0.0.1:9;|server unix:$dir/origin.sock;|" | put "$dir/http.conf"
as_user "$dir/tilegate" nginx-conf --server | put "$dir/server.conf"
grep -q "server unix:$dir/origin.sock;" "$dir/http.conf" || fail "the output of nginx-conf has no image server to exchange"
check() { # <location> <address>: the shipped check, put to somebody else
    awk '/^location = \/_tilegate \{$/ { inside = 1 } inside { print } inside && /^}$/ { exit }' "$dir/server.conf" |
        sed "s|^location = /_tilegate |location = $1 |; s|proxy_pass http://tilegate/query_auth;|proxy_pass $2;|"
}
check /_bound http://bound/ | put "$dir/check-bound.conf"
check /_tilegate http://tilegate/query_auth | put "$dir/check-tilegate.conf"
check /_compared http://compared/query_auth | put "$dir/check-compared.conf"
check /_many http://many/query_auth | put "$dir/check-many.conf"
sed 's|proxy_pass http://tilegate\([/$]\)|proxy_pass http://many\1|' "$dir/server.conf" | put "$dir/server-many.conf"
[[ -s $dir/check-bound.conf ]] || fail "the output of nginx-conf has no check to copy"

start_nginx front <<CONF
include $dir/http.conf;
upstream bound { server unix:$dir/bound.sock; keepalive 32; keepalive_timeout 30s; }
upstream compared { server unix:$dir/compared.sock; keepalive 32; keepalive_timeout 30s; }
upstream many { server unix:$dir/many.sock; keepalive 32; keepalive_timeout 30s; }
types { } default_type image/jpeg;

# What is shipped.
server { listen 127.0.0.1:$port; server_name $public_host; include $dir/server.conf; }

# The same tile from the same image server, otherwise protected.
server {
    listen 127.0.0.1:$port;
    server_name others;
    include $dir/check-bound.conf;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_pass_request_headers off;
    location = /_204 { internal; return 204; }
    location /none/ { proxy_pass http://tilegate_origin_images/iiif/; }
    location /204/ { auth_request /_204; proxy_pass http://tilegate_origin_images/iiif/; }
    location /bound/ { auth_request /_bound; set \$tg_mount images; proxy_pass http://tilegate_origin_images/iiif/; }
}

# The tile from NGINX's own disk: nothing dilutes what the check costs.
server {
    listen 127.0.0.1:$port;
    server_name disk;
    include $dir/check-bound.conf;
    root $dir/files;
    set \$tg_mount images;
    location = /_204 { internal; return 204; }
    location /none/ { try_files /tile.jpg =404; }
    location /204/ { auth_request /_204; try_files /tile.jpg =404; }
    location /bound/ { auth_request /_bound; try_files /tile.jpg =404; }
}
server {
    listen 127.0.0.1:$disk_port;
    include $dir/check-tilegate.conf;
    root $dir/files;
    set \$tg_mount images;
    location / { auth_request /_tilegate; auth_request_set \$tg_path \$upstream_http_x_tilegate_path; try_files /tile.jpg =404; }
}
server {
    listen 127.0.0.1:$compared_port;
    include $dir/check-compared.conf;
    root $dir/files;
    set \$tg_mount images;
    location / { auth_request /_compared; auth_request_set \$tg_path \$upstream_http_x_tilegate_path; try_files /tile.jpg =404; }
}
server {
    listen 127.0.0.1:$many_port;
    include $dir/check-many.conf;
    root $dir/files;
    set \$tg_mount images;
    location / { auth_request /_many; auth_request_set \$tg_path \$upstream_http_x_tilegate_path; try_files /tile.jpg =404; }
}
server { listen 127.0.0.1:$many_login_port; server_name $public_host; include $dir/server-many.conf; }

# Visitors from as many addresses as whoever asks makes up: attempts are counted for each.
server {
    listen 127.0.0.1:$storm_port;
    server_name $public_host;
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Bench-Address;
    include $dir/server.conf;
}
CONF

# --- Starting Tilegate, and what that takes ----------------------------------------------------------

mkfifo "$dir/log"
exec {log}<>"$dir/log"
start_tilegate() { # <name> <program>: sets start_ms, from before the process exists until it listens
    local name=$1 program=$2 begin end line=
    # What another one has said at its end.
    while read -r -t 0.05 -u "$log" _; do :; done
    begin=${EPOCHREALTIME/./}
    server "$program" serve 2>"$dir/log" >/dev/null </dev/null {log}<&- &
    pids[$name]=$!
    until [[ $line == *"startup: listening"* ]]; do
        read -r -t "${patience:-10}" -u "$log" line || fail "$name did not start"
        [[ $line != tilegate:* ]] || fail "$line"
    done
    end=${EPOCHREALTIME/./}
    start_ms=$(((end - begin) / 100))
    start_ms=${start_ms%?}.${start_ms: -1}
    # What it has to say later is read by nobody, and must not fill the pipe.
    local ready
    ready=$(curl -s -m 5 --unix-socket "$dir/$name.sock" http://tilegate/readyz) || fail "$name listens and does not answer"
    [[ $ready == ready ]] || fail "$name listens and is not ready"
}
stop() { # <name>
    kill -TERM "${pids[$1]}"
    wait "${pids[$1]}" || true
    unset "pids[$1]"
}

# A login as a browser does it. It costs 19 MiB that are kept for the next one, so memory is measured
# in a process that has seen none.
visit() { curl -s -m 20 -D "$dir/headers" -H "Host: $public_host" "$@"; }
set_cookie() { sed -n "s/^[Ss]et-[Cc]ookie: \(__Host-tilegate_$1=[^;]*\);.*/\1/p" "$dir/headers" | tr -d '\r'; }
enter() { # <what the form asks…> -- <how curl gets there…>: sets cookie, and what the form was sent with
    local form fields=()
    while [[ $1 != -- ]]; do
        fields+=(--data-urlencode "$1")
        shift
    done
    shift
    form=$(visit "$@")
    csrf=$(sed -n 's/.*name="csrf" value="\([^"]*\)".*/\1/p' <<<"$form" | head -1)
    session=$(set_cookie session)
    visit -o /dev/null -H "Cookie: $session" --data-urlencode "csrf=$csrf" "${fields[@]}" "$@"
    cookie=$(set_cookie access)
    [[ -n $cookie ]] || fail "no access cookie came from ${*: -1}"
}
login() { enter username=reader "password=correct horse battery" -- "$@"; }
