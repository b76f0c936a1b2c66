"""What does somebody look for, in which spellings, and where does it stand in a text?"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from tracking.rules.vietnamese import folded

MOST_CHARACTERS, MOST_WORDS = 200, 8
# The tone of these is written on either letter: "hòa" and "hoà" are one word.
_TWO_WAYS = (("o", "a"), ("o", "e"), ("u", "y"))
_SIGNS = frozenset("\\^$.|?*+()[]{}-")
# Where words begin and end, in signs that every engine of patterns reads alike.
STARTS, ENDS = " /(-", " ,.;:!?/)\"'-"
_START, _END = rf"(?:^|(?<=[{STARTS}]))", rf"(?=$|[{ENDS}])"
_TONES = "\u0300\u0309\u0303\u0301\u0323"

Part = tuple[str, bool]  # a piece of a text, and whether it was looked for


def _both_places() -> Iterator[tuple[str, str]]:
    for first, second in _TWO_WAYS:
        for tone in _TONES:
            early = unicodedata.normalize("NFC", first + tone + second)
            yield early, unicodedata.normalize("NFC", first + second + tone)


_EARLY_LATE = tuple(_both_places())


@dataclass(frozen=True, slots=True)
class Question:
    """`text` as it was typed, tidied; `words` of it without accents, `typed` with them; `cut`:
    it was longer than what is looked for."""

    text: str
    words: tuple[str, ...]
    typed: tuple[str, ...]
    cut: bool = False

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Each word without accents, and as it was typed."""
        return tuple(zip(self.words, self.typed, strict=True))

    @property
    def short(self) -> bool:
        return len(self.code) < 2

    @property
    def code(self) -> str:
        """What a code must be, without accents, to be the one asked for."""
        return folded(self.text)


def question_of(text: str) -> Question:
    """Unprintable characters are spaces; a word that was typed twice is looked for once."""
    composed = unicodedata.normalize("NFC", text)
    printable = "".join(c if c.isprintable() else " " for c in composed)
    words = printable[:MOST_CHARACTERS].split()
    typed = {folded(word): word for word in reversed(words)}
    kept = [key for key in dict.fromkeys(folded(word) for word in words) if key][:MOST_WORDS]
    return Question(
        text=" ".join(words),
        words=tuple(kept),
        typed=tuple(typed[key] for key in kept),
        cut=len(printable.strip()) > MOST_CHARACTERS or len(typed) > MOST_WORDS,
    )


def spelled(word: str) -> str:
    """A pattern of the word with its accents: in small letters or capitals, the tone on either
    letter. It holds nothing but signs that every engine of patterns reads alike."""
    lower, *others = spellings(word)
    # Only at the end of a syllable does the tone stand on either letter: "hoàn" is not "hòan".
    ending = (f"|{_any_case(way)}{_END}" for way in others)
    return f"(?:{_any_case(lower)}{''.join(ending)})"


def spellings(word: str) -> tuple[str, ...]:
    """The word in small letters; then with the tones on the other letters, where that differs."""
    lower = unicodedata.normalize("NFC", word.lower())
    early = late = lower
    for on_first, on_second in _EARLY_LATE:
        early = early.replace(on_second, on_first)
        late = late.replace(on_first, on_second)
    return lower, *(way for way in (early, late) if way != lower)


def exactly(word: str) -> str:
    """A pattern of the word, every sign of it as it is."""
    return "".join(f"\\{c}" if c in _SIGNS else c for c in word)


def beginning(pattern: str) -> str:
    """A pattern that holds at the beginning of a word only."""
    return f"{_START}{pattern}"


def whole(pattern: str) -> str:
    """A pattern that holds for a whole word only."""
    return f"{_START}{pattern}{_END}"


def first_of_all(pattern: str) -> str:
    """A pattern that holds before everything else, as a word: where codes stand."""
    return f"^{pattern}( |$)"


def parts(text: str, pairs: Iterable[tuple[str, str]]) -> tuple[Part, ...]:
    """The text in pieces, those marked in which a word stands: with its accents as typed, else
    whatever they are. `pairs`: each word without accents, and as it was typed."""
    text = unicodedata.normalize("NFC", text)
    folds = [_folded(character) for character in text]
    owners = [place for place, fold in enumerate(folds) for _letter in fold]
    found: set[int] = set()
    for word, typed in pairs:
        found.update(_as_typed(text, typed) or _whatever(word, "".join(folds), owners))
    groups = groupby(enumerate(text), key=lambda pair: pair[0] in found)
    return tuple(("".join(c for _place, c in group), hit) for hit, group in groups)


# Texts are made of few characters, each met over and over.
_folded = lru_cache(maxsize=1_024)(folded)


def _any_case(word: str) -> str:
    return "".join(_either_case(character) for character in word)


def _either_case(character: str) -> str:
    upper = character.upper()
    if len(upper) == 1 and upper != character:
        return f"[{character}{upper}]"
    return exactly(character)


def _as_typed(text: str, typed: str) -> set[int]:
    """Places of whole words, else of beginnings, else of anything written as it was typed."""
    pattern = spelled(typed)
    for narrower in (whole(pattern), beginning(pattern), pattern):
        if spans := [match.span() for match in re.finditer(narrower, text)]:
            return {place for start, end in spans for place in range(start, end)}
    return set()


def _whatever(word: str, plain: str, owners: Sequence[int]) -> Iterator[int]:
    for start in _likeliest(plain, word):
        yield from owners[start : start + len(word)]


def _likeliest(plain: str, word: str) -> list[int]:
    """Where it stands as a whole word; else where words begin with it; else everywhere."""
    places = [place.start() for place in re.finditer(re.escape(word), plain)]
    beginnings = [p for p in places if not plain[p - 1 : p].isalnum()]
    whole_words = [p for p in beginnings if not plain[p + len(word) :][:1].isalnum()]
    return whole_words or beginnings or places
