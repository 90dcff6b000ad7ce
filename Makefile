# Every command anyone needs. The first two want nothing but Python 3.11 or later; uv is used where it is present.

.DEFAULT_GOAL := help
.PHONY: help demo test check messages quick bench budgets real faults every-statement every-operation every-fault at-length journeys
.PHONY: races
.PHONY: pictures fix floors lock clean format lint types contracts migrations docs words security runtime dev browser

BIN := .venv/bin
DATA ?= ../shared/data
WORKERS ?= auto

# What is compiled is kept: tests start the program some hundred times, and it has a thousand files.
export PYTHONDONTWRITEBYTECODE :=

# Checks read the settings, and the settings name a database: nothing answers at this one, so no server starts.
NOWHERE := PLAUDIT_DATABASE_URL="host=/nowhere dbname=none"

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

demo: runtime  ## a running product with a believable company in it, at a printed address
	@$(BIN)/plaudit demo

test: dev browser  ## every test, in parallel, in random order; PLAUDIT_BROWSER=none leaves the browser out
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

quick: dev  ## rules and house tests only: no database, no browser
	@$(BIN)/python -m pytest -q -p no:xdist -p no:schemathesis --without-database tests/test_house.py $(wildcard src/plaudit/*/tests/test_rules*.py)

check: format lint types contracts migrations docs words security  ## format, lint, types, import contracts, migrations, docs, translations and the security table; -k goes on after a fault

format: dev
	@$(BIN)/ruff format --check --quiet --output-format concise

lint: dev
	@$(BIN)/ruff check --quiet

types: dev
	@$(NOWHERE) $(BIN)/mypy

contracts: dev
	@$(BIN)/lint-imports --no-logo

migrations: dev
	@$(NOWHERE) $(BIN)/python -m scripts.migrations

docs: dev
	@$(NOWHERE) $(BIN)/plaudit docs check

words: dev
	@$(BIN)/python -m scripts.messages check

messages: dev  ## find every message in the source, bring the translations up to date and say what is not translated yet
	@$(BIN)/python -m scripts.messages

security: dev
	@$(BIN)/python -m scripts.security

bench: dev  ## measure against this machine's own ceiling, side by side in one run
	@$(BIN)/python -m bench

budgets: dev browser  ## pages in a real browser and the server behind them against their budgets, with a million members
	@$(BIN)/python -m bench.budgets

real: dev  ## import real data from DATA=folder and compare every figure with what it must be
	@$(BIN)/python -m examples "$(DATA)"

faults: dev  ## kill, cut and fill the disk under load, and count what was lost
	@$(BIN)/python -m bench.faults

every-statement: dev  ## every statement of every write flow failing, in one of four ways: minutes
	@PLAUDIT_TEST_FAULTS=each $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal tests/faults

every-operation: dev  ## every operation of the API with every case that its document suggests: minutes
	@PLAUDIT_TEST_OPERATIONS=all $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal src/plaudit/surfaces/api/tests/test_schemathesis.py

every-fault: dev  ## every statement of every write flow failing in each of four ways: minutes
	@PLAUDIT_TEST_FAULTS=all $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal tests/faults

at-length: dev browser  ## what is long: every page as every role, backups restored, programs killed and started again: minutes
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m at_length

journeys: dev browser  ## every journey and every page in every way: wide and narrow, light and dark, with script and without: minutes
	@PLAUDIT_TEST_WALKS=all $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal tests/journeys

pictures: dev browser  ## draw the main pages of the demo company into docs/pictures/tour
	@$(BIN)/python -m scripts.pictures

races: dev  ## fight over everything limited, 300 rounds of 20 contenders a race, and count what was exceeded
	@$(BIN)/python -m bench.races

fix: dev  ## format, and repair what can be repaired by machine
	@$(BIN)/ruff check --fix --quiet; $(BIN)/ruff format --quiet

floors: dev  ## draw who imports whom
	@$(BIN)/import-linter drawgraph plaudit

lock:  ## write uv.lock and the requirements from pyproject.toml (needs uv; UPGRADE=1 takes newer versions)
	@$(PYTHON) scripts/lock.py $(if $(UPGRADE),--upgrade)

clean:  ## remove the environment, the caches and the tests' database; your own data in var/ stays
	-@test ! -x $(BIN)/python || $(BIN)/python -c "from pathlib import Path; from plaudit.foundation import postgres; postgres.remove(Path('var/test'))"
	@rm -rf .venv var/test .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# The environment is made anew whenever the lock, the Python or the place of the checkout changes.
runtime dev:
	@test -n "$(PYTHON)" || { echo "Plaudit needs Python 3.11 or later, and none was found." >&2; exit 1; }
	@"$(PYTHON)" scripts/environment.py $@

browser: dev
	@$(BIN)/python -m tests.browser

# The first Python on the PATH that is new enough; looked for only by the recipes that name it.
PYTHON = $(eval PYTHON := $$(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$$$p" && break; done))$(PYTHON)
