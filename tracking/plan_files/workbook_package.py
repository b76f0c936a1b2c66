"""Is the file a workbook that can be read without harm? Checked before anything is parsed."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from django.utils.translation import gettext as _

from tracking.plan_files.rows import FileRefused

MOST_PARTS = 500
MOST_BYTES = 100_000_000
# A sheet of a thousand empty prepared rows packs a hundredfold; no honest one much more.
MOST_RATIO, RATIO_FROM = 300, 20_000_000
NEEDED = ("[Content_Types].xml", "xl/workbook.xml")
CHUNK = 1 << 20
# The reader of values makes room for as many texts or styles as a part says of itself, and the
# process ends when there is no such room: ten million and more are not believed.
_BOAST = re.compile(rb"""count\s*=\s*(["'])[^"']{8,}\1""", re.IGNORECASE)

_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,  # a way of packing that no spreadsheet uses
    EOFError,
    OSError,
    ValueError,
)

Parts = dict[str, bytes]


def parts_of(data: bytes, split: object) -> Parts:
    """Name -> content of every part of the package. FileRefused when it is not to be trusted;
    `split` says what to do with one that is too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check(package, len(data), split)
            return _unpacked(package, split)
    except _UNREADABLE as error:
        raise damaged() from error


def repacked(parts: Parts) -> bytes:
    """A package of exactly the parts that were checked, so that no other reader of ZIP files can
    see another content in the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def damaged() -> FileRefused:
    return FileRefused([_("the workbook is damaged: open it, save it as .xlsx and try again")])


def _check(package: zipfile.ZipFile, size: int, split: object) -> None:
    entries = package.infolist()
    faults = list(_faults(entries))
    names = {entry.filename for entry in entries}
    if not faults and not names.issuperset(NEEDED):
        faults.append(_("the file is no workbook: save it as .xlsx (Excel workbook)"))
    declared = sum(entry.file_size for entry in entries)
    if declared > MOST_BYTES or (declared > RATIO_FROM and declared > size * MOST_RATIO):
        faults.append(_too_large(declared, split))
    if faults:
        raise FileRefused(faults)


def _faults(entries: list[zipfile.ZipInfo]) -> Iterator[str]:
    names = [entry.filename.lower() for entry in entries]
    if len(entries) > MOST_PARTS:
        yield _(
            "the workbook has %(count)d parts, at most %(limit)d are read: copy the sheets to "
            "a new workbook"
        ) % {"count": len(entries), "limit": MOST_PARTS}
    if any(entry.flag_bits & 1 for entry in entries):
        yield _("the workbook is encrypted: save it without a password")
    if any(name.endswith("vbaproject.bin") for name in names):
        yield _("the workbook holds macros: save it as .xlsx (Excel workbook without macros)")
    if any(name.startswith(("xl/externallinks/", "xl/connections.xml")) for name in names):
        yield _("the workbook is linked to other files: break the links (Data, Edit Links)")
    if len(set(names)) < len(names) or any("\\" in name or ".." in name for name in names):
        yield from damaged().sentences


def _unpacked(package: zipfile.ZipFile, split: object) -> Parts:
    """Streamed, because the declared sizes are only what the file says of itself."""
    parts: Parts = {}
    total = 0
    for entry in package.infolist():
        content = bytearray()
        with package.open(entry) as stream:
            while chunk := stream.read(CHUNK):
                total += len(chunk)
                if total > MOST_BYTES:
                    raise FileRefused([_too_large(total, split)])
                content += chunk
        if _BOAST.search(content):
            raise damaged()
        parts[entry.filename] = bytes(content)
    return parts


def _too_large(size: int, split: object) -> str:
    sentence = _("the workbook unpacks to %(size)d bytes, at most %(limit)d are read: %(split)s")
    return sentence % {"size": size, "limit": MOST_BYTES, "split": split}
