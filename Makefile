# What contributors and operators type. The README says the same in plain commands.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
SOURCES := backend inspections markets api_schema tests bench manage.py
# A file stays in one process: its tests share a server.
PYTEST_OPTIONS ?= --numprocesses=logical --maxprocesses=4 --dist=loadfile --quiet

.PHONY: help run test demo crash cuts bench check schema lock clean

help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: .venv/runtime.lock ## set up what is missing, then serve until SIGTERM
	@exec $(BIN)/python manage.py run

demo: .venv/runtime.lock ## walk one inspection through the public API; the record lands in var/demo
	@exec $(BIN)/python manage.py demo

test: .venv/dev.lock ## the whole suite on SQLite, then on PostgreSQL (a wheel's, or TEST_DATABASE_URL)
	@TEST_DATABASE_URL= $(BIN)/python -m pytest $(PYTEST_OPTIONS)
	@$(BIN)/python -m tests.postgresql $(PYTEST_OPTIONS)

crash: .venv/dev.lock ## fifty kills of the server under load, on each database
	@CRASH_ROUNDS=50 $(MAKE) --no-print-directory test PYTEST_OPTIONS=tests/crash

cuts: .venv/dev.lock ## five hundred cuts of the line to phones, on each database
	@CUTS=500 $(MAKE) --no-print-directory test PYTEST_OPTIONS=tests/cuts

bench: .venv/dev.lock ## submissions and records against their bare limits, phones and score cards against themselves
	$(BIN)/python bench/submit.py
	$(BIN)/python bench/record.py
	$(BIN)/python bench/sync.py
	$(BIN)/python bench/scorecard.py
	$(BIN)/python bench/phone.py

check: .venv/dev.lock ## lint, format, types, imports, migrations, API description, locks, advisories
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	MYPYPATH=.ci $(BIN)/mypy $(SOURCES) .ci/*.py
	$(BIN)/python .ci/app_types.py
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py spectacular --validate --fail-on-warn | diff api_schema/openapi.yaml -
	$(BIN)/python .ci/locks.py
	$(BIN)/python .ci/audit.py

schema: .venv/dev.lock ## write api_schema/openapi.yaml anew
	$(BIN)/python manage.py spectacular --validate --fail-on-warn --file api_schema/openapi.yaml

lock: .venv/dev.lock ## write requirements*.txt anew from pyproject.toml
	.ci/lock

clean: ## remove the environment and the caches; data in var/ stays
	rm -rf .venv .ci/node/node_modules .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# Each holds a copy of the lock that was installed: pip runs only when the lock is another one.
.venv/runtime.lock: requirements.txt
	@cmp -s $< $@ || { $(call install,$<); }
	@cp $< $@

.venv/dev.lock: requirements-dev.txt
	@cmp -s $< $@ || { $(call install,$<); }
	@cp $< $@
	@cp requirements.txt .venv/runtime.lock

define install
$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'; \
$(PYTHON) -m venv .venv || { echo "On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }; \
echo "Installing $(1) into .venv ..."; \
$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
endef
