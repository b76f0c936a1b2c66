"""What did the portal send that left this machine for nobody? Files, one a mail: the mailbox of
the demonstration, which a server of ours fills (config.mailbox_server)."""

import os
import re
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from pathlib import Path

KEPT = 500
_HEADERS = 64_000  # bytes of a file in which its headers are looked for
_NAME = re.compile(r"[0-9]{19}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class File:
    """What was attached to a mail."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """`name` names its file; `headers` as a mail program shows them."""

    name: str
    headers: tuple[tuple[str, str], ...]
    parsed: EmailMessage

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(int(self.name[:19]) / 1e9, tz=UTC)

    def header(self, wanted: str) -> str:
        return ", ".join(value for name, value in self.headers if name.lower() == wanted)

    @property
    def subject(self) -> str:
        return self.header("subject")

    @property
    def sender(self) -> str:
        return self.header("from")

    @property
    def recipients(self) -> str:
        """Who the server was told to give it to; the headers may say something else."""
        return self.header("delivered-to")

    @property
    def text(self) -> str:
        return _words_of(self.parsed.get_body(("plain",)))

    @property
    def html(self) -> str:
        return _words_of(self.parsed.get_body(("html",)))

    @property
    def files(self) -> list[File]:
        return [
            File(
                _readable(part.get_filename() or f"{number}"),
                part.get_content_type(),
                _bytes_of(part),
            )
            for number, part in enumerate(self.parsed.iter_attachments(), 1)
        ]


def keep(folder: Path, content: bytes, sender: str, recipients: Iterable[str]) -> str:
    """Write a mail whole or not at all, with its envelope as a mail server notes it; the oldest
    beyond KEPT go. Returns its name."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{time.time_ns():019d}-{secrets.token_hex(4)}"
    envelope = [f"Return-Path: <{sender}>", *(f"Delivered-To: {one}" for one in recipients)]
    noted = "".join(f"{line}\r\n" for line in envelope).encode("utf-8", "surrogateescape")
    fresh = folder / f"{name}.new"
    try:
        with fresh.open("wb") as file:
            file.write(noted + content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(folder / f"{name}.eml")
    finally:
        fresh.unlink(missing_ok=True)
    for older in names(folder)[KEPT:]:
        (folder / f"{older}.eml").unlink(missing_ok=True)
    return name


def names(folder: Path) -> list[str]:
    """Of every mail, the newest first."""
    found = (path.stem for path in folder.glob("*.eml"))
    return sorted(filter(_NAME.fullmatch, found), reverse=True)


def raw(folder: Path, name: str) -> bytes | None:
    """The file, byte for byte; None when there is no such mail (any more)."""
    return _beginning(folder, name, -1)


def read(folder: Path, name: str) -> Mail | None:
    content = raw(folder, name)
    return None if content is None else _mail(name, content)


def listed(folder: Path, wanted: Iterable[str]) -> list[Mail]:
    """Those of them that are still there; only their headers are read."""
    found = ((name, _beginning(folder, name, _HEADERS)) for name in wanted)
    return [_mail(name, content) for name, content in found if content is not None]


def _beginning(folder: Path, name: str, size: int) -> bytes | None:
    if not _NAME.fullmatch(name):
        return None
    try:
        with (folder / f"{name}.eml").open("rb") as file:
            return file.read(size)
    except FileNotFoundError:
        return None


def _mail(name: str, content: bytes) -> Mail:
    # The second policy reads a header only when it is asked for, so that a broken one breaks none.
    parsed = message_from_bytes(content, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return Mail(name, tuple(_headers(parsed)), parsed)


def _headers(parsed: EmailMessage) -> Iterable[tuple[str, str]]:
    for name, source in parsed.raw_items():
        try:
            value = str(parsed.policy.header_fetch_parse(name, source))
        except Exception:
            # The parser of the standard library stumbles over some: what stands there is shown.
            value = str(source)
        yield _readable(name), _readable(" ".join(value.split()))


def _words_of(part: Message | None) -> str:
    if part is None:
        return ""
    content = _bytes_of(part)
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _bytes_of(part: Message) -> bytes:
    if part.is_multipart():
        return b"".join(inner.as_bytes() for inner in part.iter_parts())  # type: ignore[attr-defined]
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _readable(text: str) -> str:
    """Bytes that the parser kept as they are become letters, so that a page can be written."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
