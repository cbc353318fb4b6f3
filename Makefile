# `make` lists what there is. PYTHON=python3.12 names another interpreter for the environment.

PYTHON ?= python3
RUN := .venv/bin
# What .venv holds so far; each layer of the pinned packages adds to the one before.
STUDENT := .venv/.student
GRADING := .venv/.grading
ALL := .venv/.installed
# Files of tests run side by side; each file in one process, since it shares what it made.
TOGETHER := -n auto --dist=loadfile --no-loadscope-reorder

ifeq ($(strip $(HOME)),)
export HOME := $(CURDIR)/.venv
endif

.PHONY: help venv demo test quick kills lab build check site catalogue mutants bench steady many reports verify hostile compat lint browser clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

venv: $(GRADING) ## set up .venv for grading (every target sets up by itself what it needs)

demo: $(GRADING) ## grade a made-up class end to end, in demo-classroom/
	@$(RUN)/autograder demo

test: $(ALL) browser ## run every test, the notebooks and `make lint` among them
	@$(RUN)/python -m pytest $(TOGETHER)

quick: $(ALL) ## run what an edit needs: no notebooks, no browser, no catalogue, nothing slow
	@$(RUN)/python -m pytest $(TOGETHER) -m "not slow and not browser and not notebooks" tests

kills: $(ALL) ## kill a grading run at twenty moments: nothing is lost, nothing runs on
	@KILLS=20 $(RUN)/python -m pytest -k kills tests/units/grading/run/test_resume.py

lab: $(STUDENT) ## open the course in JupyterLab; your work is kept in my-work/
	@$(RUN)/python -m autograder.desk

build: $(GRADING) ## rebuild all generated notebooks from solutions/*.py
	@$(RUN)/autograder build

check: $(GRADING) ## say whether the committed notebooks are what their sources give
	@$(RUN)/autograder build --check

site: $(ALL) ## build the course site in _site/: the notebooks as pages, without solutions
	@$(RUN)/autograder site

catalogue: $(GRADING) ## grade the stored right and wrong answers, one line for each
	@$(RUN)/python tests/catalogue/packed.py

mutants: $(GRADING) ## break the reference solutions and list what survives the tests
	@$(RUN)/python tests/mutants/survivors.py

bench: $(GRADING) ## time one class: stock nbgrader, this grader, and the floor
	@$(RUN)/python tests/benchmarks/bench.py

steady: $(GRADING) ## grade honest work beside eight busy programs, then on one core: no point is lost
	@$(RUN)/python tests/benchmarks/steady.py

many: $(GRADING) ## time 100 and 1,000 small submissions: time for each, and memory
	@$(RUN)/python tests/benchmarks/many.py

reports: $(GRADING) ## time the report, the similar answers and the feedback of a class of 300
	@$(RUN)/python tests/benchmarks/report.py
	@$(RUN)/python tests/benchmarks/feedback.py

hostile: $(GRADING) ## collect 10,000 malformed downloads: no crash, nothing written outside the class
	@$(RUN)/python tests/hostile_downloads.py 10000

verify: $(GRADING) ## grade the demo class and the catalogue in three ways; all scores must agree
	@$(RUN)/python tests/benchmarks/verify.py

compat: $(GRADING) ## run the notebooks under each Python found here, packages pinned and newest
	@$(RUN)/python tests/compat/versions.py

lint: $(ALL) ## check style, format, imports and types
	@$(RUN)/ruff check .
	@$(RUN)/ruff format --check .
	@report=$$($(RUN)/lint-imports --no-logo --no-cache) || { echo "$$report"; exit 1; }
	@$(RUN)/basedpyright

browser: $(ALL) ## get a Chromium for the browser tests, if there is none
	@command -v chromium || command -v chromium-browser || command -v google-chrome || { \
	  echo "Getting Chromium for the browser tests"; \
	  { test "$$(id -u)" = 0 && apt-get -qq update && apt-get -qq install -y chromium; } \
	  || $(RUN)/playwright install chromium; } > .venv/browser.log 2>&1 \
	  || echo "No Chromium (see .venv/browser.log): the browser tests will be skipped."

clean: ## remove the demo class, the site and all caches; .venv, classroom/ and my-work/ stay
	rm -rf demo-classroom _site .pytest_cache .ruff_cache
	find . -name .venv -prune -o -name my-work -prune -o -name __pycache__ -prune -exec rm -rf {} +

$(STUDENT): LAYER = requirements/student.txt
$(STUDENT): ABOUT = the notebooks need into .venv, which then takes about 2.6 GB
$(GRADING): LAYER = requirements/grading.txt
$(GRADING): ABOUT = the grader needs into .venv, which then takes about 2.7 GB
$(ALL): LAYER = requirements.txt
$(ALL): ABOUT = the tests need into .venv, which then takes about 3.4 GB
$(GRADING): WITH = $(STUDENT)
$(ALL): WITH = $(STUDENT) $(GRADING)

$(STUDENT) $(GRADING) $(ALL): pyproject.toml requirements/student.txt
$(GRADING) $(ALL): requirements/grading.txt
$(ALL): requirements.txt

$(STUDENT) $(GRADING) $(ALL):
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { \
	  echo "Python 3.11, 3.12 or 3.13 is needed, and $(PYTHON) is not: make PYTHON=python3.12"; \
	  exit 1; }
	@echo "Installing what $(ABOUT)"
	@$(PYTHON) -m venv .venv
# pip's own progress is either silence or a flood. The shell reads it line by line, where awk may
# wait for a whole block; the last line tells pip's failure through the pipe.
	@{ $(RUN)/python -m pip install --disable-pip-version-check --progress-bar off \
	    -r $(LAYER) -e . || echo failed; } \
	  | while read -r word name rest; do \
	    case "$$word $$rest" in \
	      "Collecting (from -r "*) echo "  Collecting $$name" ;; \
	      "Downloading ("*" MB)") echo "  Downloading $$name $$rest" ;; \
	      "Installing packages: "*) set -- $$rest; echo "  Installing packages: $$(($$# - 1))" ;; \
	      "failed ") exit 1 ;; \
	    esac; \
	  done
	@touch $(WITH) $@
