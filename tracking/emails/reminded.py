"""Of what is a person reminded today?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _, ngettext

from tracking.models import Department, Letter, User
from tracking.models.to_remind import ToRemind
from tracking.rules.departments import Name
from tracking.rules.reminders import Measure, Rung
from tracking.rules.standing import Flag, Yardstick


@dataclass(frozen=True, slots=True)
class Board:
    """What all messages of a run share. `reasons`: how many tasks mark a department now."""

    measure: Yardstick
    departments: Mapping[str, Department]  # by code, in protocol order
    names: Mapping[str, Name]  # of departments and partners, by code
    reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Reminded:
    """A task that a person is told of: `rungs` by the subject of their climb. `withheld`: it never
    leaves by mail, so that it is counted and not named."""

    row: ToRemind
    place: str
    rungs: Mapping[str, Rung]
    withheld: bool = False

    @property
    def section(self) -> str:
        if any(rung.measure is Measure.UNVERIFIED_DAYS for rung in self.rungs.values()):
            return "unverified"
        if self.row.judgement.overdue:
            return "overdue"
        return "due" if Flag.DUE_SOON in self.row.judgement.flags else "under_way"


@dataclass(frozen=True, slots=True)
class Digest:
    """One a person and day. `withheld_letters`: about tasks that never leave by mail."""

    person: User
    board: Board
    told_until: int  # the newest note that this rests on
    tasks: Sequence[Reminded] = ()
    letters: Sequence[Letter] = ()
    withheld_letters: int = 0

    @property
    def day(self) -> date:
        return self.board.measure.day

    @property
    def key(self) -> str:
        return f"digest:{self.person.pk}:{self.day.isoformat()}"

    def __str__(self) -> str:
        """For whoever asks what would be sent."""
        return _("Reminders for %(person)s: %(counts)s") % {
            "person": self.person.email,
            "counts": ", ".join(counts(self)),
        }


def counts(digest: Digest) -> list[str]:
    """ "3 tasks overdue", "2 tasks due soon": what is not withheld, in the order of urgency."""
    found = [row.section for row in digest.tasks if not row.withheld]
    overdue, due, under_way, unverified = (
        found.count(section) for section in ("overdue", "due", "under_way", "unverified")
    )
    withheld = len(digest.tasks) - len(found)
    letters = len(digest.letters) + digest.withheld_letters
    said = [
        (overdue, ngettext("%(n)s task overdue", "%(n)s tasks overdue", overdue)),
        (due, ngettext("%(n)s task due soon", "%(n)s tasks due soon", due)),
        (under_way, ngettext("%(n)s task under way", "%(n)s tasks under way", under_way)),
        (
            unverified,
            ngettext(
                "%(n)s task awaiting verification", "%(n)s tasks awaiting verification", unverified
            ),
        ),
        (letters, ngettext("%(n)s letter unanswered", "%(n)s letters unanswered", letters)),
        (
            withheld,
            ngettext(
                "%(n)s task shown in the portal only",
                "%(n)s tasks shown in the portal only",
                withheld,
            ),
        ),
    ]
    return [words % {"n": number} for number, words in said if number]
