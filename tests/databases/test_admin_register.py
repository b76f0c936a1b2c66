"""What an operator sees and enters about connections: stages, steps, parties, interfaces."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from databases.actions.steps import record_step
from databases.models import (
    Connection,
    CounterpartSystem,
    Interface,
    Party,
    StageChange,
    StepRecord,
)
from databases.models.step import Step
from tests.databases.register_rows import (
    background,
    counts,
    party,
    register_file,
    stage,
    step,
    take,
)
from tests.tracking.admin_people import signed_in
from tracking.models import Document

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
PAGES = ("declare", "record", "party", "end")


@pytest.fixture
def operator() -> Client:
    return signed_in("operator")


@pytest.fixture
def link() -> Connection:
    background()
    take(register_file())
    return Connection.objects.get()


def page_of(link: Connection, name: str) -> str:
    return f"/admin/databases/connection/{link.pk}/{name}/"


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def written(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def signed(link: Connection, expires_on: date) -> None:
    """Security minutes that hold until that day."""
    now = timezone.now()
    record_step(
        connection=link,
        step=Step.SECURITY_MINUTES,
        done_on=date(2025, 7, 1),
        expires_on=expires_on,
        document=None,
        note="",
        now=now,
        by="an",
    )


# The page of a connection


def test_the_page_tells_stage_steps_documents_and_parties(
    operator: Client, link: Connection
) -> None:
    text = text_of(operator.get(page_of(link, "change")))
    assert "<dd> upgrading, since 18/11/2025 </dd>" in text
    assert "EXPIRED on 01/12/2025, " in text
    assert "not named</dd>" in text.replace(" </dd>", "</dd>")  # the operator
    assert "Not recorded: “plan appraised and approved”, “set up and configured”" in text
    document = Document.objects.get()
    address = f'href="/admin/tracking/document/{document.pk}/change/"'
    assert f"<a {address}>12/QĐ-BYT</a>" in text
    assert re.search(r'<th scope="row">Carrier</th> <td[^>]*>Đối tác VPCP</td>', text)
    assert '<td data-label="Validity">ended</td>' in text
    for name in PAGES:
        assert f'href="{page_of(link, name)}"' in text


def test_a_stage_that_is_announced_ahead_is_told_beside_the_one_that_holds(
    operator: Client, link: Connection
) -> None:
    ahead = timezone.localdate() + 9 * DAY
    take(register_file(stages=[stage("connected", ahead.isoformat())]))
    text = text_of(operator.get(page_of(link, "change")))
    assert f"upgrading, since 18/11/2025; connected announced from {written(ahead)} on" in text


def test_minutes_that_were_signed_again_alarm_nobody(operator: Client, link: Connection) -> None:
    signed(link, date(2199, 1, 1))
    text = text_of(operator.get(page_of(link, "change")))
    assert "until 01/12/2025; signed again since" in text
    assert text.count("hold until 01/01/2199") == 2
    assert "EXPIRED" not in text


def test_an_inspector_reads_the_history_and_is_offered_no_button(link: Connection) -> None:
    inspector = signed_in("inspector")
    text = text_of(inspector.get(page_of(link, "change")))
    assert "Official steps" in text
    for name in PAGES:
        assert page_of(link, name) not in text
        assert inspector.get(page_of(link, name)).status_code == 403
        assert inspector.post(page_of(link, name), {}).status_code == 403


def test_the_page_costs_the_same_whatever_its_history(operator: Client, link: Connection) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert operator.get(page_of(link, "change")).status_code == 200
        return len(queries)

    before = cost()
    more = [step("tested", f"2025-08-{day:02}", document="12/QĐ-BYT") for day in range(1, 20)]
    periods = [
        party("operator", f"2025-0{month}-01", valid_to=f"2025-0{month}-20")
        for month in range(1, 9)
    ]
    take(register_file(steps=more, parties=periods))
    assert cost() == before <= 25


def test_interfaces_are_added_on_the_page(operator: Client, link: Connection) -> None:
    rows = list(link.interfaces.order_by("code"))
    values = {
        "task": "",
        "interfaces-TOTAL_FORMS": "3",
        "interfaces-INITIAL_FORMS": "2",
        "interfaces-2-code": "G3",
        "interfaces-2-name_vi": "Giao diện 3",
        "interfaces-2-name_en": "",
    }
    for number, row in enumerate(rows):
        values |= {
            f"interfaces-{number}-id": str(row.pk),
            f"interfaces-{number}-code": row.code,
            f"interfaces-{number}-name_vi": row.name_vi,
            f"interfaces-{number}-name_en": "",
        }
    assert operator.post(page_of(link, "change"), values).status_code == 302
    assert Interface.objects.filter(connection=link).count() == 3


# Declaring, recording, naming, ending


def test_a_stage_is_declared_with_its_document(operator: Client, link: Connection) -> None:
    document = Document.objects.get()
    values = {"stage": "connected", "effective_on": "01/02/2026", "document": str(document.pk)}
    answer = operator.post(page_of(link, "declare"), values)
    assert answer["Location"] == page_of(link, "change")
    declared = StageChange.objects.order_by("-pk")[0]
    assert (declared.stage, declared.document, declared.actor) == (
        "connected", document, "operator",
    )  # fmt: skip


def test_what_speaks_against_connected_is_told_and_forbids_nothing(
    operator: Client, link: Connection
) -> None:
    text = text_of(operator.get(page_of(link, "declare")))
    assert "The security minutes expired on 01/12/2025." in text
    assert "Nothing probes these interfaces: G1, G2." in text
    assert "These official steps are not recorded: “plan appraised and approved”, " in text
    assert "approved security level" not in text
    values = {"stage": "connected", "effective_on": "01/02/2026"}
    assert operator.post(page_of(link, "declare"), values).status_code == 302


def test_a_step_is_recorded_and_a_wrong_order_only_warned_of(
    operator: Client, link: Connection
) -> None:
    values = {"step": "appraised", "done_on": "30/04/2025", "note": "Biên bản"}
    text = text_of(operator.post(page_of(link, "record"), values, follow=True))
    assert "The step is recorded." in text
    assert "(30/04/2025) builds on “content and scope agreed” (01/05/2025)" in text
    made = StepRecord.objects.get(step="appraised")
    assert (made.actor, made.note, made.expires_on) == ("operator", "Biên bản", None)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"step": "", "done_on": "01/05/2025"}, "This field is required."),
        ({"step": "tested", "done_on": "01/05/2199"}, "The day lies ahead: a step is recorded"),
        ({"step": "tested", "done_on": "01/05/0025"}, "Give a day between the years 1990 and"),
        ({"step": "security_minutes", "done_on": "01/05/2025"}, "give the last day of it."),
        (
            {"step": "tested", "done_on": "01/05/2025", "expires_on": "01/06/2025"},
            "Only security minutes expire: leave the day out.",
        ),
    ],
)
def test_a_refused_step_is_told_in_the_form_and_not_written(
    operator: Client, link: Connection, values: dict[str, str], told: str
) -> None:
    before = counts()
    text = text_of(operator.post(page_of(link, "record"), values))
    assert told in text
    assert "Nothing was saved. Correct what is said below." in text
    assert counts() == before


def test_a_party_is_named_and_the_one_before_ends(operator: Client, link: Connection) -> None:
    values = {"role": "owner", "body": "partner:BCA", "valid_from": "01/02/2026", "document": "5"}
    text = text_of(operator.post(page_of(link, "party"), values, follow=True))
    assert "Đối tác BCA is named." in text
    before, now = Party.objects.filter(role="owner").order_by("valid_from")
    assert (before.valid_to, now.partner.code) == (date(2026, 1, 31), "BCA")  # type: ignore[union-attr]
    history = text_of(operator.get(page_of(link, "history")))
    assert "owner: Đối tác BCA from 01/02/2026 on" in history


def test_a_party_that_would_overlap_is_refused_in_the_form(
    operator: Client, link: Connection
) -> None:
    values = {"role": "owner", "body": "department:KCB", "valid_from": "01/01/2025"}
    text = text_of(operator.post(page_of(link, "party"), values))
    assert "Đơn vị QLD is named from 01/03/2025 on: choose a later day than that." in text
    values["body"] = "department:none"
    assert "Select a valid choice" in text_of(operator.post(page_of(link, "party"), values))
    assert Party.objects.count() == 2


def test_a_party_is_ended_on_a_page_of_its_own(operator: Client, link: Connection) -> None:
    owner = Party.objects.get(role="owner")
    text = text_of(operator.get(page_of(link, "end")))
    assert "owner: Đơn vị QLD, since 01/03/2025</option>" in text
    assert "carrier: Đối tác VPCP, 01/03/2025 to 01/01/2026</option>" in text
    values = {"party": str(owner.pk), "valid_to": "28/02/2025"}
    assert "begins on 01/03/2025" in text_of(operator.post(page_of(link, "end"), values))
    values["valid_to"] = "31/12/2025"
    assert operator.post(page_of(link, "end"), values).status_code == 302
    owner.refresh_from_db()
    assert owner.valid_to == date(2025, 12, 31)


def test_a_party_of_another_connection_is_not_ended_here(
    operator: Client, link: Connection
) -> None:
    counterpart = CounterpartSystem.objects.get(code="DVC")
    other = Connection.objects.create(code="K2", database=link.database, counterpart=counterpart)
    owner = Party.objects.get(role="owner")
    values = {"party": str(owner.pk), "valid_to": "31/12/2025"}
    assert "Select a valid choice" in text_of(operator.post(page_of(other, "end"), values))
    owner.refresh_from_db()
    assert owner.valid_to is None
