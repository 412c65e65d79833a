# Photosite. `make run` starts everything on this machine; `make test` tries it. README.md says more.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest -n 2
SPEAKS_SQL := accounts gallery photosite tests/test_access_matrix.py
# The lock is complete: nothing is left for pip to resolve (it would look at `coverage[toml]` as unpinned).
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --no-cache-dir --no-deps --require-hashes
SEED ?= 1

# Where nothing compiled may be kept, each of a site's eight processes compiles all of it again, and each test run, too.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-long lint bench faults demo lock translations

# The last line is one exec'd command, so that a signal to make reaches the site.
run: $(VENV)/.installed
	@exec $(BIN)/python manage.py up

$(VENV)/.installed: requirements.txt
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed: apt-get install python3.11 python3.11-venv"; exit 1; }
	@echo "Installing (once) into $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.tested: requirements-dev.txt $(VENV)/.installed
	@echo "Installing (once) what tests need …"
	@$(PIP) -r requirements-dev.txt
	@touch $@

# SQLite, real servers and browser first; then what speaks SQL again on PostgreSQL (in test-long all of it).
test: $(VENV)/.tested
	@$(BIN)/python -m tests.install
	@$(BIN)/python -m tests.immich.install
	$(PYTEST) -m "not long"
	PHOTOSITE_TEST_DATABASE=postgresql $(PYTEST) -m "not long and not pure and not one_database" $(SPEAKS_SQL)

test-long: $(VENV)/.tested
	@$(BIN)/python -m tests.install --long
	@$(BIN)/python -m tests.immich.install
	$(PYTEST)
	PHOTOSITE_TEST_DATABASE=postgresql $(PYTEST) -m "not pure" $(SPEAKS_SQL)

lint: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	git ls-files -z "templates/*.html" | xargs -0 $(BIN)/djade --target-version 5.2 --check
	$(BIN)/python manage.py makemigrations --check --dry-run
	SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(50))") \
	PHOTOSITE_PUBLIC_URL=https://photos.example.org $(BIN)/python manage.py check --deploy --fail-level WARNING

bench: $(VENV)/.tested
	$(BIN)/python -m benchmarks

faults: $(VENV)/.tested
	SEED=$(SEED) $(BIN)/python -m pytest -p no:randomly -v tests/site/test_crowd.py tests/site/test_kills.py \
	  tests/site/test_recogniser_away.py

demo: $(VENV)/.installed
	$(BIN)/python manage.py demo

# After a change to what people read: brings locale/ up to date and says what is to be translated.
translations: $(VENV)/.tested
	$(BIN)/python -m translating

# After a change to requirements*.in.
lock: $(VENV)/.tested
	$(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" -c requirements.txt requirements-dev.in -o requirements-dev.txt
