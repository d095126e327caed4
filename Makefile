# The commands of the portal; `make help` lists them. PYTHON names the Python that the virtual environment is made of.
PYTHON ?= python3
VENV ?= .venv
ONLY ?=
BIN := $(VENV)/bin
export VENV
.DEFAULT_GOAL := help
.PHONY: help run demo test check bench audit dev format lock \
	check-style check-types check-imports check-templates check-django check-sizes

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/make \1|\2/' | column -t -s '|' 2>/dev/null \
		|| grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST)

run: ## the whole portal on this machine; PORT and DATA_DIR may be set
	@$(PYTHON) start.py run

demo: dev ## build the demo portfolio on the database of the settings
	@$(BIN)/python manage.py prepare --verbosity 0
	@$(BIN)/python manage.py demo

dev:
	@$(PYTHON) start.py dev

test: dev ## set up and run the tests (in parallel; on the database of DATABASE_URL, SQLite by default)
	@$(BIN)/python -m pytest -n auto

check: dev ## everything that holds the plan of the house: style, types, imports, templates, migrations, settings, sizes
	@$(MAKE) --no-print-directory -j 2 -k -O check-style check-imports check-types check-templates check-django check-sizes
	@echo "make check: all contracts are kept."

check-style:
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "Not formatted: run $(BIN)/ruff format ."; exit 1; }

check-types:
	@$(BIN)/mypy --no-error-summary

check-imports:
	@$(BIN)/lint-imports --no-logo

check-templates:
	@$(BIN)/djlint --quiet --lint templates
	@git ls-files 'templates/*.html' '*/templates/*.html' | xargs -r $(BIN)/djade --check --target-version 5.2

check-django:
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@PRODUCTION=1 SECRET_KEY=$$(head -c 48 /dev/urandom | base64) SENSITIVE_KEY=$$(head -c 48 /dev/urandom | base64) \
		ALLOWED_HOSTS=portal.kmop.example PORTAL_URL=https://portal.kmop.example DATA_DIR=$$(mktemp -d) \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

check-sizes:
	@$(BIN)/python -m pytest -q --no-header -p no:randomly -p no:cacheprovider tests/architecture -m "not drill"

bench: dev ## the figures of the benchmark; ONLY=name runs one
	@$(BIN)/python -m tests.bench $(ONLY)

audit: dev ## known holes in the pinned packages (needs the network)
	@$(BIN)/python -m venv --system-site-packages .venv-audit && .venv-audit/bin/pip install --quiet pip-audit==2.10.1
	@.venv-audit/bin/pip-audit --strict --requirement requirements.txt

format: dev ## put code and templates into the shape that `make check` wants
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .
	@git ls-files 'templates/*.html' | xargs -r $(BIN)/djade --target-version 5.2

lock: dev ## make the two locks anew from requirements.in and requirements-dev.in
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links \
		--no-header --annotation-style line requirements.in --output-file requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links \
		--no-header --annotation-style line requirements-dev.in --output-file requirements-dev.txt
