"""Under which department is a task printed? Validity and succession (rules.md 6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

Name = Mapping[str, str]  # {"vi": …, "en": …}


@dataclass(frozen=True, slots=True)
class DepartmentFacts:
    code: str
    name: Name
    order: int
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()

    def active(self, as_of: date) -> bool:
        begun = self.valid_from is None or self.valid_from <= as_of
        return begun and not self.ended(as_of)

    def ended(self, as_of: date) -> bool:
        return self.valid_to is not None and self.valid_to < as_of


def printed_under(lead: str, departments: Mapping[str, DepartmentFacts], as_of: date) -> str:
    """The lead itself, or the first active successor of a lead that has ended, nearest first; the
    lead all the same when there is none."""
    seen, queue = {lead}, [lead]
    while queue:
        department = departments[queue.pop(0)]
        if department.active(as_of):
            return department.code
        if department.ended(as_of):
            fresh = [code for code in department.successors if code not in seen]
            seen.update(fresh)
            queue.extend(fresh)
    return lead


def places_taken(code: str, departments: Mapping[str, DepartmentFacts], as_of: date) -> list[str]:
    """The departments whose tasks are printed under this one: itself while it stands, and those
    that ended and that it took over from."""
    return [lead for lead in departments if printed_under(lead, departments, as_of) == code]
