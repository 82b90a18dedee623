# Every target that a person may want has a "## help" text; `make help` prints them, and a test keeps it so.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
TRANSLATIONS := lti_tool/translations
CATALOGS := $(wildcard $(TRANSLATIONS)/*/LC_MESSAGES/*.po)
PACKAGES := lti_tool grading rubrics
# Options for pytest, for example: make test PYTEST="-k launch"
PYTEST ?=
# One more than processors: some tests wait for a browser or a clock. tests/conftest.py puts long files first.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
ALL_TESTS = $(BIN)/pytest --numprocesses $(WORKERS) --maxprocesses 5 --dist loadfile --no-loadscope-reorder \
	--rerun-show-tracebacks
QUICK := tests/rubrics tests/grading tests/programs tests/lti_tool/documents tests/lti_tool/lti tests/lti_tool/store \
	$(wildcard tests/test_*.py)
UV_VERSION := 0.13.9

# Python keeps what it compiled, whatever the environment says: each of the many processes would compile it anew.
export PYTHONDONTWRITEBYTECODE :=

# $(call run,WHICH,PROFILE) runs the tests with these marks, or all, with examples as many as a profile of Hypothesis says.
ifeq ($(BROWSER),0)
define run
$(if $(1),,tests/oracles/node.sh)
@$(ALL_TESTS) -m "$(if $(1),$(1) and )not browser" $(if $(2),--hypothesis-profile $(2)) $(PYTEST)
@echo "BROWSER=0: the browser tests did not run."
endef
else
define run
$(if $(1),,tests/oracles/node.sh)
@tests/browser.sh
@$(ALL_TESTS) $(if $(1),-m "$(1)") $(if $(2),--hypothesis-profile $(2)) $(PYTEST)
endef
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

.PHONY: help
help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: setup
setup: $(VENV)/.dev $(VENV)/.attune ## Make .venv with everything that developing and testing needs
	@:

.PHONY: demo
demo: $(VENV)/.runtime $(VENV)/.attune ## Start Attune beside a practice LMS; FRESH=1 starts over, PORT=8500 moves it
	@$(BIN)/attune demo $(if $(filter 1,$(FRESH)),--fresh) $(if $(PORT),--port $(PORT))

.PHONY: test
test: setup ## Run the tests, of journeys and large products a sample; BROWSER=0 leaves the browser out
	@$(call run,not full,sample)

.PHONY: test-all
test-all: setup ## Run every test there is: all of each product, journeys and databases; BROWSER=0 as above
	@$(call run,)

.PHONY: check
check: lint ## Lint, then the tests that need no browser, no server and no patience
	@$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile --quiet $(QUICK) \
		-m "not (full or browser or postgres or slow)" $(PYTEST)

.PHONY: conformance
conformance: setup ## Write docs/conformance.md anew, from the cases and the names of their tests
	@$(BIN)/python -m tests.certification.table

.PHONY: capabilities
capabilities: setup ## Write docs/capabilities.md anew, from its list
	@$(BIN)/python -m tests.capabilities

.PHONY: trauma-informed
trauma-informed: setup ## Write docs/trauma-informed.md anew, from its list and the names of the tests
	@$(BIN)/python -m tests.trauma_informed

.PHONY: accessibility
accessibility: setup ## Write docs/accessibility.md anew, from its list
	@$(BIN)/python -m tests.accessibility

.PHONY: threat-model
threat-model: setup ## Write docs/threat-model.md and docs/asvs.md anew, from their lists
	@$(BIN)/python -m tests.security.lists

.PHONY: data-map
data-map: setup ## Write docs/data-map.md anew, from the tables and lti_tool/store/data_map.toml
	@$(BIN)/python -m tests.data_map

.PHONY: reading-grade
reading-grade: setup ## Write docs/plain-language.md anew: how hard the texts are to read
	@$(BIN)/python -m tests.reading_grade

.PHONY: pictures
pictures: setup ## Take the pictures in docs/images/install-*.png anew
	@$(BIN)/python -m tests.pictures

.PHONY: walkthrough
walkthrough: setup ## Make docs/images/walkthrough.gif anew, the short walk through Attune in the README
	@$(BIN)/python -m tests.walkthrough

.PHONY: probe
probe: setup ## Let the black-box LTI probe in the folder PROBE look at a fresh Attune
	@$(BIN)/python -m tests.certification.probe "$(PROBE)"

.PHONY: fuzz
fuzz: setup ## Send more than 20,000 odd requests, and write what came of it to docs/fuzz.md
	@$(BIN)/python -m tests.fuzz

.PHONY: torture
torture: setup ## Put sending scores under fire, and write docs/torture.md; SEED=, ROWS=, PROFILE=, DATABASE=
	@$(BIN)/python -m tests.torture "$(SEED)" "$(ROWS)" "$(PROFILE)" "$(DATABASE)"

.PHONY: soak
soak: setup ## Let many people work while things go wrong, and write docs/soak.md; PEOPLE=, MINUTES=, DATABASE=
	@$(BIN)/python -m tests.soak "$(PEOPLE)" "$(MINUTES)" "$(DATABASE)"

.PHONY: benchmarks
benchmarks: setup ## Measure every figure of speed anew, and write docs/benchmarks.md; BENCHMARKS=launch measures one
	@$(BIN)/python -m tests.benchmarks $(BENCHMARKS)

.PHONY: mutation
mutation: setup build/mutation/.made ## Change the rules bit by bit, see what tests notice, write docs/mutation.md; WHICH=, AGAIN=1
	@PYTHONPATH=build/mutation/site-packages $(BIN)/python -m tests.mutation "$(WHICH)" $(if $(filter 1,$(AGAIN)),again)

.PHONY: coverage
coverage: setup ## Measure which lines and branches the tests without a browser reach; the least is in pyproject.toml
	@rm -rf build/coverage && mkdir -p build/coverage
	-@$(subst pytest,coverage run -m pytest,$(ALL_TESTS)) -m "not full and not browser" --hypothesis-profile sample $(PYTEST)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

.PHONY: taps
taps: setup ## Count the taps of a rating visit and a signing visit on a phone
	@tests/browser.sh
	@$(BIN)/pytest --quiet --no-header --disable-warnings tests/journeys/test_on_a_phone.py $(PYTEST)
	@cat build/taps.md

.PHONY: lint
lint: setup ## Check style, types, layers and templates
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy $(PACKAGES)
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/djlint --lint --quiet templates lti_tool/practice/templates

.PHONY: fix
fix: conformance capabilities trauma-informed accessibility threat-model data-map ## Mend the shape of code, and write anew what is made from lists
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

.PHONY: lock
lock: build/uv/bin/uv ## Choose versions anew within pyproject.toml and write requirements/*.txt
	build/uv/bin/uv pip compile $(LOCK) pyproject.toml --group build -o requirements/runtime.txt
	build/uv/bin/uv pip compile $(LOCK) pyproject.toml --group dev -c requirements/runtime.txt -o requirements/dev.txt
	build/uv/bin/uv pip compile $(LOCK) --group docs -o requirements/docs.txt
	build/uv/bin/uv pip compile $(LOCK) tests/oracles/agreement.in -o tests/oracles/agreement.txt
	build/uv/bin/uv pip compile $(LOCK) tests/oracles/badges.in -o tests/oracles/badges.txt
	build/uv/bin/uv pip compile $(LOCK) tests/mutation/mutmut.in -c requirements/dev.txt -o tests/mutation/mutmut.txt

LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --no-sources

.PHONY: messages
messages: setup ## Collect texts into the catalogs and compile them; LANGUAGE=de begins one
	@mkdir -p build
	@$(BIN)/pybabel --quiet extract --mapping-file pyproject.toml --sort-by-file --add-comments "translators:" \
		--keywords _N --keywords Refused:2 --keywords LaunchRejected:2 --keywords PlatformUnavailable:2 \
		--keywords Unreachable:2 --keywords RegistrationProblem:2 --keywords _NN:1,2 --project Attune \
		--copyright-holder "The Attune authors" --output-file build/messages.pot .
	@$(if $(CATALOGS)$(LANGUAGE),$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete \
		--ignore-pot-creation-date $(if $(LANGUAGE),--init-missing --locale $(LANGUAGE)) \
		--input-file build/messages.pot --output-dir $(TRANSLATIONS))
	@$(BIN)/python $(TRANSLATIONS)/build.py

.PHONY: docs
docs: build/docs/.made ## Build docs/ as a site into build/site, and look at every link within it
	@NO_MKDOCS_2_WARNING=1 build/docs/bin/mkdocs build --quiet
	@echo "Open build/site/index.html"

.PHONY: wheel
wheel: setup ## Build the wheel into dist/
	@$(BIN)/python -m hatchling build --target wheel --directory dist

.PHONY: sbom
sbom: setup ## List every library that Attune runs with, as CycloneDX, in build/sbom.json
	@mkdir -p build
	@$(BIN)/python -W ignore -m cyclonedx_py requirements --pyproject pyproject.toml --output-reproducible \
		-o build/sbom.json requirements/runtime.txt

.PHONY: audit
audit: setup ## Ask whether a library that Attune runs with has a known hole
	@$(BIN)/pip-audit --require-hashes --disable-pip --progress-spinner off -r requirements/runtime.txt

.PHONY: links
links: setup ## Ask each address of others in the documents whether it is still there
	@$(BIN)/python -m tests.security.links

.PHONY: clean
clean: ## Remove what was built and cached; .venv and the demo's data stay
	@rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find $(PACKAGES) tests -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- .venv: the stamps make a second run quick ----

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Attune needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python's venv is absent. On Debian: apt-get install -y python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: requirements/runtime.txt | $(VENV)/.made
	@if [ ! -e $(VENV)/.dev ] || [ $< -nt $(VENV)/.dev ]; then \
		echo "Installing what Attune needs into $(VENV) ..."; \
		$(PIP) install --only-binary :all: --require-hashes -r $<; \
	fi
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(VENV)/.made
	@echo "Installing what developing and testing need into $(VENV) ..."
	@$(PIP) install --only-binary :all: --require-hashes -r $<
	@touch $@

# The editable install also compiles the catalogs.
$(VENV)/.attune: pyproject.toml $(TRANSLATIONS)/build.py $(CATALOGS) | $(VENV)/.runtime
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

build/docs/.made: requirements/docs.txt
	@$(PYTHON) -m venv build/docs
	@build/docs/bin/python -m pip --disable-pip-version-check --no-input --quiet install --only-binary :all: --require-hashes -r $<
	@touch $@

# Named so that Hypothesis takes what lies there for libraries, and does not read them for numbers to try.
build/mutation/.made: tests/mutation/mutmut.txt | $(VENV)/.dev
	@rm -rf build/mutation/site-packages
	@$(PIP) install --only-binary :all: --require-hashes --target build/mutation/site-packages -r $<
	@touch $@

build/uv/bin/uv:
	@$(PYTHON) -m venv build/uv
	@build/uv/bin/python -m pip --disable-pip-version-check --quiet install uv==$(UV_VERSION)
