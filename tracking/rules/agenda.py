"""In which order do departments speak, and what becomes of notes that two people write at once?"""

from collections.abc import Sequence


def order_of(staying: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Those that stay keep their order. Each new one of `wanted` speaks right after the one that
    comes before it there; the first of them all before everybody."""
    order = list(staying)
    for place, code in enumerate(wanted):
        if code not in order:
            before = [known for known in wanted[:place] if known in order]
            order.insert(order.index(before[-1]) + 1 if before else 0, code)
    return order


def merged(seen: str, stored: str, mine: str) -> str:
    """Notes that lose no line of anybody: what is stored, then every line of mine that is neither
    there nor in what I began with."""
    known = {*seen.splitlines(), *stored.splitlines()}
    fresh = [line for line in mine.splitlines() if line not in known]
    return "\n".join([*stored.splitlines(), *fresh])


def plain(text: str) -> str:
    """Notes as they are kept: one sort of line end, nothing behind the last word, and not the one
    character that no database keeps."""
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").rstrip()
