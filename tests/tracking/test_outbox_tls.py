"""Asked for TLS, nothing is said in plain: neither the password nor the message."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.databases.probe_authority import AUTHORITY, HERE, authority, leaf
from tests.servers import free_port
from tests.smtp_server import ScriptedServer
from tests.tracking.outbox_rows import at_port
from tracking.mail.addresses import parsed
from tracking.mail.conversation import Conversation, Kind, Outcome, Unavailable
from tracking.mail.server import MailServer

SENDER, RECIPIENT = parsed("portal@portal.vn"), parsed("a@x.vn")
MESSAGE = b"To: a@x.vn\r\n\r\nHello\r\n"


@pytest.fixture(autouse=True)
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The authority of these tests is one of the machine's."""
    (tmp_path / "authority.pem").write_bytes(authority(AUTHORITY).pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))


def certificate(folder: Path, *names: str, **more: Any) -> str:
    path = folder / "server.pem"
    path.write_bytes(leaf(*names, **more).with_key())
    return str(path)


def sent(server: MailServer) -> Outcome:
    conversation = Conversation(server)
    try:
        refused = conversation.offer(SENDER, RECIPIENT, len(MESSAGE))
        return refused or conversation.hand(MESSAGE, lambda: True)
    finally:
        conversation.leave()


def nothing_was_said(server: ScriptedServer) -> bool:
    said = " ".join(server.heard)
    return not server.taken and "AUTH" not in said and "MAIL" not in said


def test_a_message_goes_by_starttls_and_by_tls(tmp_path: Path) -> None:
    good = certificate(tmp_path, *HERE)
    with ScriptedServer(certificate=good) as server:
        assert sent(at_port(server.port, starttls=True)).kind == Kind.TAKEN
        assert server.steps["EHLO"] == 2
    with ScriptedServer(certificate=good, implicit_tls=True) as server:
        assert sent(at_port(server.port, tls=True)).kind == Kind.TAKEN


@pytest.mark.parametrize("implicit", [False, True])
@pytest.mark.parametrize(
    ("names", "more"),
    [
        (HERE, {"issuer": None}),
        (HERE, {"ends": -0.5}),
        (("elsewhere.test",), {}),
    ],
    ids=["self-signed", "expired", "another's"],
)
def test_a_certificate_that_proves_nothing_is_told_nothing(
    tmp_path: Path, names: tuple[str, ...], more: dict[str, Any], implicit: bool
) -> None:
    bad = certificate(tmp_path, *names, **more)
    with ScriptedServer(certificate=bad, implicit_tls=implicit) as server:
        how = {"tls": True} if implicit else {"starttls": True}
        with pytest.raises(Unavailable, match="certificate"):
            sent(at_port(server.port, user="portal", password="secret", **how))
        assert nothing_was_said(server)


@pytest.mark.parametrize("says", [None, "454 not at the moment", "220 go on"])
def test_without_tls_there_is_no_talk(says: str | None) -> None:
    """Not offered; refused; promised and not kept."""
    with ScriptedServer("AUTH PLAIN", *(["STARTTLS"] if says else [])) as server:
        if says:
            server.will("STARTTLS", says)
        with pytest.raises(Unavailable):
            sent(at_port(server.port, patience=0.5, starttls=True, user="u", password="p"))
        assert nothing_was_said(server)


def test_what_is_slipped_in_before_tls_is_not_believed(tmp_path: Path) -> None:
    with ScriptedServer(certificate=certificate(tmp_path, *HERE)) as server:
        server.will("STARTTLS", "220 go on\r\n250 AUTH PLAIN")
        with pytest.raises(Unavailable):
            sent(at_port(server.port, starttls=True))
        assert nothing_was_said(server)


class Takes:
    def __init__(self) -> None:
        self.taken: list[Envelope] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(envelope)
        return "250 taken"


def _password(server: SMTP, session: Session, envelope: Envelope, way: str, data: object) -> object:
    right = isinstance(data, LoginPassword) and data.password == b"secret"
    return AuthResult(success=right, handled=False)


@pytest.fixture
def guarded() -> Iterator[tuple[int, Takes]]:
    """A real server that wants a password."""
    takes = Takes()
    controller = Controller(
        takes,
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=_password,
        auth_required=True,
        auth_require_tls=False,
    )
    controller.start()
    try:
        yield controller.port, takes
    finally:
        controller.stop()


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
def test_a_password_is_given_and_a_wrong_one_blames_nobody(guarded: tuple[int, Takes]) -> None:
    port, takes = guarded
    assert sent(at_port(port, user="portal", password="secret")).kind == Kind.TAKEN
    for how in ({"user": "portal", "password": "wrong"}, {}):
        with pytest.raises(Unavailable, match="53[05]"):
            sent(at_port(port, **how))
    assert len(takes.taken) == 1
