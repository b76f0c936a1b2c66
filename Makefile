# `make` lists the targets. Each does its own set-up: nothing need be prepared but a Python 3.11 or newer.

PORT ?= 8000
PYTEST ?=
TESTS ?=

export PYTHON
any_python = $(or $(shell command -v python3 || command -v python3.13 || command -v python3.12 || command -v python3.11),$(error No Python was found. Install Python 3.11 or newer))
prepare = @$(any_python) .ci/prepare.py
python = .venv/bin/python
manage = $(python) manage.py
# What the checks read instead of a site's own environment: a site behind TLS, and no data of anybody.
as_a_site = VAR_DIR=var/check DATABASE_URL=sqlite://:memory: DEBUG=false BASE_URL=https://portal.example ALLOWED_HOSTS=portal.example

.DEFAULT_GOAL := help
.PHONY: help run demo test check worker beat seed lists messages expected bench lock

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## set everything up, print the list of 18 November 2025, serve until Ctrl-C (PORT=8000)
	$(prepare) base
	@$(manage) portal --port $(PORT)

demo: ## the same without serving
	$(prepare) base
	@$(manage) portal --demo

test: ## the whole suite on SQLite and on PostgreSQL at once (TESTS=… or PYTEST=… narrow it)
	$(prepare) dev
	@$(python) .ci/suite.py $(PYTEST) $(TESTS)

check: ## what CI asks before the tests: style, types, contracts, migrations, messages, deployment
	$(prepare) dev
	$(python) -m ruff check --output-format concise
	$(python) -m ruff format --check
	$(python) -m mypy
	$(python) -m djlint templates --check --lint --quiet
	$(python) -c 'from importlinter.cli import lint_imports_command as lint; lint()'
	$(as_a_site) $(manage) makemigrations --check --dry-run
	$(as_a_site) $(manage) messages --check
	$(as_a_site) SECRET_KEY=$$($(python) -c 'import secrets; print(secrets.token_urlsafe(60))') \
		$(manage) check --deploy --fail-level WARNING

worker: ## one Celery worker for all queues
	$(prepare) base
	$(python) -m celery -A config worker --pool threads --queues celery,probes --concurrency 4 --loglevel INFO

beat: ## the scheduler, as in production (one is enough)
	$(prepare) base
	$(python) -m celery -A config beat --loglevel INFO

seed: ## the facts of the meeting and the illustrative tasks; safe to repeat
	$(prepare) base
	$(manage) migrate --verbosity 0
	$(manage) seed --illustrative

lists: ## issue lists of two days of 2025 and of the last three Mondays: the archive and movements show something
	$(prepare) base
	@for day in 2025-11-18 2025-12-01 $$($(python) -c 'from datetime import date, timedelta; today = date.today(); \
		print(*(today - timedelta((today.weekday() or 7) + 7 * weeks) for weeks in (2, 1, 0)))'); do \
		$(manage) issue_list --as-of $$day --known-at $${day}T23:59 | sed -n 1p; done

messages: ## add new messages to the Vietnamese catalogue and compile it
	$(prepare) base
	$(manage) messages --add

expected: ## write the golden files anew; read the difference before keeping it
	$(prepare) dev
	UPDATE_EXPECTED=1 $(python) -m pytest $(or $(TESTS),$$(grep -rl golden tests --include='test_*.py'))
	git diff --stat

bench: ## the measurements that the README quotes
	$(prepare) dev
	$(python) -m benchmarks

lock: ## resolve the requirements anew (network needed)
	$(prepare) dev
	$(python) .ci/lock.py
