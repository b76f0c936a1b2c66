"""Written once an occasion; and what a person may decide about a delivery."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.smtp_server import TAKE_AND_DROP, ScriptedServer
from tests.tracking.outbox_rows import NOW, WRITTEN, at_port, post, states, told
from tracking.actions.deliveries import resend, settle
from tracking.actions.outbox import File, Recipient, enqueue
from tracking.actions.refusals import Refused
from tracking.mail import record
from tracking.mail.claim import claim
from tracking.mail.conversation import Kind, Outcome
from tracking.mail.next_one import Settled
from tracking.mail.sender import deliver
from tracking.models import Delivery, Message, MessageFile

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
WHO: dict[str, Any] = {"now": LATER, "by": "nhic.operator", "reason": "asked by telephone"}


def in_state(state: str) -> Delivery:
    """A delivery that came there by the way that deliveries do."""
    delivery = post("a@x.vn").deliveries.get()
    kinds = {"sent": Kind.TAKEN, "failed": Kind.PERMANENT, "uncertain": Kind.UNCERTAIN}
    if state != "queued":
        ours = claim(NOW)
        record.hand_over(delivery, ours.token, NOW, [])
        if state in kinds:
            outcome = Outcome(kinds[state], "as it was said")
            record.settle([Settled(delivery, outcome, NOW)], ours.token)
    delivery.refresh_from_db()
    assert delivery.state == state
    return delivery


def test_an_occasion_is_written_once() -> None:
    def written(*addresses: str) -> Message:
        return enqueue(
            key="report:2026-11-26",
            kind=Message.Kind.REPORT,
            written=WRITTEN,
            language="vi",
            recipients=[Recipient(address) for address in addresses],
            now=NOW,
            files=[File("list.docx", "application/x-test", b"1")],
        )

    assert written("a@x.vn") == written("a@x.vn", "b@x.vn")
    assert (Message.objects.count(), MessageFile.objects.count()) == (1, 1)
    assert list(Delivery.objects.values_list("address", flat=True)) == ["a@x.vn"]


def test_an_address_named_twice_gets_one_message_under_the_first_name() -> None:
    message = post(
        Recipient("hien@x.vn", "Nguyễn Thị Hiền"), Recipient(" Hien@X.vn\r\n"), Recipient("b@x.vn")
    )
    assert list(message.deliveries.values_list("address", "name")) == [
        ("b@x.vn", ""),
        ("hien@x.vn", "Nguyễn Thị Hiền"),
    ]


def test_every_delivery_has_a_message_id_of_its_own_that_another_writing_would_give_again() -> None:
    first = set(post("a@x.vn", "b@x.vn").deliveries.values_list("mail_id", flat=True))
    second = set(post("a@x.vn", "b@x.vn").deliveries.values_list("mail_id", flat=True))
    assert len(first | second) == 4
    assert all(text.startswith("<") and text.endswith("@localhost>") for text in first)


@pytest.mark.parametrize("state", ["sent", "failed", "uncertain"])
def test_a_person_sends_again_the_same_message(state: str) -> None:
    delivery = in_state(state)
    resend(delivery=delivery, **WHO)
    assert Delivery.objects.get().state == "queued"
    with ScriptedServer() as server:
        deliver(until=lambda: False, clock=lambda: LATER, server=at_port(server.port))
    assert [one.mail_id for one in server.taken] == [delivery.mail_id]
    assert told(delivery) == [state, "resend", "sent"]
    entry = delivery.entries.get(kind="resend")
    assert (entry.by, entry.said, entry.at) == ("nhic.operator", "asked by telephone", LATER)


@pytest.mark.parametrize("state", ["queued", "sending"])
def test_what_is_on_its_way_is_not_sent_again(state: str) -> None:
    delivery = in_state(state)
    with pytest.raises(Refused):
        resend(delivery=delivery, **WHO)
    delivery.refresh_from_db()
    assert delivery.state == state
    assert told(delivery) == []


def test_what_the_page_showed_does_not_count_but_what_is() -> None:
    shown = in_state("uncertain")
    resend(delivery=Delivery.objects.get(), **WHO)
    with pytest.raises(Refused):
        resend(delivery=shown, **WHO)
    with pytest.raises(Refused):
        settle(delivery=shown, arrived=True, **WHO)
    assert told(shown) == ["uncertain", "resend"]


@pytest.mark.parametrize(("arrived", "state"), [(True, "sent"), (False, "failed")])
def test_a_person_says_what_became_of_an_uncertain_one(arrived: bool, state: str) -> None:
    delivery = in_state("uncertain")
    settle(delivery=delivery, arrived=arrived, **WHO)
    delivery.refresh_from_db()
    assert delivery.state == state
    assert (delivery.sent_at == NOW) == arrived
    assert told(delivery) == ["uncertain", "arrived" if arrived else "given_up"]


@pytest.mark.parametrize("state", ["queued", "sending", "sent", "failed"])
def test_only_an_uncertain_one_is_settled_by_a_person(state: str) -> None:
    with pytest.raises(Refused):
        settle(delivery=in_state(state), arrived=True, **WHO)


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 501])
def test_a_decision_has_a_reason_of_some_words(reason: str) -> None:
    delivery = in_state("uncertain")
    vague = WHO | {"reason": reason}
    with pytest.raises(Refused):
        resend(delivery=delivery, **vague)
    with pytest.raises(Refused):
        settle(delivery=delivery, arrived=True, **vague)
    assert told(delivery) == ["uncertain"]


def test_a_late_answer_to_an_older_try_is_told_and_changes_nothing() -> None:
    message = post("a@x.vn")
    ours = claim(NOW)
    (delivery,) = ours.deliveries
    record.hand_over(delivery, ours.token, NOW, [])
    uncertain = Settled(delivery, Outcome(Kind.UNCERTAIN, "no answer in time"), NOW)
    record.settle([uncertain], ours.token)
    resend(delivery=delivery, **WHO)
    record.settle([Settled(delivery, Outcome(Kind.TAKEN, "250 ok"), LATER)], ours.token)
    assert states(message) == {"a@x.vn": "queued"}
    assert told(delivery) == ["uncertain", "resend", "sent"]


def test_nobody_changes_what_was_written_or_sent() -> None:
    with ScriptedServer() as server:
        server.will("dot", TAKE_AND_DROP)
        message = post("a@x.vn", files=[File("list.docx", "application/x-test", b"1")])
        deliver(until=lambda: False, clock=lambda: NOW, server=at_port(server.port))
    rows = [message, message.files.get(), message.deliveries.get().entries.get()]
    for row in rows:
        with pytest.raises(DatabaseError), transaction.atomic():
            row.save(force_update=True)
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk)._raw_delete("default")
