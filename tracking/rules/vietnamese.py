"""How are Vietnamese names searched without accents and sorted by their own alphabet?"""

import unicodedata

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: f"{rank:02d}" for rank, letter in enumerate(_ALPHABET, start=10)}
# ngang, huyền, hỏi, ngã, sắc, nặng: the order of tones in Vietnamese dictionaries
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


def folded(text: str) -> str:
    """Lower case without marks, đ as d: what a search compares."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in plain if not unicodedata.combining(c))


def sort_key(text: str) -> str:
    """Plain ASCII that sorts, byte by byte, as the Vietnamese alphabet does: letters first,
    tones where the letters are the same."""
    letters: list[str] = []
    tones: list[str] = []
    for character in unicodedata.normalize("NFC", text.lower()):
        parts = unicodedata.normalize("NFD", character)
        tone = next((_TONES[p] for p in parts if p in _TONES), "0")
        letter = unicodedata.normalize("NFC", "".join(p for p in parts if p not in _TONES))
        letters.append(_RANK.get(letter) or _other(letter))
        tones.append(tone)
    return "".join(letters) + " " + "".join(tones)


def _other(character: str) -> str:
    """Digits and spaces keep their place before letters; the rest comes after them."""
    if character.isascii() and (character.isdigit() or character == " "):
        return "0" + character
    return "99" + f"{ord(character[0]):06x}" if character else ""
