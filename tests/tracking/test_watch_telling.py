"""By which way do operators hear of an alarm, how often, and what if a way is shut?"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.servers import free_port
from tests.smtp_server import ScriptedServer
from tests.tracking.ways_to_tell import HOST, Hook, mail_server, mails, webhook
from tracking.actions.watch import look
from tracking.mail.alarms import Words, by_mail, by_webhook
from tracking.models import Alarm, AlarmTelling, Pulse
from tracking.rules.instants import instant_from

NOW = instant_from("2026-11-26T08:30:00")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WORDS = Words("Cảnh báo", "Bộ lập lịch không hoạt động.\n", {"text": "Bộ lập lịch"})

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def silent_scheduler(settings: Any, db: None) -> None:
    settings.SIGNS_OF_LIFE = []
    settings.ALARM_ADDRESSES, settings.ALARM_WEBHOOK = [], ""
    Pulse.objects.beat("scheduler", NOW - 10 * MINUTE)


@pytest.fixture
def hook(settings: Any) -> Iterator[Hook]:
    with webhook() as found:
        settings.ALARM_WEBHOOK = found.address
        yield found


def given_server(settings: Any, port: int, *addresses: str) -> None:
    settings.ALARM_ADDRESSES = list(addresses)
    settings.ALARM_EMAIL = {"EMAIL_HOST": HOST, "EMAIL_PORT": port}


def watched(at: datetime) -> list[Alarm]:
    return look(now=at, awake_since=NOW - HOUR)


def alive(at: datetime) -> None:
    Pulse.objects.beat("scheduler", at)


def tellings() -> list[tuple[str, bool, bool]]:
    return list(AlarmTelling.objects.order_by("pk").values_list("way", "taken", "over"))


def test_a_webhook_is_told_that_it_stands_and_that_it_is_over(hook: Hook) -> None:
    watched(NOW)
    watched(NOW + MINUTE)
    alive(NOW + 2 * MINUTE)
    watched(NOW + 2 * MINUTE)
    watched(NOW + 3 * MINUTE)
    assert [told["alarms"][0]["over"] for told in hook.told] == [False, True]
    first = hook.told[0]["alarms"][0]
    assert (first["kind"], first["subject"]) == ("stopped", "scheduler")
    assert "has not been at work since 26/11/2026 08:20." in first["said"]["en"]
    assert first["said"]["en"] in hook.told[0]["text"]
    assert tellings() == [("webhook", True, False), ("webhook", True, True)]


def test_an_alarm_that_stands_is_told_every_four_hours(hook: Hook) -> None:
    for minutes in range(0, 9 * 60, 30):
        watched(NOW + minutes * MINUTE)
    at = AlarmTelling.objects.order_by("pk").values_list("at", flat=True)
    assert list(at) == [NOW, NOW + 4 * HOUR, NOW + 8 * HOUR]


def test_a_mail_says_it_in_both_languages_and_names_the_portal(
    settings: Any, tmp_path: Path
) -> None:
    settings.BASE_URL = "https://portal.example"
    with mail_server(tmp_path) as port:
        given_server(settings, port, "a@example.vn", "b@example.vn")
        watched(NOW)
    (mail,) = mails(tmp_path)
    assert mail.recipients == "a@example.vn, b@example.vn"
    assert mail.text.count("26/11/2026 08:20") == 2
    assert "https://portal.example/admin/" in mail.text
    assert "Progress portal: 1 alarm" in mail.subject
    assert tellings() == [("mail", True, False)]


def test_several_alarms_make_one_message(hook: Hook) -> None:
    Pulse.objects.beat("watch", NOW - 20 * MINUTE)
    watched(NOW)
    (told,) = hook.told
    assert [alarm["subject"] for alarm in told["alarms"]] == ["watch", "scheduler"]
    assert len(tellings()) == 2


def test_a_way_that_is_shut_keeps_no_other_one_from_telling(settings: Any, hook: Hook) -> None:
    given_server(settings, free_port(), "a@example.vn")
    watched(NOW)
    assert tellings() == [("mail", False, False), ("webhook", True, False)]
    assert "refused" in AlarmTelling.objects.get(way="mail").said.lower()


def test_a_way_that_failed_is_tried_again_at_the_next_look(hook: Hook) -> None:
    hook.status = 500
    watched(NOW)
    hook.status = 200
    watched(NOW + MINUTE / 2)
    watched(NOW + MINUTE)
    assert tellings() == [("webhook", False, False), ("webhook", True, False)]


def test_who_never_heard_of_it_is_not_told_that_it_is_over(hook: Hook) -> None:
    hook.status = 500
    watched(NOW)
    alive(NOW + MINUTE)
    watched(NOW + MINUTE)
    assert tellings() == [("webhook", False, False)]


def test_nobody_tells_while_another_one_does(hook: Hook) -> None:
    assert Pulse.objects.claim("telling", NOW - MINUTE, timedelta(seconds=120))
    watched(NOW)
    assert hook.told == []
    # Killed with the claim in hand: it ends by itself.
    watched(NOW + MINUTE)
    assert len(hook.told) == 1


def test_a_claim_is_one_s_own() -> None:
    lease = timedelta(seconds=120)
    assert Pulse.objects.claim("x", NOW, lease)
    assert not Pulse.objects.claim("x", NOW + MINUTE, lease)
    assert Pulse.objects.claim("x", NOW + 2 * MINUTE, lease)
    Pulse.objects.release("x", NOW, lease)  # the first one comes back: it is not his any more
    assert not Pulse.objects.claim("x", NOW + 3 * MINUTE, lease)
    Pulse.objects.release("x", NOW + 2 * MINUTE, lease)
    assert Pulse.objects.claim("x", NOW + 3 * MINUTE, lease)


@pytest.mark.parametrize("status", [301, 302, 400, 404, 500, 503])
def test_a_webhook_that_answers_anything_else_did_not_take_it(status: int, settings: Any) -> None:
    with webhook(status) as hook:
        settings.ALARM_WEBHOOK = hook.address
        answer = by_webhook(WORDS)
        assert not answer.taken
        assert str(status) in answer.said
        assert len(hook.told) == 1


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://x/", "no address", "http://[::"])
def test_an_address_that_is_no_webhook_is_said(settings: Any, address: str) -> None:
    settings.ALARM_WEBHOOK = address
    answer = by_webhook(WORDS)
    assert not answer.taken
    assert answer.said


def test_a_mail_server_that_takes_it_for_some_says_for_whom_not(settings: Any) -> None:
    with ScriptedServer() as server:
        server.will("RCPT", "550 no such user", to="b@example.vn")
        given_server(settings, server.port, "a@example.vn", "b@example.vn")
        answer = by_mail(WORDS)
    assert answer.taken
    assert "b@example.vn" in answer.said
    assert "no such user" in answer.said


def test_an_address_that_is_none_is_said_and_nothing_is_sent(settings: Any, tmp_path: Path) -> None:
    with mail_server(tmp_path) as port:
        given_server(settings, port, "a@example.vn\r\nBcc: c@example.vn")
        answer = by_mail(WORDS)
    assert not answer.taken
    assert mails(tmp_path) == []
