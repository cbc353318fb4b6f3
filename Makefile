# `make` lists what there is. PYTHON=python3.12 names another interpreter for the environment.

PYTHON ?= python3
ENV := .venv/.installed
RUN := .venv/bin
# Files of tests run side by side; each file in one process, since it shares what it made.
TOGETHER := -n auto --dist=loadfile --no-loadscope-reorder
FIRST := notebooks/01-zero-insertion/01-zero-insertion.ipynb

ifeq ($(strip $(HOME)),)
export HOME := $(CURDIR)/.venv
endif

.PHONY: help venv demo test quick kills lab build check catalogue mutants bench steady many reports verify hostile compat lint browser clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

venv: $(ENV) ## set up .venv (every target that needs it does so by itself)

demo: $(ENV) ## grade a made-up class end to end, in demo-classroom/
	@$(RUN)/autograder demo

test: $(ENV) browser ## run every test, the notebooks and `make lint` among them
	@$(RUN)/python -m pytest $(TOGETHER)

quick: $(ENV) ## run what an edit needs: no notebooks, no browser, no catalogue, nothing slow
	@$(RUN)/python -m pytest $(TOGETHER) -m "not slow and not browser and not notebooks" tests

kills: $(ENV) ## kill a grading run at twenty moments: nothing is lost, nothing runs on
	@KILLS=20 $(RUN)/python -m pytest -k kills tests/units/grading/run/test_resume.py

lab: $(ENV) ## open the course in JupyterLab at its first page
	@$(RUN)/jupyter lab --LabApp.default_url=/lab/tree/$(FIRST) $$(test "$$(id -u)" != 0 || echo --allow-root)

build: $(ENV) ## rebuild all generated notebooks from solutions/*.py
	@$(RUN)/autograder build

check: $(ENV) ## say whether the committed notebooks are what their sources give
	@$(RUN)/autograder build --check

catalogue: $(ENV) ## grade the stored right and wrong answers, one line for each
	@$(RUN)/python tests/catalogue/packed.py

mutants: $(ENV) ## break the reference solutions and list what survives the tests
	@$(RUN)/python tests/mutants/survivors.py

bench: $(ENV) ## time one class: stock nbgrader, this grader, and the floor
	@$(RUN)/python tests/benchmarks/bench.py

steady: $(ENV) ## grade honest work beside eight busy programs, then on one core: no point is lost
	@$(RUN)/python tests/benchmarks/steady.py

many: $(ENV) ## time 100 and 1,000 small submissions: time for each, and memory
	@$(RUN)/python tests/benchmarks/many.py

reports: $(ENV) ## time the report and the similar answers of a class of 300
	@$(RUN)/python tests/benchmarks/report.py

hostile: $(ENV) ## collect 10,000 malformed downloads: no crash, nothing written outside the class
	@$(RUN)/python tests/hostile_downloads.py 10000

verify: $(ENV) ## grade the demo class and the catalogue in three ways; all scores must agree
	@$(RUN)/python tests/benchmarks/verify.py

compat: $(ENV) ## run the notebooks under each Python found here, packages pinned and newest
	@$(RUN)/python tests/compat/versions.py

lint: $(ENV) ## check style, format, imports and types
	@$(RUN)/ruff check .
	@$(RUN)/ruff format --check .
	@report=$$($(RUN)/lint-imports --no-logo --no-cache) || { echo "$$report"; exit 1; }
	@$(RUN)/basedpyright

browser: $(ENV) ## get a Chromium for the browser tests, if there is none
	@command -v chromium || command -v chromium-browser || command -v google-chrome || { \
	  echo "Getting Chromium for the browser tests"; \
	  { test "$$(id -u)" = 0 && apt-get -qq update && apt-get -qq install -y chromium; } \
	  || $(RUN)/playwright install chromium; } > .venv/browser.log 2>&1 \
	  || echo "No Chromium (see .venv/browser.log): the browser tests will be skipped."

clean: ## remove the demo class and all caches; .venv and classroom/ stay
	rm -rf demo-classroom .pytest_cache .ruff_cache
	find . -name .venv -prune -o -name __pycache__ -prune -exec rm -rf {} +

$(ENV): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { \
	  echo "Python 3.11, 3.12 or 3.13 is needed, and $(PYTHON) is not: make PYTHON=python3.12"; \
	  exit 1; }
	@echo "Making .venv and installing the pinned packages: about 2 GB, a few minutes"
	@$(PYTHON) -m venv .venv
# pip's own progress is either silence or a flood; the file tells its failure through the pipe.
	@set -e; for step in "-r requirements.txt" "--no-deps -e ."; do \
	  { $(RUN)/python -m pip install --disable-pip-version-check --progress-bar off $$step \
	    || touch .venv/failed; } \
	    | awk '/^Collecting|^Installing/ { print "  " $$1, $$2; fflush() }'; \
	  if test -e .venv/failed; then rm .venv/failed; exit 1; fi; \
	done
	@touch $@
