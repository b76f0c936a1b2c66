"""Which reader does a file need? Limits first, then the format by name and by content."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from tracking.plan_files import json_file, workbook
from tracking.plan_files.layout import Layout
from tracking.plan_files.plan_layout import PLAN
from tracking.plan_files.rows import FileRefused, Rows

ZIP = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0"  # an old .xls, or a workbook behind a password


def read_plan(name: str, path: Path) -> Rows:
    return read_file(name, path, PLAN)


def parse_plan(name: str, data: bytes) -> Rows:
    return parse(name, data, PLAN)


def read_file(name: str, path: Path, layout: Layout) -> Rows:
    """The rows of a file on disk."""
    check_size(path.stat().st_size, layout)
    return parse(name, path.read_bytes(), layout)


def check_size(size: int, layout: Layout) -> None:
    limit = settings.IMPORT_MAX_BYTES
    if size > limit:
        sentence = _("the file has %(size)d bytes, at most %(limit)d are read: %(split)s")
        raise FileRefused([sentence % {"size": size, "limit": limit, "split": layout.split}])


def parse(name: str, data: bytes, layout: Layout) -> Rows:
    """The rows of a file in memory; FileRefused when the name and the content do not fit."""
    check_size(len(data), layout)
    if not data.strip():
        raise FileRefused([_("the file is empty: choose the file that you filled in")])
    match Path(name).suffix.lower():
        case ".json" if not data.startswith(ZIP):
            return json_file.read(data, layout)
        case ".xlsx" if data.startswith(ZIP):
            return workbook.read(data, layout)
        case ".xlsx" if data.startswith(COMPOUND):
            raise FileRefused(
                [_("the workbook has a password or an old format: save it as .xlsx without one")]
            )
        case ".json" | ".xlsx":
            raise FileRefused(
                [_("the content is not what the name says: save it as .json or .xlsx again")]
            )
        case _:
            raise FileRefused([_("only .json and .xlsx files are read: save it as one of the two")])
