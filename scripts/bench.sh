#!/usr/bin/env bash
# `make bench`, second half: what a tile costs through a real NGINX, and what Tilegate costs by itself.
#
#   RUNS=5 RUN_SECONDS=4 CONNECTIONS=32   how often, how long, how many connections
#   COMPARE=/path/to/another/tilegate     also measures that program, in the same interleaved runs
#   RULES_DB=/path/to/rules.db RULES=10000000   also measures Tilegate with that many rules, of the database that
#                                         benches/scale.rs keeps (it is copied), beside the usual ones: random tiles
#
# Servers run on one core, the load on another, everything on the loopback of this machine. Figures per
# tile are CPU time from /proc/PID/task/*/schedstat: on a shared machine they hold better than tiles/s,
# which are quoted as ratios inside one run only.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/bench-site.sh
. scripts/bench-site.sh

say "Starting NGINX and Tilegate on core $server_core, wrk on core $load_core …"
starts=()
for ((number = 0; number < 5; number++)); do
    start_tilegate tilegate "$dir/tilegate"
    starts+=("$start_ms")
    if ((number < 4)); then stop tilegate; fi
done
start_median=$(printf '%s\n' "${starts[@]}" | median)

await NGINX curl -sf -m 5 -H 'Host: others' "http://127.0.0.1:$port/none/tile"

many_cookie=
if [[ -n $rules_db ]]; then
    # A database has its own store epoch, and so its own cookies.
    say "Copying and loading the rules of $rules_db …"
    cp -- "$rules_db" "$dir/many.db"
    if ((${#become[@]})); then chown www-data: "$dir/many.db"; fi
    many_settings=(TILEGATE_LISTEN="unix:$dir/many.sock" TILEGATE_DATABASE_URL="sqlite:$dir/many.db")
    env "${many_settings[@]}" setpriv "${become[@]}" -- "$dir/tilegate" account add reader --conditions staff --password-stdin \
        <<<"correct horse battery" >/dev/null || fail "the account could not be made in a copy of RULES_DB"
    export "${many_settings[@]}"
    patience=120 start_tilegate many "$dir/tilegate"
    export TILEGATE_LISTEN=unix:$dir/tilegate.sock TILEGATE_DATABASE_URL=sqlite:$dir/tilegate.db
    many_start=$start_ms
    login "http://127.0.0.1:$many_login_port/auth/login"
    many_cookie=$cookie
fi
# A pass of the archive's volume, redeemed as its share link does it.
read -r _ secret < <(as_user "$dir/tilegate" pass new --mount files --prefix volume 2>/dev/null) || fail "the pass could not be made"
enter to= -- "http://127.0.0.1:$port/auth/share/$secret"
redeemed=$cookie
login "http://127.0.0.1:$port/auth/login"
stop tilegate

memory() { # <name>: resident and proportional kB
    awk '/^Rss:/ { rss = $2 } /^Pss:/ { pss = $2 } END { print rss, pss }' "/proc/${pids[$1]}/smaps_rollup"
}
idle() { # sets rss, pss, threads; by then it has asked the store for changes
    sleep 2.5
    read -r rss pss < <(memory tilegate)
    threads=$(find "/proc/${pids[tilegate]}/task" -mindepth 1 -maxdepth 1 | wc -l)
}
on_cores=$(IFS=, && printf %s "${cores[*]}") start_tilegate tilegate "$dir/tilegate"
idle
all_cores_idle="$rss $pss $threads"
stop tilegate
start_tilegate tilegate "$dir/tilegate"
idle
if [[ -n $compare ]]; then
    as_user cp "$dir/tilegate.db" "$dir/compared.db"
    TILEGATE_LISTEN=unix:$dir/compared.sock TILEGATE_DATABASE_URL=sqlite:$dir/compared.db \
        start_tilegate compared "$dir/tilegate-compared"
fi

# --- The check's answer --------------------------------------------------------------------------------

curl -s -m 5 -D "$dir/headers" -o /dev/null --unix-socket "$dir/tilegate.sock" -H "X-Original-URI: $held_tile" \
    -H "X-Original-Method: GET" -H "X-Original-Host: $public_host" -H "X-Real-IP: 192.0.2.7" \
    -H "X-Tilegate-Mount: images" -H "Cookie: $cookie" http://tilegate/query_auth
grep -q '^HTTP/1.1 200' "$dir/headers" || fail "the check did not answer 200 to a held tile: $(head -1 "$dir/headers")"
header_bytes=$(wc -c <"$dir/headers")
path_bytes=$(grep -i '^x-tilegate-path:' "$dir/headers" | wc -c)

# --- The runs ---------------------------------------------------------------------------------------------

declare -A hosts=() urls=() cookies=() own=() scripts=()
way() { # <key> <host> <URL> [cookie] [name of the Tilegate] [name of its random tiles]
    ways+=("$1") hosts[$1]=$2 urls[$1]=$3 cookies[$1]=${4:-} own[$1]=${5:-} scripts[$1]=${6:+$dir/random-$6.lua}
}
random_tiles() { # <name> <rules>: held tiles of all folders that have a prefix rule, each as likely
    put "$dir/random-$1.lua" <<LUA
request = function()
    local item = 2 + 2 * math.random(0, ($2 - 4) / 2)
    local folder = string.format("archive%%2Fseries-%02d%%2Fitem-%04d", math.floor(item / 100), item)
    return wrk.format(nil, "/iiif/images/" .. folder .. "%2Fpage-3.tif/1024,512,512,512/512,/0/default.jpg")
end
LUA
}
ways=()
base=http://127.0.0.1:$port
way none others "$base/none/tile"
way internal-204 others "$base/204/tile"
way bound others "$base/bound/tile"
way tilegate-open "$public_host" "$base$open_tile" "" tilegate
way tilegate-held "$public_host" "$base$held_tile" "$cookie" tilegate
way tilegate-chunk "$public_host" "$base$held_chunk" "$redeemed" tilegate
way disk-none disk "$base/none/tile"
way disk-internal-204 disk "$base/204/tile"
way disk-bound disk "$base/bound/tile"
way disk-tilegate-open "$public_host" "http://127.0.0.1:$disk_port$open_tile" "" tilegate
way disk-tilegate-held "$public_host" "http://127.0.0.1:$disk_port$held_tile" "$cookie" tilegate
if [[ -n $compare ]]; then
    way disk-compared-held "$public_host" "http://127.0.0.1:$compared_port$held_tile" "$cookie" compared
fi
if [[ -n $rules_db ]]; then
    random_tiles few "$rules"
    way disk-few-random "$public_host" "http://127.0.0.1:$disk_port/" "$cookie" tilegate few
    random_tiles many "$many_rules"
    way disk-many-random "$public_host" "http://127.0.0.1:$many_port/" "$many_cookie" many many
fi

cpu() { # <name…>: nanoseconds of these servers, workers included
    local name pid
    for name; do
        if [[ -z $name ]]; then continue; fi
        pid=${pids[$name]}
        for pid in "$pid" $(<"/proc/$pid/task/$pid/children"); do cat "/proc/$pid"/task/*/schedstat; done
    done | awk '{ sum += $1 } END { printf "%.0f\n", sum }'
}
load() { # <way> <seconds>: tiles/s, NGINX's CPU us a tile, the bound's, the image server's, Tilegate's own
    local key=$1 seconds=$2 before after name of
    before=$(for name in front bound origin "${own[$key]}"; do cpu "$name"; done)
    timeout $((seconds + 15)) taskset -c "$load_core" wrk -t1 -c"$connections" -d"${seconds}s" --timeout 5s \
        -H "Host: ${hosts[$key]}" ${cookies[$key]:+-H "Cookie: ${cookies[$key]}"} ${scripts[$key]:+-s "${scripts[$key]}"} \
        "${urls[$key]}" >"$dir/wrk" ||
        fail "wrk failed: $(<"$dir/wrk")"
    after=$(for name in front bound origin "${own[$key]}"; do cpu "$name"; done)
    ! grep -E 'Non-2xx|Socket errors' "$dir/wrk" || fail "$key: not every tile was served"
    of=$(awk '/ requests in / { print $1 } /^Requests\/sec:/ { print $2 }' "$dir/wrk")
    paste <(printf '%s\n' "$before") <(printf '%s\n' "$after") | awk -v of="${of//$'\n'/ }" '
        BEGIN { split(of, wrk, " ") }
        { us[NR] = ($2 - $1) / 1000 / wrk[1] }
        END { printf "%.0f %.2f %.2f %.2f %.2f\n", wrk[2], us[1], us[2], us[3], us[4] }'
}

for key in "${ways[@]}"; do load "$key" 1 >/dev/null; done
printf '\n%-3s %-20s %9s %10s %10s %12s %10s\n' run way tiles/s NGINX-us bound-us img.srv.-us own-us
for ((run = 1; run <= runs; run++)); do
    for key in "${ways[@]}"; do
        figures=$(load "$key" "$run_seconds")
        printf '%s %s %s\n' "$run" "$key" "$figures" >>"$dir/runs"
        # shellcheck disable=SC2086 # the figures are words
        printf '%-3s %-20s %9s %10s %10s %12s %10s\n' "$run" "$key" $figures
    done
done
read -r loaded_rss loaded_pss < <(memory tilegate)

# --- What came of it ----------------------------------------------------------------------------------------

of() { # <way> <column>: the median over the runs
    awk -v key="$1" -v column="$2" '$2 == key { print $column }' "$dir/runs" | median
}
ratio() { # <way> <to>: the median of the ratios within each run
    awk -v key="$1" -v to="$2" '$2 == key { of[$1] = $3 } $2 == to { by[$1] = $3 } END { for (run in of) printf "%.3f\n", of[run] / by[run] }' "$dir/runs" | median
}
table() { # <prefix of the keys>
    printf '%-42s %10s %10s %10s %10s %8s\n' "" tiles/s "to none" "to bound" "NGINX us" "own us"
    local key title own_us
    while IFS='|' read -r key title; do
        [[ " ${ways[*]} " == *" $1$key "* ]] || continue
        own_us=
        if [[ $key == bound ]]; then own_us=$(of "$1$key" 5); fi
        if [[ -n ${own[$1$key]} ]]; then own_us=$(of "$1$key" 7); fi
        printf '%-42s %10.0f %10.2f %10.2f %10.1f %8s\n' "$title" "$(of "$1$key" 3)" "$(ratio "$1$key" "$1none")" \
            "$(ratio "$1$key" "$1bound")" "$(of "$1$key" 4)" "${own_us:+$(printf %.1f "$own_us")}"
    done <<'TITLES'
none|no protection
internal-204|auth_request to an internal return 204
bound|the bound: to another NGINX, return 204
tilegate-open|Tilegate, open tile
tilegate-held|Tilegate, held tile (access cookie)
tilegate-chunk|Tilegate, chunk of a volume (redeemed pass)
compared-held|the program compared, held tile
few-random|Tilegate, held tiles at random
many-random|Tilegate with the rules of RULES_DB, the same
TITLES
}
mb() { awk -v kb="$1" 'BEGIN { printf "%.1f", kb / 1024 }'; }

say ""
say "Medians of $runs interleaved runs of $run_seconds s, wrk -t1 -c$connections; $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nginx -v 2>&1 | sed 's/.*: //')"
say "$rules rules; a tile of $tile_bytes bytes; ratios within one run; CPU time per tile"
say ""
say "Through an image server behind a Unix socket, with the NGINX configuration that is shipped"
table ""
say ""
say "From NGINX's own disk: the harshest case, nothing dilutes what the check costs"
table disk-
say ""
goal() { printf '%-52s %-28s %s\n' "$@"; }
goal "" measured goal
goal "own CPU per decision, held tile" "$(printf '%.1f us' "$(of disk-tilegate-held 7)")" "<= 9 us"
goal "  the bound's: NGINX that returns 204" "$(printf '%.1f us' "$(of disk-bound 5)")" ""
goal "own CPU of a chunk, redeemed pass, to a held tile" \
    "$(awk '$2 == "tilegate-held" { tile[$1] = $7 } $2 == "tilegate-chunk" { chunk[$1] = $7 }
        END { for (run in tile) printf "%.3f\n", chunk[run] / tile[run] }' "$dir/runs" | median) (median of $runs)" "<= 1.15"
goal "tiles/s to the bound, held tile from disk" "$(ratio disk-tilegate-held disk-bound)" "aim 1.00, floor 0.90 (noise 0.15)"
goal "access cookie, name and value" "${#cookie} bytes" "<= 600 bytes"
goal "the check's answer: headers, besides the path" "$((header_bytes - path_bytes)) bytes" "<= 1 kB"
goal "memory idle on one core: resident (proportional)" "$(mb "$rss") MB ($(mb "$pss")), $threads threads" "<= 8 MB"
read -r rss pss threads <<<"$all_cores_idle"
goal "  the same on ${#cores[@]} cores" "$(mb "$rss") MB ($(mb "$pss")), $threads threads" ""
goal "memory after the load: resident (proportional)" "$(mb "$loaded_rss") MB ($(mb "$loaded_pss"))" "<= 12 MB"
goal "start to listening and ready, $rules rules" "$start_median ms (median of ${#starts[@]})" "<= 50 ms"
if [[ -n $rules_db ]]; then
    goal "own CPU a tile with many rules, to that with $rules" \
        "$(awk '$2 == "disk-few-random" { few[$1] = $7 } $2 == "disk-many-random" { many[$1] = $7 }
            END { for (run in few) printf "%.3f\n", many[run] / few[run] }' "$dir/runs" | median) (median of $runs)" "<= 1.3"
    goal "  start to listening and ready, on one core" "$many_start ms" ""
fi
say ""
cat <<'PEERS'
For comparison, measured once on another day and machine (2 cores of a shared VM, NGINX 1.22.1, a cached
10 KB tile without an image server behind it, so the second table is the one to compare):

                                                       to none   server CPU us a tile
  no protection                                          1.000     14
  auth_request to an internal return 204                 0.96      15
  auth_request to another NGINX (the bound)              0.485     30
  the bound over TCP, keep-alive                         0.37      39
  the bound over TCP, no keep-alive (most snippets)      0.13     110
  decryption inside NGINX (Lua, AES-256-GCM by FFI)      0.545     27
  bare actix prototype of the whole decision             0.43-0.50 21 NGINX + 8.8-10.5 own
  raw epoll server, no framework (floor of a sidecar)              5.9-6.8 own
  that prototype, answers cached by NGINX for 60 s       0.72      20 (late revocation)
  Caddy forward_auth to the same bound                   0.06     247
  iiif-image-auth (Flask, uwsgi)                         0.018 of the bound, 1640-1700 own
PEERS
