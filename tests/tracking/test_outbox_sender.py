"""What is sent, what is put off and what is given up; and who may send at all."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.smtp_server import ALWAYS, DROP, TAKE_AND_DROP, ScriptedServer
from tests.tracking.outbox_rows import NOW, at_port, post, states, tally, told
from tracking.mail import record
from tracking.mail.claim import claim, recover
from tracking.mail.conversation import Kind, Outcome
from tracking.mail.next_one import Settled
from tracking.mail.sender import Tally, deliver
from tracking.models import Delivery, DeliveryEntry, Message
from tracking.rules.back_off import next_try

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=3)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as found:
        yield found


def sent(server: ScriptedServer, now: datetime = NOW, **more: Any) -> Tally:
    return deliver(until=lambda: False, clock=lambda: now, server=at_port(server.port, **more))


def one(message: Message) -> Delivery:
    return message.deliveries.get()


def settled(delivery: Delivery, kind: Kind, token: str, at: datetime = NOW) -> None:
    record.settle([Settled(delivery, Outcome(kind, "as it was said"), at)], token)


def test_each_recipient_gets_one_message_and_the_ledger_says_so(server: ScriptedServer) -> None:
    message = post("a@x.vn", "b@x.vn", "A@X.vn")
    assert sent(server) == Tally(sent=2)
    assert sent(server) == Tally()
    assert Counter(one.recipient for one in server.taken) == {"a@x.vn": 1, "b@x.vn": 1}
    for delivery in message.deliveries.all():
        assert (delivery.state, delivery.tries, delivery.answer) == ("sent", 1, "250 ok")
        assert delivery.sent_at is not None
        assert told(delivery) == ["sent"]
    assert server.steps["greeting"] == 1


def test_nothing_is_sent_before_its_time(server: ScriptedServer) -> None:
    message = post("a@x.vn", now=LATER)
    assert sent(server) == Tally()
    assert states(message) == {"a@x.vn": "queued"}
    assert server.steps["greeting"] == 0


def test_a_message_put_off_is_tried_again_as_the_same_message(server: ScriptedServer) -> None:
    message = post("a@x.vn", "b@x.vn")
    server.will("RCPT", "450 mailbox busy", to="a@x.vn")
    server.will("dot", "452 no room", to="b@x.vn")
    assert sent(server) == Tally(put_off=2)
    assert tally(message) == {"queued": 2}
    assert sent(server, NOW + timedelta(seconds=50)) == Tally()
    assert sent(server, NOW + timedelta(seconds=70)) == Tally(sent=2)
    assert {taken.mail_id for taken in server.taken} == set(
        message.deliveries.values_list("mail_id", flat=True)
    )
    assert {tuple(told(delivery)) for delivery in message.deliveries.all()} == {("put_off", "sent")}


def test_what_is_put_off_for_a_day_is_given_up(server: ScriptedServer) -> None:
    message = post("a@x.vn")
    server.will("RCPT", "450 mailbox busy", times=ALWAYS)
    now, tries = NOW, 0
    while one(message).state == "queued":
        now = one(message).next_try_at
        sent(server, now)
        tries += 1
    assert timedelta(hours=22) < now - NOW <= timedelta(hours=24)
    assert one(message).state == "failed"
    assert "given up" in one(message).answer
    assert "450 mailbox busy" in one(message).answer
    assert one(message).tries == tries
    assert told(one(message)) == ["put_off"] * (tries - 1) + ["failed"]


def test_a_refusal_is_final_and_stops_nobody_else(server: ScriptedServer) -> None:
    message = post("a@x.vn", "b@x.vn", "c@x.vn")
    server.will("RCPT", "550 no such user", to="b@x.vn")
    server.will("dot", "554 looks like spam", to="a@x.vn")
    assert sent(server) == Tally(sent=1, failed=2)
    assert states(message) == {"a@x.vn": "failed", "b@x.vn": "failed", "c@x.vn": "sent"}
    assert sent(server, LATER) == Tally()


@pytest.mark.parametrize(
    ("step", "says"),
    [("greeting", "554 not you"), ("EHLO", DROP), ("MAIL", "550 not this sender")],
)
def test_a_server_that_takes_nothing_fails_nobody_however_long(
    server: ScriptedServer, step: str, says: str, caplog: pytest.LogCaptureFixture
) -> None:
    message = post("a@x.vn", "b@x.vn")
    server.will(step, says, times=20)
    for minutes in range(0, 40, 2):
        found = sent(server, NOW + timedelta(minutes=minutes))
        assert found.trouble
    assert "takes no messages" in caplog.text
    assert tally(message) == {"queued": 2}
    assert {delivery.tries for delivery in message.deliveries.all()} == {0}
    # However often it was tried, it is told once.
    assert all(told(delivery) == ["put_off"] for delivery in message.deliveries.all())
    assert sent(server, LATER) == Tally(sent=2)


def test_no_server_at_all_is_said_in_a_sentence(server: ScriptedServer) -> None:
    message = post("a@x.vn")
    server.__exit__()
    trouble = sent(server).trouble
    assert "127.0.0.1" in trouble
    assert "refused" in trouble
    assert one(message).answer == trouble
    assert one(message).state == "queued"


def test_silence_after_the_dot_is_uncertain_and_never_sent_again(server: ScriptedServer) -> None:
    message = post("a@x.vn", "b@x.vn", "c@x.vn")
    server.will("dot", TAKE_AND_DROP, to="a@x.vn")
    server.will("dot", DROP, to="b@x.vn")
    assert sent(server) == Tally(sent=1, uncertain=2)
    for days in range(3):
        assert sent(server, NOW + timedelta(days=days)) == Tally()
    assert tally(message) == {"sent": 1, "uncertain": 2}
    assert (server.taken_by("a@x.vn"), server.taken_by("b@x.vn")) == (1, 0)
    assert server.steps["greeting"] == 3


def test_one_recipient_that_breaks_connections_does_not_hold_up_the_others(
    server: ScriptedServer,
) -> None:
    message = post("a@x.vn", "b@x.vn", "c@x.vn")
    server.will("RCPT", DROP, to="a@x.vn", times=ALWAYS)
    assert sent(server) == Tally(sent=2, put_off=1)
    assert states(message)["a@x.vn"] == "queued"


def test_who_lost_the_lease_may_not_hand_over() -> None:
    message = post("a@x.vn")
    first = claim(NOW)
    recover(NOW + timedelta(seconds=200))
    second = claim(NOW + timedelta(seconds=200))
    (delivery,) = second.deliveries
    assert not record.hand_over(delivery, first.token, LATER, [])
    assert record.hand_over(delivery, second.token, LATER, [])
    assert one(message).token == second.token


def test_what_was_left_behind_is_queued_again_or_uncertain() -> None:
    message = post("a@x.vn", "b@x.vn")
    ours = claim(NOW)
    handed, kept = ours.deliveries
    assert record.hand_over(handed, ours.token, NOW, [])
    recover(NOW + timedelta(seconds=100))
    assert tally(message) == {"sending": 2}
    recover(NOW + timedelta(seconds=200))
    assert states(message) == {handed.address: "uncertain", kept.address: "queued"}
    assert told(handed) == ["uncertain"]
    assert told(kept) == ["put_off"]


def test_what_was_handed_over_is_never_put_back() -> None:
    message = post("a@x.vn", "b@x.vn")
    ours = claim(NOW)
    handed, kept = ours.deliveries
    record.hand_over(handed, ours.token, NOW, [])
    record.put_back(ours.deliveries, ours.token, NOW)
    assert states(message) == {handed.address: "sending", kept.address: "queued"}


@pytest.mark.parametrize(
    ("kind", "state", "entry"),
    [
        (Kind.TAKEN, "sent", "sent"),
        (Kind.PERMANENT, "failed", "failed"),
        (Kind.TEMPORARY, "queued", "put_off"),
    ],
)
def test_a_late_answer_is_proof(kind: Kind, state: str, entry: str) -> None:
    message = post("a@x.vn")
    ours = claim(NOW)
    record.hand_over(ours.deliveries[0], ours.token, NOW, [])
    recover(LATER)
    assert one(message).state == "uncertain"
    settled(ours.deliveries[0], kind, ours.token, LATER)
    assert one(message).state == state
    assert told(one(message)) == ["uncertain", entry]


def test_an_outcome_whose_commit_was_not_heard_of_is_written_once() -> None:
    message = post("a@x.vn")
    ours = claim(NOW)
    record.hand_over(ours.deliveries[0], ours.token, NOW, [])
    for _ in range(2):
        settled(ours.deliveries[0], Kind.TAKEN, ours.token)
    assert told(one(message)) == ["sent"]
    assert one(message).tries == 1


def test_all_senders_together_keep_to_so_many_a_minute(
    server: ScriptedServer, settings: Any
) -> None:
    settings.MAIL_PER_MINUTE = 5
    post(*(f"{n}@x.vn" for n in range(12)))
    first = claim(NOW)
    assert len(first.deliveries) == 5
    assert claim(NOW).deliveries == []
    record.put_back(first.deliveries, first.token, NOW)

    moments = iter(NOW + timedelta(seconds=20 * n) for n in range(1_000))
    looked = []

    def patient() -> bool:
        """Rests end at once: the clock moves whenever it is asked."""
        looked.append(1)
        return len(looked) > 1_000

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("tracking.mail.sender._LOOK", 0)
        deliver(until=patient, clock=lambda: next(moments), server=at_port(server.port))
    assert len(server.taken) == 12
    times = sorted(DeliveryEntry.objects.values_list("at", flat=True))
    for at in times:
        assert sum(at - timedelta(minutes=1) < other <= at for other in times) <= 5


def test_a_stop_is_heeded_between_two_messages(server: ScriptedServer) -> None:
    message = post("a@x.vn", "b@x.vn", "c@x.vn")
    tally_of = deliver(
        until=lambda: len(server.taken) == 2, clock=lambda: NOW, server=at_port(server.port)
    )
    assert tally_of.sent == 2
    assert tally(message) == {"sent": 2, "queued": 1}
    assert sent(server, LATER).sent == 1


def test_a_recipient_more_costs_one_statement_or_three_on_sqlite(server: ScriptedServer) -> None:
    def queries(act: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as seen:
            act()
        return len([q for q in seen if "SAVEPOINT" not in q["sql"]])

    post(*(f"{n}@x.vn" for n in range(5)))
    few = queries(lambda: sent(server))
    post(*(f"{n}@x.vn" for n in range(15)))
    many = queries(lambda: sent(server, LATER))
    assert many - few == 10 * (1 if connection.vendor == "postgresql" else 3)


def test_back_off_is_a_minute_then_longer_and_ends_after_a_day() -> None:
    waits = []
    now, tries = NOW, 1
    while (again := next_try(tries, now)) is not None:
        waits.append((again - now).total_seconds() / 60)
        now, tries = again, tries + 1
    assert waits[:5] == [1, 5, 15, 60, 60]
    assert sorted(waits) == waits
    assert timedelta(hours=23) < now - NOW <= timedelta(hours=24)
