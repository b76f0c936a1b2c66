"""What every test stands on."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation


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
    """Keys grow from test to test on one database and not on the other; what is counted is not to
    depend on it. Remembering has its own tests."""
    monkeypatch.setattr("tracking.models.remembered.MANY", sys.maxsize)
