# Everything is set up on first use: a Python of 3.11 or later and make are all that must be there.
#
#   make            what there is
#   make demo       play the demonstration session
#   make test       run the tests (more arguments to pytest: make test ARGS="-k replay")

VENV   ?= .venv
BIN    := $(VENV)/bin
JOBS   ?= 2
ARGS   ?=
CORE   := not shared and not slow and not frames and not hosts and not house and not pango

# The first Python that is new enough, or else the plain one, which then is told what is missing.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
            $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && exit; \
          done; echo python3)

# A developer edits what is installed; in CI the wheel is built and installed, and that is what is tested.
ifdef CI
  PACKAGE := .
  SOURCES := $(shell find src -type f ! -name '*.pyc')
else
  PACKAGE := -e .
  SOURCES :=
endif

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

.DEFAULT_GOAL := help
.PHONY: help demo test core examples browser lint format types layers docs bench soak changelog clean

help:  ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(BIN)/.cli  ## Play the demonstration session, replay it, weigh it, verify it
	$(BIN)/afwegen demo

test: $(BIN)/.dev  ## Run all tests
	$(BIN)/python -m pytest -n $(JOBS) $(ARGS)

core: $(BIN)/.test  ## Run the tests that say nothing about the repository itself (for other Pythons)
	HYPOTHESIS_PROFILE=brief $(BIN)/python -m pytest -n $(JOBS) -m '$(CORE)' $(ARGS)

examples: $(BIN)/.dev  ## Run the tests of the examples with FastAPI, Litestar, Django and a notebook
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile $(addprefix examples/,fastapi litestar django notebook) $(ARGS)

browser: $(BIN)/.dev tests/browser/node_modules  ## Look at the pages in Chromium, and have them validated
	$(BIN)/python -m pytest tests/browser $(ARGS)

lint: $(BIN)/.dev  ## Check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(BIN)/.dev  ## Put style and format right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(BIN)/.dev  ## Check types
	$(BIN)/mypy --strict src

layers: $(BIN)/.dev  ## Check that imports only go down
	$(BIN)/lint-imports

docs: $(BIN)/.dev  ## Build the documentation into docs/_build
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html

bench: $(BIN)/.dev  ## Measure, as ratios
	$(BIN)/python -m pytest benchmarks -p no:xdist --benchmark-enable --benchmark-columns=median,iqr,rounds $(ARGS)

soak: $(BIN)/.dev  ## Search long for counterexamples
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -n $(JOBS) -m 'not shared and not house' $(ARGS)

changelog: $(BIN)/.dev  ## Show the news of the next release
	$(BIN)/towncrier build --draft

clean:  ## Remove what was built
	rm -rf $(VENV) build dist docs/_build tests/browser/node_modules .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# Without npm the tests say what they lack, and are skipped; in CI that fails.
tests/browser/node_modules: tests/browser/package.json
	@if command -v npm >/dev/null; then \
	  npm install --prefix tests/browser --no-package-lock --ignore-scripts --no-audit --no-fund --silent && touch $@; \
	else \
	  echo "npm is not on this machine: axe-core and the validator are not installed." >&2; \
	fi

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "afwegen needs Python 3.11 or later, and '$(PYTHON)' is $$($(PYTHON) --version 2>&1 || true)." >&2; \
	  echo "Name another: make PYTHON=/path/to/python3.11 ..." >&2; \
	  exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' cannot make a virtual environment; on Debian: apt-get install python3-venv." >&2; \
	  exit 1; }
	$(PYTHON) -m venv $(VENV)

# One stamp for each set of extras; pyproject.toml says what they hold.
$(BIN)/.cli $(BIN)/.test $(BIN)/.dev: $(BIN)/.%: $(BIN)/python pyproject.toml $(SOURCES)
	$(BIN)/python -m pip install --quiet $(PACKAGE)'[$*]'
	@touch $@
