# make run     open the chat            make test    run the tests
# make lint / make format / make bench / make torture / make index / make clean
# make update  newest versions into .ci/lock, then the tests
# make lowest / make newest   the tests without a browser on the lowest and newest versions pyproject.toml allows
# make audit   known vulnerabilities in what .ci/lock installs
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := .ci/lock
# Where the CPU build of torch is, for machines that would otherwise fetch several GB of CUDA packages:
#   make run TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=
# What `make lowest` and `make newest` install of torch, e.g. TORCH='torch==2.6.0'; the locked version by default.
TORCH ?= $(shell grep ^torch $(LOCK)/torch.txt)

PIP := -m pip install --quiet --disable-pip-version-check
LOCKED := $(BIN)/python $(PIP) --require-hashes --no-deps --no-build-isolation
FROM_TORCH_INDEX := $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX))
UV := $(BIN)/uv
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.10 --generate-hashes --no-header --no-annotate \
	--no-emit-package torch --constraints $(LOCK)/torch.txt --excludes $(LOCK)/excluded.txt

.PHONY: run test lint format bench torture index clean lock update lowest newest audit

run: $(VENV)/installed
	$(BIN)/python app.py

index: $(VENV)/installed
	$(BIN)/yibao index

test: $(VENV)/installed-test
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(VENV)/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/deptry src
	$(BIN)/deptry tests tests/torture .ci --exclude '\.venv' --ignore DEP002,DEP004

format: $(VENV)/installed-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/installed-test
	$(BIN)/python tests/benchmarks/speed.py

torture: $(VENV)/installed-test
	$(BIN)/python tests/torture/run.py

clean:
	rm -rf $(VENV) .venv-lowest .venv-newest .pytest_cache .mypy_cache .ruff_cache

$(BIN)/python:
	$(PYTHON) .ci/make_venv.py $(VENV)

# Everything from the lock, each file held to its hash; then torch, whose build is the machine's own affair; then this
# package. What builds source packages stands in the lock too, so nothing is fetched that is not written there.
define install
$(LOCKED) -r $(LOCK)/build.txt
$(LOCKED) -r $(LOCK)/$(1).txt
$(BIN)/python $(PIP) -r $(LOCK)/torch.txt $(FROM_TORCH_INDEX)
$(BIN)/python $(PIP) --no-deps --no-build-isolation -e .
$(BIN)/python -m pip check --disable-pip-version-check
endef

$(VENV)/installed: $(BIN)/python pyproject.toml $(wildcard $(LOCK)/*.txt)
	$(call install,run)
	touch $@

$(VENV)/installed-test: $(BIN)/python pyproject.toml $(wildcard $(LOCK)/*.txt)
	$(call install,test)
	touch $@ $(VENV)/installed

$(UV): $(BIN)/python $(LOCK)/uv.txt
	$(LOCKED) -r $(LOCK)/uv.txt
	touch $@

# After a change of pyproject.toml: the versions in the lock stay where they still fit. Parts of one resolution, and the
# lowest versions that pyproject.toml allows.
lock: $(UV)
	$(COMPILE) $(RENEW) pyproject.toml --extra test --group build --group lock -o $(LOCK)/test.txt
	$(COMPILE) --constraints $(LOCK)/test.txt pyproject.toml -o $(LOCK)/run.txt
	$(COMPILE) --constraints $(LOCK)/test.txt --group build -o $(LOCK)/build.txt
	$(COMPILE) --constraints $(LOCK)/test.txt --group lock -o $(LOCK)/uv.txt
	$(COMPILE) $(RENEW) --resolution lowest-direct pyproject.toml --extra test -o $(LOCK)/lowest.txt

update: RENEW := --upgrade
update: lock
	$(MAKE) test

# The lowest versions come from the lock, the newest from the registry of the day. Python 3.11: the lowest numpy and
# scipy have no builds for the later ones.
define try
$(UV) pip install --quiet --python .venv-$@/bin/python --no-deps -r $(1)
.venv-$@/bin/python $(PIP) '$(TORCH)' $(FROM_TORCH_INDEX)
$(UV) pip install --quiet --python .venv-$@/bin/python --no-deps -e .
.venv-$@/bin/python -m pip check --disable-pip-version-check
.venv-$@/bin/python -m pytest -m "not browser" -n 2 --dist loadfile -W default::DeprecationWarning
endef

lowest: $(UV)
	$(PYTHON) .ci/make_venv.py .venv-$@
	$(call try,$(LOCK)/lowest.txt)

newest: $(UV)
	$(PYTHON) .ci/make_venv.py .venv-$@
	echo torch | $(UV) pip compile pyproject.toml --extra test --quiet --no-header --no-annotate --excludes - \
		--python .venv-$@/bin/python -o .venv-$@/requirements.txt
	$(call try,.venv-$@/requirements.txt)

# --strict: a package that the service does not know is an error, not a clean bill of health.
AUDIT := $(UV) tool run pip-audit --strict --disable-pip
audit: $(UV)
	$(AUDIT) --require-hashes -r $(LOCK)/test.txt && $(AUDIT) --no-deps -r $(LOCK)/torch.txt || { \
		echo "make audit: see above: a known vulnerability, or the package index could not be asked for them" >&2; exit 1; }
