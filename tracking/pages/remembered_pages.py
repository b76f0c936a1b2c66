"""The pages of a long register, counted and put in order again only when something has changed."""

from collections.abc import Hashable, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

from tracking.models.remembered import remembered
from tracking.models.then import Then


class RememberedPaginator(Paginator):
    """`name`: what is asked of the rows, and in which order. Only keys are put in order."""

    object_list: QuerySet[Any]

    def __init__(self, rows: QuerySet[Any], per_page: int, *, then: Then, name: Hashable) -> None:
        super().__init__(rows, per_page)
        self.then = then
        self.name = name

    @cached_property
    def count(self) -> int:
        rows = self.object_list.order_by()
        return remembered(self.then, ("count", self.name), lambda: rows.count())

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        keys = remembered(self.then, ("keys", self.name, number), lambda: self._keys(number))
        found = {row.pk: row for row in self.object_list.order_by().filter(pk__in=keys)}
        return Page([found[key] for key in keys if key in found], number, self)

    def _keys(self, number: int) -> Sequence[int]:
        begun = (number - 1) * self.per_page
        keys = self.object_list.values_list("pk", flat=True)
        return list(keys[begun : begun + self.per_page])
