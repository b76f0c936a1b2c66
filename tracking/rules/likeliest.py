"""Of all rows in which the words of a question stand, which one was most likely meant?"""

from enum import IntEnum

from tracking.rules.searching import ENDS, STARTS, Question, spellings

_AFTER, _BEFORE = frozenset(("", *ENDS)), frozenset(("", *STARTS))


class Place(IntEnum):
    """Where a word stands in a text."""

    WHOLE = 0
    BEGINNING = 1
    WITHIN = 2
    NOWHERE = 3


class Likeliest:
    """Places the rows found for one question."""

    def __init__(self, question: Question) -> None:
        self._words = question.words
        self._code = question.code
        self._typed = [spellings(word) for word in question.typed]
        self._together = spellings(question.text)

    def place(self, plain: str, named: str) -> tuple[int, bool]:
        """To sort by, the likeliest first: what begins with the question, as its code does; then
        the accents as typed, then any; of both whole words first, then their beginnings, then
        other places; the words together before the words apart. `plain` is the text without
        accents, `named` with them, both with the code first."""
        return self._rank(plain, named.lower()), self._code not in plain

    def _rank(self, plain: str, named: str) -> int:
        if _leads(plain, self._code) or any(_leads(named, way) for way in self._together):
            return 0
        as_typed = max(_closest(named, *ways) for ways in self._typed)
        if as_typed != Place.NOWHERE:
            return 1 + as_typed
        # What stands in a code without a twin in `plain` stands nowhere there.
        return 4 + min(max(_closest(plain, word) for word in self._words), Place.WITHIN)


def _leads(text: str, way: str) -> bool:
    return text.startswith(way) and text[len(way) : len(way) + 1] in ("", " ")


def _closest(text: str, word: str, *others: str) -> Place:
    """The best of all places. Only at the end of a word is another spelling the same word."""
    best = _best(text, word)
    for other in others:
        if best != Place.WHOLE:
            best = min(best, _best(text, other, ending=True))
    return best


def _best(text: str, word: str, *, ending: bool = False) -> Place:
    best, at = Place.NOWHERE, text.find(word)
    while at >= 0:
        ends = text[at + len(word) :][:1] in _AFTER
        if ends or not ending:
            begins = text[max(at - 1, 0) : at] in _BEFORE
            if begins and ends:
                return Place.WHOLE
            best = min(best, Place.BEGINNING if begins else Place.WITHIN)
        at = text.find(word, at + 1)
    return best
