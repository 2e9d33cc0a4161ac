#!/usr/bin/env bash
# `make e2e`: real viewers in a real Chromium or Firefox, in front of a real NGINX, iipsrv and Tilegate. Installs what they need.
#
#   make e2e                      every case
#   make e2e CASES='mirador4*'    some of them; several patterns with spaces in between
#   make e2e E2E_BROWSER=firefox  in Firefox instead of Chromium
#
# Everything it makes is under target/e2e/: the viewers from npm, images, screenshots of each step.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin:${HOME:-/root}/.cargo/bin
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Over all cases; each has its own limit besides.
limit_seconds=2700

say() { printf '%s\n' "$*"; }
fail() {
    printf 'make e2e: %s\n' "$*" >&2
    exit 1
}

browser=${E2E_BROWSER:-chromium}
case $browser in
chromium)
    scripts/setup.sh e2e
    executable=$(command -v chromium)
    display=()
    ;;
firefox)
    scripts/setup.sh e2e-firefox
    executable=$(command -v firefox-esr || command -v firefox)
    # Without a display Firefox has no WebGL.
    display=(xvfb-run --auto-servernum --server-args="-screen 0 1600x1200x24")
    export LIBGL_ALWAYS_SOFTWARE=1
    ;;
*) fail "E2E_BROWSER=$browser is no browser that is known here: chromium or firefox" ;;
esac
node -e 'process.exitCode = Number(process.versions.node.split(".")[0]) < 18 ? 1 : 0' ||
    fail "Node.js $(node --version) is too old: 18 or newer is needed"

# Settings are made by the site itself; a forgotten TILEGATE_… of the shell must not change them.
for name in "${!TILEGATE_@}"; do unset "$name"; done

cargo build --locked --bin tilegate </dev/null
target=${CARGO_TARGET_DIR:-target}
[[ $target == /* ]] || target=$PWD/$target
tilegate=$target/debug/tilegate
work=$target/e2e
mkdir -p "$work"/{npm,images,built}

for script in tests/e2e/*.mjs tests/e2e/cases/*.mjs tests/e2e/reference-client/*.js; do node --check "$script"; done

scripts/samples.sh samples "$work/images"

# The packages stay until what is asked for changes.
wanted=$(cat tests/e2e/{package.json,package-lock.json,.npmrc} | sha256sum)
if [[ $(cat "$work/npm/installed" 2>/dev/null) != "$wanted" ]]; then
    say "Getting the viewers from npm (once, about a minute) …"
    rm -f "$work/npm/installed"
    cp tests/e2e/{package.json,package-lock.json,.npmrc} "$work/npm/"
    (cd "$work/npm" && timeout 600 npm ci --loglevel=error </dev/null) || fail "npm could not install the viewers (the lines above say why)"
    printf '%s\n' "$wanted" >"$work/npm/installed"
fi

NODE_PATH=$work/npm/node_modules "$work/npm/node_modules/.bin/esbuild" tests/e2e/viewers/vault.jsx --bundle \
    --format=esm --jsx=automatic --log-level=error --define:process.env.NODE_ENV='"production"' \
    --outfile="$work/built/vault.js"

# Neuroglancer is a package to be bundled; half a minute that nobody waits for twice.
page=$work/npm/neuroglancer
built=$work/built/neuroglancer
wanted=$(cat tests/e2e/package-lock.json tests/e2e/viewers/neuroglancer/* | sha256sum)
if [[ $(cat "$work/npm/neuroglancer-built" 2>/dev/null) != "$wanted" || ! -e $built/index.html ]]; then
    say "Bundling Neuroglancer (once) …"
    rm -rf -- "$page" "$work/npm/neuroglancer-built"
    cp -R tests/e2e/viewers/neuroglancer "$page"
    (cd "$work/npm" && OUT=$built timeout 600 node_modules/.bin/vite build --config neuroglancer/vite.config.mjs </dev/null) ||
        fail "Neuroglancer could not be bundled (the lines above say why)"
    printf '%s\n' "$wanted" >"$work/npm/neuroglancer-built"
fi

# What a notebook reads with; a hash that is not the one in the file ends the installation.
if ! cmp -s tests/e2e/notebook.txt "$work/notebook/wanted.txt"; then
    say "Getting zarr and fsspec from PyPI (once) …"
    rm -rf -- "$work/notebook"
    python3 -m venv "$work/notebook"
    timeout 600 "$work/notebook/bin/pip" install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
        --require-hashes --requirement tests/e2e/notebook.txt </dev/null || fail "pip could not install them (the lines above say why)"
    cp -- tests/e2e/notebook.txt "$work/notebook/wanted.txt"
fi

# Of one run: sockets (whose names must be short), the database, the browsers' profiles.
folder=$(mktemp -d /tmp/tilegate-e2e.XXXXXX)
runner=
finish() {
    if [[ -n $runner ]]; then
        kill -TERM "$runner" 2>/dev/null || true
        wait "$runner" || true
    fi
    rm -rf -- "$work/logs"
    local site
    for site in "$folder"/*/; do
        if compgen -G "$site*.log" >/dev/null; then
            mkdir -p "$work/logs/$(basename "$site")"
            cp "$site"*.log "$work/logs/$(basename "$site")/"
        fi
    done
    rm -rf -- "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
rm -rf -- "$work/screenshots"
mkdir -p "$work/screenshots"

read -r -a cases <<<"${CASES:-*}"
status=0
# In the background, because a shell that waits for a command in the foreground hears no signal.
TMPDIR=$folder timeout --kill-after=20 "$limit_seconds" "${display[@]}" node tests/e2e/run.mjs --tilegate "$tilegate" --work "$work" \
    --folder "$folder" --browser "$browser" --executable "$executable" -- "${cases[@]}" </dev/null &
runner=$!
wait "$runner" || status=$?
runner=
((status != 124)) || fail "not done within $limit_seconds seconds"
say "Screenshots: $work/screenshots"
((status == 0))
