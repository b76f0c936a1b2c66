"""Who writes for a department that is not their own, from when until when?"""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests.tracking.department_work import person, reader, take_in_work
from tracking.actions.demonstration import make_accounts
from tracking.actions.roles import set_up_roles
from tracking.models import Department, Deputation, User
from tracking.permissions import has_own_work, may_decide, may_report, reports_for
from tracking.rules.instants import instant_from

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2025, 11, 10), date(2025, 11, 20)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def work() -> None:
    take_in_work()


def stand_in(deputy: User, absent: User, **changes: Any) -> Deputation:
    given: dict[str, Any] = {
        "deputy": deputy,
        "department": absent.department,
        "in_place_of": absent,
        "valid_from": FIRST,
        "valid_to": LAST,
    }
    return Deputation.objects.create(**(given | changes))


def test_a_deputy_reports_on_the_first_and_the_last_day_and_not_outside() -> None:
    deputy, absent = person("an", "reporter", "VPB"), person("binh", "reporter", "QLD")
    stand_in(deputy, absent)
    days = {FIRST - DAY: False, FIRST: True, LAST: True, LAST + DAY: False}
    assert {day: may_report(deputy, "QLD", day) for day in days} == days
    assert reports_for(deputy, LAST) == {"VPB": "", "QLD": "binh"}
    assert reports_for(deputy, LAST + DAY) == {"VPB": ""}


def test_standing_in_for_one_department_opens_no_other() -> None:
    deputy, absent = person("an", "reporter", "VPB"), person("binh", "reporter", "QLD")
    stand_in(deputy, absent)
    assert not may_report(deputy, "KCB", FIRST)
    assert not may_decide(deputy)
    assert may_report(absent, "QLD", FIRST)
    assert not may_report(absent, "VPB", FIRST)


def test_a_role_that_writes_nothing_is_given_nothing_by_a_deputation() -> None:
    absent = person("binh", "reporter", "QLD")
    for role in ("leader", "inspector", "clerk"):
        deputy = person(role, role)
        stand_in(deputy, absent)
        assert reports_for(deputy, FIRST) == {}
        assert not may_report(deputy, "QLD", FIRST)
        assert not has_own_work(deputy)


def test_a_deputy_who_has_left_writes_no_more() -> None:
    deputy, absent = person("an", "reporter", "VPB"), person("binh", "reporter", "QLD")
    stand_in(deputy, absent)
    deputy.is_active = False
    assert reports_for(deputy, FIRST) == {}


def test_a_person_is_nobodys_own_deputy_and_a_period_has_an_end_after_its_start() -> None:
    person("an", "reporter", "VPB")
    absent = person("binh", "reporter", "QLD")
    deputy = User.objects.get(username="an")
    wrongs: list[dict[str, Any]] = [
        {"in_place_of": deputy},
        {"valid_to": FIRST - DAY},
    ]
    for wrong in wrongs:
        with pytest.raises(IntegrityError), transaction.atomic():
            stand_in(deputy, absent, **wrong)


def test_those_in_force_are_found_by_day_and_department() -> None:
    deputy, absent = person("an", "reporter", "VPB"), person("binh", "reporter", "QLD")
    row = stand_in(deputy, absent)
    own, other = (Department.objects.get(code=code) for code in ("QLD", "KCB"))
    assert list(Deputation.objects.in_force(LAST).for_department(own).named()) == [row]
    assert not Deputation.objects.in_force(LAST).for_department(other).exists()
    again = Deputation(
        deputy=deputy,
        department=own,
        in_place_of=absent,
        valid_from=LAST,
        valid_to=LAST + DAY,
    )
    assert list(Deputation.objects.overlapping(again)) == [row]
    again.valid_from = LAST + DAY
    assert not Deputation.objects.overlapping(again).exists()


def sent(client: Any, changes: dict[str, Any]) -> Any:
    given: dict[str, Any] = {
        "deputy": User.objects.get(username="an").pk,
        "department": Department.objects.get(code="QLD").pk,
        "in_place_of": User.objects.get(username="binh").pk,
        "valid_from": "2025-11-10",
        "valid_to": "2025-11-20",
        "document": "12/QĐ",
    }
    return client.post(reverse("admin:tracking_deputation_add"), given | changes)


def test_operators_appoint_deputies_and_are_told_what_cannot_be() -> None:
    client = reader(person("chi", "operator"))
    deputy, absent = person("an", "reporter", "VPB"), person("binh", "reporter", "QLD")
    assert sent(client, {}).status_code == 302
    refused: tuple[tuple[str, dict[str, Any]], ...] = (
        ("is a deputy for that department on some of these days", {"valid_from": "2025-11-20"}),
        ("writes for that department already", {"deputy": absent.pk, "in_place_of": deputy.pk}),
        ("may not record anything", {"deputy": person("dung", "inspector").pk}),
        ("their own deputy", {"in_place_of": deputy.pk, "valid_from": "2025-12-01"}),
    )
    for told, changes in refused:
        page = sent(client, {"valid_to": "2025-12-31", **changes})
        assert page.status_code == 200
        assert told in page.content.decode()
    assert Deputation.objects.count() == 1


def test_a_deputation_is_ended_early_but_never_made_another_or_deleted() -> None:
    client = reader(person("chi", "operator"))
    row = stand_in(person("an", "reporter", "VPB"), person("binh", "reporter", "QLD"))
    address = reverse("admin:tracking_deputation_change", args=[row.pk])
    told = {"valid_to": "2025-11-15", "valid_from": "2025-01-01", "document": ""}
    assert client.post(address, told).status_code == 302
    row.refresh_from_db()
    assert (row.valid_from, row.valid_to) == (FIRST, date(2025, 11, 15))
    deletion = reverse("admin:tracking_deputation_delete", args=[row.pk])
    assert client.post(deletion, {"post": "yes"}).status_code == 403
    for role in ("reporter", "clerk"):
        assert reader(person(role, role, "QLD")).get(address).status_code == 403


def test_the_demonstration_has_two_operators_and_one_deputy_once(tmp_path: Any) -> None:
    set_up_roles()
    now = instant_from("2025-11-18T08:00:00")
    make_accounts(tmp_path, now=now)
    make_accounts(tmp_path, now=now + 30 * DAY)
    operators = User.objects.filter(groups__name="operator")
    assert {user.username for user in operators} == {"nhic.operator", "nhic.verifier"}
    row = Deputation.objects.get()
    assert reports_for(row.deputy, now.date())["QLD"] == "qld.reporter"
    assert "minh họa" in row.document.lower()
    assert "illustrative" in row.document
