# Everything a developer or a newcomer runs. `make` alone lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
# The real toxiproxy-server that a script builds for tests and benchmarks comes after the system's.
export PATH := $(PATH):$(CURDIR)/.tools
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# The tests wait more than they work: more at once than there are cores. A file's tests stay
# together, for they share servers.
PYTEST_AT_ONCE := -n 3 --dist loadfile
PIP_INSTALL := $(BIN)/python -m pip install --quiet
HASHED := --require-hashes --only-binary=:all:
ITSELF := --no-deps --no-build-isolation --editable .
# Left behind by tests, checks and builds.
LEFTOVERS := build dist htmlcov .bench .coverage .coverage.* .hypothesis .import_linter_cache \
	.mypy_cache .pytest_cache .ruff_cache snapshot_report.html

CHECKS := format lint types layers sizes dead spelling guard

.PHONY: help venv demo test check fix coverage bench pictures man pins clean $(CHECKS)

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

venv: $(VENV)/.dev ## make .venv with everything for development

demo: $(VENV)/.demo ## install and start the guided demo (ARGS=… go to `loadtui demo`)
	@$(BIN)/loadtui demo $(ARGS)

test: $(VENV)/.dev ## run every test (ARGS=… go to pytest)
	@scripts/install-toxiproxy || true
	@scripts/install-databases || true
	@scripts/install-k6 || true
	@$(BIN)/pytest -q $(PYTEST_AT_ONCE) $(ARGS)

check: $(VENV)/.dev ## format, lint, types, layers, sizes, dead code, spelling, guard
	@$(MAKE) --no-print-directory --keep-going $(CHECKS)

fix: $(VENV)/.dev ## let ruff format and mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

coverage: $(VENV)/.dev ## run every test under coverage, worker processes included
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -q $(PYTEST_AT_ONCE) $(ARGS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

bench: $(VENV)/.dev ## measure the engine beside its peers, the screen, the relay beside Toxiproxy (Linux; ARGS=engine, ui, relay, churn or outputs)
	@scripts/install-toxiproxy || true
	@scripts/install-databases || true
	@$(BIN)/python -m bench $(ARGS)

pictures: $(VENV)/.dev ## draw the README's pictures anew
	@scripts/pictures $(ARGS)

man: $(VENV)/.dev ## write the man pages into build/man
	@$(BIN)/python scripts/man_pages.py $(ARGS)

pins: $(VENV)/.python ## resolve requirements/*.txt anew from pyproject.toml (UPGRADE=1: newest)
	@scripts/pins $(if $(UPGRADE),--upgrade)

clean: ## remove .venv, fetched tools and everything made
	rm -rf $(VENV) .tools $(LEFTOVERS)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# -- the checks, each also a target of its own; all run, then one answer ---------------------------
$(CHECKS): $(VENV)/.dev

format:
	$(BIN)/ruff format --check --quiet .
lint:
	$(BIN)/ruff check --quiet .
types:
	$(BIN)/mypy
layers:
	@echo $(BIN)/lint-imports
	@$(BIN)/lint-imports --no-cache --no-logo >$(VENV)/.layers || { cat $(VENV)/.layers; exit 1; }
sizes:
	$(BIN)/python scripts/size_guard.py src bench scripts
dead:
	$(BIN)/vulture
spelling:
	@echo $(BIN)/codespell
	@git ls-files -z | xargs -0 $(BIN)/codespell
guard:
	$(BIN)/python scripts/guard.py

# -- environments: one stamp a set of pins; a changed set installs again -------------------------
$(VENV)/.python:
	@scripts/make-venv $(VENV)
	@touch $@

$(VENV)/.demo: requirements/demo.txt pyproject.toml $(VENV)/.python
	@echo "installing the packages of requirements/demo.txt"
	@$(PIP_INSTALL) $(HASHED) -r $<
	@$(PIP_INSTALL) $(ITSELF)
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml $(VENV)/.python
	@echo "installing the packages of requirements/dev.txt"
	@$(PIP_INSTALL) $(HASHED) -r $<
	@$(PIP_INSTALL) $(ITSELF)
	@touch $@ $(VENV)/.demo
