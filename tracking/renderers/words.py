"""What does a progress list say, in Vietnamese and in English?"""

from tracking.renderers.vocabulary import VOCABULARY

LANGUAGES = ("vi", "en")
ROMAN_VALUES = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
ROMAN_SIGNS = ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I")


def words_of(language: str) -> dict[str, str]:
    """Every word of one language by key; ValueError for a language we do not speak."""
    if language not in LANGUAGES:
        raise ValueError(f"No words in the language {language!r}: use one of {LANGUAGES}.")
    return {key: pair[LANGUAGES.index(language)] for key, pair in VOCABULARY.items()}


def word(key: str, language: str) -> str:
    """One label; KeyError for an unknown key, ValueError for an unknown language."""
    if language not in LANGUAGES:
        raise ValueError(f"No words in the language {language!r}: use one of {LANGUAGES}.")
    return VOCABULARY[key][LANGUAGES.index(language)]


def counted(number: int, noun: str, language: str) -> str:
    """A number with its noun: "2 nhiệm vụ", "1 task", "2 tasks"."""
    form = "one" if number == 1 else "many"
    return f"{number_text(number, language)} {word(f'{noun}_{form}', language)}"


def ordinal_text(number: int, language: str) -> str:
    """ "3" in Vietnamese ("lần thứ 3"), "3rd" in English."""
    if language == "vi":
        return str(number)
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return str(number) + {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def list_number_text(number: int) -> str:
    """Numbers below ten carry a zero, as in every Vietnamese office document."""
    return f"{number:02d}"


def date_text(iso: str | None, language: str) -> str:
    """ "2025-11-18" (or an instant) as "18/11/2025" in both languages; "" for None."""
    return f"{iso[8:10]}/{iso[5:7]}/{iso[:4]}" if iso else ""


def instant_text(iso: str | None, language: str) -> str:
    """An instant in the words of its own zone, to the minute: the content always says +07:00."""
    if not iso:
        return ""
    day, minute = date_text(iso, language), iso[11:16]
    return f"{minute} ngày {day}" if language == "vi" else f"{day} {minute}"


def number_text(number: int, language: str) -> str:
    """Thousands apart: "1.234" in Vietnamese, "1,234" in English."""
    text = f"{number:,}"
    return text.replace(",", ".") if language == "vi" else text


def share_text(part: int, whole: int, language: str) -> str:
    """ "6/12 (50%)"; only 0 and the whole read as 0% and 100%; "0/0" has no percent."""
    share = f"{number_text(part, language)}/{number_text(whole, language)}"
    if not whole:
        return share
    percent = (200 * part + whole) // (2 * whole)
    if 0 < part < whole:
        percent = min(max(percent, 1), 99)
    return f"{share} ({percent}%)"


def roman(number: int) -> str:
    """Roman numeral of a positive number: 4 is "IV"."""
    text = ""
    for value, sign in zip(ROMAN_VALUES, ROMAN_SIGNS, strict=True):
        text += sign * (number // value)
        number %= value
    return text
