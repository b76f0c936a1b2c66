"""Redirects: followed as far as agreed, and nothing of ours goes where it does not belong."""

from contextlib import ExitStack

import pytest

from databases.probes.egress import Reach
from databases.probes.prober import Unprepared, prepare
from databases.probes.surroundings import Given, Secret
from tests.databases.probe_attempts import THIS_MACHINE, TRUSTING, probed, said
from tests.databases.probe_authority import AUTHORITY, HERE, leaf, trusted
from tests.databases.probe_servers import (
    Serving,
    Socket,
    Talk,
    http,
    nobody,
    request_of,
    says,
    says_then_hangs,
    server_context,
)


def moved(location: str, status: int = 302) -> bytes:
    return http("", status, Location=location)


def by_path(**answers: bytes) -> Talk:
    """Answers by the first word of the path; any other with 200."""

    def talk(serving: Serving, connection: Socket) -> None:
        asked = request_of(connection)
        serving.heard.append(asked)
        word = asked.split(b" ")[1].decode().strip("/").partition("?")[0]
        connection.sendall(answers.get(word, http("there")))

    return talk


def test_without_leave_a_redirect_is_an_answer_that_was_not_expected() -> None:
    with Serving(says(moved("/login"))) as server:
        reading = probed("http", {"url": server.url})
        accepted = probed("http", {"url": server.url, "status": [302]})
    assert said(reading) == "fail status_302 theirs request"
    assert said(accepted) == "ok - - request"
    assert server.accepted == 2


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("/there?x=1", "/there?x=1"),
        ("there", "/a/there"),
        ("?x=1", "/a/b?x=1"),
        ("../up", "/a/../up"),
        ("/there#part", "/there"),
        ("//127.0.0.1:{port}/there", "/there"),
        ("http://127.0.0.1:{port}/there", "/there"),
        ("HTTP://127.0.0.1:{port}", "/"),
        ("/path/http://elsewhere", "/path/http://elsewhere"),
    ],
)
def test_a_redirect_is_followed_to_where_it_points(location: str, path: str) -> None:
    with Serving(says(b"")) as server:
        server.talk = _once(moved(location.format(port=server.port)), http("there"))
        spec = {"url": f"{server.url}/a/b?c=d", "redirects": 1, "contains": "there"}
        assert said(probed("http", spec)) == "ok - - content"
    assert server.heard[1].startswith(f"GET {path} HTTP/1.1".encode())


def _once(first: bytes, then: bytes) -> Talk:
    def talk(serving: Serving, connection: Socket) -> None:
        serving.heard.append(request_of(connection))
        connection.sendall(first if len(serving.heard) == 1 else then)

    return talk


@pytest.mark.parametrize("redirects", [1, 2, 3])
def test_a_circle_of_redirects_ends_at_the_agreed_number(redirects: int) -> None:
    with Serving(says(moved("/again"))) as server:
        reading = probed("http", {"url": server.url, "redirects": redirects})
    assert said(reading) == "fail too_many_redirects theirs request"
    assert reading.status == 302
    assert server.accepted == redirects + 1


def test_more_than_three_redirects_cannot_be_agreed() -> None:
    spec = {"url": "http://127.0.0.1/", "redirects": 4}
    assert prepare("http", spec, TRUSTING, timeout=1) == Unprepared("bad_specification")


def test_the_phases_are_those_of_the_last_target() -> None:
    slow = says(b"", moved("/there"), pause=0.15)
    with Serving(slow) as first, Serving(says(http("ok"))) as second:
        first.talk = says(b"", moved(f"{second.url}/there"), pause=0.15)
        reading = probed("http", {"url": first.url, "redirects": 1})
    assert said(reading) == "ok - - request"
    assert (reading.first_byte or 0) < 100_000
    assert reading.total > 150_000


def test_a_target_that_is_moved_to_and_not_reached_has_no_times_of_the_one_before() -> None:
    with nobody() as port, Serving(says(moved(f"http://127.0.0.1:{port}/"))) as server:
        reading = probed("http", {"url": server.url, "redirects": 1})
    assert said(reading) == "fail refused theirs connect"
    assert (reading.connect, reading.first_byte) == (None, None)


REFUSED = {
    "gives up TLS": "http://127.0.0.1:{port}/",
    "file": "file:///etc/passwd",
    "gopher": "gopher://127.0.0.1:{port}/_x",
    "ftp": "ftp://127.0.0.1/",
    "data": "data:text/plain,x",
    "script": "javascript:alert(1)",
    "one slash": "https:/127.0.0.1/",
    "no slash": "https:127.0.0.1",
    "three slashes": "https:///127.0.0.1/",
    "backslashes": "\\\\127.0.0.1\\",
    "slash and backslash": "/\\127.0.0.1/",
    "user": "https://user:word@127.0.0.1:{port}/",
    "user that looks like a host": "https://service.test@127.0.0.1:{port}/",
    "other letters": "https://127.0.0.1:{port}/đường",
    "tab": "/a\tb",
    "space": "/a b",
    "octal": "https://0177.0.0.1:{port}/",
    "port nought": "https://127.0.0.1:0/",
}


@pytest.mark.parametrize("location", REFUSED.values(), ids=REFUSED)
def test_a_redirect_that_must_not_be_followed_is_our_own_affair(location: str) -> None:
    with ExitStack() as stack:
        canary = stack.enter_context(Serving(says(http("caught"))))
        told = moved(location.format(port=canary.port).encode().decode("latin-1"))
        server = stack.enter_context(Serving(says(told), tls=server_context()))
        reading = probed("http", {"url": server.url, "redirects": 3})
    assert said(reading) == "config redirect_refused - request"
    assert canary.accepted == 0


def test_the_guard_judges_the_target_of_every_redirect() -> None:
    own = Serving(says(http("the portal itself")))
    with own, Serving(says(moved(f"{own.url}/admin/"))) as server:
        reach = Reach(
            "tests", stand_ins=THIS_MACHINE, own_servers=frozenset({("127.0.0.1", own.port)})
        )
        reading = probed("http", {"url": server.url, "redirects": 1}, reach=reach)
    assert said(reading) == "config egress_own_server - name"
    assert own.accepted == 0


def test_the_policy_of_tls_holds_on_the_other_host_too() -> None:
    bad = server_context(leaf(*HERE, issuer="Somebody"))
    with Serving(says(http("ok")), tls=bad) as worse:
        told = says(moved(f"https://127.0.0.1:{worse.port}/"))
        with Serving(told, tls=server_context()) as server:
            reading = probed("http", {"url": server.url, "redirects": 1})
    assert said(reading) == "fail certificate_untrusted theirs tls"
    assert worse.heard == []


SECRET = b"Tuyet-Mat-91"


def given(kind: str, text: bytes = SECRET, host: str = "127.0.0.1") -> Given:
    return Given(authorities=trusted(), secret=Secret(kind, host, text))


@pytest.mark.parametrize(
    ("kind", "text", "sent"),
    [
        ("bearer", SECRET, b"Authorization: Bearer Tuyet-Mat-91\r\n"),
        ("bearer", SECRET + b"\n", b"Authorization: Bearer Tuyet-Mat-91\r\n"),
        ("basic", b"user:" + SECRET, b"Authorization: Basic dXNlcjpUdXlldC1NYXQtOTE=\r\n"),
    ],
)
def test_a_credential_goes_to_its_host_and_to_no_other(kind: str, text: bytes, sent: bytes) -> None:
    headers = {"X-API-Key": "mine", "Accept": "application/json"}
    with Serving(says(http("ok")), host="127.0.0.2", tls=server_context(leaf("127.0.0.2"))) as far:
        near = Serving(
            by_path(away=moved(f"{far.url}/x"), stay=moved("/here")), tls=server_context()
        )
        with near:
            for path in ("away", "stay"):
                spec = {"url": f"{near.url}/{path}", "redirects": 1, "headers": headers}
                assert said(probed("http", spec, given(kind, text))) == "ok - - request"
    assert len(near.heard) == 3
    assert all(sent in asked and b"X-API-Key: mine" in asked for asked in near.heard)
    (asked,) = far.heard
    assert b"Authorization" not in asked
    assert b"mine" not in asked
    assert b"Accept: application/json\r\n" in asked
    assert b"Host: 127.0.0.2:" in asked


def test_another_port_is_another_host() -> None:
    with Serving(says(http("ok")), tls=server_context()) as other:
        first = Serving(says(moved(f"{other.url}/")), tls=server_context())
        with first:
            spec = {"url": first.url, "redirects": 1}
            assert said(probed("http", spec, given("bearer"))) == "ok - - request"
    assert b"Authorization" in first.heard[0]
    assert b"Authorization" not in other.heard[0]


def test_our_certificate_is_not_shown_to_another_host() -> None:
    ours = given("client_certificate", leaf().with_key())
    demanding = server_context(leaf("127.0.0.2"), callers=AUTHORITY, version="TLSv1_3")
    with Serving(says(http("ok")), host="127.0.0.2", tls=demanding) as far:
        told = says(moved(f"{far.url}/"))
        with Serving(told, tls=server_context(callers=AUTHORITY)) as near:
            reading = probed("http", {"url": near.url, "redirects": 1}, ours)
    assert said(reading) == "fail client_certificate_missing contract tls"
    assert len(near.heard) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_call_stays_a_call_unless_it_is_told_to_look_elsewhere(status: int) -> None:
    envelope = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>'
    )
    with Serving(by_path(first=moved("/second", status), second=http(envelope))) as server:
        spec = {"url": f"{server.url}/first", "action": "urn:ping", "redirects": 1}
        assert said(probed("soap", spec)) == "ok - - content"
    method, body = (b"GET", False) if status == 303 else (b"POST", True)
    assert server.heard[1].startswith(method + b" /second ")
    assert (b"Envelope" in server.heard[1]) is body


BAD_SECRETS = [
    ("bearer", SECRET, "elsewhere.test", "https", "credential_for_another_host"),
    ("basic", SECRET, "127.0.0.2", "https", "credential_for_another_host"),
    ("client_certificate", SECRET, "", "https", "credential_for_another_host"),
    ("bearer", SECRET, "127.0.0.1", "http", "credential_without_tls"),
    ("basic", SECRET, "127.0.0.1", "http", "credential_without_tls"),
    ("client_certificate", SECRET, "127.0.0.1", "http", "credential_without_tls"),
    ("database", SECRET, "127.0.0.1", "https", "credential_of_another_kind"),
    ("signature", SECRET, "127.0.0.1", "https", "credential_of_another_kind"),
    ("bearer", b"a\r\nX-Evil: b", "127.0.0.1", "https", "credential_unreadable"),
    ("bearer", b"\xff\xfe", "127.0.0.1", "https", "credential_unreadable"),
    ("bearer", "mật".encode(), "127.0.0.1", "https", "credential_unreadable"),
]


@pytest.mark.parametrize(("kind", "text", "host", "scheme", "reason"), BAD_SECRETS)
def test_a_credential_that_must_not_be_sent_is_not_sent(
    kind: str, text: bytes, host: str, scheme: str, reason: str
) -> None:
    with Serving(says(http("caught"))) as canary:
        spec = {"url": f"{scheme}://127.0.0.1:{canary.port}/"}
        reading = probed("http", spec, given(kind, text, host))
    assert said(reading) == f"config {reason} - name"
    assert canary.accepted == 0


def test_a_host_is_the_same_however_it_is_written() -> None:
    for bound in ("SERVICE.test", "service.test.", "ｓervice.test"):
        spec = {"url": "https://Service.Test/"}
        assert not isinstance(
            prepare("http", spec, given("bearer", host=bound), timeout=1), Unprepared
        )


def test_nothing_secret_shows_in_a_repr_a_reading_or_a_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(0)
    shown: list[str] = []
    with Serving(says_then_hangs(SECRET), tls=server_context()) as server:
        for kind, text in (("bearer", SECRET), ("basic", b"u:" + SECRET)):
            endpoint = prepare("http", {"url": server.url}, given(kind, text), timeout=1)
            reading = probed("http", {"url": server.url}, given(kind, text), timeout=1)
            shown += [repr(endpoint), repr(getattr(endpoint, "spec", "")), repr(given(kind, text))]
            shown.append(repr(reading))
    spec = {"host": "127.0.0.1", "database": "d", "user": "u", "tls": "disable"}
    endpoint = prepare("postgres", spec, given("database"), timeout=1)
    shown += [repr(endpoint), repr(getattr(endpoint, "spec", ""))]
    pem = leaf().with_key()
    endpoint = prepare("tls", {"host": "127.0.0.1"}, given("client_certificate", pem), timeout=1)
    shown += [repr(endpoint), repr(getattr(endpoint, "spec", "")), caplog.text]
    for told in shown:
        assert "Tuyet-Mat" not in told
        assert "VHV5ZXQtTWF0" not in told
        assert "dTpUdXlldC1NYXQtOTE" not in told
        assert "PRIVATE KEY" not in told
