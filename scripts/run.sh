#!/usr/bin/env bash
# `make run`: NGINX, iipsrv and Tilegate on http://localhost:8080 with sample images, until Ctrl-C.
#
#   PORT=8081            another port
#   IMAGE_DIR=/my/tiffs  your own images (TIFF or JPEG 2000) instead of the samples
#   DATA_DIR=/somewhere  where accounts, keys, sample images and logs are kept (default: data/ beside this clone)
#
# All three run as one unprivileged user: whoever started this, or www-data if that was root.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin:${HOME:-/root}/.cargo/bin

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$here"

viewer=openseadragon-6.1.1
viewer_sha256=b4ab2942f33b90e0448e4d20fc5ed14cee049f1f3ae49d70afd4b05e9a2f92d0
administrator='admin'
listed_images=50
ready_seconds=30

say() { printf '%s\n' "$*"; }
fail() {
    printf 'make run: %s\n' "$*" >&2
    exit 1
}

# --- what was asked for -------------------------------------------------------------------------

port=${PORT:-8080}
if [[ ! $port =~ ^[1-9][0-9]{0,4}$ ]] || ((port > 65535)); then
    fail "PORT=$port is not a port number (1 to 65535)"
fi

answers() { # <port>: something on this machine listens there
    local address
    for address in 127.0.0.1 ::1; do
        if (: <>"/dev/tcp/$address/$1") 2>/dev/null; then return 0; fi
    done
    return 1
}

if answers "$port"; then
    other=$((port < 65000 ? port + 1 : 8080))
    while answers "$other"; do ((other += 1)); done
    fail "port $port is taken by another program; stop that one, or try: make run PORT=$other"
fi
unprivileged_ports=$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start 2>/dev/null || echo 1024)
((port >= unprivileged_ports)) || fail "port $port is for root only, and nothing of this runs as root: choose PORT=$unprivileged_ports or higher"

image_dir=${IMAGE_DIR:-}
if [[ -n $image_dir ]]; then
    [[ -d $image_dir ]] || fail "IMAGE_DIR=$image_dir is not a folder"
    # The full path, because links and `..` would make one folder look like two.
    image_dir=$(realpath "$image_dir")
fi

# --- who it runs as, and where -------------------------------------------------------------------

if (($(id -u) == 0)); then
    user=www-data
    id "$user" >/dev/null 2>&1 || fail "there is no user www-data, and as root nothing of this runs: start it as an ordinary user"
    become=(--reuid="$user" --regid="$user" --init-groups)
else
    user=$(id -un)
    become=()
fi
as_user() { HOME=$data setpriv "${become[@]}" -- "$@"; }

data=${DATA_DIR:-$here/data}
[[ $data == /* ]] || data=$here/$data
if [[ -z ${DATA_DIR:-} ]] && ! as_user test -x "$here"; then
    data=/var/lib/tilegate-run
    say "Keeping the data in $data: the user $user, who runs the servers, cannot reach $here."
fi
[[ $data =~ ^[A-Za-z0-9_./+@,=~-]+$ ]] ||
    fail "the folder $data has a character in its name that NGINX or a database URL would misread: set DATA_DIR to another one"

if [[ ! -d $data ]]; then
    mkdir -p "$(dirname "$data")"
    mkdir -m 700 "$data"
    if ((${#become[@]})); then chown "$user:" "$data"; fi
fi
as_user test -w "$data" -a -x "$data" ||
    fail "the user $user cannot write to $data, which belongs to $(stat -c %U "$data"): start it as that user, or set DATA_DIR to another folder"
exec 9<"$data"
flock -n 9 || fail "another make run is using $data: stop that one first, or set DATA_DIR to another folder"

if [[ -n $image_dir ]] && ! as_user test -r "$image_dir" -a -x "$image_dir"; then
    fail "IMAGE_DIR=$image_dir cannot be read by the user $user, who runs the servers: give it rights to read and enter the folder"
fi

# Settings of this demo are all made below; a forgotten TILEGATE_… of the shell must not change them.
for name in "${!TILEGATE_@}"; do unset "$name"; done

# --- what it needs --------------------------------------------------------------------------------

wanted=(run)
as_user test -e "$data/viewer/$viewer" || wanted+=(viewer)
scripts/setup.sh "${wanted[@]}"

command -v cargo >/dev/null || fail "cargo is missing: install Rust from https://rustup.rs and try again"
tilegate=${CARGO_TARGET_DIR:-target}/release/tilegate
[[ $tilegate == /* ]] || tilegate=$here/$tilegate
[[ -x $tilegate ]] || say "Building Tilegate (the first build takes a few minutes) …"
cargo build --release --locked --bin tilegate </dev/null 9<&-

umask 077
as_user mkdir -p "$data"/{logs,nginx/tmp,nginx/site/demo,viewer,images,drawings,bin}

put() { as_user tee "$1" >/dev/null; } # <file>: standard input into a file of the user's

if ! as_user test -x "$tilegate"; then
    # The clone is the caller's own; the program is needed where the user can start it.
    as_user rm -f "$data/bin/tilegate"
    put "$data/bin/tilegate" <"$tilegate"
    as_user chmod 0500 "$data/bin/tilegate"
    tilegate=$data/bin/tilegate
fi

# --- the images ------------------------------------------------------------------------------------

if [[ -n $image_dir ]]; then
    images=$image_dir
    database=$data/own-$(printf %s "$image_dir" | cksum | cut -d' ' -f1).db
    policy=samples/policy-own-images.toml
    default=staff
else
    images=$data/images
    database=$data/samples.db
    policy=samples/policy.toml
    default=closed
    for drawing in samples/*/*.svg; do
        copy=$data/drawings/${drawing#samples/}
        if as_user test -e "$copy" && [[ ! $drawing -nt $copy ]]; then continue; fi
        as_user mkdir -p "$(dirname "$copy")"
        put "$copy" <"$drawing"
    done
    # The script as a word, because the list of samples is its input, and the user may not reach either.
    for made in drawings files manifests; do
        as_user bash -c "$(<scripts/demo.sh)" demo.sh "$made" "$data/$made" "http://localhost:$port" <samples/patterns.tsv
    done
    as_user bash -s -- "$data/drawings" "$images" <scripts/samples.sh
fi

# --- the start page, and the viewer from npm ------------------------------------------------------

for file in nginx/demo/*.{html,css,js,svg}; do put "$data/nginx/site/demo/${file##*/}" <"$file"; done
if [[ -z $image_dir ]]; then
    put "$data/nginx/site/demo/images.json" <samples/images.json
else
    as_user bash -s -- "$image_dir" "$listed_images" <scripts/list-images.sh | put "$data/nginx/site/demo/images.json"
fi

fetch_viewer() {
    local folder package
    command -v npm >/dev/null || return
    folder=$(mktemp -d)
    package=$folder/$viewer.tgz
    if timeout 60 npm pack "${viewer%-*}@${viewer##*-}" --silent --ignore-scripts --fetch-retries=1 \
        --fetch-timeout=20000 --pack-destination "$folder" </dev/null >/dev/null 2>&1 &&
        sha256sum --status -c <<<"$viewer_sha256  $package"; then
        as_user mkdir -p "$data/viewer/$viewer.part"
        as_user tar -xzf - -C "$data/viewer/$viewer.part" --strip-components=1 package/build package/LICENSE.txt <"$package"
        as_user mv "$data/viewer/$viewer.part" "$data/viewer/$viewer"
    fi
    rm -rf "$folder"
}

viewer_note=
if ! as_user test -e "$data/viewer/$viewer"; then
    say "Getting the image viewer, ${viewer/-/ }, from npm …"
    fetch_viewer
fi
if as_user test -e "$data/viewer/$viewer"; then
    as_user ln -sfn "$data/viewer/$viewer/build/openseadragon" "$data/nginx/site/demo/openseadragon"
else
    viewer_note="The viewer ${viewer/-/ } could not be had from npm (offline?). All else works; the next start tries again."
    say "$viewer_note"
fi

# --- what is started, and stopped again ----------------------------------------------------------------

declare -A running=() # name -> process id, which is its process group too
sockets=

stop() {
    local name waited
    trap '' INT TERM HUP
    for name in "${!running[@]}"; do kill -TERM -- "-${running[$name]}" 2>/dev/null || true; done
    for ((waited = 0; waited < 50; waited++)); do
        for name in "${!running[@]}"; do
            kill -0 -- "-${running[$name]}" 2>/dev/null || unset "running[$name]"
        done
        if ((${#running[@]} == 0)); then break; fi
        sleep 0.1
    done
    for name in "${!running[@]}"; do kill -KILL -- "-${running[$name]}" 2>/dev/null || true; done
    if [[ -n $sockets ]]; then rm -rf -- "$sockets"; fi
}

start() { # <name> <command…>: in a session of its own, so that Ctrl-C reaches this script alone
    local name=$1
    shift
    # The log is opened by the user, too; the death of this script, whatever the cause, ends them all.
    # shellcheck disable=SC2016 # expanded by the inner shell
    HOME=$data setsid setpriv "${become[@]}" --pdeathsig TERM -- \
        bash -c 'log=$1; shift; exec "$@" >"$log" 2>&1' _ "$data/logs/$name.log" "$@" </dev/null 9<&- &
    running[$name]=$!
}

gave_up() { # <name> <why>: says so with the end of its log, and ends
    local log=$data/logs/$1.log
    say ""
    if as_user test -s "$log"; then
        say "$1 $2. The end of its log, $log:"
        as_user tail -n 12 "$log" | sed 's/^/    /'
    else
        say "$1 $2. Its log, $log, is empty."
    fi
    exit 1
}

all_alive() {
    local name status
    for name in "${!running[@]}"; do
        if kill -0 "${running[$name]}" 2>/dev/null; then continue; fi
        status=0
        wait "${running[$name]}" || status=$?
        gave_up "$name" "has stopped (exit status $status), so the others are stopped too"
    done
}

status_of() { # <path>: the HTTP status of that page, 000 without an answer
    local status=000
    {
        { printf 'GET %s HTTP/1.0\r\nHost: localhost:%s\r\n\r\n' "$1" "$port" >&3 && read -r -t 5 _ status _ <&3; } \
            3<>"/dev/tcp/127.0.0.1/$port" || true
    } 2>/dev/null
    printf '%s' "${status:-000}"
}

ready() { # <name> <path> <status…>: waits until the page behind NGINX has one of these statuses
    local name=$1 path=$2 status=000
    shift 2
    while ((SECONDS < ready_until)); do
        all_alive
        status=$(status_of "$path")
        if [[ " $* " == *" $status "* ]]; then return; fi
        sleep 0.1
    done
    gave_up "$name" "was not ready within $ready_seconds seconds (the last answer for $path was $status)"
}

# --- settings ---------------------------------------------------------------------------------------

random_word() { # 20 letters and digits that cannot be taken for one another: 98 bits
    local letters
    letters=$(head -c 1024 /dev/urandom | LC_ALL=C tr -dc 'a-hjkmnp-z2-9')
    printf '%s-%s-%s-%s' "${letters:0:5}" "${letters:5:5}" "${letters:10:5}" "${letters:15:5}"
}

kept=$data/run.env
new_password=false
if ! as_user test -s "$kept"; then
    new_password=true
    key=$(as_user "$tilegate" key new)
    as_user rm -f "$kept.part"
    put "$kept.part" <<<"# Made by make run at its first start and used at every other: the key of the cookies, the first password.
TILEGATE_KEYS=\"$key\"
RUN_ADMINISTRATOR=\"$administrator\"
RUN_PASSWORD=\"$(random_word)\""
    as_user mv "$kept.part" "$kept"
fi
kept_value() { as_user sed -n "s/^$1=\"\\(.*\\)\"\$/\\1/p" "$kept"; }
password=$(kept_value RUN_PASSWORD)

# A port for iipsrv (it speaks FastCGI over TCP); nothing but NGINX is told of it.
image_server_port=$((20000 + RANDOM % 10000))
while answers "$image_server_port"; do ((image_server_port += 1)); done
# Sockets stand outside of the data: their paths may have 107 bytes only.
sockets=$(as_user mktemp -d /tmp/tilegate-run.XXXXXX)
trap stop EXIT
trap 'exit 0' INT
trap 'exit 143' TERM HUP

TILEGATE_KEYS=$(kept_value TILEGATE_KEYS)
export TILEGATE_KEYS
export TILEGATE_PUBLIC_URL=http://localhost:$port
export TILEGATE_LISTEN=unix:$sockets/tilegate.sock
export TILEGATE_NGINX_SOCKET_DIR=$sockets
export TILEGATE_DATABASE_URL=sqlite:$database
export TILEGATE_ORGANISATION="the demo archive"
image_server="fastcgi://127.0.0.1:$image_server_port/iiif/ server=iipsrv"
export TILEGATE_MOUNT_IMAGES="image /iiif/images/ $image_server default=$default"
# The same images for clients of one version alone, with the same rules.
export TILEGATE_MOUNT_IMAGES_1="image /iiif/images1/ $image_server default=$default iiif_auth=1 rules=images"
export TILEGATE_MOUNT_IMAGES_2="image /iiif/images2/ $image_server default=$default iiif_auth=2 rules=images"
serve=(serve)
if [[ -z $image_dir ]]; then
    export TILEGATE_MOUNT_FILES="file /files/ file://$data/files/"
    export TILEGATE_MOUNT_MANIFESTS="manifest /iiif/manifests/ file://$data/manifests/ default=open"
    export TILEGATE_MOUNT_MANIFESTS_2="manifest /iiif/manifests2/ file://$data/manifests/ default=open images=images-2"
    serve=(serve --demo)
fi

# The same as a file, for `tilegate … --env-file data/tilegate.env` in another terminal. Not to be sourced:
# it belongs to the user who runs the servers, and a shell of root would do whatever stands in it.
for name in "${!TILEGATE_@}"; do printf '%s="%s"\n' "$name" "${!name}"; done |
    put "$data/tilegate.env"

# --- accounts and policy, once ---------------------------------------------------------------------

first_account() { # add|set
    as_user "$tilegate" account "$@" --password-stdin <<<"$password" >/dev/null ||
        fail "the first account could not be made (the line above says why)"
}

unfinished=$database.unfinished
if as_user test -e "$unfinished" || ! as_user test -e "$database"; then
    say "Making the first account and the policy …"
    as_user touch "$unfinished"
    as_user rm -f "$database" "$database-wal" "$database-shm"
    put "$data/policy.toml" <"$policy"
    as_user "$tilegate" policy import "$data/policy.toml" >/dev/null ||
        fail "the policy $policy was refused (the lines above say why)"
    conditions=staff
    if [[ -z $image_dir ]]; then conditions=staff,plates,campus; fi
    first_account add "$administrator" --admin --conditions "$conditions"
    as_user rm "$unfinished"
elif $new_password; then
    # run.env was lost: the account is still there, its password is not known any more.
    first_account set "$administrator"
fi

# --- NGINX -------------------------------------------------------------------------------------------

nginx_dir=$data/nginx
as_user "$tilegate" nginx-conf --http | put "$nginx_dir/tilegate-http.conf"
as_user "$tilegate" nginx-conf --server | put "$nginx_dir/tilegate-server.conf"

listen="listen 127.0.0.1:$port"
listen_default="$listen default_server;"
listen="$listen;"
if grep -qs '^0\{31\}1 ' /proc/net/if_inet6; then
    listen+=" listen [::1]:$port;"
    listen_default+=" listen [::1]:$port default_server;"
fi
site=$(<nginx/demo/site.conf.in)
site=${site//@RUN@/"$nginx_dir"}
site=${site//@PORT@/"$port"}
site=${site//@LISTEN@/"$listen"}
site=${site//@LISTEN_DEFAULT@/"$listen_default"}
put "$nginx_dir/nginx.conf" <<<"$site"

# --- start -------------------------------------------------------------------------------------------

say "Starting iipsrv, Tilegate and NGINX as the user $user …"
start iipsrv env FILESYSTEM_PREFIX="$images/" URI_MAP="iiif=>IIIF" CACHE_CONTROL="private, no-cache" \
    VERBOSITY=1 LOGFILE="$data/logs/iipsrv-requests.log" \
    /usr/lib/iipimage-server/iipsrv.fcgi --bind "127.0.0.1:$image_server_port"
start tilegate env NO_COLOR=1 "$tilegate" "${serve[@]}"

ready_until=$((SECONDS + ready_seconds))
# NGINX last, so that its log does not begin with errors about a socket that is not there yet.
until as_user test -S "$sockets/tilegate.sock"; do
    all_alive
    ((SECONDS < ready_until)) || gave_up tilegate "did not listen within $ready_seconds seconds"
    sleep 0.1
done
start nginx nginx -p "$nginx_dir/" -c nginx.conf -e stderr
ready nginx / 200
ready tilegate /auth/login 200
if [[ -z $image_dir ]]; then ready iipsrv /iiif/images/open%2Fharbour.tif/info.json 200; fi

samples='(of IMAGE_DIR there are none; without it: one for each way of the IIIF authentication)'
if [[ -z $image_dir ]]; then samples="http://localhost:$port/auth/demo/ (for authors of viewers)"; fi
own_note=
if [[ -n $image_dir ]]; then own_note=' (all of them need this login)'; fi
cat <<TEXT

  Tilegate is running.

    Start page   http://localhost:$port/
    Administer   http://localhost:$port/auth/admin/
    Samples      $samples
    User name    $administrator
    Password     $password

    Images       $images$own_note
    Data         $data (accounts, keys, logs; remove it to begin anew)
    Stop         Ctrl-C

TEXT
if [[ -n $viewer_note ]]; then say "  $viewer_note" && say ""; fi

while :; do
    all_alive
    wait -n "${running[@]}" || true
done
