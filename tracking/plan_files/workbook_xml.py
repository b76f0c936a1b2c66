"""How are the XML parts of a workbook walked through without building them in memory?"""

import posixpath
from collections.abc import Iterator
from xml.parsers import expat

from tracking.plan_files.workbook_package import Parts, damaged


class Handler:
    """Told of everything in the order of the file; does nothing by itself."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def text(self, characters: str) -> None: ...

    def end(self, name: str) -> None: ...


def walk(content: bytes, handler: Handler) -> None:
    """Tell the handler of every element. FileRefused when it is no XML in UTF-8, or has a document
    type, which no program writes and which may hold entities that explode."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = handler.start
    parser.CharacterDataHandler = handler.text
    parser.EndElementHandler = handler.end
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError) as error:
        raise damaged() from error


def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]


def elements(parts: Parts, part: str, wanted: str) -> list[dict[str, str]]:
    """The attributes, without prefixes, of every element of that name."""
    gathered = _Gathered(wanted)
    walk(parts.get(part, b""), gathered)
    return gathered.found


def targets(parts: Parts, part: str) -> Iterator[tuple[str, str]]:
    """(identifier, name of the part) of a part of relationships below xl/."""
    for attributes in elements(parts, part, "Relationship"):
        target = attributes.get("Target", "")
        path = target[1:] if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        yield attributes.get("Id", ""), path


class _Gathered(Handler):
    def __init__(self, wanted: str) -> None:
        self.wanted = wanted
        self.found: list[dict[str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) == self.wanted:
            self.found.append({local(key): value for key, value in attributes.items()})


def _refuse(*_declaration: object) -> None:
    raise damaged()
