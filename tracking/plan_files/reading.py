"""Which reader does a file need? Limits first, then the format by name and by content."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from tracking.plan_files import json_file, workbook
from tracking.plan_files.rows import FileRefused, PlanRows

ZIP = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0"  # an old .xls, or a workbook behind a password


def read_plan(name: str, path: Path) -> PlanRows:
    """The rows of a file on disk."""
    check_size(path.stat().st_size)
    return parse_plan(name, path.read_bytes())


def check_size(size: int) -> None:
    limit = settings.IMPORT_MAX_BYTES
    if size > limit:
        raise FileRefused(
            [
                _("the file has %(size)d bytes, at most %(limit)d are read: split it by plan")
                % {"size": size, "limit": limit}
            ]
        )


def parse_plan(name: str, data: bytes) -> PlanRows:
    """The rows of a file in memory; FileRefused when the name and the content do not fit."""
    check_size(len(data))
    if not data.strip():
        raise FileRefused([_("the file is empty: choose the file that you filled in")])
    match Path(name).suffix.lower():
        case ".json" if not data.startswith(ZIP):
            return json_file.read(data)
        case ".xlsx" if data.startswith(ZIP):
            return workbook.read(data)
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
