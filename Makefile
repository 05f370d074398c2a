# The same steps as `./install.sh --test`, one at a time, in the environment that it made (or PY=… for your own).
PY ?= .role-engine/venv/bin/python

.PHONY: test fast lint fmt types bench check

check: lint types test

test:
	$(PY) -m pytest -q -n auto --maxprocesses 4 --dist worksteal

fast:    # while you work: under a minute
	$(PY) -m pytest -q -n auto --maxprocesses 4 --dist worksteal -m "not slow and not browser and not torch"

lint:
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

fmt:
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

types:
	$(PY) -m mypy

bench:
	$(PY) -m role_engine bench
