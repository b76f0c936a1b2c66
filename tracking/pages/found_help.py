"""Which sentences of the help does a search find, in the reader's language?"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from tracking.models.bilingual import reader_language
from tracking.pages.help import words_of_help
from tracking.pages.hits import Group, Hit
from tracking.rules.likeliest import Likeliest
from tracking.rules.searching import Question, parts
from tracking.rules.vietnamese import folded

_PARTS = ("readers", "words", "rules", "keys")
# Each of these ends a sentence; what a list of terms says of a term belongs to the term.
_SENTENCES = frozenset({"li", "p", "dd"})


@dataclass(frozen=True, slots=True)
class Sentence:
    """`place`: the id of its section; `plain`: its section and itself without accents."""

    place: str
    section: str
    text: str
    plain: str


def help_group(question: Question, most: int) -> Group:
    """The likeliest first; no query."""
    address = reverse("tracking:help")
    language = reader_language()
    every = _sentences(language, settings.DUE_SOON_DAYS, settings.STALE_WORKING_DAYS)
    fitting = [row for row in every if all(word in row.plain for word in question.words)]
    place = Likeliest(question).place
    fitting.sort(key=lambda row: place(row.plain, f"{row.section} {row.text}"))
    hits = [
        Hit((), parts(row.text, question.pairs), row.section, f"{address}#{row.place}")
        for row in fitting[:most]
    ]
    return Group("help", _("Help"), hits, len(fitting), address)


@lru_cache(maxsize=4)
def _sentences(language: str, *_numbers: int) -> Sequence[Sentence]:
    """Read out of the page itself, once for each language and the numbers that it names."""
    reader = _Reader()
    words = words_of_help(language)
    for part in _PARTS:
        reader.feed(render_to_string(f"tracking/help_{part}.html", words))
    return tuple(reader.sentences)


class _Reader(HTMLParser):
    """Takes a page apart into the sentences of its sections; signs that are hidden from readers of
    screens belong to none."""

    def __init__(self) -> None:
        super().__init__()
        self.sentences: list[Sentence] = []
        self._place = self._section = ""
        self._said: list[str] = []
        self._silent = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("aria-hidden") == "true":
            self._silent = tag
        if tag == "section":
            self._place = given.get("id") or ""
        if tag in {"h2", "h3", "p", "ul", "ol", "dl", "dt"}:
            self._said.clear()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._said += data.split()

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""
        if tag == "h2":
            self._section = self._taken()
        elif tag == "dt":
            self._said.append("–")
        elif tag in _SENTENCES and (text := self._taken()):
            plain = folded(f"{self._section} {text}")
            self.sentences.append(Sentence(self._place, self._section, text, plain))

    def _taken(self) -> str:
        text = " ".join(self._said)
        self._said.clear()
        return text
