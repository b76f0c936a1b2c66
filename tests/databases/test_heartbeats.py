"""The other side reports by itself: signed, numbered, fresh; nothing else is taken."""

import hashlib
import hmac
import http.client
import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from databases.actions import heartbeats
from databases.actions.credentials import seal_credential
from databases.actions.heartbeats import (
    NotProven,
    Repeated,
    TooSoon,
    Unusable,
    accept_report,
)
from databases.models import Check, Endpoint, EndpointState, HeartbeatReport
from databases.pump.claim import claim
from databases.pump.once import probe_once
from tests.databases.probed import make_endpoint
from tests.processes import manage, own_database
from tracking.actions.refusals import Refused

KEY = b"planted-secret-3f9a1c0de7"
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
CODE = "GL-01-BT"


def make_heartbeat(now: datetime = NOW, *, code: str = CODE, **spec: int) -> Endpoint:
    """Every hour, a minute of grace, unless said otherwise."""
    seal_credential(
        code=f"KEY-{code}", kind="signature", host="127.0.0.1", secret=KEY, now=now, by="op"
    )
    return make_endpoint(
        now, 1, code=code, kind="heartbeat", spec=spec, credential=f"KEY-{code}", interval=60
    )


@pytest.fixture
def endpoint(db: None) -> Endpoint:
    return make_heartbeat()


def body(number: Any = 1, *, at: datetime = NOW, watermark: Any = None, **more: Any) -> bytes:
    if isinstance(watermark, datetime):
        watermark = watermark.isoformat()
    said = {"number": number, "watermark": watermark, "sent_at": at.isoformat(), **more}
    return json.dumps(said).encode()


def signed(data: bytes, key: bytes = KEY) -> str:
    return f"sha256={hmac.new(key, data, hashlib.sha256).hexdigest()}"


def accept(data: bytes, *, now: datetime = NOW, code: str = CODE) -> HeartbeatReport:
    return accept_report(code=code, body=data, signature=signed(data), now=now)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def numbers() -> list[int]:
    return list(HeartbeatReport.objects.order_by("number").values_list("number", flat=True))


def test_a_report_is_kept_with_its_number_instant_and_watermark(endpoint: Endpoint) -> None:
    watermark = NOW - timedelta(minutes=7)
    kept = accept(body(41, watermark=watermark))
    kept.refresh_from_db()
    assert (kept.endpoint_id, kept.number) == (endpoint.pk, 41)
    assert (kept.received_at, kept.watermark) == (NOW, watermark)


def test_a_watermark_may_be_null_or_left_out(endpoint: Endpoint) -> None:
    accept(body(1))
    data = json.dumps({"number": 2, "sent_at": later(5).isoformat()}).encode()
    assert accept(data, now=later(5)).watermark is None


def test_an_instant_in_any_offset_is_the_same_instant(endpoint: Endpoint) -> None:
    kept = accept(body(1, watermark="2026-11-20T09:53:00+07:00"))
    kept.refresh_from_db()
    assert kept.watermark == NOW - timedelta(minutes=7)


@pytest.mark.django_db
@pytest.mark.parametrize("case", ["unknown", "kind", "no key", "wrong kind of key", "bad", "none"])
def test_whoever_proves_nothing_gets_one_and_the_same_answer(case: str) -> None:
    make_heartbeat()
    code, data = CODE, body()
    signature = signed(data)
    match case:
        case "unknown":
            code = "NO-SUCH"
        case "kind":
            code = "E-1"
            make_endpoint(NOW, 1)
        case "no key":
            Endpoint.objects.update(credential=None)
        case "wrong kind of key":
            seal_credential(
                code=f"KEY-{CODE}", kind="bearer", host="127.0.0.1", secret=KEY, now=NOW, by="op"
            )
        case "bad":
            signature = signed(data, b"another")
        case "none":
            signature = ""
    with pytest.raises(NotProven) as refused:
        accept_report(code=code, body=data, signature=signature, now=NOW)
    assert refused.value.sentences == NotProven().sentences
    assert numbers() == []


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.removeprefix("sha256="),
        lambda s: s.replace("sha256", "sha1"),
        lambda s: s[:-1],
        lambda s: s + "0",
        lambda s: s.replace("=", "=\u0661"),
        lambda s: "sha256=",
        lambda s: "sha256=\udcff",
    ],
)
def test_a_signature_that_is_not_exactly_right_proves_nothing(
    endpoint: Endpoint, change: Callable[[str], str]
) -> None:
    data = body()
    with pytest.raises(NotProven):
        accept_report(code=CODE, body=data, signature=change(signed(data)), now=NOW)


def test_a_signature_in_capitals_is_the_same(endpoint: Endpoint) -> None:
    data = body()
    signature = "sha256=" + signed(data).removeprefix("sha256=").upper()
    assert accept_report(code=CODE, body=data, signature=signature, now=NOW).number == 1


def test_one_changed_byte_of_the_body_breaks_the_signature(endpoint: Endpoint) -> None:
    data = body(1)
    with pytest.raises(NotProven):
        accept_report(code=CODE, body=data + b" ", signature=signed(data), now=NOW)


def test_a_key_that_cannot_be_opened_is_told_to_the_operators_only(
    endpoint: Endpoint, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SECRETS_KEY = "another key than the one it was sealed with"
    with pytest.raises(NotProven):
        accept(body())
    assert CODE in caplog.text
    assert KEY.decode() not in caplog.text


UNUSABLE = {
    b"": "not a JSON object",
    b"[]": "not a JSON object",
    b"\xff": "not a JSON object",
    b"[" * 4_000: "not a JSON object",
    b"{}": "number: it must be a whole number",
    body("1"): "number: it must be a whole number",
    body(True): "number: it must be a whole number",
    body(1.0): "number: it must be a whole number",
    body(-1): "number: it must be a whole number",
    body(2**63): "number: it must be a whole number",
    body(10**30): "number: it must be a whole number",
    body(1, sent_at="2026-11-20T10:00:00"): "sent_at: it must be an instant with its offset",
    body(1, sent_at=1_763_600_000): "sent_at: it must be an instant",
    body(1, sent_at=None): "sent_at: it must be an instant",
    body(1, sent_at="0001-01-01T00:00:00+14:00"): "sent_at: it must be an instant",
    body(1, at=later(301)): "sent_at: it lies more than five minutes ahead",
    body(1, at=later(-301)): "sent_at: it lies before 2026-11-20T09:55:00+07:00",
    body(1, watermark=later(301)): "watermark: it lies more than five minutes ahead",
    body(1, watermark="yesterday"): "watermark: it must be an instant",
    body(1, watermark=""): "watermark: it must be an instant",
    body(1, watermark="1999-12-31T00:00:00Z"): "watermark: it lies before 2000-01-01",
    body(1, water_mark=None): "water_mark: it is not known here",
}


@pytest.mark.parametrize(("data", "told"), UNUSABLE.items())
def test_what_a_proven_report_says_wrongly_gets_a_sentence(
    endpoint: Endpoint, data: bytes, told: str
) -> None:
    with pytest.raises(Unusable) as refused:
        accept(data)
    assert told in str(refused.value)
    assert numbers() == []


def test_every_fault_of_a_report_is_told_at_once(endpoint: Endpoint) -> None:
    with pytest.raises(Unusable) as refused:
        accept(body("x", at=later(900), watermark="x", more=1))
    assert [said.partition(":")[0] for said in refused.value.sentences] == [
        "number",
        "sent_at",
        "watermark",
        "more",
    ]


@pytest.mark.parametrize("seconds", [-300, 300])
def test_a_clock_may_be_five_minutes_off(endpoint: Endpoint, seconds: int) -> None:
    assert accept(body(1, at=later(seconds), watermark=later(300))).number == 1


@pytest.mark.parametrize("number", [7, 6, 0])
def test_a_number_told_already_or_an_older_one_changes_nothing(
    endpoint: Endpoint, number: int
) -> None:
    accept(body(7, watermark=NOW))
    with pytest.raises(Repeated, match=f"number {number} was told already"):
        accept(body(number, at=later(60)), now=later(60))
    assert list(HeartbeatReport.objects.values_list("number", "received_at")) == [(7, NOW)]


def test_numbers_may_leave_gaps_and_reach_the_largest(endpoint: Endpoint) -> None:
    accept(body(0))
    accept(body(2**63 - 1), now=later(1))
    assert numbers() == [0, 2**63 - 1]


def test_at_most_one_report_a_second_is_taken(endpoint: Endpoint) -> None:
    accept(body(1))
    with pytest.raises(TooSoon):
        accept(body(2), now=later(0.999))
    assert accept(body(2), now=later(1)).number == 2


def test_a_clock_of_ours_that_was_set_back_stops_no_reports(endpoint: Endpoint) -> None:
    accept(body(1))
    earlier = later(-120)
    assert accept(body(2, at=earlier), now=earlier).number == 2


def test_another_endpoint_has_numbers_and_a_pace_of_its_own(endpoint: Endpoint) -> None:
    make_heartbeat(code="GL-02-BT")
    accept(body(9))
    assert accept(body(1), code="GL-02-BT").number == 1


def test_only_the_newest_thousand_reports_are_kept(endpoint: Endpoint) -> None:
    HeartbeatReport.objects.bulk_create(
        HeartbeatReport(endpoint=endpoint, number=2 * n, received_at=later(n - 5_000))
        for n in range(1_004)
    )
    accept(body(3_000))
    kept = numbers()
    assert (len(kept), kept[0], kept[-1]) == (heartbeats.KEPT, 2 * 5, 3_000)


def test_a_report_costs_few_queries(endpoint: Endpoint, django_assert_max_num_queries: Any) -> None:
    accept(body(1))
    with django_assert_max_num_queries(8):
        accept(body(2), now=later(5))


# Over HTTP: the clock is the server's.


def post(code: str, data: bytes, *, key: bytes = KEY, language: str = "vi") -> Any:
    given = {"X-Signature": signed(data, key), "Accept-Language": language}
    return Client(enforce_csrf_checks=True).post(
        f"/heartbeats/{code}", data, content_type="application/json", headers=given
    )


def now_body(number: int = 1, **more: Any) -> bytes:
    return body(number, at=timezone.now(), **more)


def test_a_report_needs_neither_session_nor_token(endpoint: Endpoint) -> None:
    answer = post(CODE, now_body())
    assert (answer.status_code, answer.content) == (204, b"")
    assert not answer.cookies
    assert numbers() == [1]


@pytest.mark.parametrize(
    ("number", "status", "sentence"),
    [(1, 409, "numbers only grow"), (2, 429, "one report a second")],
)
def test_a_refusal_is_a_status_and_a_sentence(
    endpoint: Endpoint, number: int, status: int, sentence: str
) -> None:
    assert post(CODE, now_body(1)).status_code == 204
    answer = post(CODE, now_body(number), language="en")
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert answer["Content-Type"] == "text/plain; charset=utf-8"


def test_what_is_unusable_is_told_line_by_line(endpoint: Endpoint) -> None:
    answer = post(CODE, now_body(-1, more=1), language="en")
    assert answer.status_code == 400
    assert [line.partition(":")[0] for line in answer.text.splitlines()] == ["number", "more"]


def test_over_http_too_nobody_learns_which_endpoints_there_are(endpoint: Endpoint) -> None:
    make_endpoint(NOW, 1)
    answers = [
        post(code, now_body(), key=key)
        for code, key in (
            (CODE, b"wrong"),
            ("E-1", KEY),
            ("NO-SUCH", KEY),
            ("A/B", KEY),
            ("%00", KEY),
            ("%ED%A0%80", KEY),
            ("Đ" * 300, KEY),
        )
    ]
    answers.append(Client().post(f"/heartbeats/{CODE}", now_body(), content_type="text/plain"))
    assert {(a.status_code, a.content, a["Content-Type"]) for a in answers} == {
        (403, answers[0].content, "text/plain; charset=utf-8")
    }
    assert numbers() == []


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_only_post_is_answered(method: str) -> None:
    answer = Client().generic(method, f"/heartbeats/{CODE}")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert method == "HEAD" or answer.content.strip()


def test_a_report_of_more_than_four_kilobytes_is_not_read(endpoint: Endpoint) -> None:
    fits = now_body(1).ljust(heartbeats.MOST_BYTES)
    assert post(CODE, fits + b" ").status_code == 413
    assert post(CODE, fits).status_code == 204


@pytest.fixture
def portal(
    transactional_db: None, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[http.client.HTTPConnection]:
    """Asked for here, the server starts after the folders of this test are there. Who made the
    endpoint is not kept: the database lets nobody delete that afterwards."""
    monkeypatch.setattr("databases.actions.endpoints._note", lambda *told: None)
    make_heartbeat(timezone.now())
    parts = urlsplit(request.getfixturevalue("live_server").url)
    line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    yield line
    line.close()


def sent(line: http.client.HTTPConnection, data: bytes, **headers: str) -> tuple[int, str]:
    given = {"X-Signature": signed(data), "Accept-Language": "en"} | headers
    line.request("POST", f"/heartbeats/{CODE}", data, given)
    answer = line.getresponse()
    return answer.status, answer.read().decode()


def test_a_report_arrives_over_a_real_socket(portal: http.client.HTTPConnection) -> None:
    data = now_body(5)
    assert sent(portal, data) == (204, "")
    status, said = sent(portal, data)
    assert (status, "number 5" in said) == (409, True)
    assert sent(portal, data, **{"X-Signature": "sha256=0"})[0] == 403
    assert sent(portal, b"x" * 5_000)[0] == 413
    assert numbers() == [5]


def test_a_body_without_a_length_proves_nothing(portal: http.client.HTTPConnection) -> None:
    data = now_body()
    portal.putrequest("POST", f"/heartbeats/{CODE}")
    portal.putheader("X-Signature", signed(data))
    portal.endheaders()
    assert portal.getresponse().status == 403


def test_the_key_shows_nowhere(
    portal: http.client.HTTPConnection, caplog: pytest.LogCaptureFixture, capfd: Any
) -> None:
    told = []
    with caplog.at_level(logging.DEBUG):
        for data in (now_body(1), now_body(1), b"no json", b"x" * 5_000):
            told.append(sent(portal, data)[1])
        told.append(sent(portal, now_body(2), **{"X-Signature": "sha256=1"})[1])
        for data, signature in ((body(9), "sha256=2"), (b"{}", signed(b"{}"))):
            with pytest.raises(Refused) as refused:
                accept_report(code=CODE, body=data, signature=signature, now=NOW)
            told.append(repr(refused.value) + str(refused.getrepr(showlocals=True)))
    captured = capfd.readouterr()
    everything = "\n".join([*told, caplog.text, captured.out, captured.err])
    assert KEY.decode() not in everything
    assert KEY.hex() not in everything
    assert KEY not in b"".join(bytes(row.credential.sealed) for row in _with_keys())


def _with_keys() -> Any:
    return Endpoint.objects.exclude(credential=None).select_related("credential")


# At once, in a process of its own: a file of SQLite or a database of PostgreSQL, and eight threads.

AT_ONCE = """
import threading
from django.db import connection
from databases.actions.heartbeats import Repeated, TooSoon, accept_report
from databases.models import HeartbeatReport
from tests.databases.test_heartbeats import CODE, NOW, body, later, make_heartbeat, signed
make_heartbeat()
start, told = threading.Barrier(8), []
def report(number, now):
    data = body(number)
    start.wait()
    try:
        accept_report(code=CODE, body=data, signature=signed(data), now=now)
        told.append("kept")
    except (Repeated, TooSoon) as refused:
        told.append(type(refused).__name__)
    except BaseException as error:
        told.append(repr(error))
    finally:
        connection.close()
cases = {cases}
threads = [threading.Thread(target=report, args=case) for case in cases]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(sorted(told), list(HeartbeatReport.objects.order_by("pk").values_list("number", flat=True)))
"""


def at_once(folder: Path, cases: str) -> str:
    with own_database(folder) as url:
        script = AT_ONCE.format(cases=cases)
        done = manage(url, folder, "shell", "-v", "0", "-c", script)
    assert done.returncode == 0, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    return done.stdout.decode().strip()


def test_of_equal_numbers_at_once_one_is_kept(tmp_path: Path) -> None:
    found = at_once(tmp_path, "[(5, NOW)] * 8")
    assert found == f"{['Repeated'] * 7 + ['kept']} [5]"


def test_numbers_that_arrive_at_once_only_grow(tmp_path: Path) -> None:
    """They come in any order; those that were kept were kept in the order of their numbers."""
    found = at_once(tmp_path, "[(n, later(9 * n)) for n in range(1, 9)]")
    said, _, kept = found.partition("] [")
    numbers_kept = [int(n) for n in kept.rstrip("]").split(",")]
    assert numbers_kept == sorted(numbers_kept)
    assert numbers_kept[-1] == 8
    assert said.count("kept") == len(numbers_kept)
    assert said.count("Repeated") == 8 - len(numbers_kept)


# From the report to the state of the endpoint.


def probe(at: datetime) -> EndpointState:
    EndpointState.objects.update(next_due_at=at)
    probe_once(claim(10, at), lambda: at)
    return EndpointState.objects.get()


def test_a_report_makes_the_probe_pass_and_silence_makes_it_fail(endpoint: Endpoint) -> None:
    seen = probe(NOW)
    assert (seen.last_result, seen.last_reason) == ("fail", "never_reported")
    accept(body(1, at=later(30), watermark=later(-30)), now=later(30))
    seen = probe(later(60))
    assert (seen.last_result, seen.last_reason, seen.last_age) == ("ok", "", 90)
    assert probe(later(30 + 3_655)).last_result == "ok"
    seen = probe(later(30 + 3_665))
    assert (seen.last_result, seen.last_reason) == ("fail", "report_overdue")
    accept(body(2, at=later(3_700)), now=later(3_700))
    assert probe(later(3_720)).last_result == "ok"
    assert Check.objects.filter(endpoint=endpoint).count() == 5


@pytest.mark.django_db
def test_a_report_of_old_data_is_a_warning() -> None:
    make_heartbeat(max_age=600)
    accept(body(1, watermark=later(-900)))
    seen = probe(later(1))
    assert (seen.last_result, seen.last_reason, seen.last_age) == ("warn", "stale", 901)


@pytest.mark.django_db
def test_an_endpoint_that_stays_silent_goes_down_and_comes_back_with_its_reports() -> None:
    make_heartbeat(every=60, grace=0)
    accept(body(1))
    states = []
    for minute in range(1, 9):
        at = later(61 * minute)
        if minute > 5:
            accept(body(minute, at=at), now=at)
        states.append(probe(at).state)
    assert "down" in states[:5]
    assert states[-1] == "up"
