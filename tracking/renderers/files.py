"""What is the file of a progress list called, and what kind of file is it?"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from tracking.renderers.words import list_number_text

_OFFICE = "application/vnd.openxmlformats-officedocument"
# Format -> (what people call it, extension, content type)
FILES = {
    "pdf": ("PDF", "pdf", "application/pdf"),
    "docx": ("Word", "docx", f"{_OFFICE}.wordprocessingml.document"),
    "xlsx": ("Excel", "xlsx", f"{_OFFICE}.spreadsheetml.sheet"),
    "html": ("HTML", "html", "text/html; charset=utf-8"),
    "text": (_("Plain text"), "txt", "text/plain; charset=utf-8"),
    "json": ("JSON", "json", "application/json"),
}


def list_file_name(content: Mapping[str, Any], form: str, language: str) -> str:
    """ "DSTD-07-2025-11-18.pdf"; a translation says so, for the Vietnamese one is authentic."""
    number = content["number"]
    named = "DU-THAO" if number is None else list_number_text(number)
    stem = f"DSTD-{named}-{content['as_of']}"
    return f"{stem if language == 'vi' else f'{stem}-{language}'}.{FILES[form][1]}"
