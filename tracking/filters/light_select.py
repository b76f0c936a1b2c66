"""A list to choose from that is written at once: Django's renders a template for every option."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

# More than this and a list to choose from helps nobody: the code is written.
MOST_TO_CHOOSE_FROM = 200
ITS_CODE = gettext_lazy("Its code.")


class LightSelect(forms.Select):
    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = str(value or "")
        given = {**self.attrs, **(attrs or {}), "name": name}
        said = "".join(f' {key}="{conditional_escape(word)}"' for key, word in given.items())
        options = "".join(_options(self.choices, chosen))
        # Every part is escaped already.
        return mark_safe(f"<select{said}>{options}</select>")


def _options(choices: Iterable[tuple[Any, Any]], chosen: str) -> Iterator[str]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            inner = "".join(_options(label, chosen))
            yield f'<optgroup label="{conditional_escape(value)}">{inner}</optgroup>'
        elif str(value) == chosen:
            yield format_html('<option value="{}" selected>{}</option>', value, label)
        else:
            yield format_html('<option value="{}">{}</option>', value, label)
