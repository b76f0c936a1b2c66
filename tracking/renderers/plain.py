"""Makes other people's text safe to print on one line of any format."""

# Bidirectional overrides can make a line read as something else than it says.
_REORDERING = [0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069]
_UNPRINTABLE: dict[int, str | None] = {
    **dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], " "),
    **dict.fromkeys([0xFFFE, 0xFFFF], "\ufffd"),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    **dict.fromkeys(_REORDERING, None),
}


def plain(text: str) -> str:
    """The text on one line, without control characters (a title must not steer a terminal)."""
    if text.isprintable():
        return text
    return " ".join(text.translate(_UNPRINTABLE).split())
