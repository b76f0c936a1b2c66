"""Which writer does a file need? The format by its name."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tracking.plan_files import json_file, workbook
from tracking.plan_files.layout import Layout, Offer
from tracking.plan_files.rows import FileRefused


def write_file(
    name: str,
    content: Mapping[str, Any],
    layout: Layout,
    offers: Mapping[str, Offer] | None = None,
) -> bytes:
    """The bytes of a file of the format that the name ends in."""
    match Path(name).suffix.lower():
        case ".json":
            return json_file.write(content)
        case ".xlsx":
            return workbook.write(content, layout, offers)
        case _:
            raise FileRefused([_("only .json and .xlsx files are written: end the name so")])
