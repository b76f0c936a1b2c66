"""Files that illustrative tasks were handed in with, half an hour before that."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from tracking.actions.evidence import record_evidence
from tracking.actions.illustrative_files import illustrative_file
from tracking.models import Event, Evidence
from tracking.models.pen import take_the_pen
from tracking.rules.events import Kind
from tracking.rules.instants import day_of

_BEFORE = timedelta(minutes=30)
_HOLDS = timedelta(days=365)
# Task -> (title, kind of file).
_FILES: Mapping[str, Sequence[tuple[str, str]]] = {
    "MHN-05": (("Từ điển dữ liệu dùng chung", "pdf"), ("Danh sách trường dữ liệu", "csv")),
    "MHN-12": (("Báo cáo làm sạch dữ liệu", "pdf"), ("Ghi chép đối soát", "txt")),
    "MHN-15": (("Báo cáo đối soát", "pdf"),),
    "MHN-21": (("Cấu trúc mã số thuốc", "pdf"), ("Ảnh màn hình tra cứu mã số", "png")),
    "MHN-29": (("Cấu trúc dữ liệu giấy chuyển tuyến", "pdf"),),
    "MHN-31": (("Bảng đối chiếu mã thuốc", "csv"), ("Biên bản đối chiếu", "pdf")),
    "MHN-32": (("Danh mục mã nhóm sản phẩm", "csv"), ("Ảnh chụp biên bản họp", "png")),
    "MHN-33": (("Dự thảo hướng dẫn ký số", "txt"),),
}


@transaction.atomic
def illustrate_evidence(now: datetime) -> int:
    """Once, and only where no file is kept yet; how many files. Known since the task was handed in,
    or since now where a list was issued meanwhile."""
    take_the_pen()
    if Evidence.objects.exists():
        return 0
    submitted = Event.objects.filter(kind=Kind.SUBMITTED, task__code__in=_FILES)
    last = {event.task.code: event for event in submitted.select_related("task", "on_behalf_of")}
    for code in sorted(last):
        for title, ending in _FILES[code]:
            _record(last[code], title, ending, now)
    return Evidence.objects.count()


def _record(submitted: Event, title: str, ending: str, now: datetime) -> None:
    at = submitted.effective_at - _BEFORE
    department = submitted.on_behalf_of
    record_evidence(
        task=submitted.task,
        file=illustrative_file(title, ending),
        effective_at=at,
        now=min(at, now),
        by=submitted.actor,
        effective_on=day_of(at),
        expires_on=day_of(at) + _HOLDS if ending == "pdf" else None,
        on_behalf_of=department.code if department else "",
    )
