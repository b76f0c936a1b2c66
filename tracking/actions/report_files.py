"""Which files go with a report? None when a classified task is named in them, for a file cannot be
left out in part, and none that the mail cannot carry."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings

from tracking.actions.outbox import File
from tracking.models import ProgressList, ReportSchedule
from tracking.renderers import render
from tracking.renderers.files import FILES, list_file_name
from tracking.rules.progress_list import Content

CLASSIFIED, SIZE = "classified", "size"


@dataclass(frozen=True, slots=True)
class Attached:
    """`left_out`: why there are none although some are asked for; CLASSIFIED, SIZE or empty."""

    files: tuple[File, ...] = ()
    left_out: str = ""


def files_of(
    schedule: ReportSchedule, issued: ProgressList, classified: Collection[str]
) -> Attached:
    if not schedule.formats:
        return Attached()
    if _names_any(issued.content, classified):
        return Attached(left_out=CLASSIFIED)
    content = issued.as_content()
    files = tuple(_file(content, form, schedule.language) for form in schedule.formats)
    if sum(len(file.content) for file in files) > settings.MAIL_FILES_MAX_BYTES:
        return Attached(left_out=SIZE)
    return Attached(files)


def _file(content: Content, form: str, language: str) -> File:
    return File(
        name=list_file_name(content, form, language),
        content_type=FILES[form][2],
        content=render(content, format=form, language=language),
    )


def _names_any(text: str, codes: Collection[str]) -> bool:
    """Anywhere: as a task of the list, as what it is part of, or in what somebody wrote."""
    if not codes:
        return False
    pattern = "|".join(map(re.escape, sorted(codes, key=len, reverse=True)))
    return re.search(rf"(?<!\w)(?:{pattern})(?!\w)", text, re.IGNORECASE) is not None
