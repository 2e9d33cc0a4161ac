#!/usr/bin/env bash
# `make test`: every test, none skipped. Installs what they need (NGINX, iipsrv, PostgreSQL) and starts
# a private PostgreSQL, unless TEST_POSTGRES_URL names one to use. The tests in NGINX run a second time, in the
# newest one that there is, unless TEST_NGINX names the one to use; only in CI it is a failure not to get it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/setup.sh test

if [[ -z ${TEST_POSTGRES_URL:-} ]]; then
    folder=$(mktemp -d /tmp/tilegate-test.XXXXXX)
    chmod 711 "$folder" # as root, PostgreSQL runs as somebody else, who must get through
    finish() {
        scripts/test-postgres.sh stop "$folder" || true
        rm -rf -- "$folder"
    }
    trap finish EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    TEST_POSTGRES_URL=$(scripts/test-postgres.sh start "$folder")
fi
export TEST_POSTGRES_URL
# A test that lacks something it needs fails instead of being skipped.
export TEST_REQUIRE_ALL=1

if cargo nextest --version >/dev/null 2>&1; then
    run=(cargo nextest run)
    "${run[@]}" --locked --no-fail-fast
    cargo test --locked --doc
else
    run=(cargo test)
    "${run[@]}" --locked --no-fail-fast
fi

if [[ -n ${TEST_NGINX:-} ]]; then exit 0; fi
if newest=$(scripts/newest-nginx.sh); then
    printf '\n== the tests in NGINX once more, in %s\n' "$("$newest" -v 2>&1)"
    TEST_NGINX=$newest "${run[@]}" --locked --no-fail-fast --test nginx
elif [[ ${CI:-} == true ]]; then
    exit 1
else
    printf '\n-- left out: the tests in the newest NGINX (the lines above say why)\n'
fi
