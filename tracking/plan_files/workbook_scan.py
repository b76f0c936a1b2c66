"""What must be seen in the sheets that a reader of values does not tell: formulas, merged cells."""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from tracking.plan_files.rows import FileRefused
from tracking.plan_files.workbook_package import MOST_BYTES, Parts, damaged
from tracking.plan_files.workbook_xml import Handler, elements, local, targets, walk

# A reader of values reserves the whole rectangle up to the farthest cell.
MOST_CELLS = 5_000_000
MOST_FOUND = 1000

Cell = tuple[int, int]  # row and column, from 1

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass
class Scan:
    """`unfit`: cells that hold a formula or an error, with the sentence; `merged`: ranges."""

    unfit: dict[Cell, str] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    last: Cell = (0, 0)


def sheets_of(parts: Parts, split: object) -> dict[str, Scan]:
    """Sheet name -> what stands in it, in the order of the workbook."""
    parts_by_id = dict(targets(parts, "xl/_rels/workbook.xml.rels"))
    texts = _Texts(parts, split)
    found: dict[str, Scan] = {}
    for attributes in elements(parts, "xl/workbook.xml", "sheet"):
        name, part = attributes.get("name", ""), parts_by_id.get(attributes.get("id", ""))
        if part not in parts or name in found:
            raise damaged()
        found[name] = _scanned(name, parts[part], texts)
    return found


def column_name(number: int) -> str:
    """1 -> A, 27 -> AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _scanned(sheet: str, content: bytes, texts: "_Texts") -> Scan:
    reader = _SheetReader(sheet, texts)
    walk(content, reader)
    rows, columns = reader.scan.last
    if rows * columns > MOST_CELLS:
        place = f"{sheet}!{column_name(columns)}{rows}"
        sentence = _("%(place)s: the sheet reaches too far: delete what stands outside the table")
        raise FileRefused([sentence % {"place": place}])
    return reader.scan


class _Texts(Handler):
    """The texts that cells share: one long text named by many cells would fill the memory."""

    def __init__(self, parts: Parts, split: object) -> None:
        self.split = split
        self.lengths: list[int] = []
        self.total = 0
        shared = (name for name in parts if name.lower() == "xl/sharedstrings.xml")
        for name in shared:
            walk(parts[name], self)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) == "si":
            self.lengths.append(0)

    def text(self, characters: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(characters)

    def use(self, number: str) -> None:
        """A cell names the text of that number."""
        try:
            self.total += self.lengths[int(number)]
        except (ValueError, IndexError):
            raise damaged() from None
        if self.total > MOST_BYTES:
            sentence = _("the texts of the workbook are too long: %(split)s")
            raise FileRefused([sentence % {"split": self.split}])


class _SheetReader(Handler):
    """Follows the cells of a sheet; their references may be left out in a file."""

    def __init__(self, sheet: str, texts: _Texts) -> None:
        self.sheet, self.texts, self.scan = sheet, texts, Scan()
        self.row = self.column = 0
        self.in_cell = self.shares = False
        self.number = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match local(name):
            case "row":
                self.row, self.column = int(attributes.get("r") or self.row + 1), 0
            case "c":
                self._cell(attributes)
            case "v" | "is":
                rows, columns = self.scan.last
                self.scan.last = max(rows, self.row), max(columns, self.column)
                self.number = ""
            case "f" if self.in_cell:
                self._unfit(_("holds a formula: copy the cell and paste its value instead"))
            case "mergeCell":
                self.scan.merged.append(attributes.get("ref", ""))

    def text(self, characters: str) -> None:
        if self.shares:
            self.number += characters

    def end(self, name: str) -> None:
        match local(name):
            case "c":
                self.in_cell = self.shares = False
            case "v" if self.shares:
                self.texts.use(self.number)

    def _cell(self, attributes: dict[str, str]) -> None:
        self.in_cell, self.shares = True, attributes.get("t") == "s"
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
            sentence = _(
                "%(sheet)s: more than %(count)d cells hold formulas or errors: copy the sheet and "
                "paste its values only"
            )
            raise FileRefused([sentence % {"sheet": self.sheet, "count": MOST_FOUND}])


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
