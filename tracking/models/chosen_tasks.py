"""The tasks that a list shows, in its order: counted and found again only when they may have
changed."""

from collections.abc import Callable, Iterator, Sequence

from tracking.models.remembered import remembered
from tracking.models.task_rows import TaskRows, first_day_heard, judged
from tracking.models.then import Then
from tracking.rules.chosen import Candidate, Question
from tracking.rules.standing import Yardstick

# Twenty pages are found at once.
_STRETCH = 1_000
# Otherwise from hour to hour.
_UNSTEADY = frozenset({"late"})


class ChosenTasks:
    """Of what is known now; `choose` gives the rows as they are asked for, in order, and is called
    only where they are not remembered."""

    def __init__(
        self,
        then: Then,
        choose: Callable[[], TaskRows],
        asked: Question,
        order: str,
        measure: Yardstick,
    ) -> None:
        self.choose = choose
        self.asked = asked
        self.order = order
        self.measure = measure
        self._then = then

    def __len__(self) -> int:
        # What they are sorted by is of no matter to their number.
        return remembered(self._then, self._name(), lambda: self.choose().order_by().count())

    def candidates(self, place: slice) -> Iterator[Candidate]:
        return judged(self._keys(place), self.measure)

    def _keys(self, place: slice) -> Sequence[int]:
        if self.order.removeprefix("-") in _UNSTEADY or place.stop is None:
            return self._found(place)
        first, last = place.start // _STRETCH, (place.stop - 1) // _STRETCH
        keys = [key for number in range(first, last + 1) for key in self._stretch(number)]
        return keys[place.start - first * _STRETCH : place.stop - first * _STRETCH]

    def _stretch(self, number: int) -> Sequence[int]:
        place = slice(number * _STRETCH, (number + 1) * _STRETCH)
        name = (*self._name(), self.order, number)
        return remembered(self._then, name, lambda: self._found(place))

    def _found(self, place: slice) -> Sequence[int]:
        """Only keys are sorted."""
        return list(self.choose().values_list("task_id", flat=True)[place])

    def _name(self) -> tuple[object, ...]:
        return "tasks", self.asked, first_day_heard(self.measure)
