"""Who answers for a connection: one body a role and day, named and ended."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from databases.actions.parties import end_party, set_party
from databases.models import Connection, Party
from databases.models.party import PartyRole
from databases.rules.periods import Period, overlapping
from tests.databases.register_rows import NOW, background, register_file, take
from tracking.actions.refusals import Refused
from tracking.models import Department, Partner, User

FIRST = date(2025, 1, 1)
DAY = timedelta(days=1)

days = st.integers(0, 20).map(lambda number: FIRST + number * DAY)
periods = st.builds(
    lambda begins, length: Period(begins, None if length is None else begins + length * DAY),
    days,
    st.none() | st.integers(0, 5),
)


@given(st.lists(periods, max_size=5, unique_by=lambda period: period.begins))
def test_periods_overlap_exactly_when_a_day_is_in_two(found: list[Period]) -> None:
    shared = [
        day
        for number in range(40)
        if sum(p.holds_on(day := FIRST + number * DAY) for p in found) > 1
    ]
    clashes = list(overlapping(found))
    assert bool(clashes) == bool(shared)
    for earlier, later in clashes:
        assert earlier.begins <= later.begins
        assert earlier.holds_on(later.begins)


@pytest.fixture
def link(db: None) -> Connection:
    background()
    take(register_file(parties=[]))
    return Connection.objects.get()


def name(link: Connection, code: str, begins: date, **more: Any) -> Party:
    body: Any = Partner.objects.filter(code=code).first() or Department.objects.get(code=code)
    given = {"role": PartyRole.OWNER, "document": "", "now": NOW, "by": "an", **more}
    return set_party(connection=link, body=body, valid_from=begins, **given)


def end(party: Party, day: date) -> Party:
    return end_party(party=party, valid_to=day, now=NOW, by="an")


def held(day: date, role: str = "owner") -> list[str]:
    rows = Party.objects.in_force(day).filter(role=role)
    return [(row.department or row.partner).code for row in rows]  # type: ignore[union-attr]


def test_a_party_is_named_with_its_document(link: Connection) -> None:
    made = name(link, "BCA", FIRST, document=" Biên bản 5 ")
    made.refresh_from_db()
    assert (made.department, made.partner.code) == (None, "BCA")  # type: ignore[union-attr]
    assert (made.valid_from, made.valid_to, made.document) == (FIRST, None, "Biên bản 5")


def test_the_one_in_the_role_ends_the_day_before(link: Connection) -> None:
    name(link, "QLD", FIRST)
    name(link, "KCB", FIRST + 10 * DAY)
    assert held(FIRST + 9 * DAY) == ["QLD"]
    assert held(FIRST + 10 * DAY) == ["KCB"]
    assert held(FIRST - DAY) == []


def test_roles_do_not_meddle_with_each_other(link: Connection) -> None:
    name(link, "QLD", FIRST)
    name(link, "QLD", FIRST, role=PartyRole.OPERATOR)
    name(link, "BCA", FIRST, role=PartyRole.CARRIER)
    assert [held(FIRST, role) for role in PartyRole.values] == [["QLD"], ["QLD"], ["BCA"]]


@pytest.mark.parametrize(
    ("code", "begins", "told"),
    [
        ("KCB", FIRST + 20 * DAY, "Đơn vị KCB answers since 11/01/2025 already"),
        ("TTYQG", FIRST + 10 * DAY, "Đơn vị KCB is named from the same day on: choose a later"),
        ("TTYQG", FIRST + DAY, "Đơn vị KCB is named from 11/01/2025 on: choose a later day"),
        ("TTYQG", FIRST - DAY, "Đơn vị QLD is named from 01/01/2025 on: choose a later day"),
    ],
)
def test_what_would_overlap_is_refused_with_a_sentence(
    link: Connection, code: str, begins: date, told: str
) -> None:
    name(link, "QLD", FIRST)
    name(link, "KCB", FIRST + 10 * DAY)
    before = list(Party.objects.order_by("pk").values())
    with pytest.raises(Refused, match=told):
        name(link, code, begins)
    assert list(Party.objects.order_by("pk").values()) == before


def test_an_ended_party_leaves_the_role_to_nobody(link: Connection) -> None:
    end(name(link, "QLD", FIRST), FIRST + DAY)
    assert held(FIRST + DAY) == ["QLD"]
    assert held(FIRST + 2 * DAY) == []
    name(link, "QLD", FIRST + 5 * DAY)
    assert held(FIRST + 5 * DAY) == ["QLD"]


def test_the_last_day_may_be_moved_but_not_into_another_period(link: Connection) -> None:
    first = name(link, "QLD", FIRST)
    name(link, "KCB", FIRST + 10 * DAY)
    first.refresh_from_db()
    assert first.valid_to == FIRST + 9 * DAY
    end(first, FIRST)
    with pytest.raises(Refused, match="Đơn vị KCB answers from 11/01/2025 on: choose an earlier"):
        end(first, FIRST + 10 * DAY)
    with pytest.raises(Refused, match="Đơn vị QLD begins on 01/01/2025: choose that day or a lat"):
        end(first, FIRST - DAY)
    first.refresh_from_db()
    assert first.valid_to == FIRST


def test_who_named_and_ended_is_in_the_history_of_the_connection(link: Connection) -> None:
    User.objects.create_user("an")
    end(name(link, "QLD", FIRST), FIRST + DAY)
    entries = LogEntry.objects.filter(object_id=str(link.pk)).order_by("pk")
    assert [entry.change_message for entry in entries] == [
        "owner: Đơn vị QLD from 01/01/2025 on",
        "owner: Đơn vị QLD until 02/01/2025",
    ]
    assert {(entry.user.username, entry.action_time) for entry in entries} == {("an", NOW)}


@pytest.mark.django_db
@given(st.lists(st.tuples(st.sampled_from(["QLD", "KCB", "BCA"]), days, st.booleans()), max_size=6))
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_named_and_ended_no_day_has_two(
    steps: list[tuple[str, date, bool]],
) -> None:
    with transaction.atomic():
        background()
        take(register_file(parties=[]))
        link = Connection.objects.get()
        for code, day, ends in steps:
            try:
                party = name(link, code, day)
                if ends:
                    end(party, day + DAY)
            except Refused:
                continue
        for number in range(30):
            assert len(held(FIRST + number * DAY)) <= 1
        transaction.set_rollback(True)
