"""A desk at which letters are drafted: a plan, a list issued on it, a meeting that looked at it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from tests.tracking.imported import take_in
from tests.tracking.plan_rows import event, task
from tracking.actions.letters import draft_letter
from tracking.actions.progress_lists import issue
from tracking.models import (
    Conclusion,
    Department,
    Letter,
    Meeting,
    MeetingItem,
    Partner,
    ProgressList,
    Task,
)
from tracking.renderers import letter_blocks
from tracking.rules.instants import instant_from
from tracking.rules.progress_list import Scope

NOW = instant_from("2025-11-18T17:00:00")
DAY = timedelta(days=1)
ANSWER_DUE_ON = date(2025, 11, 25)
KINDS = ("to_department", "advice", "cover_report", "invitation", "conclusions")


def _department(code: str, order: int, vi: str) -> dict[str, Any]:
    return {"code": code, "order": order, "name": {"vi": vi}}


PLAN = {
    "format": "progress-plan/1",
    "departments": [
        _department("QLD", 1, "Cục Quản lý Dược"),
        _department("KCB", 2, "Cục Quản lý Khám, chữa bệnh"),
        _department("VPB", 3, "Văn phòng Bộ"),
    ],
    "partners": [
        {"code": "BNV", "name": {"vi": "Bộ Nội vụ", "en": "Ministry of Home Affairs"}},
        {"code": "BCA", "name": {"vi": "Bộ Công an"}},
    ],
    "plans": [{"code": "KH", "name": {"vi": "Kế hoạch"}}],
    "tasks": [task("T1"), task("T2"), task("T3"), task("K1", lead="KCB")],
    "events": [
        *(event("assigned", "2025-06-20", code) for code in ("T1", "T2", "T3", "K1")),
        event("deadline_set", "2025-06-20", "T1", due_on="2025-11-10", wording="10/11"),
        event("deadline_set", "2025-06-20", "T2", due_on="2025-12-31", wording="31/12"),
        event("deadline_set", "2025-06-20", "T3", due_on="2025-10-01", wording="01/10"),
        event("extension_granted", "2025-10-06", "T3", due_on="2025-11-01", reason="chờ"),
        event("blocked", "2025-10-20", "T3", on="BNV", reason="chờ bàn giao"),
        event("deadline_set", "2025-06-20", "K1", due_on="2025-12-01", wording="01/12"),
        event("blocked", "2025-11-03", "K1", on="BCA", reason="chờ kiểm tra"),
    ],
}


def set_up() -> ProgressList:
    """T1 and T3 of QLD are overdue, T2 is in time; K1 of KCB is classified and in time."""
    take_in(PLAN, now=NOW - DAY)
    Task.objects.filter(code="K1").update(classified=True)
    return issue(Scope(as_of=NOW.date(), known_at=NOW), now=NOW, by="operator")[0]


def department(code: str = "QLD") -> Department:
    return Department.objects.get(code=code)


def partner(code: str = "BNV") -> Partner:
    return Partner.objects.get(code=code)


def meeting(issued: ProgressList | None = None) -> Meeting:
    """QLD speaks about T1 and T3, then VPB; one conclusion in general, one a task, one on T3."""
    held = Meeting.objects.create(
        title="Họp đánh giá tiến độ",
        held_at=instant_from("2025-12-05T08:30:00"),
        place="Phòng họp tầng 2",
        chair="Thứ trưởng",
        progress_list=issued,
    )
    speaker = MeetingItem.objects.create(
        meeting=held, place=1, department=department(), reasons=["T1", "T3"]
    )
    MeetingItem.objects.create(meeting=held, place=2, department=department("VPB"))
    _conclude(held, None, "noted", "Không để phát sinh nhiệm vụ quá hạn mới.", None)
    _conclude(held, speaker, "task", "Trình phương án xử lý", "T2")
    _conclude(held, speaker, "decision", "Không gia hạn thêm", "T3")
    return held


def _conclude(
    held: Meeting, item: MeetingItem | None, kind: str, text: str, code: str | None
) -> None:
    about = Task.objects.get(code=code) if code else None
    Conclusion.objects.create(
        meeting=held, item=item, kind=kind, text=text, task=about, recorded_at=NOW, actor="leader"
    )


def drafted(kind: str, issued: ProgressList, *, now: datetime = NOW, **more: Any) -> Letter:
    """A letter of that kind about what fits it."""
    abouts: dict[str, Callable[[], dict[str, Any]]] = {
        "to_department": lambda: {"progress_list": issued, "department": department()},
        "advice": lambda: {"progress_list": issued, "partner": partner()},
        "cover_report": lambda: {"progress_list": issued},
        "invitation": lambda: {"meeting": meeting(issued)},
        "conclusions": lambda: {"meeting": meeting(issued)},
    }
    return draft_letter(kind=kind, now=now, by="operator", **{**abouts[kind](), **more})


def every_kind() -> dict[str, dict[str, Any]]:
    """What to render of each kind; and "long", a letter whose table is an annex. Nothing stays in
    the database."""
    with transaction.atomic():
        issued, told = set_up(), {}
        for kind in KINDS:
            letter = drafted(kind, issued, answer_due_on=ANSWER_DUE_ON)
            annexed = issued.as_content() if letter.content["annexed"] else None
            told[kind] = {"content": letter.content, "annexed": annexed}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(letter_blocks, "MOST_IN_TEXT", 1)
            long = drafted("to_department", issued)
        told["long"] = {"content": long.content, "annexed": None}
        transaction.set_rollback(True)
    return told


def text_of(letter: Letter) -> str:
    """Every word of its passages and of its own annex, a line each."""
    passages = [*letter.content["passages"], letter.content["annex"] or {}]
    lines = []
    for passage in passages:
        lines += [passage.get(key, "") for key in ("text", "name", "mark")]
        lines += [" | ".join(row) for row in passage.get("rows", [])]
    return "\n".join(filter(None, lines))
