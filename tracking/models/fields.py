"""Columns that the portal fills by itself, so that both databases search and sort alike."""

import unicodedata
from typing import Any

from django.db import models

from tracking.rules.vietnamese import folded, sort_key


class NormalizedCharField(models.CharField):
    """A text kept in Unicode NFC: two ways of typing "ệ" are one text."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return unicodedata.normalize("NFC", value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


class DerivedField(models.TextField):
    """A text computed from other columns of the row when it is written."""

    def __init__(self, *, of: tuple[str, ...], **options: Any) -> None:
        self.of = of
        super().__init__(**{"editable": False, "default": "", **options})

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "of": self.of}

    def derive(self, text: str) -> str:
        raise NotImplementedError

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        parts = (getattr(model_instance, name) or "" for name in self.of)
        value = self.derive(" ".join(parts))
        setattr(model_instance, self.attname, value)
        return value


class SearchField(DerivedField):
    """Lower case without marks, đ as d: what searches compare."""

    def derive(self, text: str) -> str:
        return folded(text)


class SortField(DerivedField):
    """Sorts by the Vietnamese alphabet with a plain comparison of bytes."""

    def derive(self, text: str) -> str:
        return sort_key(text)[:400]
