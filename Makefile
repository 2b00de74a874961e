# Two commands: `make demo` shows raincheck at work, `make test` checks everything. Both set up what they need.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

.PHONY: demo test check tests servers format accuracy learn bench torture lock clean

demo: $(VENV)/ready
	@$(BIN)/raincheck demo $(ARGS)

test: servers check tests

$(VENV)/ready: requirements-dev.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "raincheck needs Python 3.11 or newer; set PYTHON=/path/to/it"; exit 1; }
	@echo "Setting up $(VENV) (once; about half a minute) ..." >&2
	@tests/setup.sh venv "$(PYTHON)" "$(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

# Dovecot for the tests of the shell, Cyrus and Postfix beside it, where they can be had without asking.
servers:
	@tests/setup.sh dovecot
	@tests/setup.sh cyrus
	@tests/setup.sh postfix

check: $(VENV)/ready
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/codespell daemon docs templates/en bench README.md CHANGELOG.md config.example.toml

tests: $(VENV)/ready
	$(BIN)/pytest --numprocesses=2 --dist=loadfile $(ARGS)

format: $(VENV)/ready
	$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format .

# The table of what is read right: on the project's own mails, and on a labelled folder: make accuracy CORPUS=path
accuracy: $(VENV)/ready
	@$(BIN)/python -m tests.accuracy $(if $(CORPUS),"$(CORPUS)")

# The weights of rules/reading, learned again from the labelled sentences and mails under tests/: make learn [ARGS=check]
learn: $(VENV)/ready
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check scikit-learn
	@$(BIN)/python -m tests.learning $(ARGS)

bench: $(VENV)/ready
	@for bench in bench/*.py; do echo "== $$bench"; $(BIN)/python -P $$bench; done

# Random campaigns with faults and kills: nothing lost, doubled, or sent without a yes. In memory, thousands of steps;
# ARGS="--real [SECONDS] [SEED]" runs the service itself between real servers, and kills it.
torture: $(VENV)/ready
	@$(BIN)/python bench/torture.py $(ARGS)

lock: $(VENV)/ready
	$(BIN)/uv pip compile --quiet --universal --no-emit-index-url --no-header --no-annotate --python-version 3.11 \
		pyproject.toml --extra demo --group dev --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
