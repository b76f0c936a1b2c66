"""The shape of the house: contracts, templates, schedule, addresses, sizes."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command, get_commands
from django.template import engines
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from importlinter.cli import lint_imports

from config.celery import app

ROOT = Path(__file__).resolve().parent.parent
OURS = ("config", "tracking", "databases")
# What needs no account; a calendar's address is its own key.
OPEN = (
    "healthz",
    "admin/login/",
    "sign-in/",
    "i18n/",
    "heartbeats/",
    "calendar/<str:key>.ics",
)
CONTRACT = """DATABASE_URL REDIS_URL SECRET_KEY DEBUG ALLOWED_HOSTS BASE_URL EMAIL_URL
DEFAULT_FROM_EMAIL PROBE_ALLOWED_NETWORKS SECRETS_KEY OIDC_""".split()


def tracked() -> list[Path]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]


def test_imports_keep_the_contracts() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_template_of_django_compiles() -> None:
    engine = engines["django"]
    for path in (ROOT / "templates").rglob("*.html"):
        name = path.relative_to(ROOT / "templates").as_posix()
        if not name.startswith("progress_list/"):  # those are Jinja's, and rendered by its tests
            engine.get_template(name)


def test_every_line_of_the_schedule_names_a_job() -> None:
    app.loader.import_default_modules()
    for line in app.conf.beat_schedule.values():
        assert line["task"] in app.tasks
        assert line["options"]["expires"]


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, path)
        else:
            yield path


@pytest.mark.django_db
def test_every_page_needs_an_account() -> None:
    visited = 0
    for path in addresses(get_resolver().url_patterns):
        if path.startswith(OPEN) or path.startswith("^") or "(?P" in path:
            continue
        address = "/" + re.sub(r"<(\w+:)?\w+>", "1", path)
        answer = Client().get(address)
        visited += 1
        assert answer.status_code == 302, address
        assert "/sign-in/" in answer["Location"], address
    assert visited > 50


def test_modules_stay_short_and_none_is_a_drawer() -> None:
    for folder in OURS:
        for path in (ROOT / folder).rglob("*.py"):
            if "migrations" not in path.parts:
                assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, path
                assert path.stem not in {"utils", "helpers", "common", "misc", "util"}, path


def test_no_file_names_a_registry_or_a_folder_of_a_machine() -> None:
    hosts = "py" + "pi.org|pytho" + "nhosted|npm" + "js.org|deb.deb" + "ian"
    found = re.compile(rf"https?://[a-z.-]*({hosts})|/ro" + r"ot/|/wor" + "k/")
    for path in tracked():
        if path.suffix in {".py", ".toml", ".txt", ".md", ".html", ".yaml", ".json", ""}:
            assert not found.search(path.read_text(encoding="utf-8", errors="replace")), path


def test_the_readme_tells_of_every_command_and_the_example_of_every_name() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    ours = {config.name for config in apps.get_app_configs()} & set(OURS)
    for command, owner in get_commands().items():
        if owner in ours:
            assert f"`{command}" in readme, command
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    for name in CONTRACT:
        assert name in example, name
