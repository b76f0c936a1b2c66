"""What the page of a template of letters shows beside its form: fields, examples, the words that
the portal comes with, and how the letter reads."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import cached_property
from typing import Any

from tracking.actions.letter_content import written
from tracking.actions.letter_said import Said
from tracking.actions.letter_words import CHECKED, Words, words_by_default, wrong_with
from tracking.models import LetterTemplate
from tracking.renderers.letter import Printed, printed_of
from tracking.rules.letters import FIELDS, Field


class TemplatePage:
    """`row`: what is kept; without it, the words that the portal comes with are shown."""

    def __init__(self, kind: str, row: LetterTemplate | None) -> None:
        self.kind = kind
        self.default = words_by_default(kind)
        self._words = _kept(row) if row else self.default

    @property
    def fields(self) -> tuple[Field, ...]:
        return FIELDS[self.kind]

    @cached_property
    def preview(self) -> Printed | None:
        """With the examples in the place of the fields; None when the words are not sound."""
        if list(wrong_with(self.kind, asdict(self._words))):
            return None
        values = {field.name: field.example for field in self.fields if not field.block}
        blocks = {
            field.name: [{"kind": "text", "text": field.example}]
            for field in self.fields
            if field.block
        }
        due = values.pop("answer_due_on", "")
        return printed_of(written(self.kind, self._words, Said(values, blocks), due))


def by_default(kind: str) -> dict[str, Any]:
    """The words that the portal comes with, as a form takes them."""
    return {"kind": kind, **asdict(words_by_default(kind))}


def faults_by_part(kind: str, cleaned: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(field of the form, sentence) for words that are complete but not sound."""
    if not kind or any(part not in cleaned for part in CHECKED):
        return []
    told = wrong_with(kind, {part: cleaned[part] for part in CHECKED})
    return [(part, sentence[:1].upper() + sentence[1:] + ".") for part, sentence in told]


def _kept(row: LetterTemplate) -> Words:
    return Words(row.subject, row.addressee, row.body, row.recipients, row.position)
