# `make` builds dist/ from the article's facts; `make test` proves it. Everything is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: all test check lint types format bench mutation clean

all: $(STAMP) ## Check the facts and write dist/
	$(BIN)/ldnkg build

test: $(STAMP) ## Run the tests
	$(BIN)/pytest -n auto --dist loadfile

check: $(STAMP) ## Check the facts and write nothing
	$(BIN)/ldnkg check

lint: $(STAMP) ## Check format and style
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(STAMP) ## Check types
	$(BIN)/mypy

format: $(STAMP) ## Put the code in form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMP) ## Measure speed, as ratios against yardsticks run beside
	$(BIN)/python -m bench

mutation: $(STAMP) ## Measure how strong the checks are: mutants of rules and data, altered texts
	$(BIN)/python -m mutation

clean: ## Take away what was built and installed
	rm -rf .venv build .mypy_cache .pytest_cache .ruff_cache .hypothesis
	git clean -fdXq dist

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "LDN-KG needs Python 3.11 or newer: make PYTHON=python3.11"; exit 2; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
