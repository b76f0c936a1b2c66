"""By what is the register of issued lists narrowed?"""

from collections.abc import Sequence
from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tracking.models import ProgressList

STATES = (("issued", _("issued")), ("superseded", _("superseded")))


class IssuedListFilter(filters.FilterSet):
    """Series, year of the day judged, superseded or not. The choices are told by the page."""

    series = filters.ChoiceFilter(label=_("Plans and marking"), empty_label=_("everything"))
    year = filters.ChoiceFilter(
        field_name="as_of__year", label=_("Year"), empty_label=_("every year")
    )
    state = filters.ChoiceFilter(
        method="of_state", label=_("State"), choices=STATES, empty_label=_("issued and superseded")
    )

    class Meta:
        model = ProgressList
        fields: Sequence[str] = ()

    def __init__(
        self,
        *args: Any,
        series: Sequence[tuple[str, str]] = (),
        years: Sequence[tuple[str, str]] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.filters["series"].extra["choices"] = series
        self.filters["year"].extra["choices"] = years

    def of_state(self, lists: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return lists.filter(superseded_by__isnull=value == "issued")
