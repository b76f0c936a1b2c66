"""The list of tasks as a file: what the page shows, all of it, with what was asked."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from tracking.models.bilingual import reader_language
from tracking.pages.task_list import TaskList
from tracking.pages.task_words import day_text, moment_text
from tracking.renderers.task_export import FORMS
from tracking.renderers.task_export_parts import Export
from tracking.rules.viewpoint import Viewpoint
from tracking.tables.task_columns import file_columns, file_heads


class TooMany(Exception):
    """The message says what to do instead."""


def task_file(tasks: TaskList, form: str) -> bytes:
    """TooMany when the format does not bear so many rows."""
    most, count = FORMS[form].most, len(tasks.rows)
    if most is not None and count > most:
        raise TooMany(
            _(
                "A Word document holds at most %(most)d tasks, and these are %(count)d: filter "
                "further, or take Excel or CSV."
            )
            % {"most": most, "count": count}
        )
    columns = file_columns(tasks.columns)
    export = Export(
        language=reader_language(),
        title=_("Tasks"),
        facts=[*_day(tasks.viewpoint), *asked_in_words(tasks), (_("Tasks"), str(count))],
        heads=file_heads(columns),
        count=count,
        rows=([column.value(row) for column in columns] for row in tasks.rows),
    )
    return FORMS[form].write(export)


def file_name(viewpoint: Viewpoint, form: str) -> str:
    """Plain ASCII: it goes through mail and onto shares."""
    stem = "nhiem-vu" if reader_language() == "vi" else "tasks"
    return f"{stem}-{viewpoint.as_of.isoformat()}.{form}"


def _day(viewpoint: Viewpoint) -> Iterator[tuple[str, str]]:
    day = viewpoint.at if viewpoint.at == viewpoint.now else None
    said = moment_text(day) if day else day_text(viewpoint.as_of)
    if viewpoint.forecast:
        said = _("%(day)s (forecast, if nothing changes)") % {"day": said}
    yield (_("As of") if day else _("As of the end of")), said
    yield _("Data recorded up to"), moment_text(viewpoint.known_at)


def asked_in_words(tasks: TaskList) -> Iterator[tuple[str, str]]:
    """(field, what was chosen) of every filter that is set, and the order."""
    form = tasks.filters.form
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if name == "sort":
            value = value or tasks.filters.order
        # Whose part it is says nothing without a department; the columns are seen.
        if not value or name == "columns" or (name == "role" and not form.cleaned_data["lead"]):
            continue
        yield str(field.label), _said(field, value)


def _said(field: Any, value: Any) -> str:
    if not hasattr(field, "choices"):
        return day_text(value) if hasattr(value, "year") else str(value)
    names = dict(_flat(field.choices))
    return "; ".join(names[one] for one in ([value] if isinstance(value, str) else value))


def _flat(choices: Any) -> Iterator[tuple[str, str]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(value), str(label)
