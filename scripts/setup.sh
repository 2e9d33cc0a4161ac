#!/usr/bin/env bash
# Installs what is missing on Debian, and says so:
#
#   scripts/setup.sh run      what `make run` needs
#   scripts/setup.sh viewer   what gets its image viewer: npm, which it can do without
#   scripts/setup.sh test     what `make test` needs
#   scripts/setup.sh check    what `make check` needs
#   scripts/setup.sh e2e      what `make e2e` needs
#   scripts/setup.sh e2e-firefox     what `make e2e E2E_BROWSER=firefox` needs
#
# Several may be named at once. Does nothing, and needs no rights, when everything is there.
# Services that come with a package are neither started nor enabled: NGINX's own one would take port 80.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

policy=/usr/sbin/policy-rc.d
policy_mark='# Made by the set-up of Tilegate while it installs packages; safe to remove.'
units=(nginx apache2 lighttpd iipsrv postgresql)

say() { printf '%s\n' "$*" >&2; }
fail() {
    say "$*"
    exit 1
}

missing=() # packages without which it cannot work
wished=()  # packages it can do without

need() { # <package> <command or file…>: the package is missing if none of them is there
    local package=$1 thing
    shift
    for thing in "$@"; do
        if [[ $thing == /* ]]; then
            if compgen -G "$thing" >/dev/null; then return; fi
        elif command -v "$thing" >/dev/null; then
            return
        fi
    done
    missing+=("$package")
}

need_compiler() {
    need gcc cc
    need libc6-dev '/usr/include/stdio.h'
}

need_image_server() {
    need nginx nginx
    need iipimage-server /usr/lib/iipimage-server/iipsrv.fcgi
    need libvips-tools vips
}

# A bucket server that verifies signatures; no Debian package has one. Newer versions need a newer Rust.
bucket_server=0.14.1
wants_bucket_server=false
install_bucket_server() {
    local tools
    $wants_bucket_server || return 0
    tools=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/target/tools
    if [[ -x $tools/bin/s3s-fs ]] && grep -qF "\"s3s-fs $bucket_server " "$tools/.crates.toml" 2>/dev/null; then return; fi
    say "Building s3s-fs $bucket_server into target/tools, for the tests of buckets (some minutes, once)"
    cargo install s3s-fs --version "$bucket_server" --features binary --locked --quiet --root "$tools" ||
        fail "s3s-fs could not be built (the lines above say why); TEST_S3S_FS= names one that is there"
}

usage() {
    say "usage: $0 run|viewer|test|check|e2e|e2e-firefox …"
    exit 2
}

(($#)) || usage
need_compiler
for purpose; do
    case $purpose in
    run) need_image_server ;;
    viewer) command -v npm >/dev/null || wished+=(npm) ;;
    test)
        need_image_server
        need postgresql '/usr/lib/postgresql/*/bin/initdb'
        need curl curl
        [[ -n ${TEST_S3S_FS:-} ]] || wants_bucket_server=true
        # For the newest NGINX, without which the tests run in Debian's alone.
        python3 -c 'import ensurepip, venv' 2>/dev/null || wished+=(python3-venv)
        ;;
    check) need shellcheck shellcheck ;;
    e2e | e2e-firefox)
        need_image_server
        if [[ $purpose == e2e ]]; then
            need chromium chromium
        else
            need firefox-esr firefox-esr firefox
            need xvfb xvfb-run
            need xauth xauth
            need libgl1-mesa-dri '/usr/lib/*/dri/swrast_dri.so' '/usr/lib/*/libgallium*.so'
        fi
        need nodejs node
        need npm npm
        need openssl openssl
        python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
        ;;
    *) usage ;;
    esac
done

if ((${#missing[@]} + ${#wished[@]} == 0)); then
    install_bucket_server
    exit 0
fi
packages=("${missing[@]}" "${wished[@]}")

cannot_install() { # <why>
    if ((${#missing[@]} == 0)); then
        say "Going on without ${wished[*]} ($1)."
        install_bucket_server
        exit 0
    fi
    say "These Debian packages are missing, and cannot be installed from here: $1."
    say "Please have them installed:"
    say ""
    say "    apt-get install --no-install-recommends ${packages[*]}"
    exit 1
}

command -v apt-get >/dev/null || cannot_install "there is no apt-get on this system"
if (($(id -u) == 0)); then
    as_root=()
elif ! command -v sudo >/dev/null; then
    cannot_install "you are not root and there is no sudo"
elif sudo -n true 2>/dev/null || [[ -t 0 ]]; then
    as_root=(sudo)
else
    cannot_install "sudo asks for a password and there is no terminal to type it"
fi

say "Installing Debian packages: ${packages[*]}"
if ((${#as_root[@]})); then
    say "(with sudo, which may ask for your password)"
    sudo -v || cannot_install "sudo was refused"
fi

# An installed policy-rc.d that exits 101 is Debian's way to say: start no service now.
made_policy=false
remove_policy() {
    if $made_policy; then "${as_root[@]}" rm -f "$policy"; fi
}
trap remove_policy EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

deny_starts() {
    if [[ -e $policy ]] && grep -qF "$policy_mark" "$policy" 2>/dev/null; then
        made_policy=true # left behind by an interrupted run of ours
    elif [[ -e $policy ]]; then
        # Somebody's own: it stays, and it must not let a web server start on port 80.
        local answer=0
        "${as_root[@]}" "$policy" nginx start >/dev/null 2>&1 || answer=$?
        ((answer == 101)) || cannot_install "$policy of this machine would start NGINX on port 80"
    else
        # noclobber: never over one that appeared in between.
        printf '#!/bin/sh\n%s\nexit 101\n' "$policy_mark" |
            "${as_root[@]}" sh -Cc "cat >$policy && chmod 755 $policy" ||
            cannot_install "$policy cannot be written"
        made_policy=true
    fi
}

unit_exists() { [[ -e /lib/systemd/system/$1.service || -e /etc/init.d/$1 ]]; }

new_units=()
for unit in "${units[@]}"; do unit_exists "$unit" || new_units+=("$unit"); done

deny_starts
log=$(mktemp)
apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
if ! "${apt[@]}" update </dev/null >"$log" 2>&1; then
    say "apt-get update had errors (going on with the lists there are):"
    tail -n 5 "$log" >&2
fi
install() { "${apt[@]}" install -y --no-install-recommends "$@" </dev/null >"$log" 2>&1; }
if ((${#missing[@]})) && ! install "${missing[@]}"; then
    tail -n 15 "$log" >&2
    fail "apt-get could not install: ${missing[*]} (the lines above say why; the whole log is $log)"
fi
if ((${#wished[@]})) && ! install "${wished[@]}"; then
    tail -n 5 "$log" >&2
    say "apt-get could not install ${wished[*]}: going on without."
fi
rm -f "$log"

# Nor at the next boot: what came as a dependency is needed as a program, not as a service.
if command -v systemctl >/dev/null; then
    for unit in "${new_units[@]}"; do
        if [[ -e /lib/systemd/system/$unit.service ]]; then
            "${as_root[@]}" systemctl disable --quiet "$unit.service" >/dev/null 2>&1 || true
        fi
    done
    say "Installed. Services that came with them are neither started nor enabled."
else
    say "Installed. No service was started."
fi
install_bucket_server
