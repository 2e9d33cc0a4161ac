# Needs make and cargo; the scripts install what else is missing, and say so.
.DEFAULT_GOAL := help
.PHONY: help run test check bench fuzz e2e compose-check
SHELL := /bin/bash
SCALE ?= 10000000

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## NGINX + iipsrv + Tilegate with sample images on http://localhost:8080 (PORT=, IMAGE_DIR=/my/tiffs, DATA_DIR=)
	@exec scripts/run.sh

test: ## every test, with a real NGINX, iipsrv and PostgreSQL
	@exec scripts/test.sh

check: ## rustfmt, clippy, layering, shellcheck, and cargo-deny and typos where installed
	@exec scripts/check.sh

bench: ## the figures of the benchmarks: judge(), manifests, many rules, own CPU per decision behind NGINX, a storm of logins (SCALE=10000000)
	@cargo bench --locked --bench judge
	@cargo bench --locked --bench manifest
	@dir=$$(mktemp -d) && trap 'rm -rf -- "$$dir"' EXIT && \
		cargo bench --locked --bench scale -- $(SCALE) "$$dir/rules.db" && \
		RULES_DB=$$dir/rules.db RULES=$(SCALE) scripts/bench.sh
	@scripts/bench-storm.sh

fuzz: ## feed the parsers with generated input (needs cargo-fuzz and a nightly Rust)
	@test -d fuzz || { echo "There are no fuzz targets yet; the property tests run with: make test" >&2; exit 1; }
	@command -v cargo-fuzz >/dev/null || { echo "Needs: cargo install cargo-fuzz, and rustup toolchain install nightly" >&2; exit 1; }
	@cargo +nightly fuzz list | while read -r target; do cargo +nightly fuzz run "$$target" -- -max_total_time=300 || exit 1; done

e2e: ## real viewers in a real Chromium; needs npm's registry (CASES='mirador4*', E2E_BROWSER=firefox)
	@CASES='$(CASES)' E2E_BROWSER='$(E2E_BROWSER)' exec scripts/e2e.sh

compose-check: ## docker-compose.yml on a real engine, from building to taking down (PROFILES=)
	@exec scripts/compose-check.sh
