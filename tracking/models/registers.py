"""The registers that nearly every page needs: read once, and again when one of them has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracking.models.calendar import CalendarDay
from tracking.models.department import Department, Partner
from tracking.models.plan import Plan
from tracking.models.stamp import Stamp, stamps_now
from tracking.rules.calendar import WorkingCalendar
from tracking.rules.departments import DepartmentFacts, Name

_KEPT_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Registers:
    """Of everybody who asks: nobody may change a row. Departments stand by code in protocol order,
    partners by code in that of the alphabet, plans in that of their codes."""

    departments: Mapping[str, Department]
    facts: Mapping[str, DepartmentFacts]
    partners: Mapping[str, Partner]
    plans: Sequence[Plan]
    names: Mapping[str, Name]  # of departments and partners, by code
    calendar: WorkingCalendar

    _spoken: dict[str, Mapping[str, str]] = field(default_factory=dict, compare=False)

    def spoken(self, language: str) -> Mapping[str, str]:
        """The names in that language."""
        if language not in self._spoken:
            self._spoken[language] = {code: name[language] for code, name in self.names.items()}
        return self._spoken[language]


_kept: dict[str, Registers] = {}


def registers(stamps: Mapping[str, str] | None = None) -> Registers:
    """As they are now; one query, none where the `stamps` of now are known, and five more after a
    change."""
    stamp = (stamps_now() if stamps is None else stamps).get(Stamp.Of.REGISTERS)
    if stamp is None:
        return _read()
    if (kept := _kept.get(stamp)) is None:
        kept = _read()
        if len(_kept) >= _KEPT_AT_MOST:
            _kept.clear()
        _kept[stamp] = kept
    return kept


def _read() -> Registers:
    rows = Department.objects.all()
    departments = {row.code: row for row in rows}
    partners = {row.code: row for row in Partner.objects.all()}
    return Registers(
        departments=departments,
        facts=rows.facts(),
        partners=partners,
        plans=list(Plan.objects.all()),
        names={code: body.names for code, body in {**partners, **departments}.items()},
        calendar=CalendarDay.objects.all().calendar(),
    )
