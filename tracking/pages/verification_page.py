"""One submission to be verified: the order's words on one side, what was handed in on the other."""

from functools import cached_property

from tracking.models import Event, TaskSituation
from tracking.pages.entries import names_of_people, signature
from tracking.pages.task_record import Kept, TaskRecord
from tracking.pages.verification import next_after, pending, place_of
from tracking.rules.events import Kind
from tracking.rules.instants import day_of

_ENDED = (Kind.RETURNED, Kind.REOPENED)


class SubmissionPage(TaskRecord):
    """Of a task whose result may await verification; looked at now."""

    @property
    def submitted_by(self) -> str:
        if self.submission is None:
            return ""
        return signature(self.submission, self.names, names_of_people([self.submission]))

    @property
    def days(self) -> int:
        made = self.situation.submission
        return (self.viewpoint.as_of - day_of(made.at)).days if made else 0

    @property
    def own(self) -> bool:
        """Nobody accepts or returns what they submitted."""
        made = self.situation.submission
        return made is not None and made.actor == self.user.get_username()

    @cached_property
    def returned(self) -> list[Event]:
        """Earlier submissions sent back, the latest first."""
        sent_back = [e.number for e in self.effective if e.kind is Kind.RETURNED]
        return [self.rows[number] for number in reversed(sent_back)]

    @property
    def fresh(self) -> list[Kept]:
        """Evidence recorded since the last submission was decided."""
        return [kept for kept in self.kept if kept.event.number > self._decided]

    @property
    def older(self) -> list[Kept]:
        return [kept for kept in self.kept if kept.event.number <= self._decided]

    @cached_property
    def _decided(self) -> int:
        """Number of the entry that sent the last one back or opened the task again."""
        return max((e.number for e in self.effective if e.kind in _ENDED), default=0)

    @cached_property
    def row(self) -> TaskSituation | None:
        """Its place in the queue; None when it has none."""
        return pending(self.now).filter(task=self.task).first()

    @property
    def place(self) -> tuple[int, int] | None:
        return place_of(self.row, self.now) if self.row else None

    @cached_property
    def following(self) -> TaskSituation | None:
        """The next in the queue that this reader may decide; the first, when this task has left
        the queue."""
        return next_after(self.row, self.user, self.now)
