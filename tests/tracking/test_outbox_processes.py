"""Senders that are killed, frozen or doubled: each recipient has one message, or an honest
"uncertain" (rules.md P10)."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests.databases.chaos import portal_on, wait_until
from tests.processes import own_database
from tests.smtp_server import ScriptedServer
from tests.tracking.outbox_rows import at_port, post, states, tally, told
from tests.tracking.outbox_senders import Senders, senders
from tracking.actions.outbox import File
from tracking.mail.sender import Tally, deliver
from tracking.models import Delivery, Message

pytestmark = [pytest.mark.slow]

LARGE = File("list.bin", "application/octet-stream", bytes(8_000_000))
HANDED = {"DATA", "body", "dot", "answer"}
KILLS = 20  # lines of many; another choice every run would make failures hard to find
CHOICE = random.Random(20261126)
NEVER = 1_000_000
EVERYBODY = ("a@x.vn", "b@x.vn", "c@x.vn")


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as found:
        yield found


@pytest.fixture(scope="module")
def processes(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
    server: ScriptedServer,
) -> Iterator[Senders]:
    """All on one database: what a test leaves is settled, and none looks at another's message."""
    folder: Path = tmp_path_factory.mktemp("outbox")
    with (
        own_database(folder) as url,
        portal_on(url, folder, django_db_blocker),
        senders(url, folder, server.port) as found,
    ):
        yield found


@pytest.fixture(autouse=True)
def taken_now(server: ScriptedServer) -> None:
    server.taken.clear()


def after_the_lease(server: ScriptedServer) -> Tally:
    """A sender of this process, when the leases of others have ended."""
    later = datetime.now(UTC) + timedelta(minutes=5)
    return deliver(until=lambda: False, clock=lambda: later, server=at_port(server.port))


def faults(message: Message, server: ScriptedServer) -> list[str]:
    """Whatever contradicts "one message, or an honest uncertain", by what the server took."""
    taken = Counter(one.mail_id for one in server.taken)
    found = []
    for delivery in Delivery.objects.filter(message=message):
        got = taken[delivery.mail_id]
        honest = {"sent": {1}, "uncertain": {0, 1}}.get(delivery.state, set())
        if got not in honest:
            found.append(f"{delivery}: {delivery.state}, and the server took {got}")
    return found


@pytest.mark.parametrize("step", ["greeting", "EHLO", "MAIL", "RCPT", *sorted(HANDED)])
def test_a_sender_killed_at_any_step_leaves_nothing_doubled_or_lost(
    processes: Senders, server: ScriptedServer, step: str
) -> None:
    # Of a large one the sender is still saying the middle when the server stops reading.
    files = [LARGE] if step == "body" else []
    message = post(*EVERYBODY, now=datetime.now(UTC), files=files)
    second = server.hold(step, to="b@x.vn" if step in {"RCPT", *HANDED} else None)
    victim = processes.start()
    second.wait()
    os.kill(victim, signal.SIGKILL)
    second.go.set()

    after_the_lease(server)
    assert faults(message, server) == []
    uncertain = {address for address, state in states(message).items() if state == "uncertain"}
    expected = {"RCPT": {"a@x.vn"}} | dict.fromkeys(HANDED, {"b@x.vn"})
    assert uncertain == expected.get(step, set())


def test_a_sender_killed_at_any_line_leaves_nothing_doubled_or_lost(
    processes: Senders, server: ScriptedServer
) -> None:
    post(*EVERYBODY, now=datetime.now(UTC))
    lines = processes.lines(kill_at=NEVER)
    assert lines is not None
    assert lines > 400
    for line in CHOICE.sample(range(1, lines), KILLS):
        message = post(*EVERYBODY, now=datetime.now(UTC))
        assert processes.lines(kill_at=line) is None
        after_the_lease(server)
        assert faults(message, server) == [], f"killed at line {line}"
        assert tally(message)["uncertain"] <= 1, f"killed at line {line}"


def test_two_senders_at_once_send_each_message_once(
    processes: Senders, server: ScriptedServer
) -> None:
    message = post(*(f"{n}@x.vn" for n in range(120)), now=datetime.now(UTC))
    held = server.hold("DATA")
    processes.start()
    held.wait()
    processes.start()
    wait_until("the second sends what the first did not take", lambda: len(server.taken) > 60)
    held.go.set()
    processes.end()
    processes.end()
    assert tally(message) == {"sent": 120}
    assert faults(message, server) == []


def test_a_frozen_sender_that_hears_the_answer_late_proves_it(
    processes: Senders, server: ScriptedServer
) -> None:
    message = post(*EVERYBODY, now=datetime.now(UTC))
    taken = server.hold("answer", to="b@x.vn")
    frozen = processes.start()
    taken.wait()
    os.kill(frozen, signal.SIGSTOP)
    assert after_the_lease(server).sent == 1
    assert states(message) == {"a@x.vn": "sent", "b@x.vn": "uncertain", "c@x.vn": "sent"}

    taken.go.set()
    os.kill(frozen, signal.SIGCONT)
    processes.end()
    assert tally(message) == {"sent": 3}
    assert told(message.deliveries.get(address="b@x.vn")) == ["uncertain", "sent"]
    assert faults(message, server) == []


def test_a_sender_frozen_before_the_hand_over_sends_nothing_when_it_wakes(
    processes: Senders, server: ScriptedServer
) -> None:
    message = post(*EVERYBODY, now=datetime.now(UTC))
    named = server.hold("RCPT", to="a@x.vn")
    frozen = processes.start()
    named.wait()
    os.kill(frozen, signal.SIGSTOP)
    assert after_the_lease(server).sent == 3

    named.go.set()
    os.kill(frozen, signal.SIGCONT)
    assert processes.end() == str(Tally())
    assert tally(message) == {"sent": 3}
    assert faults(message, server) == []


def test_a_sender_that_wakes_after_its_lease_takes_the_message_back(
    processes: Senders, server: ScriptedServer
) -> None:
    message = post("a@x.vn", now=datetime.now(UTC))
    begun = server.hold("DATA")
    frozen = processes.start(lease=0.5)
    begun.wait()
    os.kill(frozen, signal.SIGSTOP)
    after_the_lease(server)
    assert states(message) == {"a@x.vn": "uncertain"}
    since = time.monotonic()
    wait_until("the lease is over by any clock", lambda: time.monotonic() - since > 0.6)

    begun.go.set()
    os.kill(frozen, signal.SIGCONT)
    processes.end()
    assert server.taken == []
    assert after_the_lease(server).sent == 1
    assert faults(message, server) == []
    assert told(message.deliveries.get()) == ["uncertain", "put_off", "sent"]
