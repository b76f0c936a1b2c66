"""The same list whatever the zone, locale and hash seed of the process that prints it."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.processes import manage, own_database
from tests.tracking.test_progress_lists import plan_file

THEN = ("--as-of", "2025-11-18", "--known-at", "2025-11-18T17:00")
KINDS = ("json", "text", "html", "docx", "xlsx", "pdf")
PLACES = (
    {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    {"TZ": "Asia/Ho_Chi_Minh", "LC_ALL": "vi_VN.UTF-8", "PYTHONHASHSEED": "2"},
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "3"},
)
# The command once for each format, in one process of each place.
PRINT = """
from django.core.management import call_command
for kind in {kinds}:
    call_command("progress_list", *{then}, "--format", kind, "--output", "{folder}/list." + kind)
"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Path]]:
    """The folder of each place with the list in every format."""
    folder = tmp_path_factory.mktemp("zones")
    file = folder / "plan.json"
    file.write_text(json.dumps(plan_file(5), ensure_ascii=False), encoding="utf-8")
    with own_database(folder) as url:
        assert manage(url, folder, "import_plan", str(file)).returncode == 0

        def printing(number: int) -> Path:
            own = folder / str(number)
            own.mkdir()
            script = PRINT.format(kinds=KINDS, then=THEN, folder=own)
            done = manage(url, folder, "shell", "-v", "0", "-c", script, **PLACES[number])
            assert done.returncode == 0, done.stderr.decode()
            return own

        with ThreadPoolExecutor(2) as pool:
            yield list(pool.map(printing, range(len(PLACES))))


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_bytes_everywhere(printed: list[Path], kind: str) -> None:
    assert len({(folder / f"list.{kind}").read_bytes() for folder in printed}) == 1
