"""Is what the portal sends kept as it was, and is nothing else let in?"""

import asyncio
import os
import signal
import smtplib
import socket
import subprocess
import sys
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import pytest

from config import mailbox
from config.mailbox_server import serve
from tests.databases.running_stand_ins import happens
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"


def a_mail(subject: str = "Danh sách tiến độ 18/11/2025") -> EmailMessage:
    found = EmailMessage()
    found["From"] = "portal@localhost"
    found["To"] = "Nguyễn Thị Ánh <anh@example.vn>"
    found["Subject"] = subject
    found.set_content("Cục Quản lý Dược: QUÁ HẠN (1)")
    found.add_alternative("<p><b><u>Cục Quản lý Dược</u></b></p>", subtype="html")
    found.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="tiến độ.pdf")
    return found


def kept(folder: Path, content: bytes) -> mailbox.Mail:
    found = mailbox.read(folder, mailbox.keep(folder, content, "portal@localhost", ["a@b.vn"]))
    assert found
    return found


def test_a_mail_is_read_back_with_all_its_parts(tmp_path: Path) -> None:
    mail = kept(tmp_path, bytes(a_mail()))
    assert mail.subject == "Danh sách tiến độ 18/11/2025"
    assert mail.sender == "portal@localhost"
    assert mail.recipients == "a@b.vn"
    assert "Nguyễn Thị Ánh" in mail.header("to")
    assert mail.text.strip() == "Cục Quản lý Dược: QUÁ HẠN (1)"
    assert "<b><u>Cục Quản lý Dược</u></b>" in mail.html
    assert [(file.name, file.content_type, file.content) for file in mail.files] == [
        ("tiến độ.pdf", "application/pdf", b"%PDF-1.7")
    ]


def test_the_file_is_what_was_sent_after_the_envelope(tmp_path: Path) -> None:
    content = bytes(a_mail())
    name = mailbox.keep(tmp_path, content, "portal@localhost", ["a@b.vn", "c@d.vn"])
    assert mailbox.raw(tmp_path, name) == (
        b"Return-Path: <portal@localhost>\r\nDelivered-To: a@b.vn\r\nDelivered-To: c@d.vn\r\n"
        + content
    )
    assert [path.name for path in tmp_path.iterdir()] == [f"{name}.eml"]


def test_only_the_newest_are_kept_and_shown_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "KEPT", 3)
    written = [mailbox.keep(tmp_path, b"Subject: x\r\n\r\n", "a@b.vn", []) for _ in range(5)]
    assert mailbox.names(tmp_path) == written[:1:-1]
    assert [mail.subject for mail in mailbox.listed(tmp_path, written)] == ["x"] * 3


@pytest.mark.parametrize("name", ["", "..", "../secret-key", "1", "0" * 19 + "-0000000g"])
def test_nothing_but_a_mail_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "mailbox").mkdir()
    (tmp_path / "secret-key").write_text("secret")
    (tmp_path / "secret-key.eml").write_text("secret")
    assert mailbox.read(tmp_path / "mailbox", name) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no header at all",
        b"Subject: =?utf-8?q?=ff=fe?=\r\nTo: <<>,,;:\r\n\r\nx",
        "Subject: thô không mã\r\nFrom: Ánh <á@b.vn>\r\n\r\nthân".encode(),
        b'Content-Type: text/plain; charset="none-such"\r\n\r\n\xff\xfe',
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\nnever closed",
        b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!",
        b"Message-ID: <[]@>\r\nDate: 99 Foo\r\nContent-Disposition: a; b*=c''\r\n\r\n",
    ],
)
def test_a_broken_mail_is_shown_all_the_same(tmp_path: Path, content: bytes) -> None:
    mail = kept(tmp_path, content)
    shown = [mail.subject, mail.sender, mail.text, mail.html, *(file.name for file in mail.files)]
    "".join([*shown, *(name + value for name, value in mail.headers)]).encode()
    assert mail.recipients == "a@b.vn"


def test_the_command_takes_mail_and_ends_when_it_is_told(tmp_path: Path) -> None:
    port = free_port()
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "MAILBOX_PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "mailbox"],
        cwd=ROOT,
        env=environment | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        assert f"{HOST}:{port}" in process.stdout.readline()
        with smtplib.SMTP(HOST, port, timeout=10) as talk:
            for number in range(3):
                talk.send_message(a_mail(f"Thư {number}"), to_addrs=["a@b.vn"])
        # Taken means written.
        folder = tmp_path / "mailbox"
        mails = mailbox.listed(folder, mailbox.names(folder))
        assert [mail.subject for mail in mails] == ["Thư 2", "Thư 1", "Thư 0"]
    finally:
        process.send_signal(signal.SIGTERM)
        _, faults = process.communicate(timeout=20)
    assert (process.returncode, faults) == (0, "")


def test_a_port_that_is_taken_is_said_and_waited_for(tmp_path: Path) -> None:
    told: list[bool] = []

    async def played() -> None:
        ending = asyncio.Event()
        with closing(socket.create_server((HOST, 0))) as other:
            port = other.getsockname()[1]
            running = asyncio.create_task(
                serve(HOST, port, tmp_path, until=ending, told=told.append, again=0.05)
            )
            await asyncio.to_thread(happens, lambda: told == [False])
        await asyncio.to_thread(happens, lambda: told == [False, True])
        await asyncio.to_thread(_send, port)
        ending.set()
        await running

    asyncio.run(played())
    assert [mail.subject for mail in mailbox.listed(tmp_path, mailbox.names(tmp_path))] == ["một"]


def test_an_address_with_other_letters_is_taken(tmp_path: Path) -> None:
    async def played() -> None:
        ending = asyncio.Event()
        port = free_port()
        told: list[bool] = []
        running = asyncio.create_task(
            serve(HOST, port, tmp_path, until=ending, told=told.append, again=0.05)
        )
        await asyncio.to_thread(happens, lambda: told == [True])
        await asyncio.to_thread(_send, port, "ánh@ví-dụ.vn")
        ending.set()
        await running

    asyncio.run(played())
    (mail,) = mailbox.listed(tmp_path, mailbox.names(tmp_path))
    assert mail.recipients == "ánh@ví-dụ.vn"


def _send(port: int, to: str = "a@b.vn") -> None:
    with smtplib.SMTP(HOST, port, timeout=10) as talk:
        talk.send_message(a_mail("một"), "portal@localhost", [to], ["SMTPUTF8"])
