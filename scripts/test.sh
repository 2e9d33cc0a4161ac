#!/usr/bin/env bash
# `make test`: every test, none skipped. Installs what they need (NGINX, iipsrv, PostgreSQL) and starts
# a private PostgreSQL, unless TEST_POSTGRES_URL names one to use.
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
    cargo nextest run --locked --no-fail-fast
    cargo test --locked --doc
else
    cargo test --locked --no-fail-fast
fi
