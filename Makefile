# The two commands that matter: `make run` and `make test`. Everything is made in .venv, .cache and var.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test check lint soak bench pictures lock venv dev system

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PORT ?= 8000
export PYTHONUNBUFFERED := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
RUFF := $(BIN)/ruff

help:
	@echo "make run    start HelpDesk with its demo world (PORT=8000)"
	@echo "make test   set up and run every test"
	@echo "make check  what CI runs: style, types, import rules, messages, migrations, tests"
	@echo "make soak   the long form of the tests (LETTERS=folder of real letters)"
	@echo "make bench  measure (BENCH_TICKETS=20000)"
	@echo "make pictures  take the pictures of docs/ru anew"
	@echo "make lock   pin the requirements anew"

venv: $(VENV)/.base-done
dev: $(VENV)/.dev-done

$(BIN)/helpdesk: scripts/venv.sh
	@sh scripts/venv.sh "$(PYTHON)" "$(VENV)"

$(VENV)/.base-done: requirements/base.txt $(BIN)/helpdesk
	@echo "Installing the program's packages"
	@$(BIN)/python -m pip install --quiet --no-input --no-deps --no-compile --require-hashes --only-binary :all: -r requirements/base.txt
	@touch $@

$(VENV)/.dev-done: requirements/dev.txt $(BIN)/helpdesk
	@echo "Installing the packages for tests"
	@$(BIN)/python -m pip install --quiet --no-input --no-deps --no-compile --require-hashes --only-binary :all: -r requirements/dev.txt
	@touch $(VENV)/.base-done $@

# serve stops with make, also when make is killed
run: $(VENV)/.base-done
	@HELPDESK_STOP_WITH_PARENT=$$PPID exec $(BIN)/helpdesk serve --demo --port "$(PORT)"

system:
	@sh scripts/system.sh

# where the system keeps no bytecode, the tests keep theirs: every process would compile everything anew
KEEPING := $(if $(PYTHONDONTWRITEBYTECODE),env -u PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX="$(CURDIR)/.cache/bytecode")

# those that start programs or a browser are named by their mark, so that no process collects thousands to run none
SLOW = tests/e2e $(shell grep -rl --include='test_*.py' 'mark\.e2e' tests | grep -v '^tests/e2e/')

test: dev system
	@$(KEEPING) $(BIN)/python -m pytest -n 2 --ignore tests/e2e --durations=20 -m "not e2e" $(ARGS)
	@$(KEEPING) $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --durations=20 -m e2e $(SLOW) $(ARGS)
	@echo "All tests passed."

lint: dev
	$(RUFF) check .
	$(RUFF) format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m helpdesk.web.messages check
	$(BIN)/python -W ignore::RuntimeWarning -m django makemigrations --check --dry-run --settings helpdesk.config.test_settings

check: lint
	@$(MAKE) --no-print-directory test

soak: dev system
	$(BIN)/python -m tests.soak $(if $(LETTERS),--letters "$(LETTERS)")

bench: dev
	$(BIN)/python -m tests.bench

pictures: dev system
	$(BIN)/python -m helpdesk.knowledge.guide docs/ru
	$(BIN)/python -m tests.pictures

lock:
	cd requirements && for name in base dev; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --output-file $$name.txt $$name.in || exit 1; \
	done
