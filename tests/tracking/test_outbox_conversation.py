"""What became of a message is told from what the server said, and from where silence began."""

from typing import Any

import pytest

from tests.smtp_server import (
    ALWAYS,
    DRIP,
    DROP,
    ENDLESS,
    HANG,
    TAKE_AND_DROP,
    ScriptedServer,
)
from tests.tracking.outbox_rows import at_port
from tracking.mail.addresses import parsed
from tracking.mail.conversation import Conversation, Kind, Outcome, Unavailable

SENDER = parsed("portal@portal.vn")
MESSAGE = b"To: a@x.vn\r\nMessage-ID: <1@portal.vn>\r\n\r\nHello\r\n..\r\n"
SHORT: dict[str, Any] = {"patience": 0.3, "last_patience": 0.3}
LARGE = MESSAGE + b"x" * 70 + b"\r\n" + (b"y" * 70 + b"\r\n") * 100_000


def said_to(
    server: ScriptedServer, message: bytes = MESSAGE, to: str = "a@x.vn", **more: Any
) -> Outcome:
    conversation = Conversation(at_port(server.port, **more))
    try:
        refused = conversation.offer(SENDER, parsed(to), len(message))
        return refused or conversation.hand(message, lambda: True)
    finally:
        conversation.leave()


@pytest.mark.parametrize(
    ("step", "says", "kind"),
    [
        ("RCPT", "421 shutting down", Kind.TEMPORARY),
        ("RCPT", "450 mailbox busy", Kind.TEMPORARY),
        ("RCPT", "452 too many", Kind.TEMPORARY),
        ("RCPT", "550 no such user", Kind.PERMANENT),
        ("RCPT", DROP, Kind.TEMPORARY),
        ("RCPT", HANG, Kind.TEMPORARY),
        ("DATA", "421 shutting down", Kind.TEMPORARY),
        ("DATA", "451 not now", Kind.TEMPORARY),
        ("DATA", "554 no", Kind.PERMANENT),
        ("DATA", DROP, Kind.TEMPORARY),
        ("DATA", HANG, Kind.TEMPORARY),
        ("dot", "250 queued", Kind.TAKEN),
        ("dot", "421 shutting down", Kind.TEMPORARY),
        ("dot", "450 busy", Kind.TEMPORARY),
        ("dot", "452 no room", Kind.TEMPORARY),
        ("dot", "550 not wanted", Kind.PERMANENT),
        ("dot", "554 looks like spam", Kind.PERMANENT),
        ("dot", DROP, Kind.UNCERTAIN),
        ("dot", TAKE_AND_DROP, Kind.UNCERTAIN),
        ("dot", HANG, Kind.UNCERTAIN),
        ("dot", DRIP, Kind.UNCERTAIN),
        ("dot", ENDLESS, Kind.UNCERTAIN),
        ("dot", "what?", Kind.UNCERTAIN),
        ("dot", "354 go on", Kind.UNCERTAIN),
    ],
)
def test_each_answer_and_each_silence_has_its_outcome(step: str, says: str, kind: Kind) -> None:
    with ScriptedServer() as server:
        server.will(step, says)
        outcome = said_to(server, **SHORT)
        assert outcome.kind == kind
        assert outcome.said
        if says[0].isdigit():
            assert outcome.said == says
        assert len(server.taken) == (says in ("250 queued", TAKE_AND_DROP))


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ("greeting", "421 too busy"),
        ("greeting", "554 not you"),
        ("greeting", DROP),
        ("greeting", HANG),
        ("greeting", DRIP),
        ("EHLO", DROP),
        ("EHLO", "421 later"),
        ("MAIL", "530 sign in first"),
        ("MAIL", "550 not this sender"),
        ("MAIL", "452 no room"),
        ("MAIL", HANG),
        ("RCPT", "530 sign in first"),
    ],
)
def test_what_is_said_to_us_is_held_against_no_recipient(step: str, says: str) -> None:
    with ScriptedServer() as server:
        server.will(step, says, times=ALWAYS)
        with pytest.raises(Unavailable) as raised:
            said_to(server, **SHORT)
        assert not says[0].isdigit() or says in str(raised.value)
        assert server.taken == []


def test_a_line_that_breaks_in_the_middle_of_a_message_is_temporary() -> None:
    with ScriptedServer() as server:
        server.will("body", DROP)
        assert said_to(server, LARGE).kind == Kind.TEMPORARY
        assert server.taken == []


def test_a_server_that_stops_reading_is_temporary() -> None:
    with ScriptedServer() as server:
        server.will("body", HANG)
        assert said_to(server, LARGE, patience=0.5).kind == Kind.TEMPORARY
        assert server.taken == []


def test_a_server_that_interrupts_a_message_never_gets_its_end() -> None:
    with ScriptedServer() as server:
        server.will("body", "450 no more of this")
        assert said_to(server, LARGE) == Outcome(Kind.TEMPORARY, "450 no more of this")
    assert server.steps["dot"] == 0


def test_a_message_that_is_no_more_ours_never_gets_its_end() -> None:
    with ScriptedServer() as server:
        conversation = Conversation(at_port(server.port))
        assert conversation.offer(SENDER, parsed("a@x.vn"), 1) is None
        assert conversation.hand(MESSAGE, lambda: False).kind == Kind.TEMPORARY
    assert server.steps["body"] == 1
    assert server.steps["dot"] == 0


def test_what_arrives_is_what_was_said_dots_and_all() -> None:
    with ScriptedServer() as server:
        assert said_to(server).kind == Kind.TAKEN
    (taken,) = server.taken
    assert taken.content == MESSAGE.replace(b"\r\n..", b"\r\n.")


def test_one_connection_serves_many_and_a_refused_one_is_taken_back() -> None:
    with ScriptedServer() as server:
        server.will("RCPT", "550 no such user", to="b@x.vn")
        conversation = Conversation(at_port(server.port))
        for name in "abc":
            if conversation.offer(SENDER, parsed(f"{name}@x.vn"), 1) is None:
                assert conversation.hand(MESSAGE, lambda: True).kind == Kind.TAKEN
        conversation.leave()
    assert server.steps["greeting"] == 1
    assert server.steps["RSET"] == 1
    assert [one.recipient for one in server.taken] == ["a@x.vn", "c@x.vn"]


@pytest.mark.parametrize("says", [DROP, "421 you had enough", "452 too many for today"])
def test_a_worn_connection_is_changed_for_a_new_one_without_a_word(says: str) -> None:
    with ScriptedServer() as server:
        conversation = Conversation(at_port(server.port))
        for number in range(2):
            assert conversation.offer(SENDER, parsed("a@x.vn"), 1) is None
            assert conversation.hand(MESSAGE, lambda: True).kind == Kind.TAKEN
            if not number:
                server.will("MAIL", says)
        conversation.leave()
    assert server.steps["greeting"] == 2
    assert len(server.taken) == 2


def test_a_server_that_loses_every_connection_is_left_alone() -> None:
    with ScriptedServer() as server:
        server.will("dot", DROP, times=ALWAYS)
        conversation = Conversation(at_port(server.port))
        for _ in range(3):
            assert conversation.offer(SENDER, parsed("a@x.vn"), 1) is None
            assert conversation.hand(MESSAGE, lambda: True).kind == Kind.UNCERTAIN
        with pytest.raises(Unavailable):
            conversation.offer(SENDER, parsed("a@x.vn"), 1)


def test_other_letters_before_the_at_need_a_server_that_knows_them() -> None:
    with ScriptedServer() as server:
        outcome = said_to(server, to="hiền@x.vn")
        assert outcome.kind == Kind.PERMANENT
        assert "hiền@x.vn" in outcome.said
    with ScriptedServer("SMTPUTF8") as server:
        assert said_to(server, to="hiền@đơnvị.vn").kind == Kind.TAKEN
        assert "MAIL FROM:<portal@portal.vn> SMTPUTF8" in server.heard
        assert "RCPT TO:<hiền@xn--nv-pma09cu08i.vn>" in server.heard


def test_a_message_larger_than_the_server_takes_is_not_sent_at_all() -> None:
    with ScriptedServer("SIZE 50") as server:
        outcome = said_to(server)
        assert outcome.kind == Kind.PERMANENT
        assert str(len(MESSAGE)) in outcome.said
        assert server.steps["RCPT"] == 0
