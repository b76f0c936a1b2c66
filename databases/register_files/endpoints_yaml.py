"""A strict part of YAML, read with the line of every key: what people write by hand, and no more.

Anchors, aliases and tags are refused, so that a small file stays small in memory and says the same
to every reader. Words mean themselves: of what stands without quotes only true, false, null and
numbers are no texts; `no`, 2025-11-18 and 1:30 stay what was typed.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

import yaml
from django.utils.translation import gettext as _

from tracking.plan_files.plain import Unfit, check_visible
from tracking.plan_files.rows import FileRefused

LARGEST = 1_000_000  # bytes
DEEPEST = 20

# The parser of libyaml where the wheel holds it: five times as fast, the same events and nodes.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}

Fault = tuple[int, str]  # line, sentence


class Located(dict[str, Any]):
    """A mapping of the file that knows its line and those of its keys."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def at(self, *keys: str) -> int:
        """The line of a key, or of a key in it, as far down as there is one."""
        line = self.line
        held: Any = self
        for key in keys:
            if not isinstance(held, Located) or key not in held.lines:
                break
            line, held = held.lines[key], held.get(key)
        return line


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, and what is wrong with how it says it."""

    name: str
    top: Any
    faults: tuple[Fault, ...]


def told(name: str, faults: Iterable[Fault]) -> list[str]:
    """Sentences with their places, in the order of the file."""
    return [f"{name}:{line}: {sentence}" for line, sentence in sorted(faults)]


def parse(name: str, data: bytes) -> Document:
    """FileRefused when nothing can be read from it."""
    if len(data) > LARGEST:
        said = _("the file has more than %d bytes: split it by zone or by database")
        raise FileRefused(told(name, [(1, said % LARGEST)]))
    text = _decoded(name, data)
    try:
        if faults := _structure_faults(text):
            raise FileRefused(told(name, faults))
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = _("not YAML (%s): correct it there") % (error.problem or error.context)
        raise FileRefused(told(name, [(mark.line + 1 if mark else 1, said)])) from None
    reader = _Reader()
    top = None if node is None else reader.value(node)
    return Document(name, top, tuple(reader.faults))


def _decoded(name: str, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        said = _("not UTF-8 text: save the file as UTF-8")
        raise FileRefused(told(name, [(line, said)])) from None
    faults = []
    for line, found in enumerate(text.split("\n"), 1):
        if hidden := yaml.reader.Reader.NON_PRINTABLE.search(found):
            said = _("holds the invisible character U+%04X: delete it")
            faults.append((line, said % ord(hidden[0])))
    if faults:
        raise FileRefused(told(name, faults))
    return text


def _structure_faults(text: str) -> list[Fault]:
    """Found before anything is built, so that nothing can be made to grow."""
    faults: list[Fault] = []
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            return [*faults, (line, _("is nested too deeply: write it flat"))]
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            said = _('anchors and aliases ("&", "*") are not read: write the value out')
            faults.append((line, said))
        if getattr(event, "tag", None) is not None:
            faults.append((line, _('tags ("!") are not read: leave it out')))
    return faults


class _Reader:
    """Turns nodes into plain values; what is at fault is left out and told in `faults`."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def value(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item) for item in node.value]
        return self._scalar(cast(yaml.ScalarNode, node))

    def _mapping(self, node: yaml.MappingNode) -> Located:
        found = Located(node.start_mark.line + 1)
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.faults.append((line, _("a key is a list or pairs: write one word")))
                continue
            key = self._text(key_node)
            value = self.value(value_node)
            if key in found.lines:
                said = _('"%s" stands here twice, first in line %d: leave one out')
                self.faults.append((line, said % (key, found.lines[key])))
                continue
            found[key], found.lines[key] = value, line
        return found

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        if node.style:  # quoted, or a block: a text whatever it looks like
            return self._text(node)
        if node.value in _WORDS:
            return _WORDS[node.value]
        if number := _NUMBER.fullmatch(node.value):
            return self._number(node, whole=number[1] is None)
        return self._text(node)

    def _number(self, node: yaml.ScalarNode, *, whole: bool) -> int | float | None:
        try:
            return int(node.value) if whole else float(node.value)
        except ValueError:
            said = _("a number has too many digits: correct it")
            self.faults.append((node.start_mark.line + 1, said))
            return None

    def _text(self, node: yaml.ScalarNode) -> str:
        text = unicodedata.normalize("NFC", node.value)
        try:
            check_visible(text)
        except Unfit as unfit:
            self.faults.append((node.start_mark.line + 1, str(unfit)))
        return text
