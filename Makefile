# make run    open the chat          make test   run the tests
# make lint / make format / make bench / make index / make clean
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Where the CPU build of torch is, for machines that would otherwise fetch several GB of CUDA packages:
#   make run TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c .ci/constraints.txt \
	$(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX))

.PHONY: run test lint format bench index clean

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

format: $(VENV)/installed-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/installed-test
	$(BIN)/python tests/benchmarks/speed.py

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache

$(BIN)/python:
	$(PYTHON) .ci/make_venv.py $(VENV)

$(VENV)/installed: $(BIN)/python pyproject.toml .ci/constraints.txt
	$(PIP_INSTALL) -e .
	touch $@

$(VENV)/installed-test: $(BIN)/python pyproject.toml .ci/constraints.txt
	$(PIP_INSTALL) -e ".[test]"
	touch $@ $(VENV)/installed
