"""A few tasks in every state for the list of the staff portal, and somebody who looks at it."""

import re
from typing import Any

from django.test import Client

from tests.tracking.admin_people import plan_file, signed_in
from tests.tracking.imported import take_in
from tracking.rules.instants import instant_from

NOW = instant_from("2025-11-18T09:00:00+07:00")
DAY = "?as_of=2025-11-18"

DEPARTMENTS = [
    {"code": "QLD", "order": 3, "name": {"vi": "Cục Quản lý Dược", "en": "Drugs"}},
    {"code": "ATTP", "order": 2, "name": {"vi": "Cục An toàn thực phẩm", "en": "Food Safety"}},
    {"code": "DP", "order": 1, "name": {"vi": "Đơn vị Dự phòng", "en": "Prevention"}},
]
PARTNERS = [{"code": "BCA", "name": {"vi": "Bộ Công an"}, "kind": "ministry"}]
PLANS = [{"code": "02-KH", "name": {"vi": "KH 02"}}, {"code": "06-QĐ", "name": {"vi": "ĐA 06"}}]


def task(code: str, title: str, lead: str = "QLD", **more: Any) -> dict[str, Any]:
    return {"code": code, "plan": "02-KH", "title": {"vi": title}, "lead": lead, **more}


def events(code: str, due_on: str | None, *later: dict[str, Any]) -> list[dict[str, Any]]:
    begun = "2025-06-20T08:00:00+07:00"
    rows: list[dict[str, Any]] = [{"kind": "assigned", "effective_at": begun}]
    if due_on:
        rows.append({"kind": "deadline_set", "effective_at": begun, "payload": {"due_on": due_on}})
    return [{"task": code, **row} for row in (*rows, *later)]


def step(kind: str, day: str, actor: str = "", **payload: Any) -> dict[str, Any]:
    row = {"kind": kind, "effective_at": f"{day}T08:00:00+07:00", "payload": payload}
    return {**row, "actor": actor} if actor else row


TASKS = [
    task("A1", "Đồng bộ dữ liệu dược", coordinating=["DP"]),  # overdue 8 days, extended, waits
    task("A2", "Dọn sổ sách", "ATTP", required=False),  # in time
    task("A3", "Kết nối dân cư", "DP", plan="06-QĐ"),  # completed late
    task("A4", "Theo dõi thường xuyên", "ATTP"),  # no deadline, silent
    task("A5", "Nộp báo cáo", "DP"),  # submitted in time, pending
    task("A6", "Việc đã hủy"),  # cancelled
]
EVENTS = [
    *events(
        "A1",
        "2025-11-01",
        step("extension_granted", "2025-10-20", due_on="2025-11-10", reason="chờ"),
        step("blocked", "2025-11-05", on="BCA", reason="chờ kết nối"),
    ),
    *events("A2", "2025-12-31", step("progress_reported", "2025-11-12", percent=40, note="làm")),
    *events(
        "A3",
        "2025-10-01",
        step("submitted", "2025-10-03", "an", note="nộp", product="báo cáo"),
        step("accepted", "2025-10-04", "bình", note="đạt"),
    ),
    *events("A4", None),
    *events("A5", "2025-11-20", step("submitted", "2025-11-17", "an", note="nộp", product="x")),
    *events("A6", "2025-11-20", step("cancelled", "2025-11-01", reason="trùng")),
]


def portfolio(**changes: Any) -> None:
    whole = {"departments": DEPARTMENTS, "partners": PARTNERS, "plans": PLANS, "tasks": TASKS}
    take_in(plan_file(**{**whole, "events": EVENTS, **changes}))


def many(count: int, **changes: Any) -> None:
    """So many tasks that are overdue."""
    rows = [task(f"M{n:03d}", f"Việc {n}") for n in range(count)]
    happened = [event for row in rows for event in events(row["code"], "2025-11-10")]
    portfolio(tasks=rows, events=happened, **changes)


def reader(role: str = "leader") -> Client:
    return signed_in(role)


def codes(response: Any) -> list[str]:
    """Of the rows of the page, in order."""
    return re.findall(r'class="of-code"[^>]*>([^<]+)<', response.content.decode())


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())
