PYTHON ?= python3
BIN := .venv/bin
OURS := spatial tests examples benchmarks
# The wheel that carries the genuine simulation headers; nothing of it is imported.
HLS_HEADERS := hls4ml~=1.3.0
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install

.PHONY: help bench demo test soak mutants lint check format clean

help:  ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/ready  ## classify handwritten digits on a simulated systolic array
	@$(BIN)/python -m examples.systolic.digits

bench: .venv/ready  ## measure the engines side by side
	@$(BIN)/python -m benchmarks

test: .venv/ready  ## run all tests
	@$(BIN)/python -m pytest -n 2

soak: .venv/ready  ## compare the engines on NETWORKS random networks with VECTORS depths each, from where it was stopped
	@$(BIN)/python -m tests.sim.soak --networks $(or $(NETWORKS),10000) --vectors $(or $(VECTORS),100)

mutants: .venv/ready  ## verify all mutants of ten programs, and count those that are caught
	@$(BIN)/python -m tests.verify.mutants

lint: .venv/ready-dev  ## check format, style and types
	@$(BIN)/ruff format --check $(OURS)
	@$(BIN)/ruff check $(OURS)
	@$(BIN)/mypy --strict spatial

check: test lint  ## run the tests and all checks

format: .venv/ready-dev  ## format the code and apply the safe fixes
	@$(BIN)/ruff check --fix-only $(OURS)
	@$(BIN)/ruff format $(OURS)

clean:  ## remove the environment and everything generated
	@rm -rf .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist *.egg-info
	@find $(OURS) -name __pycache__ -prune -exec rm -rf {} +

.venv/ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo '$(PYTHON) is not Python 3.11 or newer: name one that is, as in `make PYTHON=python3.12`'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' \
	  || { echo '$(PYTHON) cannot create environments: install its venv module (Debian: python3-venv)'; exit 1; }
	@echo 'Installing into .venv'
	@$(PYTHON) -m venv .venv
	@$(PIP) --editable '.[test,examples]'
	@$(PIP) --no-deps '$(HLS_HEADERS)'
	@touch $@

.venv/ready-dev: .venv/ready
	@$(PIP) --editable '.[dev]'
	@touch $@
