"""The bytes of a message: the same each time, Vietnamese, and nobody else's words in its head."""

import email
import email.header
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from hypothesis import given, strategies as st

from tests.servers import free_port
from tests.tracking.outbox_rows import NOW, WRITTEN, at_port, post, states, tally
from tracking.actions.outbox import File, Recipient
from tracking.emails.written import Written
from tracking.mail.addresses import NotAnAddress, header_address, header_text, one_line, parsed
from tracking.mail.mime import exact_bytes
from tracking.mail.sender import deliver
from tracking.models import Delivery

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FILE = File(
    "Danh sách tiến độ số 7, đến hết ngày 18 tháng 11 năm 2025.docx", WORD, bytes(range(256))
)
HEADERS = [
    "To",
    "Message-ID",
    "From",
    "Date",
    "Subject",
    "MIME-Version",
    "Content-Language",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "Content-Type",
]
HOSTILE = [
    "Nguyễn\r\nBcc: everybody@x.vn",
    "a\nb\x0bc\x85d\u2028e\x00f",
    '"; <other@x.vn>, "',
    "=?utf-8?b?QmNjOiBhQHgudm4=?=",
    "a" * 2_000,
    "Ế " * 900,
    "\u202egnp.exe",
    "(comment) \\",
    ",;:@[]",
]


def read(content: bytes) -> EmailMessage:
    found = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def only(*addresses: str | Recipient, **more: object) -> EmailMessage:
    """As its one recipient reads it."""
    return read(exact_bytes(post(*addresses, **more).deliveries.get()))  # type: ignore[arg-type]


def decoded(content: bytes, header: str) -> str:
    """By RFC 2047. The newer parser leaves a space where a name's encoded words meet."""
    value = email.message_from_bytes(content)[header]
    return str(email.header.make_header(email.header.decode_header(value)))


class Takes:
    def __init__(self) -> None:
        self.taken: dict[str, bytes] = {}

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.original_content, bytes)
        self.taken[envelope.rcpt_tos[0]] = envelope.original_content
        return "250 taken"


@pytest.fixture
def post_office() -> Iterator[tuple[int, dict[str, bytes]]]:
    """A real server: its port, and what it took by recipient."""
    takes = Takes()
    controller = Controller(takes, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port, takes.taken
    finally:
        controller.stop()


@pytest.mark.django_db
def test_the_server_gets_exactly_what_the_portal_shows_each_time(
    post_office: tuple[int, dict[str, bytes]],
) -> None:
    port, taken = post_office
    message = post(
        Recipient("hien@x.vn", "Nguyễn Thị Hiền"), "kcb@đơnvị.vn", "hiền@x.vn", files=[FILE]
    )
    deliver(until=lambda: False, server=at_port(port))
    assert set(states(message).values()) == {"sent"}
    for delivery in Delivery.objects.filter(message=message):
        assert taken[str(parsed(delivery.address))] == exact_bytes(delivery)
        assert exact_bytes(delivery) == exact_bytes(Delivery.objects.get(pk=delivery.pk))


@pytest.mark.django_db
def test_a_message_is_read_as_it_was_written() -> None:
    name = "Nguyễn Thị Hiền, Cục Quản lý Dược"
    found = only(Recipient("hien@x.vn", name), files=[FILE])
    assert found.defects == []
    assert found["Subject"] == WRITTEN.subject
    assert decoded(exact_bytes(Delivery.objects.get()), "To") == f"{name} <hien@x.vn>"
    assert found["Date"].datetime == NOW
    assert str(found["Date"].datetime.utcoffset()) == "7:00:00"
    assert found["Message-ID"] == Delivery.objects.get().mail_id
    assert (found["Auto-Submitted"], found["Content-Language"]) == ("auto-generated", "vi")
    text, html = found.get_body(("plain",)), found.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == WRITTEN.text
    assert html.get_content().strip() == WRITTEN.html
    (file,) = found.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == (FILE.name, WORD)
    assert file.get_content() == FILE.content


@pytest.mark.django_db
def test_a_message_without_files_is_its_two_texts() -> None:
    found = only("a@x.vn")
    assert found.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in found.iter_parts()]
    assert kinds == ["text/plain", "text/html"]


@pytest.mark.django_db
@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_text_of_anybody_becomes_a_header(hostile: str) -> None:
    written = Written(hostile, hostile, hostile)
    content = exact_bytes(
        post(
            Recipient("a@x.vn", hostile), written=written, files=[File(hostile, hostile, b"1")]
        ).deliveries.get()
    )
    found = read(content)
    assert found.keys() == HEADERS
    assert [one.addr_spec for one in found["To"].addresses] == ["a@x.vn"]
    (file,) = found.iter_attachments()
    assert set(file.keys()) == {
        "Content-Type",
        "Content-Disposition",
        "Content-Transfer-Encoding",
    }
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")


@given(st.text(), st.sampled_from(["To", "Subject"]))
def test_any_text_is_one_header_and_is_read_back(text: str, header: str) -> None:
    line = one_line(text)
    value = header_text(text, header)
    content = f"{header}: {value}\r\n\r\n".encode()
    assert read(content).keys() == [header]
    assert decoded(content, header).split() == line.split()
    address = header_address(text, parsed("a@x.vn"), header)
    found = read(f"To: {address}\r\n\r\n".encode())
    assert found.keys() == ["To"]
    assert [one.addr_spec for one in found["To"].addresses] == ["a@x.vn"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("hien@moh.gov.vn", "hien@moh.gov.vn"),
        (" hien@MOH.gov.vn ", "hien@moh.gov.vn"),
        ("kcb+list@đơnvị.vn", "kcb+list@xn--nv-pma09cu08i.vn"),
        ("hiền@x.vn", "hiền@x.vn"),
        ("root@localhost", "root@localhost"),
    ],
)
def test_addresses_are_told_to_servers_in_their_own_letters(text: str, told: str) -> None:
    assert str(parsed(text)) == told


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hien",
        "@x.vn",
        "hien@",
        "a b@x.vn",
        "a@b@x.vn",
        "a@x.vn>\r\nRCPT TO:<b@x.vn",
        "a@x.vn, b@x.vn",
        "<a@x.vn>",
        "a..b@x.vn",
        ".a@x.vn",
        '"a b"@x.vn',
        "a@x..vn",
        "a@-x.vn",
        "a@x_y.vn",
        "a@[127.0.0.1]",
        "a\u200b@x.vn",
        "a\xa0b@x.vn",
        "a" * 65 + "@x.vn",
        "a@" + "x" * 64 + ".vn",
        "a@" + "x." * 130 + "vn",
    ],
)
def test_what_is_no_address_is_told_no_server(text: str) -> None:
    with pytest.raises(NotAnAddress):
        parsed(text)


@pytest.mark.django_db
def test_a_wrong_address_among_good_ones_is_the_only_one_that_fails(
    post_office: tuple[int, dict[str, bytes]],
) -> None:
    port, taken = post_office
    wrong = ["nobody", "a@x.vn>\r\nRCPT TO:<b@x.vn", "l" * 400 + "@x.vn"]
    message = post("a@x.vn", *wrong, "c@x.vn")
    found = deliver(until=lambda: False, server=at_port(port))
    assert (found.sent, found.failed, found.trouble) == (2, 3, "")
    assert tally(message) == {"sent": 2, "failed": 3}
    assert set(taken) == {"a@x.vn", "c@x.vn"}
    for delivery in message.deliveries.filter(state="failed"):
        assert delivery.answer.endswith(("correct it", "correct what follows the @"))
        assert b"RCPT TO" not in exact_bytes(delivery).split(b"\r\n\r\n")[0].split(b"\r\n")


@pytest.mark.django_db
def test_a_sender_that_is_no_address_sends_nothing_and_can_still_be_read(
    post_office: tuple[int, dict[str, bytes]], settings: Any
) -> None:
    settings.DEFAULT_FROM_EMAIL = "the portal"
    wrong = post("a@x.vn")
    settings.DEFAULT_FROM_EMAIL = "Cổng tiến độ <portal@x.vn>"
    right = post("b@x.vn")
    port, taken = post_office
    assert deliver(until=lambda: False, server=at_port(port)).sent == 1
    assert (states(wrong), states(right)) == ({"a@x.vn": "queued"}, {"b@x.vn": "sent"})
    assert "the portal" in wrong.deliveries.get().answer
    assert read(exact_bytes(wrong.deliveries.get())).get_body(("plain",)) is not None
    assert decoded(taken["b@x.vn"], "From") == "Cổng tiến độ <portal@x.vn>"
