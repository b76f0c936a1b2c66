"""A message has room for so much: long texts end with a sign that more stands in the portal."""

MORE = "…"


def shortened(text: str, most: int) -> str:
    """At most that many characters; the last says that it was cut."""
    return text if len(text) <= most else text[: most - 1].rstrip() + MORE


def was_shortened(text: str) -> bool:
    return text.endswith(MORE)
