"""Who gets what at every address of the portal? One table, written by hand, not asked of the code.

The admin's addresses have their own test: tests/test_admin.py.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests import portal_addresses as there
from tests.portal_addresses import PEOPLE, STRANGER, World
from tests.processes import on_postgresql
from tracking.actions.steps import newest_entry
from tracking.models import (
    Conclusion,
    Deputation,
    Event,
    Evidence,
    Letter,
    LetterEntry,
    Meeting,
    MeetingItem,
    ProgressList,
    Remark,
    SavedView,
    WaitAnswer,
)
from tracking.rules.instants import day_of

pytestmark = pytest.mark.skipif(
    on_postgresql(), reason="rights do not depend on the database; the run on SQLite has asked"
)
ROLES = (*PEOPLE, STRANGER)
# 200 to 405: the status. "in": sent to sign in. "on": sent to another page.
#            operator own other deputy leader inspector clerk nobody stranger
EVERYBODY = " 200      200 200   200    200    200       200   200    200"
SIGNED_IN = " 200      200 200   200    200    200       200   200    in"
WORK = "      200      200 200   200    200    200       403   403    in"
LISTS = "     200      200 200   200    200    200       200   403    in"
WRITERS = "   200      200 200   200    403    403       403   403    in"
OWN = "       200      200 403   200    403    403       403   403    in"
DECIDERS = "  200      403 403   403    200    403       403   403    in"
POST = "      200      403 403   403    200    200       403   403    in"
NOT_POST = "  405      403 403   403    405    405       403   403    in"
NOT_SAID = "  405      405 405   405    405    405       403   403    in"
NOT_LISTS = " 405      405 405   405    405    405       405   403    in"
NOT_WRITERS = "405     405 405   405    403    403       403   403    in"
MEETINGS = "  200      403 403   403    403    403       403   403    in"
TO_MEETING = "on       403 403   403    403    403       403   403    in"
NOT_MEETINGS = "405    403 403   403    403    403       403   403    in"
LETTERS = "   200      403 403   403    200    200       200   403    in"
NOT_LETTERS = "405     403 403   403    405    405       405   403    in"
DRAFTER = "   200      403 403   403    403    403       403   403    in"
CLERK = "     403      403 403   403    403    403       200   403    in"
NOT_DECIDERS = "405    403 403   403    405    403       403   403    in"

#  address: (what GET answers, what POST answers to an empty form)
TABLE: dict[str, tuple[str, str]] = {
    "health": (EVERYBODY, EVERYBODY),
    "heartbeat": ("405 " * 9, "403 " * 9),
    "set_language": ("on " * 9, "on " * 9),
    "mailbox": (POST, NOT_POST),
    "mailbox-mail": (POST, NOT_POST),
    "mailbox-html": (POST, NOT_POST),
    "mailbox-raw": (POST, NOT_POST),
    "mailbox-file": (POST, NOT_POST),
    "tracking:home": (WORK, NOT_SAID),
    "tracking:sign-in": ("on " * 8 + "200", "on " * 8 + "200"),
    "tracking:sign-out": ("405 " * 8 + "in", "on " * 8 + "on"),
    "tracking:help": (SIGNED_IN, "405 " * 8 + "in"),
    # The clerk finds lists and nothing else.
    "tracking:search": (LISTS, NOT_LISTS),
    "tracking:task-list": (WORK, NOT_SAID),
    "tracking:task-export xlsx": (WORK, NOT_SAID),
    "tracking:task-export csv": (WORK, NOT_SAID),
    "tracking:task-export docx": (WORK, NOT_SAID),
    # Nothing chosen: back to the list of tasks.
    "tracking:decide-many": ("on 403 403 403 on 403 403 403 in",) * 2,
    "tracking:view-keep": ("200 200 200 200 200 403 403 403 in",) * 2,
    "tracking:view-drop": (
        "200 404 404 404 404 403 403 403 in",
        "on  404 404 404 404 403 403 403 in",
    ),
    "tracking:task": (WORK, NOT_SAID),
    "tracking:take-step progress_reported": (OWN, OWN),
    "tracking:take-step evidence_recorded": (OWN, OWN),
    "tracking:take-step submitted": (OWN, OWN),
    "tracking:take-step extension_requested": (OWN, OWN),
    "tracking:take-step blocked": (OWN, OWN),
    "tracking:take-step unblocked": (OWN, OWN),
    "tracking:take-step extension_granted": (DECIDERS, DECIDERS),
    "tracking:take-step accepted": (DECIDERS, DECIDERS),
    "tracking:take-step cancelled": (DECIDERS, DECIDERS),
    "tracking:evidence": (WORK, NOT_SAID),
    "tracking:wait-answer": (OWN, OWN),
    "tracking:my-work": (WRITERS, NOT_WRITERS),
    "tracking:department-list": (WORK, NOT_SAID),
    "tracking:department": (WORK, NOT_SAID),
    "tracking:remark": (OWN, OWN),
    "tracking:calendar": (WORK, NOT_SAID),
    "tracking:deadline-feed": (EVERYBODY, "405 " * 9),
    "tracking:verification": (DECIDERS, NOT_DECIDERS),
    "tracking:verify": (DECIDERS, DECIDERS),
    "tracking:list-archive": (LISTS, NOT_LISTS),
    "tracking:list-compare": (LISTS, NOT_LISTS),
    "tracking:list-forecast": (WORK, NOT_SAID),
    "tracking:list": (LISTS, NOT_LISTS),
    "tracking:list-verify": (LISTS.replace("200", "on"), LISTS),
    "tracking:list-file pdf": (LISTS, NOT_LISTS),
    "tracking:list-file json": (LISTS, NOT_LISTS),
    "tracking:letter-list": (LETTERS, NOT_LETTERS),
    "tracking:letter-draft to_department": (DRAFTER, DRAFTER),
    "tracking:letter-draft invitation": (DRAFTER, DRAFTER),
    "tracking:letter": (LETTERS, NOT_LETTERS),
    "tracking:letter-step for_signature": (
        LETTERS.replace("200", "on"),
        DRAFTER.replace("200", "on"),
    ),
    "tracking:letter-step withdraw": (LETTERS.replace("200", "on"), DRAFTER),
    "tracking:letter-step issue": (LETTERS.replace("200", "on"), CLERK),
    "tracking:letter-step scan": (LETTERS.replace("200", "on"), CLERK),
    "tracking:letter-step answer": (LETTERS.replace("200", "on"), CLERK),
    "tracking:letter-file docx": (LETTERS, NOT_LETTERS),
    "tracking:letter-file pdf": (LETTERS, NOT_LETTERS),
    "tracking:letter-scan": (LETTERS, NOT_LETTERS),
    "tracking:meeting-list": (WORK, NOT_SAID),
    "tracking:meeting-plan": (MEETINGS, MEETINGS),
    "tracking:meeting": (WORK, NOT_SAID),
    "tracking:meeting-edit": (MEETINGS, MEETINGS),
    "tracking:meeting-prepare": (NOT_MEETINGS, TO_MEETING),
    "tracking:meeting-add": (NOT_MEETINGS, TO_MEETING),
    "tracking:meeting-agenda": (NOT_MEETINGS, TO_MEETING),
    "tracking:meeting-general": (MEETINGS, MEETINGS),
    "tracking:meeting-close": (MEETINGS, TO_MEETING),
    "tracking:meeting-cancel": (MEETINGS, MEETINGS),
    "tracking:meeting-notice": (MEETINGS, MEETINGS),
    "tracking:meeting-item": (WORK, TO_MEETING),
    "tracking:meeting-noted": (MEETINGS, MEETINGS),
    "tracking:meeting-task": (MEETINGS, MEETINGS),
    "tracking:meeting-decision extension_granted": (MEETINGS, MEETINGS),
    "databases:matrix": (WORK, NOT_SAID),
    "databases:changes": (WORK, NOT_SAID),
    "databases:status": (WORK, NOT_SAID),
    "databases:database": (WORK, NOT_SAID),
    "databases:badge": (WORK, NOT_SAID),
}
REASON = {"reason": "chờ danh mục dùng chung"}
GRANT = {"reading": "by", "keep_day_off": "on", **REASON}
# What each form that writes is filled in with.
FILLED: dict[str, Callable[[World], dict[str, Any]]] = {
    "tracking:take-step progress_reported": lambda world: {"percent": "90", "note": "gần xong"},
    "tracking:take-step evidence_recorded": lambda world: {
        "file": SimpleUploadedFile("bien-ban.pdf", there.PDF)
    },
    "tracking:take-step submitted": lambda world: {"note": "trình", "product": "12/BC-KCB"},
    "tracking:take-step extension_requested": lambda world: {
        "due_on": _later(world),
        "keep_day_off": "on",
        **REASON,
    },
    "tracking:take-step blocked": lambda world: {"on": "BCA", **REASON},
    "tracking:take-step unblocked": lambda world: {"on": "BCA"},
    "tracking:take-step extension_granted": lambda world: GRANT | {"due_on": _later(world)},
    "tracking:take-step accepted": lambda world: {"note": "đạt"},
    "tracking:take-step cancelled": lambda world: REASON,
    "tracking:verify": lambda world: {"verdict": "returned", **REASON},
    "tracking:decide-many": lambda world: {
        "kind": "extension_granted",
        "stage": "record",
        "tasks": there.task("MHN-11").pk,
        "allowed": there.task("MHN-11").pk,
        "due_on": _later(world),
        **GRANT,
    },
    "tracking:remark": lambda world: {"tasks": ["MHN-10"], "text": "Đã báo cáo Bộ."},
    "tracking:wait-answer": lambda world: {"answer": "disputed", "text": "Đã gửi từ tuần trước."},
    "tracking:view-keep": lambda world: {"name": "Của tôi", "query": "standing=overdue"},
    "tracking:view-drop": lambda world: {},
    "tracking:letter-draft to_department": lambda world: {"department": there.DEPARTMENT},
    "tracking:letter-step for_signature": lambda world: {},
    "tracking:letter-step withdraw": lambda world: {"withdraw-reason": "viết lại"},
    "tracking:letter-step issue": lambda world: {
        "issue-number": "934/TTYQG-DA",
        "issue-dated": str(day_of(world.now)),
    },
    "tracking:letter-step answer": lambda world: {"answer-answered_on": str(day_of(world.now))},
    "tracking:meeting-plan": lambda world: {
        "title": "Họp",
        "held_at_0": _later(world),
        "held_at_1": "08:30",
    },
    "tracking:meeting-add": lambda world: {"department": "VPB"},
    "tracking:meeting-general": lambda world: {"text": "Kết luận chung."},
    "tracking:meeting-cancel": lambda world: REASON,
    "tracking:meeting-noted": lambda world: {"text": "Ghi nhận."},
    "tracking:meeting-task": lambda world: {
        "text": "Giao việc.",
        "code": "KL-1",
        "name_vi": "Việc mới",
        "plan": there.task("MHN-11").plan.pk,
        "due_on": _later(world),
        **GRANT,
    },
    "tracking:meeting-decision extension_granted": lambda world: GRANT | {"due_on": _later(world)},
}
WRITTEN = (
    *(Event, Evidence, Remark, WaitAnswer, SavedView, ProgressList),
    *(Meeting, MeetingItem, Conclusion, Letter, LetterEntry),
)


def cells() -> Iterator[tuple[str, str, str, str]]:
    """(address, role, what GET answers, what POST answers)"""
    for row, answers in TABLE.items():
        got, posted = (answer.split() for answer in answers)
        for role, get, post in zip(ROLES, got, posted, strict=True):
            yield row, role, get, post


def _later(world: World) -> str:
    return str(day_of(world.now + timedelta(days=30)))


def counted() -> list[int]:
    return [model._default_manager.count() for model in WRITTEN]


def answer_of(response: Any) -> str:
    """In the words of the table."""
    if response.streaming:
        b"".join(response)  # a file is open until it is read
    if response.status_code == 302:
        where = response.headers["Location"]
        return "in" if where.startswith("/sign-in/?next=") else "on"
    return str(response.status_code)


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Once for all cells; each undoes what it did."""
    with django_db_blocker.unblock(), there.built(str(tmp_path_factory.mktemp("kept"))) as world:
        yield world


@pytest.fixture
def world(built: World, db: None, settings: Any) -> World:
    settings.MEDIA_ROOT = built.media
    return built


def test_every_address_has_a_row() -> None:
    assert sorted({row.partition(" ")[0] for row in TABLE}) == there.names()


@pytest.mark.parametrize(("row", "role", "get", "post"), [*cells()])
def test_an_address_answers_as_the_table_says(
    world: World, row: str, role: str, get: str, post: str
) -> None:
    client, address = there.client(role), world.address(row)
    before = counted()
    assert answer_of(client.get(address)) == get
    assert counted() == before, "written by reading"
    assert answer_of(client.post(address)) == post
    if post != "on":
        assert counted() == before, "written although refused"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("row", FILLED)
def test_a_filled_form_is_taken_from_those_who_may_write_and_from_nobody_else(
    world: World, row: str, role: str
) -> None:
    posted = dict(zip(ROLES, TABLE[row][1].split(), strict=True))
    posted[STRANGER] = "403"  # asked to sign in, and what was typed is kept
    newest = Event.objects.order_by("-number")[0].number
    form = FILLED[row](world) | {"seen": newest}
    before = counted()
    told = answer_of(there.client(role).post(world.address(row), form))
    if posted[role] in ("200", "on"):
        assert told == "on"
        assert counted() != before
    else:
        assert told in (posted[role], "403")
        assert counted() == before


def test_a_reporter_writes_for_no_other_department(world: World) -> None:
    form = FILLED["tracking:take-step progress_reported"](world)
    for code, may in (("MHN-11", True), ("MHN-23", False), ("MHN-05", False)):
        address = f"/tasks/{there.task(code).pk}/record/progress_reported/"
        before = counted()
        there.client("own").post(address, form | {"seen": newest_entry(there.task(code))})
        assert (counted() != before) is may, code


def test_a_deputy_writes_between_the_two_days_only(world: World) -> None:
    row = "tracking:take-step progress_reported"
    form = FILLED[row](world) | {"seen": newest_entry(there.task("MHN-11"))}
    held = Deputation.objects.get(deputy=there.person("deputy"))
    held.valid_to = held.valid_from
    held.save()
    assert there.client("deputy").post(world.address(row), form).status_code == 403
    # The world was made some minutes ago, which may have been yesterday.
    held.valid_to = day_of(timezone.now())
    held.save()
    assert there.client("deputy").post(world.address(row), form).status_code == 302
    entry = Event.objects.order_by("-number")[0]
    assert (entry.actor, entry.on_behalf_of and entry.on_behalf_of.code) == (
        "deputy.account",
        there.DEPARTMENT,
    )
