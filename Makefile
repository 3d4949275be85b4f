# 职桥 Zhiqiao: `make` alone prints this help. Nothing is installed outside this folder.

# empty means: what .env says, else the default (8000, ./data, bazhong)
PORT ?=
DATA ?=
REGION ?=
DEMO ?= 1

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# without compiled files every process compiles the program and its libraries anew: twice the time of each start
unexport PYTHONDONTWRITEBYTECODE
LINTS := ruff mypy import-linter djlint biome-and-tsc translations
.PHONY: help install up test lint $(LINTS:%=lint-%) test-fast test-postgres test-browser bench learned shots messages pins clean

VENV := .venv
BIN := $(VENV)/bin
# the first Python that is new enough
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
DIST := src/zhiqiao/web/static/dist/manifest.json
FRONT := $(shell find frontend -name node_modules -prune -o -type f -print) \
	$(shell find src/zhiqiao -name '*.html') $(shell find src/zhiqiao/infra/ui -name '*.py')
CATALOGUES := $(shell find src/zhiqiao -name 'django.po')
# uv does not read pip's configuration: hand it the package index that pip was told to use
UV := index=$$($(BIN)/pip config get global.index-url 2>/dev/null || true); \
	if [ -n "$$index" ]; then export UV_DEFAULT_INDEX="$${UV_DEFAULT_INDEX:-$$index}"; fi; \
	VIRTUAL_ENV=$(VENV) $(BIN)/uv --no-config --quiet
PYTEST := $(BIN)/python -m pytest

help: ## print this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@printf '\nmake up PORT=8000 DATA=data DEMO=1 REGION=bazhong  (defaults; DEMO=0 starts empty)\n'

install: $(VENV)/.base $(DIST) $(VENV)/.messages ## Python and front-end packages, assets, translations

up: install ## start web and worker: PORT=8000 DATA=data DEMO=1 REGION=bazhong
	@exec $(BIN)/zhiqiao up $(if $(PORT),--port '$(PORT)') $(if $(DATA),--data '$(DATA)') \
		$(if $(REGION),--region '$(REGION)') $(if $(filter 0 no false,$(DEMO)),--no-demo,--demo)

$(VENV)/.uv: requirements/uv.txt
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或更高版本，请先安装。"; \
		echo "Python 3.11 or newer is needed; install it first."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "无法建立虚拟环境。Debian/Ubuntu 请运行：apt-get install python3-venv"; \
		echo "The virtual environment can not be made. On Debian/Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

$(VENV)/.base: requirements/base.txt pyproject.toml $(VENV)/.uv
	@echo "== packages"
	@$(UV) pip sync requirements/base.txt && $(UV) pip install --no-deps --editable .
	@rm -f $(VENV)/.dev && touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	@echo "== packages for development"
	@$(UV) pip sync requirements/dev.txt && $(UV) pip install --no-deps --editable .
	@touch $@

frontend/node_modules/.installed: frontend/package.json frontend/.npmrc $(VENV)/.base
	@echo "== front-end packages"
	@export PATH="$$PWD/$(BIN):$$PATH"; cd frontend && npm install --no-audit --no-fund --loglevel=error
	@touch $@

$(DIST): frontend/node_modules/.installed $(FRONT)
	@echo "== front end"
	@export PATH="$$PWD/$(BIN):$$PATH"; cd frontend && npm run --silent build -- --logLevel warn
	@touch $@

$(VENV)/.messages: $(CATALOGUES) $(VENV)/.base
	@$(BIN)/python tools/messages.py compile
	@touch $@

messages: $(VENV)/.dev ## collect texts into the English catalogues, then translate what is empty
	@$(BIN)/python tools/messages.py extract

lint: install $(VENV)/.dev ## style, types, walls, templates, front end, translations
	@$(MAKE) --no-print-directory -j2 $(LINTS:%=lint-%)

lint-ruff: STEP = $(BIN)/ruff check . && $(BIN)/ruff format --check .
lint-mypy: STEP = $(BIN)/mypy
lint-import-linter: STEP = $(BIN)/lint-imports
lint-djlint: STEP = $(BIN)/djlint --quiet --lint src/zhiqiao
lint-biome-and-tsc: STEP = export PATH="$$PWD/$(BIN):$$PATH" && cd frontend && npm run --silent lint
lint-translations: STEP = $(BIN)/python tools/messages.py check
$(LINTS:%=lint-%):
	@# two run at once: each tells what it found when it is done
	@told=$$( { $(STEP); } 2>&1 ) && code=0 || code=$$?; printf '== %s\n%s\n' '$(@:lint-%=%)' "$$told"; exit $$code

test: lint test-fast test-postgres test-browser ## everything: lint, unit, integration, contract, PostgreSQL, browser

test-fast: install $(VENV)/.dev ## unit, integration and contract tests on SQLite
	@echo "== tests"
	@$(PYTEST) -n 2 --dist worksteal -m 'not browser and not postgres' tests

# once more, on PostgreSQL, what a database may answer in its own way (tests/on_postgres.txt): two people at once,
# triggers, queues, scope of permissions and the large statements
test-postgres: install $(VENV)/.dev ## tests whose answer depends on the database, on PostgreSQL
	@echo "== tests on PostgreSQL"
	@$(BIN)/python tools/postgres.py $(PYTEST) -n 2 --dist worksteal @tests/on_postgres.txt

test-browser: install $(VENV)/.dev ## journeys in a real browser
	@echo "== tests in the browser"
	@$(PYTEST) -n 2 --dist loadfile -m browser tests

bench: install $(VENV)/.dev ## every benchmark, one JSON line each
	@for name in $$(cd bench && ls *.py | grep -v '^_' | sed 's/\.py$$//'); do $(BIN)/zhiqiao bench $$name; done

learned: install $(VENV)/.dev ## fit the learned stage of job mining anew: JOBS=folder of the development data
	@$(BIN)/python -m tools.train_learned $(or $(JOBS),../shared/data/jobs) --date $$(date +%F)

shots: install $(VENV)/.dev ## screenshots of every page into shots/
	@$(BIN)/python tools/shots.py

pins: $(VENV)/.uv ## compile requirements/*.txt from pyproject.toml
	@compile="pip compile --quiet --no-header --generate-hashes --no-emit-index-url"; \
	uv() { $(UV) "$$@"; }; \
	uv $$compile pyproject.toml --group frontend --output-file requirements/base.txt; \
	uv $$compile pyproject.toml --extra spark --group frontend --group dev --output-file requirements/dev.txt; \
	echo "uv==$$($(BIN)/uv --version | cut -d' ' -f2)" | uv $$compile - --output-file requirements/uv.txt

clean: ## remove what was built, keep the data
	@rm -rf $(VENV) frontend/node_modules src/zhiqiao/web/static/dist src/zhiqiao/engines/documents/fonts
	@find src -name '*.mo' -delete
