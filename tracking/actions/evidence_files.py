"""What kind of file is it by its content, and under which name is it kept?"""

import codecs
import re
import struct
import unicodedata
import zipfile
from pathlib import PurePosixPath
from typing import IO

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT = "text/plain"
CSV = "text/csv"

# The endings that fit each type; the first is given to a file whose own does not fit.
ENDINGS: dict[str, tuple[str, ...]] = {
    PDF: (".pdf",),
    PNG: (".png",),
    JPEG: (".jpg", ".jpeg"),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
    TEXT: (".txt",),
    CSV: (".csv",),
}

_SIGNATURES = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG}
_CHUNK = 65_536

# What an archive may say of itself before it is believed; nothing but its table of contents and
# one small part is ever read.
_DIRECTORY_END = struct.Struct("<4s4H2LH")
_DIRECTORY_BYTES = 1_000_000
_PART_BYTES = 262_144
_UNPACKED_BYTES = 1_000_000_000
_PARTS = "[Content_Types].xml"

_LONGEST_NAME = 200
_UNWANTED = re.compile(r'[<>:"|?*\s]+')


def content_type_of(file: IO[bytes], name: str) -> str | None:
    """The type its bytes show; None when it is none of those we keep. The name only tells a
    table from a text."""
    file.seek(0)
    head = file.read(8)
    for signature, content_type in _SIGNATURES.items():
        if head.startswith(signature):
            return content_type
    if head.startswith(b"PK\x03\x04"):
        return _office_type(file)
    if not _is_text(file):
        return None
    return CSV if name.lower().endswith(ENDINGS[CSV]) else TEXT


def _office_type(file: IO[bytes]) -> str | None:
    if not _has_modest_directory(file):
        return None
    try:
        with zipfile.ZipFile(file) as archive:
            return _declared_type(archive)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return None


def _has_modest_directory(file: IO[bytes]) -> bool:
    """Whether the table of contents is small enough to be read at all."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _CHUNK - _DIRECTORY_END.size))
    tail = file.read()
    start = tail.rfind(b"PK\x05\x06")
    if start < 0 or len(tail) - start < _DIRECTORY_END.size:
        return False
    directory_bytes: int = _DIRECTORY_END.unpack_from(tail, start)[5]
    return directory_bytes <= _DIRECTORY_BYTES


def _declared_type(archive: zipfile.ZipFile) -> str | None:
    parts = {part.filename: part for part in archive.infolist()}
    unpacked = sum(part.file_size for part in parts.values())
    if _PARTS not in parts or unpacked > _UNPACKED_BYTES:
        return None
    with archive.open(parts[_PARTS]) as opened:
        declared = opened.read(_PART_BYTES).decode("utf-8", "replace")
    for content_type, part in ((DOCX, "word/document.xml"), (XLSX, "xl/workbook.xml")):
        # A document with macros declares another main type, so it is not found here.
        if part in parts and f"{content_type}.main+xml" in declared:
            return content_type
    return None


def _is_text(file: IO[bytes]) -> bool:
    """UTF-8 without the control characters that no text has."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(_CHUNK):
            if _has_controls(decoder.decode(chunk)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _has_controls(text: str) -> bool:
    return re.search(r"[\x00-\x08\x0b\x0e-\x1f\x7f]", text) is not None


def cleaned_name(name: str, content_type: str) -> str:
    """The last part of the name in NFC, without characters that deceive or that a disk refuses,
    ending as its type does."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(c if unicodedata.category(c)[0] != "C" else "" for c in last)
    stem = _UNWANTED.sub(" ", visible).strip(" .") or "evidence"
    endings = ENDINGS[content_type]
    ending = PurePosixPath(stem).suffix
    if ending.lower() in endings:
        stem = stem[: -len(ending)]
    else:
        ending = endings[0]
    return stem[:_LONGEST_NAME].rstrip(" .") + ending
