"""Which words does the portal say, and does the Vietnamese catalogue have them all?

Read from the sources by Python itself: no machine needs GNU gettext.
"""

import ast
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.utils.translation import templatize

# Whether a context comes before the message, and whether a plural follows it.
FUNCTIONS = {
    "_": (False, False),
    "gettext": (False, False),
    "gettext_lazy": (False, False),
    "gettext_noop": (False, False),
    "ngettext": (False, True),
    "ngettext_lazy": (False, True),
    "pgettext": (True, False),
    "pgettext_lazy": (True, False),
    "npgettext": (True, True),
    "npgettext_lazy": (True, True),
}
LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
LITERALS = rf"{LITERAL}(?:\s*,\s*{LITERAL})*"
TEMPLATE_CALL = re.compile(rf"(?<!\w)(_|n?p?gettext)\(\s*({LITERALS})", re.DOTALL)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@dataclass(frozen=True)
class Message:
    """A message as the catalogue keys it; `plural` and `context` empty when it has none."""

    text: str
    plural: str = ""
    context: str = ""


def _message(function: str, literals: list[str]) -> Message | None:
    """The message of a call, None when its words are not written out."""
    has_context, has_plural = FUNCTIONS[function]
    if len(literals) < 1 + has_context + has_plural:
        return None
    context = literals[0] if has_context else ""
    text = literals[has_context]
    plural = literals[has_context + 1] if has_plural else ""
    return Message(text, plural, context) if text else None


def _leading_literals(arguments: list[ast.expr]) -> list[str]:
    found: list[str] = []
    for argument in arguments:
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            break
        found.append(argument.value)
    return found


def in_python(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            message = _message(name, _leading_literals(node.args)) if name in FUNCTIONS else None
            if message:
                yield message


def in_template(source: str) -> Iterator[Message]:
    for function, arguments in TEMPLATE_CALL.findall(templatize(source)):
        message = _message(function, list(ast.literal_eval(f"({arguments},)")))
        if message:
            yield message


def used(root: Path) -> dict[Message, str]:
    """Every message of the project's own sources, with the first file that says it."""
    found: dict[Message, str] = {}
    for path in _sources(root):
        read = in_python if path.suffix == ".py" else in_template
        for message in read(path.read_text(encoding="utf-8")):
            found.setdefault(message, str(path.relative_to(root)))
    return found


def _sources(root: Path) -> Iterable[Path]:
    for folder in ("config", "databases", "tracking"):
        yield from sorted((root / folder).rglob("*.py"))
        yield from sorted((root / folder).rglob("templates/**/*.*"))
    yield from sorted(path for path in (root / "templates").rglob("*.*") if path.is_file())


def _entries(catalogue: polib.POFile) -> dict[tuple[str, str], polib.POEntry]:
    return {(entry.msgctxt or "", entry.msgid): entry for entry in catalogue if not entry.obsolete}


def missing(root: Path, catalogue: polib.POFile) -> dict[Message, str]:
    """The used messages that have no entry at all."""
    known = _entries(catalogue)
    return {
        message: place
        for message, place in used(root).items()
        if (message.context, message.text) not in known
        or (message.plural and not known[message.context, message.text].msgid_plural)
    }


def faults(root: Path, catalogue: polib.POFile) -> list[str]:
    """A sentence for each message without a translation or with other placeholders in it."""
    lacking = missing(root, catalogue).items()
    told = [f"{place}: “{message.text}” is not in the catalogue." for message, place in lacking]
    for entry in _entries(catalogue).values():
        said = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if entry.fuzzy or not all(said):
            told.append(f"“{entry.msgid}” has no Vietnamese translation.")
            continue
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        if any(set(PLACEHOLDER.findall(text)) - wanted for text in said):
            told.append(f"“{entry.msgid}”: its translation has a placeholder that it has not.")
    return told


def add(catalogue: polib.POFile, messages: Iterable[Message]) -> None:
    """Append the messages without a translation; a plural takes over the entry of its singular."""
    known = _entries(catalogue)
    for message in messages:
        if entry := known.get((message.context, message.text)):
            catalogue.remove(entry)
        fresh = polib.POEntry(msgid=message.text, msgctxt=message.context or None)
        if message.plural:
            fresh.msgid_plural, fresh.msgstr_plural = message.plural, {0: ""}
        catalogue.append(fresh)


def read(path: Path) -> polib.POFile:
    """The catalogue; a new one with its header when there is none."""
    if path.exists():
        return polib.pofile(str(path), wrapwidth=100)
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = {
        "Language": "vi",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        # Vietnamese nouns have one form.
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return catalogue


def compile_catalogue(path: Path) -> bool:
    """Write the .mo beside the .po when it is older or absent; whether it was written."""
    compiled = path.with_suffix(".mo")
    if not path.exists():
        return False
    if compiled.exists() and compiled.stat().st_mtime_ns >= path.stat().st_mtime_ns:
        return False
    # Others may be reading the old one, or writing a new one at this moment.
    fresh = compiled.with_suffix(f".{os.getpid()}.new")
    fresh.write_bytes(polib.pofile(str(path)).to_binary())
    fresh.replace(compiled)
    return True
