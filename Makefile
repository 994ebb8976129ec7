# `make demo` and `make test` need Python 3.11 or newer, git and make; everything else is installed into .venv.
PYTHON ?= python3
SCALE ?= 1
# One more than there are processors: the tests with the real `fivetran` mostly wait.
PROCESSES ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
CONNECTORS := $(sort $(patsubst %/connector.py,%,$(wildcard */connector.py)))

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
# The job's own environment: the Fivetran SDK and dbt cannot be installed together.
JOB_STAMP := airtable_push/.venv/installed
# The clients of others that judge simulated vendors: one of them is called as a connector is.
JUDGES_STAMP := tests/judges/.venv/installed

# The usage statistics of Fivetran's command line stay off.
export DO_NOT_TRACK := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Compiled files are kept, so that each of the many processes that the tests start finds them.
export PYTHONDONTWRITEBYTECODE :=
# `fivetran` starts programs of the environment by their names.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help demo check test prove lint report bench sandbox clean lock

help:
	@echo "make demo      the whole way on this machine: every source, the warehouse, Airtable, twice"
	@echo "make check     style, types, and the tests of what differs from main: within a minute"
	@echo "make test      run all tests, quickly (SOURCE=copper: the contract and one connector's own tests)"
	@echo "make prove     run them deeply: many more stories, kills and sizes (MINUTES=5: what can be had in that time)"
	@echo "make lint      check style, types and workflows, and that each connector stands alone"
	@echo "make report    write a page about the health of every source: build/report.html"
	@echo "make bench     measure calls, rows, CPU and memory (WHOLE=1: also what takes long; README=1: into README.md)"
	@echo "make sandbox   play the vendors on this machine until Ctrl-C (SCALE=0.05 for a small company)"
	@echo "make clean     remove everything that these commands have made"

demo: $(STAMP) $(JOB_STAMP)
	@$(BIN)/python -m demo

PYTEST := $(BIN)/python -m pytest -q --numprocesses $(PROCESSES)

check: lint $(JOB_STAMP) $(JUDGES_STAMP)
	@tests=$$($(BIN)/python -m tests.changed); if [ "$$tests" ]; then echo "$$tests"; $(PYTEST) $$tests; fi

test: $(STAMP) $(JOB_STAMP) $(JUDGES_STAMP)
	@$(PYTEST) $(if $(SOURCE),-k $(SOURCE) tests/$(SOURCE) tests/contract)

prove: $(STAMP) $(JOB_STAMP) $(JUDGES_STAMP)
	@$(PYTEST) -m prove $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SEED),--randomly-seed $(SEED))

lint: $(STAMP)
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check .
	@$(BIN)/mypy --strict shared deploy airtable_push report
	@$(BIN)/mypy sandbox demo bench
	@$(BIN)/mypy --explicit-package-bases --follow-imports silent tests
	@$(BIN)/actionlint -pyflakes=
	@$(BIN)/zizmor --quiet --offline --persona pedantic .github
	@$(BIN)/python -m deploy.connectors --links
	@set -e; for connector in $(CONNECTORS); do \
		echo "$$connector: types, and alone"; \
		(cd $$connector && "$(CURDIR)/$(BIN)/mypy" --strict --config-file ../pyproject.toml \
			--cache-dir ../.mypy_cache/$$connector connector.py); \
		(cd $$connector && "$(CURDIR)/$(BIN)/python" -c "import connector"); \
	done

report: $(STAMP)
	@$(BIN)/python -m report

bench: $(STAMP)
	@$(BIN)/python -m bench $(if $(WHOLE),--whole) $(if $(README),--readme)

sandbox: $(STAMP)
	@$(BIN)/python -m sandbox serve --scale $(SCALE)

clean:
	rm -rf .venv airtable_push/.venv tests/judges/.venv .cache build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -rf airtable_push/files airtable_push/flatten/target airtable_push/flatten/logs
	rm -rf $(foreach connector,$(CONNECTORS),$(connector)/files $(connector)/crash-reports)

# An interrupted installation leaves no stamp, so it is begun again.
$(STAMP) $(JOB_STAMP) $(JUDGES_STAMP): %.venv/installed: %lock.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=...")'
	@echo "installing into $*.venv"
	@$(PYTHON) -m venv --clear $*.venv
	@$*.venv/bin/python -m pip install --quiet --no-input --requirement $*lock.txt
	@touch $@

# Resolves each pyproject.toml anew, for every Python and system at once, and writes down what they give.
LOCKS := lock-./ lock-airtable_push/ lock-tests/judges/
lock: $(LOCKS)
$(LOCKS): lock-%:
	$(PYTHON) -m venv --clear .cache/lock
	.cache/lock/bin/python -m pip install --quiet uv
	.cache/lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-strip-extras \
		--generate-hashes --no-header --no-annotate $*pyproject.toml > .cache/lock/resolved
	(sed -n '1p' $*lock.txt; cat .cache/lock/resolved) > .cache/lock/lock.txt
	mv .cache/lock/lock.txt $*lock.txt
