"""What every test stands on."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from tests.processes import on_postgresql


@pytest.fixture(autouse=True)
def own_folders(settings: Any, tmp_path: Path) -> None:
    """Pages are read without collected assets; what is stored is gone afterwards."""
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STATIC_ROOT = tmp_path
    settings.MEDIA_ROOT = tmp_path / "evidence"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences are compared in the language of the sources; the catalogue has its own tests."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test begins with nothing that another one found, and so counts the same queries."""
    monkeypatch.setattr("tracking.models.remembered._kept", {})
    monkeypatch.setattr("tracking.models.registers._kept", {})


# Rules, drawings, probes and processes that ask no database: what they answer cannot depend on
# which one this run is on, so the run on SQLite asks them. A test in them that does ask one, by a
# mark or a fixture, runs on both; the rest could not reach it if they tried.
ONE_DATABASE = (
    "tests/test_oracle.py",
    "tests/config/test_mailbox.py",
    "tests/config/test_prepare.py",
    "tests/config/test_secret_key.py",
    "tests/config/test_supervisor.py",
    "tests/databases/test_addresses.py",
    "tests/databases/test_egress*.py",
    "tests/databases/test_evidence_rules.py",
    "tests/databases/test_probes_*.py",
    "tests/databases/test_rules_*.py",
    "tests/tracking/test_emails_*.py",
    "tests/tracking/test_outbox_conversation.py",
    "tests/tracking/test_outbox_tls.py",
    "tests/tracking/test_plan_files_workbook.py",
    "tests/tracking/test_portal_comparison.py",
    "tests/tracking/test_reminders_rules.py",
    "tests/tracking/test_renderers_*.py",
    "tests/tracking/test_report_times.py",
    "tests/tracking/test_rules_*.py",
)
ASKS = {"db", "transactional_db", "own_database", "manage"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    once = [item for item in items if _stands_in(ONE_DATABASE, item) and not _asks(item)]
    for item in once:
        item.add_marker("one_database")
    if on_postgresql():
        once_only = set(once)
        config.hook.pytest_deselected(items=once)
        items[:] = [item for item in items if item not in once_only]


def _stands_in(patterns: Iterable[str], item: pytest.Item) -> bool:
    return any(item.path.match(pattern) for pattern in patterns)


def _asks(item: pytest.Item) -> bool:
    """By a mark, by a fixture, or from processes of its own."""
    named = {*getattr(item, "fixturenames", ()), *vars(getattr(item, "module", None) or item)}
    return bool(item.get_closest_marker("django_db")) or not named.isdisjoint(ASKS)
