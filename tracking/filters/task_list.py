"""What can be asked of the list of tasks? The fields of an address, with a sentence for each value
that cannot be."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet, MultipleChoiceFilter

from tracking.filters.light_select import ITS_CODE, MOST_TO_CHOOSE_FROM, LightSelect
from tracking.models.task_rows import TaskRows
from tracking.rules.chosen import FIRST_ORDER, Part, Question, bodies_of
from tracking.rules.departments import DepartmentFacts
from tracking.rules.standing import Yardstick
from tracking.rules.vietnamese import folded

# What an address of the portal may hold beside the fields.
_ELSEWHERE = frozenset({"as_of", "known_at", "lang", "page"})
_LONGEST_TEXT = 200

_NOT_HERE = {
    "invalid_choice": gettext_lazy("“%(value)s” is not among the choices: choose one of them."),
    "invalid_list": gettext_lazy("Choose from the list."),
}
_NO_DAY = {"invalid": gettext_lazy("This is not a day: write it as 18/11/2025.")}

Choices = Sequence[tuple[str, Any]]


class TaskFilterForm(forms.Form):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        unknown = sorted(set(self.data) - set(self.fields) - _ELSEWHERE)
        for name in unknown:
            self.add_error(
                None,
                _("The address asks for “%(name)s”, which this list does not know: take it out.")
                % {"name": name[:40]},
            )
        begun, ended = cleaned.get("due_from"), cleaned.get("due_to")
        if begun and ended and begun > ended:
            self.add_error("due_to", _("This day lies before the first one: correct one of them."))
        return cleaned


def _several(label: Any) -> MultipleChoiceFilter:
    return MultipleChoiceFilter(
        label=label, choices=(), widget=forms.CheckboxSelectMultiple, error_messages=_NOT_HERE
    )


def _one(label: Any, empty: Any, choices: Any = ()) -> ChoiceFilter:
    return ChoiceFilter(
        label=label,
        choices=choices,
        empty_label=empty,
        widget=LightSelect,
        error_messages=_NOT_HERE,
    )


def _day(label: Any) -> DateFilter:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return DateFilter(label=label, widget=widget, error_messages=_NO_DAY)


class TaskFilters(FilterSet):
    """Every field is told its choices; `question` says what was asked in the words of the rules."""

    text = CharFilter(
        label=gettext_lazy("Code or words of the title"),
        max_length=_LONGEST_TEXT,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
        error_messages={
            "max_length": gettext_lazy("At most %(limit_value)d characters: shorten it."),
            "null_characters_not_allowed": gettext_lazy("This holds an invisible character."),
        },
    )
    lead = _one(gettext_lazy("Department or partner"), gettext_lazy("all"))
    role = _one(
        gettext_lazy("Its part"),
        None,
        [
            (str(Part.LEAD), gettext_lazy("leads the task")),
            (str(Part.COORDINATING), gettext_lazy("coordinates")),
            (str(Part.WAITED_FOR), gettext_lazy("is waited for")),
        ],
    )
    plan = _several(gettext_lazy("Plan"))
    standing = _several(gettext_lazy("Standing"))
    flags = _several(gettext_lazy("All of these hold"))
    due_from = _day(gettext_lazy("Deadline from"))
    due_to = _day(gettext_lazy("Deadline to"))
    required = _one(
        gettext_lazy("Requirement"),
        gettext_lazy("all"),
        [("1", gettext_lazy("required")), ("0", gettext_lazy("optional"))],
    )
    sort = _one(gettext_lazy("Sorted by"), None)
    columns = _several(gettext_lazy("Columns"))

    class Meta:
        form = TaskFilterForm

    def __init__(
        self,
        data: Any,
        *,
        queryset: TaskRows,
        choices: Mapping[str, Choices],
        departments: Mapping[str, DepartmentFacts],
        measure: Yardstick,
    ) -> None:
        super().__init__(data, queryset)
        self.departments = departments
        self.measure = measure
        for name, options in choices.items():
            self.filters[name].extra["choices"] = options
        if sum(len(group) for _name, group in choices["lead"]) > MOST_TO_CHOOSE_FROM:
            self.filters["lead"].extra["widget"] = forms.TextInput
            self.filters["lead"].extra["help_text"] = ITS_CODE

    @property
    def question(self) -> Question:
        """Of a valid form."""
        given = self.form.cleaned_data
        return Question(
            plans=tuple(given["plan"]),
            bodies=self._bodies(given["lead"]),
            part=Part(given["role"] or Part.LEAD),
            standings=frozenset(given["standing"]),
            flags=frozenset(given["flags"]),
            due_from=given["due_from"],
            due_to=given["due_to"],
            required=given["required"] == "1" if given["required"] else None,
            words=tuple(folded(given["text"]).split()),
        )

    @property
    def order(self) -> str:
        return self.form.cleaned_data.get("sort") or FIRST_ORDER

    @property
    def columns_chosen(self) -> Sequence[str]:
        return self.form.cleaned_data.get("columns") or ()

    def filter_queryset(self, queryset: TaskRows) -> TaskRows:
        asked = queryset.chosen(self.question, self.measure)
        return asked.in_order(self.order, self.measure.at)

    def _bodies(self, code: str) -> tuple[str, ...]:
        as_of: date = self.measure.day
        return bodies_of(code, self.departments, as_of) if code else ()
