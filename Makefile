# `make help` lists what there is to make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
SIZES ?= 10000,50000
ROUNDS ?= 5
SECONDS ?= 60
UV_COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --quiet \
	--custom-compile-command "make lock"

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo test lint bench bench-browser bench-server fuzz build messages lock clean system-packages wrk

help: ## List the targets.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

demo: $(VENV)/requirements.installed ## Run the service, a shop page and a gateway on this machine.
	@$(BIN)/python -m examples.demo

test: system-packages $(VENV)/requirements-dev.installed node_modules/.installed lint ## Run every check and every test.
	$(BIN)/pytest -m "" --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/requirements-dev.installed ## Check style, types and imports.
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/requirements-dev.installed ## Measure ledgers of two sizes; SIZES=10000,1000000 for larger ones.
	@$(BIN)/python -m benchmarks.ledger --sizes $(SIZES) --folder build/benchmarks

bench-browser: system-packages $(VENV)/requirements-dev.installed benchmarks/browser/node_modules/.installed ## Measure our banner beside others; ROUNDS=1 for a glance.
	@$(BIN)/python -m benchmarks.browser --rounds $(ROUNDS) --json build/bench-browser.json

bench-server: system-packages wrk $(VENV)/requirements-dev.installed benchmarks/server/node_modules/.installed ## Measure our server and gateways beside c15t's; ROUNDS=1 for a glance.
	@$(BIN)/python -m benchmarks.server --rounds $(ROUNDS) --json build/bench-server.json

fuzz: $(VENV)/requirements-dev.installed ## Look for bytes that nothing foresaw; SECONDS=600 for longer.
	@mkdir -p build/fuzz
	@$(BIN)/python -m tests.fuzz -max_total_time=$(SECONDS) -artifact_prefix=build/fuzz/ build/fuzz tests/fuzz/corpus

build: node_modules/.installed ## Build static/dist from static/src.
	npm run build

messages: $(VENV)/requirements-dev.installed ## Gather the texts to translate from code and pages.
	$(BIN)/pybabel --quiet extract --mapping pyproject.toml --no-location --sort-output \
		--project consent --copyright-holder "the consent contributors" \
		--output translations/messages.pot .
	$(BIN)/pybabel --quiet update --input-file translations/messages.pot --no-fuzzy-matching \
		--ignore-pot-creation-date --output-dir translations

lock: $(VENV)/requirements-dev.installed ## Pin dependencies anew; UPGRADE=--upgrade takes newer ones.
	$(UV_COMPILE) $(UPGRADE) --extra server --group build --output-file requirements.lock
	$(UV_COMPILE) $(UPGRADE) --extra server --extra parquet --group build --group dev \
		--constraint requirements.lock --output-file requirements-dev.lock

clean: ## Remove what was installed and cached here.
	rm -rf $(VENV) node_modules benchmarks/*/node_modules .coverage .hypothesis .import_linter_cache \
		.mypy_cache .pytest_cache .ruff_cache build dist test-artifacts

# Only this benchmark needs it.
wrk:
	@command -v wrk >/dev/null || apt-get install -y --no-install-recommends wrk

system-packages:
	@.ci/system-packages $(PYTHON)

$(VENV)/%.installed: %.lock pyproject.toml
	@.ci/venv $(PYTHON) $(VENV)
	@echo "Installing what $< names into $(VENV) ..."
	@# The lock names all there is; looking for dependencies again, pip takes an extra's newest version.
	@$(PIP) install --quiet --require-hashes --no-deps -r $<
	@$(PIP) install --quiet --no-index --no-deps --no-build-isolation --editable .
	@touch $@

node_modules/.installed: package.json package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

benchmarks/browser/node_modules/.installed: benchmarks/browser/package.json benchmarks/browser/package-lock.json
	npm ci --prefix benchmarks/browser --ignore-scripts --no-audit --no-fund
	@touch $@

# SQLite for Node is built here, or fetched built: that is its install script.
benchmarks/server/node_modules/.installed: benchmarks/server/package.json benchmarks/server/package-lock.json
	npm ci --prefix benchmarks/server --ignore-scripts --no-audit --no-fund
	npm rebuild --prefix benchmarks/server better-sqlite3
	@touch $@
