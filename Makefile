# Everything happens in .venv, from the locked and hashed requirements.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
# What Python compiles is kept, beside the environment: every process of the tests would do it anew. One thread of
# algebra in each: beside each other they would wait for one another, some twenty times as long as they work.
RUN := PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX=$(CURDIR)/.venv/.compiled OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
# Tests run beside each other, one process a core, four at most.
BESIDE := -n auto --maxprocesses 4 --dist worksteal

.PHONY: help setup demo test test-all check format lint types contracts lock tune train distil join torch benchmark where shape clean

help:    ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: $(READY)    ## install everything (once)

$(READY): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "forvent needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Use: make setup PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/python -m uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $(READY)

demo: $(READY)    ## invent a shop, run the loop on it, open the report and the workspace
	@$(BIN)/forvent demo --out demo

test: $(READY)    ## all tests, the workspace's on SQLite, those of its database on PostgreSQL too; make test ARGS="-k promise"
	@$(RUN) $(BIN)/python -m pytest -m "not slow" $(BESIDE) $(ARGS)
	@$(RUN) $(BIN)/python tests/server/on_postgresql.py -m "not slow" $(BESIDE) $(ARGS)

test-all: $(READY)    ## with the long guarantees
	@$(RUN) $(BIN)/python -m pytest $(BESIDE) $(ARGS)
	@$(RUN) $(BIN)/python tests/server/on_postgresql.py $(BESIDE) $(ARGS)

check: lint types contracts    ## what CI runs before the tests

lint: $(READY)    ## format and lint, without changing anything
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: $(READY)    ## mypy --strict
	@$(BIN)/mypy

contracts: $(READY)    ## which room may import which
	@$(BIN)/lint-imports

format: $(READY)    ## rewrite with ruff
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: $(READY)    ## renew requirements*.txt from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra server pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra dev pyproject.toml -o requirements-dev.txt

tune: torch    ## tune the exact tier's upper layers, from training/ (needs PyTorch)
	@$(BIN)/python training/tune.py

train: torch    ## fit the heads of the exact tier, from training/ (needs PyTorch)
	@$(BIN)/python training/fit_heads.py
	@$(BIN)/python training/fit_second.py

distil: torch    ## teach the fast tier what the exact one says (needs PyTorch)
	@$(BIN)/python training/distil.py
	@$(BIN)/python training/fit_heads.py --tier fast

join: torch    ## fit how the exact tier joins both, and levels, after train and distil (needs PyTorch)
	@$(BIN)/python training/keep_examples.py
	@$(BIN)/python training/fit_ngrams.py
	@$(BIN)/python training/keep_neighbours.py
	@$(BIN)/python training/join_tiers.py
	@$(BIN)/python training/fit_ties.py

torch: $(READY)
	@$(BIN)/python -c 'import importlib.util, sys; sys.exit(0 if importlib.util.find_spec("torch") else "Training needs PyTorch, which nothing else does: $(BIN)/python -m uv pip install torch")'

benchmark: $(READY)    ## the figures that README and docs quote
	@$(BIN)/python benchmarks/identify.py
	@$(BIN)/python benchmarks/loop.py
	@$(BIN)/python benchmarks/promises.py
	@$(BIN)/python benchmarks/assess.py
	@$(BIN)/python benchmarks/pages.py --write
	@$(BIN)/python benchmarks/ingest.py --write
	@$(BIN)/python benchmarks/ingest.py --database postgresql --write
	@$(BIN)/python benchmarks/kill.py --kills 200 --write
	@$(BIN)/python benchmarks/kill.py --kills 200 --database postgresql --write

where:    ## make where W=promise: the files of one word
	@git ls-files | grep -i -- "$(W)" || echo "No file is named after '$(W)'."

shape: $(READY)    ## sizes of files and functions against the budgets
	@$(BIN)/python benchmarks/shape.py

clean:    ## remove what was made
	@rm -rf .venv demo .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build dist
