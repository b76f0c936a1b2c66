"""The first sheet: how to fill the workbook in, the words it knows, the codes it offers."""

from collections.abc import Mapping
from typing import Any

from tracking.plan_files.layout import GuideText, Offer, WordTable
from tracking.plan_files.workbook_columns import GUIDE_VI

FONT = "Times New Roman"


class Guide:
    """Writes itself when made. `ranges`: id of a table of words, or name of what is offered ->
    where they stand, as the source of a drop-down."""

    def __init__(self, book: Any, text: GuideText, offers: Mapping[str, Offer]) -> None:
        self.page = book.add_worksheet(GUIDE_VI)
        base = {"font_name": FONT, "font_size": 11, "valign": "top", "text_wrap": True}
        self.body = book.add_format(base)
        self.head = book.add_format({**base, "bold": True, "font_size": 12})
        self.ranges: dict[int | str, str] = {}
        self.row = 0
        for place, width in enumerate((62, 62, 24, 50)):
            self.page.set_column(place, place, width)
        self.page.set_landscape()
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 0)
        self._line(text.title, self.head)
        for line in text.lines:
            self._line(line, self.body)
        for table in text.tables:
            self._words(table)
        for name, offer in offers.items():
            self._codes(name, offer)

    def _line(self, texts: tuple[str, ...], form: Any) -> None:
        for place, text in enumerate(texts):
            self.page.write_string(self.row, place, text, form)
        self.row += 1

    def _words(self, table: WordTable) -> None:
        self.row += 1
        self._line((table.vi, table.en, "JSON", table.beside_head), self.head)
        first = self.row + 1
        for value, names in table.words.items():
            beside = table.beside.get(value, "")
            self._line((*names, str(value).lower(), beside), self.body)
        self.ranges[id(table.words)] = self._range(first)

    def _codes(self, name: str, offer: Offer) -> None:
        if not offer.codes:
            return
        self.row += 1
        self._line((offer.vi, offer.en), self.head)
        first = self.row + 1
        for pair in offer.codes:
            self._line(pair, self.body)
        self.ranges[name] = self._range(first)

    def _range(self, first: int) -> str:
        return f"='{GUIDE_VI}'!$A${first}:$A${self.row}"
