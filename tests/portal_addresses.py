"""A portal with something on every page, the people who use it, and every address of it but the
admin's."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone, translation

from config import mailbox
from databases.actions.seed import seed_databases
from databases.models import Database
from tests.databases.probe_rows import fill
from tracking.actions.evidence import record_evidence
from tracking.actions.letter_course import issue_letter, send_for_signature
from tracking.actions.letters import draft_letter
from tracking.actions.meeting_agenda import prepare
from tracking.actions.meetings import plan_meeting
from tracking.actions.progress_lists import issue
from tracking.actions.roles import set_up_roles
from tracking.actions.seed import seed
from tracking.actions.steps import record_step
from tracking.models import (
    Department,
    Deputation,
    Event,
    Evidence,
    Letter,
    MeetingItem,
    ProgressList,
    SavedView,
    Task,
    User,
)
from tracking.pages.feed_keys import feed_key
from tracking.rules.events import Kind
from tracking.rules.instants import day_of
from tracking.rules.progress_list import Scope

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)

# Whose task, department and wait are asked for below: `own` and `deputy` write for KCB.
DEPARTMENT = "KCB"
PEOPLE = {
    "operator": ("operator", "TTYQG"),
    "own": ("reporter", DEPARTMENT),
    "other": ("reporter", "QLD"),
    "deputy": ("reporter", "ATTP"),
    "leader": ("leader", None),
    "inspector": ("inspector", None),
    "clerk": ("clerk", "VPB"),
    "nobody": (None, DEPARTMENT),
}
STRANGER = "stranger"
MEETING_PAGES = ("edit", "prepare", "add", "agenda", "general", "close", "cancel", "notice")
PDF = b"%PDF-1.7\n%%EOF\n"
MAIL = b"""Subject: x
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html

<p>x</p>
--b
Content-Disposition: attachment; filename=a.txt

x
--b--
"""


@dataclass(frozen=True)
class World:
    """`keys`: what stands in the addresses, by their names; `media`: where evidence lies."""

    now: datetime
    media: str
    keys: dict[str, dict[str, Any]]

    def address(self, row: str) -> str:
        """Of a page; "tracking:take-step submitted" names one of several at the same pattern."""
        name, _, variant = row.partition(" ")
        keys = self.keys.get(row, self.keys.get(name, {}))
        given = {key: value or variant for key, value in keys.items()}
        question = self.keys.get(f"{row}?", {})
        return reverse(name, kwargs=given) + (f"?{urlencode(question)}" if question else "")


def names() -> list[str]:
    """Of every pattern of the resolver, less the admin's."""
    return sorted(_named(get_resolver().url_patterns, ""))


def _named(patterns: list[Any], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"
        elif isinstance(pattern, URLResolver) and pattern.namespace != "admin":
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _named(pattern.url_patterns, prefix + inner)


def person(role: str) -> User:
    return User.objects.get(username=f"{role}.account")


def client(role: str, language: str = "en") -> Client:
    """Of that person, reading that language."""
    found = Client(headers={"accept-language": language})
    if role != STRANGER:
        found.force_login(person(role))
    return found


@contextmanager
def built(media: str) -> Iterator[World]:
    """For as long as a module runs; everything that a page can show is there at least once."""
    now = timezone.now() - 30 * MINUTE  # so that more can be recorded, and be in the past
    with transaction.atomic():
        with override_settings(MEDIA_ROOT=media), translation.override("en"):
            seed(now=now, illustrative=True)
            seed_databases()
            _make_people(now)
            _make_history(now)
            fill(now)
        yield World(now, media, _keys())
        transaction.set_rollback(True)


def _make_people(now: datetime) -> None:
    today = day_of(now)
    set_up_roles()
    for name, (role, department) in PEOPLE.items():
        office = Department.objects.get(code=department) if department else None
        account = User.objects.create_user(f"{name}.account", password=None, department=office)
        if role:
            account.groups.add(Group.objects.get(name=role))
    Deputation.objects.create(
        deputy=person("deputy"),
        department=Department.objects.get(code=DEPARTMENT),
        in_place_of=person("own"),
        valid_from=today - DAY,
        valid_to=today + DAY,
        document="12/TTYQG",
    )


def _make_history(now: datetime) -> None:
    """A list of last week and one of yesterday, evidence, a wait for our own department."""
    for days in (8, 1):
        day = day_of(now - days * DAY)
        issued_at = now - days * MINUTE
        issue(Scope(as_of=day, known_at=issued_at), now=issued_at, by="operator")
    file = ContentFile(PDF, name="bien-ban.pdf")
    record_evidence(task=task("MHN-11"), file=file, effective_at=now, now=now, by="own.account")
    record_step(
        task=task("MHN-23"),
        kind=Kind.BLOCKED,
        effective_at=now - 3 * DAY,
        now=now,
        by="other.account",
        payload={"on": DEPARTMENT, "reason": "chờ danh mục"},
    )
    meeting = plan_meeting(title="Họp rà soát", held_at=now, chair="Thứ trưởng")
    prepare(meeting=meeting, issued=ProgressList.objects.latest("number"))
    _make_letters(now)
    SavedView.objects.create(
        owner=person("operator"), name="Quá hạn", query="standing=overdue", shared=True
    )


def _make_letters(now: datetime) -> None:
    """One drafted, one for signature, one issued with its scan and an answer that is late."""
    issued = ProgressList.objects.latest("number")
    letters = [
        draft_letter(
            kind="cover_report", now=now - ago, by="operator.account", progress_list=issued
        )
        for ago in (4 * MINUTE, 2 * MINUTE, 0 * MINUTE)
    ]
    for letter in letters[1:]:
        send_for_signature(letter=letter, now=now, by="operator.account")
    issue_letter(
        letter=letters[2],
        number="12/BC-TTYQG",
        dated=day_of(now),
        now=now,
        by="clerk.account",
        scan=ContentFile(PDF, name="bao-cao.pdf"),
    )
    Letter.objects.filter(pk=letters[2].pk).update(answer_due_on=day_of(now - DAY))


def task(code: str) -> Task:
    return Task.objects.get(code=code)


def _keys() -> dict[str, dict[str, Any]]:
    """None stands for the variant that a row names; what is asked for after a "?" ends in one."""
    department = Department.objects.get(code=DEPARTMENT).pk
    item = MeetingItem.objects.get(department=department)
    meeting = {"pk": item.meeting_id}
    speaking = {**meeting, "place": item.place}
    mail = {"name": mailbox.keep(settings.MAILBOX_DIR, MAIL, "portal@localhost", ["a@b.vn"])}
    # The newest of each state: the seed has made others.
    letters = {letter.state: letter.pk for letter in Letter.objects.order_by("pk")}
    return {
        "heartbeat": {"code": "GL-01-BT"},
        "tracking:task": {"pk": task("MHN-11").pk},
        "tracking:take-step": {"pk": task("MHN-11").pk, "kind": None},
        "tracking:take-step unblocked": {"pk": task("MHN-10").pk, "kind": "unblocked"},
        "tracking:take-step accepted": {"pk": task("MHN-05").pk, "kind": "accepted"},
        "tracking:task-export": {"form": None},
        "tracking:view-drop": {"pk": SavedView.objects.get().pk},
        "tracking:decide-many grant?": {"kind": "extension_granted", "task": task("MHN-11").pk},
        "tracking:evidence": {"pk": Evidence.objects.get(event__task__code="MHN-11").pk},
        "tracking:wait-answer": {
            "number": Event.objects.get(kind="blocked", task__code="MHN-23").number
        },
        "tracking:department": {"pk": department},
        "tracking:remark": {"pk": department},
        "tracking:deadline-feed": {
            "key": feed_key(person("own"), Department.objects.get(pk=department))
        },
        "tracking:verify": {"pk": task("MHN-05").pk},
        "tracking:list": {"number": 2},
        "tracking:list-verify": {"number": 2},
        "tracking:list-file": {"number": 2, "form": None},
        "tracking:letter-draft": {"kind": None},
        "tracking:letter-draft to_department?": {"department": DEPARTMENT},
        "tracking:letter": {"pk": letters["issued"]},
        "tracking:letter-file": {"pk": letters["issued"], "form": None},
        "tracking:letter-scan": {"pk": letters["issued"]},
        **{
            f"tracking:letter-step {step}": {"pk": letters[state], "step": step}
            for step, state in (
                ("for_signature", "drafted"),
                ("issue", "for_signature"),
                ("scan", "issued"),
                ("answer", "issued"),
                ("withdraw", "drafted"),
            )
        },
        **{
            f"tracking:meeting{name}": meeting
            for name in ("", *(f"-{word}" for word in MEETING_PAGES))
        },
        "tracking:meeting-item": speaking,
        "tracking:meeting-noted": speaking,
        "tracking:meeting-task": speaking,
        "tracking:meeting-decision": {**speaking, "task": task("MHN-10").pk, "kind": None},
        "mailbox-mail": mail,
        "mailbox-html": mail,
        "mailbox-raw": mail,
        "mailbox-file": {**mail, "number": 1},
        "databases:database": {"pk": Database.objects.get(code="CSDL-01").pk},
        "databases:badge": {"pk": Database.objects.get(code="CSDL-01").pk},
    }
