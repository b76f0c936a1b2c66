"""The rows of a long table in a workbook, written as XML into the frame that XlsxWriter made.

Cell by cell through the library a list of 100,000 tasks takes twenty seconds; a string a row, two.
What a row looks like is still the library's word: it writes one pattern row for every kind of row,
and the styles are read off that.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from xlsxwriter.utility import xl_col_to_name

from tracking.renderers.workbook import Value, cut, row_height

_ROW = re.compile(r'<row r="(\d+)".*?</row>', re.DOTALL)
_STYLE = re.compile(r'<c r="[A-Z]+\d+" s="(\d+)"')
_SPECIAL = re.compile("[&<>\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\t": "\t", "\n": "\n", "\r": "\n"}
_EPOCH = date(1899, 12, 30)  # day 0 of a workbook, if 1900 is taken for a leap year as it does
_PER_CHUNK = 500
_FAST = 1  # of zlib: what repeats in rows is found at once


@dataclass(frozen=True, slots=True)
class LongRow:
    """`kind`: which pattern row it looks like."""

    kind: int
    values: Sequence[Value]


@dataclass(frozen=True, slots=True)
class LongTable:
    """On the first page of a workbook, from `row` (counted from 0) on, where so many `patterns`
    stand; `letters` as of a Page."""

    row: int
    patterns: int
    letters: tuple[int, ...]
    rows: Iterable[LongRow]


def with_long_table(frame: bytes, table: LongTable) -> bytes:
    """The workbook with its rows in place of the pattern rows."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(frame)) as read,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_FAST) as write,
    ):
        for info in read.infolist():
            data = read.read(info)
            # By its name, so that the entry is stamped 1980 like all the others.
            with write.open(info.filename, "w") as stream:
                if info.filename != "xl/worksheets/sheet1.xml":
                    stream.write(data)
                    continue
                for chunk in _sheet(data.decode(), table):
                    stream.write(chunk.encode())
    return out.getvalue()


def _sheet(xml: str, table: LongTable) -> Iterator[str]:
    found = [m for m in _ROW.finditer(xml) if table.row < int(m[1]) <= table.row + table.patterns]
    styles = [_STYLE.findall(match.group()) for match in found]
    yield xml[: found[0].start()]
    chunk: list[str] = []
    for number, row in enumerate(table.rows, table.row + 1):
        chunk.append(_row(number, row.values, styles[row.kind], table.letters))
        if len(chunk) == _PER_CHUNK:
            yield "".join(chunk)
            chunk.clear()
    yield "".join(chunk)
    yield xml[found[-1].end() :]


def _row(
    number: int, values: Sequence[Value], styles: Sequence[str], letters: Sequence[int]
) -> str:
    height = row_height(values, letters)
    tall = f' ht="{height}" customHeight="1"' if height else ""
    cells = [
        f'<c r="{column}{number}" s="{style}"{_content(value)}'
        for column, style, value in zip(_columns(len(values)), styles, values, strict=True)
    ]
    return f'<row r="{number}"{tall}>{"".join(cells)}</row>'


@lru_cache(maxsize=8)
def _columns(count: int) -> list[str]:
    return [xl_col_to_name(place) for place in range(count)]


def _content(value: Value) -> str:
    """What follows the style of a cell, to its end; a text stays the text it is."""
    if isinstance(value, str):
        text = cut(value)
        if _SPECIAL.search(text):
            text = _SPECIAL.sub(lambda m: _ENTITIES.get(m.group(), "\ufffd"), text)
        kept = ' xml:space="preserve"' if text != text.strip() else ""
        return f' t="inlineStr"><is><t{kept}>{text}</t></is></c>'
    if value is None:
        return "/>"
    number = (value - _EPOCH).days if isinstance(value, date) else value
    return f"><v>{number}</v></c>"
