"""By what is the register of letters narrowed?"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tracking.models import Department, Letter, LetterKind
from tracking.models.letter import LetterQuerySet
from tracking.rules.vietnamese import folded

ANSWERS = (("late", _("late answers")), ("awaited", _("answers awaited")))


class LetterFilter(filters.FilterSet):
    """State, kind, department, answers that are late on the day told, words."""

    state = filters.ChoiceFilter(
        label=_("State"), choices=Letter.State.choices, empty_label=_("every state")
    )
    kind = filters.ChoiceFilter(
        label=_("Kind"), choices=LetterKind.choices, empty_label=_("every kind")
    )
    department = filters.ModelChoiceFilter(
        label=_("Department"),
        queryset=Department.objects.all(),
        to_field_name="code",
        empty_label=_("every department"),
    )
    answers = filters.ChoiceFilter(
        method="of_answers", label=_("Answer"), choices=ANSWERS, empty_label=_("all letters")
    )
    q = filters.CharFilter(method="of_words", label=_("Words"))

    class Meta:
        model = Letter
        fields: Sequence[str] = ()

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def of_answers(self, letters: LetterQuerySet, name: str, value: str) -> QuerySet[Any]:
        late = value == "late"
        return letters.overdue_answers(self.today) if late else letters.unanswered()

    def of_words(self, letters: LetterQuerySet, name: str, value: str) -> QuerySet[Any]:
        return letters.saying(folded(value).split())
