"""What happens when an operator keeps the registers, and what the first screen says."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from databases.actions.stages import declare_stage
from databases.models import Connection, CounterpartSystem, Database
from databases.models.current_stage import current_stage
from databases.rules.stage import Stage
from tests.tracking.admin_people import plan_file, signed_in
from tests.tracking.imported import take_in
from tracking.actions.ledger import record
from tracking.models import CalendarDay, CalendarVersion, Department, Succession, Task, User
from tracking.models.attention import attention
from tracking.rules.events import Kind
from tracking.rules.instants import instant_from

pytestmark = pytest.mark.django_db

NOW = instant_from("2025-11-18T17:00:00")
NO_SUCCESSION = {"successions-TOTAL_FORMS": "0", "successions-INITIAL_FORMS": "0"}


@pytest.fixture
def operator() -> Client:
    return signed_in("operator")


@pytest.fixture
def plan() -> Task:
    take_in(plan_file(), now=NOW)
    return Task.objects.get()


def test_a_code_is_fixed_once_it_is_saved(operator: Client, plan: Task) -> None:
    row = Department.objects.get(code="QLD")
    values = {"code": "OTHER", "name_vi": "Cục Dược", "order": "5", **NO_SUCCESSION}
    page = operator.post(f"/admin/tracking/department/{row.pk}/change/", values)
    assert page.status_code == 302
    row.refresh_from_db()
    assert (row.code, row.name_vi, row.order) == ("QLD", "Cục Dược", 5)


def test_every_state_of_the_calendar_is_kept(operator: Client) -> None:
    values = {"day": "02/01/2026", "kind": "swapped_off", "reason": "", "reference": ""}
    operator.post("/admin/tracking/calendarday/add/", values)
    row = CalendarDay.objects.get()
    operator.post(f"/admin/tracking/calendarday/{row.pk}/change/", {**values, "working": "on"})
    assert [v.days for v in CalendarVersion.objects.order_by("pk")] == [
        {"2026-01-02": False},
        {"2026-01-02": True},
    ]
    assert {v.actor for v in CalendarVersion.objects.all()} == {"operator"}


def test_people_are_found_without_accents(operator: Client) -> None:
    User.objects.create_user("dtn", last_name="Đỗ Thị", first_name="Ngọc")
    page = operator.get("/admin/tracking/user/", {"q": "ngoc do"})
    assert [person.username for person in page.context["cl"].result_list] == ["dtn"]


def test_an_operator_makes_nobody_a_superuser(operator: Client) -> None:
    above = User.objects.create_superuser("root")
    equal = User.objects.create_user("equal")
    values = {"is_active": "on", "is_superuser": "on", "language": "vi"}
    assert operator.post(f"/admin/tracking/user/{above.pk}/change/", values).status_code == 403
    assert operator.post(f"/admin/tracking/user/{above.pk}/password/", values).status_code == 403
    operator.post(f"/admin/tracking/user/{equal.pk}/change/", values)
    equal.refresh_from_db()
    assert not equal.is_superuser


@pytest.fixture
def link(plan: Task) -> Connection:
    owner = Department.objects.get(code="QLD")
    database = Database.objects.create(code="D1", name_vi="Một", owner=owner, placeholder=True)
    counterpart = CounterpartSystem.objects.create(code="DC", name_vi="Dân cư")
    return Connection.objects.create(code="K1", database=database, counterpart=counterpart)


def test_a_stage_is_declared_by_its_own_page_and_shown_in_the_list(
    operator: Client, link: Connection
) -> None:
    values = {"stage": "upgrading", "effective_on": "18/11/2025", "note": "Báo cáo"}
    before = timezone.now()
    page = operator.post(f"/admin/databases/connection/{link.pk}/declare/", values)
    assert page.status_code == 302
    declared = link.stage_changes.get()
    assert (declared.stage, declared.actor, declared.note) == ("upgrading", "operator", "Báo cáo")
    assert before <= declared.recorded_at <= timezone.now()
    text = operator.get("/admin/databases/connection/").content.decode()
    assert "upgrading</td>" in text
    assert '<span class="tag">placeholder</span>' in text


def test_a_refused_stage_is_said_in_the_form_and_not_written(
    operator: Client, link: Connection
) -> None:
    values = {"stage": "upgrading_interfaces", "effective_on": "18/11/2025"}
    page = operator.post(f"/admin/databases/connection/{link.pk}/declare/", values)
    assert page.status_code == 200
    assert "K1 has 0 interface(s) in the register" in page.content.decode()
    assert not link.stage_changes.exists()


def test_the_latest_declaration_in_force_counts(link: Connection) -> None:
    def declare(stage: Stage, day: str, hour: int) -> None:
        now = NOW.replace(hour=hour)
        on = date.fromisoformat(day)
        declare_stage(connection=link, stage=stage, effective_on=on, now=now, by="operator")

    declare(Stage.CONNECTED, "2025-11-17", 8)
    declare(Stage.UPGRADING, "2025-11-17", 9)
    declare(Stage.SUSPENDED, "2025-11-19", 10)
    rows = Connection.objects.annotate(current=current_stage("stage", NOW))
    assert list(rows.values_list("current", flat=True)) == ["upgrading"]
    # 23:30 in UTC is the next morning in Hà Nội.
    late = datetime(2025, 11, 18, 23, 30, tzinfo=UTC)
    rows = Connection.objects.annotate(current=current_stage("stage", late))
    assert list(rows.values_list("current", flat=True)) == ["suspended"]


def test_the_first_screen_names_what_waits_and_who_is_marked(operator: Client, plan: Task) -> None:
    text = operator.get("/admin/").content.decode()
    assert '<span class="mark">Drug Administration</span>' in text
    assert "OVERDUE: 1 required task" in text
    assert "Nothing awaits verification." in text
    assert "No list has been issued." in text
    for kind, payload in (
        (Kind.EXTENSION_REQUESTED, {"due_on": "2026-12-31", "reason": "Chờ"}),
        (Kind.SUBMITTED, {"note": "Xong"}),
    ):
        at = timezone.now()
        record(task=plan, kind=kind, effective_at=at, recorded_at=at, by="r", payload=payload)
    waiting = attention(timezone.now())
    assert (waiting.submissions_count, waiting.requests_count) == (1, 1)
    assert waiting.requests[0].asked_for == date(2026, 12, 31)
    assert "for 31/12/2026" in operator.get("/admin/").content.decode()


def test_the_first_screen_costs_the_same_whatever_waits(plan: Task) -> None:
    with CaptureQueriesContext(connection) as queries:
        waiting = attention(timezone.now())
    assert len(queries) <= 8
    assert [(row.department.code, row.required) for row in waiting.late] == [("QLD", 1)]


def test_the_task_of_an_ended_department_is_counted_under_its_successor(plan: Task) -> None:
    ended, successor = Department.objects.get(code="QLD"), Department.objects.get(code="KCB")
    Succession.objects.create(department=ended, successor=successor)
    Department.objects.filter(pk=ended.pk).update(valid_to=date(2025, 11, 1))
    assert [row.department.code for row in attention(timezone.now()).late] == ["KCB"]


def test_a_clerk_sees_no_tasks_on_the_first_screen(plan: Task) -> None:
    text = signed_in("clerk").get("/admin/").content.decode()
    assert "Drug Administration" not in text
    assert "No list has been issued." in text


def test_the_language_is_chosen_before_signing_in() -> None:
    client = Client(headers={"accept-language": "en"})
    assert "/sign-in/" in client.get("/admin/login/").headers["Location"]
    assert "Log in" in client.get("/sign-in/").content.decode()
    values = {"language": "vi", "next": "/sign-in/"}
    assert client.post("/i18n/setlang/", values).headers["Location"] == "/sign-in/"
    assert '<html lang="vi"' in client.get("/sign-in/").content.decode()
