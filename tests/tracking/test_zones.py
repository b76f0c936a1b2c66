"""The same list whatever the zone, locale and hash seed of the process that prints it."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.processes import manage, own_database
from tests.tracking.test_progress_lists import plan_file

THEN = ("--as-of", "2025-11-18", "--known-at", "2025-11-18T17:00")
PLACES = (
    {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    {"TZ": "Asia/Ho_Chi_Minh", "LC_ALL": "vi_VN.UTF-8", "PYTHONHASHSEED": "2"},
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "3"},
)


@pytest.mark.parametrize("kind", ["json", "text", "html", "docx", "xlsx", "pdf"])
def test_the_same_bytes_everywhere(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(plan_file(5), ensure_ascii=False), encoding="utf-8")
    with own_database(tmp_path) as url:
        assert manage(url, tmp_path, "import_plan", str(file)).returncode == 0

        def printed(number: int) -> bytes:
            path = tmp_path / f"{number}.{kind}"
            options = ("--format", kind, "--output", str(path))
            done = manage(url, tmp_path, "progress_list", *THEN, *options, **PLACES[number])
            assert done.returncode == 0, done.stderr.decode()
            return path.read_bytes()

        with ThreadPoolExecutor(2) as pool:
            assert len(set(pool.map(printed, range(len(PLACES))))) == 1
