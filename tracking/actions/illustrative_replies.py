"""Remarks and answers that show how departments reply; every text says that it is illustrative."""

from collections.abc import Mapping
from datetime import datetime

from tracking.actions.replies import answer_wait, give_remark, reasons_now
from tracking.models import Department, Event, Remark, WaitAnswer
from tracking.models.waits import is_open
from tracking.rules.events import Kind

# Department -> (who wrote it, what).
_REMARKS: Mapping[str, tuple[str, str]] = {
    "PB": (
        "pb.reporter",
        "Minh họa (illustrative): còn chờ bổ sung mã định danh; sẽ nộp kết quả trong tuần này.",
    ),
    "BTXH": (
        "btxh.reporter",
        "Minh họa (illustrative): đã đề nghị gia hạn vì chờ phương án bàn giao.",
    ),
}
# Task -> (answer, who wrote it, what).
_ANSWERS: Mapping[str, tuple[str, str, str]] = {
    "MHN-20": (
        WaitAnswer.Answer.DISPUTED,
        "qld.reporter",
        "Minh họa (illustrative): cấu trúc mã số đã được gửi cho đơn vị chủ trì.",
    ),
    "MHN-10": (WaitAnswer.Answer.CONFIRMED, "nhic.operator", "Minh họa (illustrative)"),
}


def illustrate_replies(now: datetime) -> None:
    """Once, and only where there is something to answer."""
    if not Remark.objects.exists():
        for department in Department.objects.filter(code__in=_REMARKS):
            _remark(department, now)
    if not WaitAnswer.objects.exists():
        declared = Event.objects.filter(kind=Kind.BLOCKED, task__code__in=_ANSWERS)
        for event in declared.select_related("task").order_by("number"):
            _answer(event, now)


def _remark(department: Department, now: datetime) -> None:
    by, text = _REMARKS[department.code]
    if reasons := reasons_now(department, now):
        give_remark(department=department, tasks=reasons, text=text, now=now, by=by)


def _answer(event: Event, now: datetime) -> None:
    answer, by, text = _ANSWERS[event.task.code]
    if is_open(event, now):
        answer_wait(event=event, answer=answer, text=text, now=now, by=by)
