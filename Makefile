# The only commands a person must know:
#   make demo     a believable company, ready to try        (FRESH=1 starts over, PORT=8080 elsewhere)
#   make test     everything that must hold                 (lint, types, shape, tests on both databases, journeys)
#   make check    the quick part of it                      (lint, types, shape)
#   make fix      what machines can mend
#   make bench    the figures of docs/run/performance.md and reliability.md
#   make shots    pictures of the main pages, into shots/
#   make lighthouse   how fast and how open to all the member page is, on a phone
#   make lock     newer versions of what the house is built from
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet

.PHONY: setup setup-dev demo test check fix bench shots lighthouse words lock dist

setup:
	@$(PYTHON) tools/setup.py

setup-dev:
	@$(PYTHON) tools/setup.py --dev

demo: setup
	@PORTEVOIX_PORT=$(PORT) $(BIN)/portevoix demo $(if $(FRESH),--fresh)

check: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --target-version 5.2 --check $$(git ls-files '*.html')
	$(BIN)/djlint --lint --quiet src
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/messages.py check

test: check
	$(BIN)/python tools/test.py

fix: setup-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djade --target-version 5.2 $$(git ls-files '*.html')

bench: setup-dev
	$(BIN)/python bench/hostile.py
	$(BIN)/python bench/feed.py
	$(BIN)/python bench/rollup.py
	$(BIN)/python bench/uniques.py
	$(BIN)/python bench/when_to_post.py
	$(BIN)/python bench/redirect.py
	$(BIN)/python bench/remembered_links.py
	$(BIN)/python bench/kill_redirect.py
	$(BIN)/python bench/full_disk.py
	$(BIN)/python bench/fuzz_requests.py
	$(BIN)/python bench/boot.py
	$(BIN)/python bench/publish.py
	$(BIN)/python bench/exports.py
	$(BIN)/python bench/crash.py

shots: setup-dev
	$(BIN)/python tools/shots.py

lighthouse: setup-dev
	$(BIN)/python tools/lighthouse.py

words: setup-dev
	$(BIN)/python tools/messages.py update

lock:
	$(COMPILE) --upgrade --extra postgres --group build -o locks/app.txt
	$(COMPILE) --upgrade --extra postgres --group build --group dev -o locks/dev.txt

dist: setup-dev
	$(BIN)/uv build --no-build-isolation
