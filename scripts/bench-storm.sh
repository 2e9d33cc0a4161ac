#!/usr/bin/env bash
# `make bench`, last part: what a storm of logins does to the tiles (S9). Everything shares all cores, as on a small server.
#
#   RUNS=5 RUN_SECONDS=4 CONNECTIONS=32   how often, how long, how many connections
#   STORM=64                              connections that log in, each again and again, from an address of its own
#
# Each run measures tiles/s and, with one connection, how long a tile takes; quietly first, and then with as many logins as
# the machine can take. Ratios within one run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
on_cores=$(taskset -cp $$ | sed 's/.*: //')
# shellcheck source=scripts/bench-site.sh
. scripts/bench-site.sh

storm=${STORM:-64}
[[ $storm =~ ^[1-9][0-9]{0,3}$ ]] || fail "STORM is a number from 1 to 9999, not '$storm'"

# A line for each login would fill the pipe that nobody reads, and then hold up whoever writes to it.
export TILEGATE_LOG=warn,tilegate::startup=info
start_tilegate tilegate "$dir/tilegate"
await NGINX curl -sf -m 5 -H 'Host: others' "http://127.0.0.1:$port/none/tile"
login "http://127.0.0.1:$storm_port/auth/login"
put "$dir/storm.lua" <<LUA
local number, threads = 0, {}
given, turned_away, wrong = 0, 0, 0
function setup(thread) table.insert(threads, thread) end
function request()
    number = number + 1
    -- 198.18.0.0/15 is there for measurements (RFC 2544).
    local address = string.format("198.18.%d.%d", math.floor(number / 250) % 250, number % 250 + 1)
    return wrk.format("POST", "/auth/login", {
        ["Host"] = "$public_host", ["X-Bench-Address"] = address, ["Cookie"] = "$session",
        ["Origin"] = "https://$public_host", ["Content-Type"] = "application/x-www-form-urlencoded",
    }, "csrf=$csrf&username=reader&password=correct+horse+battery")
end
function response(status)
    if status == 303 then given = given + 1 elseif status == 503 then turned_away = turned_away + 1 else wrong = wrong + 1 end
end
function done(summary)
    local seconds, of = summary.duration / 1e6, threads[1]
    io.write(string.format("storm %.1f %.1f %d\n", of:get("given") / seconds, of:get("turned_away") / seconds, of:get("wrong")))
end
LUA

tiles() { # <connections> <seconds>: tiles/s, and the 99th percentile in ms
    timeout $(($2 + 15)) wrk -t1 -c"$1" -d"$2s" --timeout 5s --latency -H "Host: $public_host" -H "Cookie: $cookie" \
        "http://127.0.0.1:$disk_port$held_tile" >"$dir/wrk" || fail "wrk failed: $(<"$dir/wrk")"
    ! grep -E 'Non-2xx|Socket errors' "$dir/wrk" || fail "not every tile was served"
    awk '/^Requests\/sec:/ { rate = $2 } $1 == "99%" { p99 = $2 }
        END { if (rate == 0) exit 1; unit = p99; sub(/^[0-9.]+/, "", unit); p99 += 0; if (unit == "us") p99 /= 1000; if (unit == "s") p99 *= 1000; print rate, p99 }' "$dir/wrk"
}
both() { # sets many, few: tiles/s with many connections; how long a tile takes with one
    read -r many _ < <(tiles "$connections" "$run_seconds")
    read -r _ few < <(tiles 1 "$run_seconds")
}

tiles "$connections" 1 >/dev/null
say "Everything on cores $on_cores; quietly, and with $storm connections that log in …"
printf '\n%-3s %12s %12s %8s %12s %12s %8s %12s %14s\n' run "tiles/s" "in storm" ratio "p99 ms" "in storm" ratio "logins/s" "turned away/s"
for ((run = 1; run <= runs; run++)); do
    both
    quiet_many=$many quiet_few=$few
    timeout $((run_seconds * 2 + 20)) wrk -t1 -c"$storm" -d"$((run_seconds * 2 + 2))s" --timeout 20s -s "$dir/storm.lua" \
        "http://127.0.0.1:$storm_port" >"$dir/storm" &
    storming=$!
    sleep 1
    both
    wait "$storming" || fail "wrk failed: $(<"$dir/storm")"
    read -r _ logins away wrong < <(grep '^storm ' "$dir/storm")
    ((wrong == 0)) || fail "$wrong logins got another answer than 303 or 503"
    printf '%s %s %s %s %s %s %s\n' "$run" "$quiet_many" "$many" "$quiet_few" "$few" "$logins" "$away" >>"$dir/runs"
    awk 'END { printf "%-3s %12.0f %12.0f %8.2f %12.2f %12.2f %8.2f %12.1f %14.1f\n", $1, $2, $3, $3 / $2, $4, $5, $5 / $4, $6, $7 }' "$dir/runs"
done

say ""
goal() { printf '%-52s %-28s %s\n' "$@"; }
goal "" measured goal
goal "tiles/s in a storm of logins, to quiet" "$(awk '{ print $3 / $2 }' "$dir/runs" | median)" ">= 0.6 on two cores"
goal "99th percentile of a tile, to quiet" "$(awk '{ print $5 / $4 }' "$dir/runs" | median)" "<= 3"
goal "logins/s meanwhile" "$(awk '{ print $6 }' "$dir/runs" | median)" ""
