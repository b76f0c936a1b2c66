"""Tasks as a file, exactly as the page shows them: what is asked, the heads, every row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tracking.renderers.task_export_csv import csv_of
from tracking.renderers.task_export_docx import docx_of
from tracking.renderers.task_export_parts import Export
from tracking.renderers.task_export_xlsx import xlsx_of

_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class Form:
    """`most`: how many rows the format bears; None for any number."""

    label: str
    content_type: str
    write: Callable[[Export], bytes]
    most: int | None = None


FORMS: Mapping[str, Form] = {
    "xlsx": Form("Excel", f"{_OFFICE}.spreadsheetml.sheet", xlsx_of),
    "csv": Form("CSV", "text/csv; charset=utf-8", csv_of),
    "docx": Form("Word", f"{_OFFICE}.wordprocessingml.document", docx_of, most=2_000),
}
