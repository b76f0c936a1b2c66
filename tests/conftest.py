"""What every test stands on."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def own_folders(settings: Any, tmp_path: Path) -> None:
    """Pages are read without collected assets; what is stored is gone afterwards."""
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STATIC_ROOT = tmp_path
    settings.MEDIA_ROOT = tmp_path / "evidence"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
