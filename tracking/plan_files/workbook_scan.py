"""What must be seen in the sheets that a reader of values does not tell: formulas, merged cells."""

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from django.utils.translation import gettext as _

from tracking.plan_files.rows import FileRefused
from tracking.plan_files.workbook_package import Parts, damaged

# A reader of values reserves the whole rectangle up to the farthest cell.
MOST_CELLS = 5_000_000
MOST_FOUND = 1000

Start = Callable[[str, dict[str, str]], None]
Cell = tuple[int, int]  # row and column, from 1

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass
class Scan:
    """`unfit`: cells that hold a formula or an error, with the sentence; `merged`: ranges."""

    unfit: dict[Cell, str] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    last: Cell = (0, 0)


def sheets_of(parts: Parts) -> dict[str, Scan]:
    """Sheet name -> what stands in it, in the order of the workbook."""
    targets = dict(_targets(parts))
    found: dict[str, Scan] = {}
    for attributes in _elements(parts, "xl/workbook.xml", "sheet"):
        name, part = attributes.get("name", ""), targets.get(attributes.get("id", ""))
        if part not in parts or name in found:
            raise damaged()
        found[name] = _scanned(name, parts[part])
    return found


def column_name(number: int) -> str:
    """1 -> A, 27 -> AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _targets(parts: Parts) -> Iterator[tuple[str, str]]:
    for attributes in _elements(parts, "xl/_rels/workbook.xml.rels", "Relationship"):
        target = attributes.get("Target", "")
        path = target[1:] if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        yield attributes.get("Id", ""), path


def _elements(parts: Parts, part: str, wanted: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == wanted:
            found.append({_local(key): value for key, value in attributes.items()})

    _parse(parts.get(part, b""), start)
    return found


def _scanned(sheet: str, content: bytes) -> Scan:
    scan = Scan()
    reader = _SheetReader(sheet, scan)
    _parse(content, reader.start)
    rows, columns = scan.last
    if rows * columns > MOST_CELLS:
        place = f"{sheet}!{column_name(columns)}{rows}"
        raise FileRefused(
            [_("%(place)s: the sheet reaches too far: delete what stands outside the table")
             % {"place": place}]
        )  # fmt: skip
    return scan


class _SheetReader:
    """Follows the cells of a sheet; their references may be left out in a file."""

    def __init__(self, sheet: str, scan: Scan) -> None:
        self.sheet, self.scan = sheet, scan
        self.row = self.column = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match _local(name):
            case "row":
                self.row, self.column = int(attributes.get("r") or self.row + 1), 0
            case "c":
                self._cell(attributes)
            case "v" | "is":
                rows, columns = self.scan.last
                self.scan.last = max(rows, self.row), max(columns, self.column)
            case "f":
                self._unfit(_("holds a formula: copy it and paste its value instead"))
            case "mergeCell":
                self.scan.merged.append(attributes.get("ref", ""))

    def _cell(self, attributes: dict[str, str]) -> None:
        self.column += 1
        if "r" in attributes:
            found = _REFERENCE.fullmatch(attributes["r"])
            if not found:
                raise damaged()
            self.row, self.column = int(found[2]), _column_number(found[1])
        if attributes.get("t") == "e":
            self._unfit(_("holds an error: write the value"))

    def _unfit(self, sentence: str) -> None:
        self.scan.unfit.setdefault((self.row, self.column), sentence)
        if len(self.scan.unfit) > MOST_FOUND:
            raise FileRefused(
                [_("%(sheet)s: more than %(count)d cells hold formulas or errors: copy all and paste "
                   "the values only") % {"sheet": self.sheet, "count": MOST_FOUND}]
            )  # fmt: skip


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _parse(content: bytes, start: Start) -> None:
    """Walk through the elements; a document type, which no program writes, is not read."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError) as error:
        raise damaged() from error


def _refuse(*_declaration: object) -> None:
    raise damaged()
