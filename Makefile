# Every target creates what it needs once: a virtual environment with locked versions, and the built kernels.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
KERNEL_SOURCES := $(wildcard course_lib/kernels/*.pyx course_lib/kernels/*.pxi course_lib/kernels/*.h)
TEST_WORKERS ?= 2

.PHONY: help install demo lab test test-all lint bench site dist clean

help:
	@echo "make demo      grade a made-up class end to end and say where its report is"
	@echo "make lab       open JupyterLab on the lectures"
	@echo "make test      the tests (under 10 minutes)"
	@echo "make test-all  the tests with the slow ones and those in a real browser (under 60 minutes)"
	@echo "make lint      style and format"
	@echo "make bench     kernels and training against NumPy (PyTorch where installed), grading against stock nbgrader"
	@echo "make site      the reading site: lectures as they run, prompts, guides, reference, in build/site/html"
	@echo "make dist      source distribution and wheels, in dist/"
	@echo "make clean     remove the virtual environment and what was built"

install: $(STAMP)

$(STAMP): pyproject.toml setup.py constraints.txt $(KERNEL_SOURCES)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "The course needs Python 3.11 or newer; set PYTHON=/path/to/python3"; exit 1; }
	@test -x $(BIN)/python || { echo "Creating the virtual environment $(VENV) …"; $(PYTHON) -m venv $(VENV); }
	@echo "Installing the locked packages and building the kernels (a few minutes the first time) …"
	@PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@$(BIN)/python -c 'import course_lib; course_lib.show_config()'
	@touch $@

demo: $(STAMP)
	@$(BIN)/course demo

lab: $(STAMP)
	@$(BIN)/course lab $(LAB_OPTIONS)

test: $(STAMP)
	$(BIN)/python -m pytest -n $(TEST_WORKERS) --dist loadfile -m "not slow and not browser"

test-all: $(STAMP)
	$(BIN)/python -m pytest -n $(TEST_WORKERS) --dist loadfile

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

bench: $(STAMP)
	$(BIN)/python -m benchmarks.kernels
	$(BIN)/python -m benchmarks.learning
	$(BIN)/python -m benchmarks.grading
	$(BIN)/python -m benchmarks.grading_memory
	$(BIN)/python -m benchmarks.grading_cluster

# The wheel with kernels is named for the oldest Linux that it fits; one in plain Python fits every machine.
dist: $(STAMP)
	rm -rf dist build
	PIP_CONSTRAINT=constraints.txt $(BIN)/python -m build --outdir dist/here .
	COURSE_WITHOUT_KERNELS=1 PIP_CONSTRAINT=constraints.txt $(BIN)/python -m build --wheel --outdir dist .
	mv dist/here/*.tar.gz dist/
	if [ "$$(uname)" = Linux ]; then \
		PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m auditwheel repair --wheel-dir dist dist/here/*.whl; \
	else mv dist/here/*.whl dist/; fi
	rm -r dist/here
	@ls -l dist

site: $(STAMP)
	$(BIN)/python -m tools.site $(SITE_OPTIONS)

clean:
	rm -rf $(VENV) build dist *.egg-info
	find course_lib -name "*.so" -delete
