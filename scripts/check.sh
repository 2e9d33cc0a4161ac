#!/usr/bin/env bash
# `make check`: everything that is looked at without running it. Tools that are not installed are
# named and left out, except in CI, where what scripts/setup.sh installs must be there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

step() { printf '\n== %s\n' "$*"; }
optional() { # <command> <how to get it>: is it installed?
    if command -v "$1" >/dev/null; then return; fi
    printf '\n-- %s is not installed: left out (%s)\n' "$1" "$2"
    return 1
}

step "rustfmt"
cargo fmt --check

step "clippy"
cargo clippy --locked --all-targets --quiet -- -D warnings

step "the directions between the rooms"
cargo test --locked --quiet --test layering

mapfile -t scripts < <(git ls-files -z 2>/dev/null | xargs -0 -r grep -lIE '^#!.*\b(ba)?sh\b' --)
if [[ ${CI:-} == true ]] || optional shellcheck "apt-get install shellcheck"; then
    step "shellcheck"
    shellcheck "${scripts[@]}"
fi

if optional cargo-deny "cargo install cargo-deny --locked"; then
    step "cargo-deny: licences, bans, sources"
    cargo deny --locked --log-level error check licenses bans sources
    if cargo deny --locked --log-level off fetch db; then
        step "cargo-deny: advisories"
        cargo deny --locked --offline --log-level error check advisories
    else
        printf '\n-- the advisory database cannot be fetched: advisories are not checked\n'
    fi
fi

if optional typos "cargo install typos-cli --locked"; then
    step "typos"
    typos
fi
