"""Who is to speak at a meeting? Taken from an issued list, and put right by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tracking.actions.meetings import still_open
from tracking.actions.refusals import Refused
from tracking.models import Department, Meeting, MeetingItem, ProgressList
from tracking.renderers.cells import TaskWriter
from tracking.renderers.marks import remark_of
from tracking.rules.agenda import merged, order_of, plain

# The record of a meeting is in the language of the ministry.
_WRITER = "vi"


@dataclass(frozen=True, slots=True)
class Prepared:
    """How many stand on the agenda, came to it and were taken off."""

    whole: int
    fresh: int
    gone: int


@transaction.atomic
def prepare(*, meeting: Meeting, issued: ProgressList) -> Prepared:
    """The departments marked in that list, in its order. Those on the agenda already keep their
    place and their notes; those no longer marked leave it, unless something was written of them
    or they were added by hand."""
    row = still_open(meeting)
    listed = _marked_in(issued)
    items = {item.department.code: item for item in _items(row)}
    gone = [item for code, item in items.items() if code not in listed and _leaves(item)]
    staying = [code for code, item in items.items() if item not in gone]
    order = order_of(staying, list(listed))
    MeetingItem.objects.filter(pk__in=[item.pk for item in gone]).delete()
    keys = dict(Department.objects.filter(code__in=order).values_list("code", "pk"))
    for place, code in enumerate(order, start=1):
        said = _said_of(listed.get(code))
        MeetingItem.objects.update_or_create(
            meeting=row, department_id=keys[code], defaults={"place": place, **said}
        )
    row.progress_list = issued
    row.save(update_fields=["progress_list"])
    return Prepared(len(order), len(order) - len(staying), len(gone))


@transaction.atomic
def add_department(*, meeting: Meeting, department: Department, why: str = "") -> MeetingItem:
    """By hand, at the end. What it is to speak about begins its notes; one that is there already
    stays where it is."""
    row = still_open(meeting)
    item = row.items.filter(department=department).first()
    if item is None:
        item = MeetingItem(meeting=row, department=department, place=row.items.count() + 1)
    item.notes = merged("", item.notes, plain(why))
    item.save()
    return item


@transaction.atomic
def remove_department(*, item: MeetingItem) -> None:
    """Refused when something was written of it. Removed twice is removed once."""
    row = still_open(item.meeting)
    found = row.items.filter(pk=item.pk).select_related("department").first()
    if found is None:
        return
    if not _untouched(found):
        raise Refused(
            [
                _("%(department)s has spoken, or has notes or conclusions: it stays on the agenda")
                % {"department": found.department.name}
            ]
        )
    found.delete()
    _number(_items(row))


@transaction.atomic
def move(*, item: MeetingItem, seen: int, up: bool) -> bool:
    """One place up or down. `seen`: its place when the person looked; false, and nothing done,
    when it stands elsewhere by now, as after a second click."""
    row = still_open(item.meeting)
    items = _items(row)
    place = next((n for n, found in enumerate(items) if found.pk == item.pk), None)
    if place is None or items[place].place != seen:
        return False
    other = place - 1 if up else place + 1
    if not 0 <= other < len(items):
        return False
    items[place], items[other] = items[other], items[place]
    _number(items)
    return True


def _items(meeting: Meeting) -> list[MeetingItem]:
    rows = meeting.items.select_related("department").prefetch_related("conclusions")
    return list(rows.order_by("place", "pk"))


def _number(items: Sequence[MeetingItem]) -> None:
    for place, item in enumerate(items, start=1):
        item.place = place
    MeetingItem.objects.bulk_update(items, ["place"])


def _untouched(item: MeetingItem) -> bool:
    return not (item.notes or item.spoken or item.conclusions.all())


def _leaves(item: MeetingItem) -> bool:
    """Put there by a list, and nothing written of it."""
    return bool(item.reasons) and _untouched(item)


def _said_of(listed: Mapping[str, Any] | None) -> dict[str, Any]:
    if listed is None:
        return {"reasons": [], "remark": ""}
    writer = TaskWriter(_WRITER)
    remarks = [remark_of(remark, writer) for remark in listed.get("remarks", ())]
    return {"reasons": listed["reasons"], "remark": "\n".join(remarks)}


def _marked_in(issued: ProgressList) -> dict[str, Mapping[str, Any]]:
    """In the order of the list, the departments that the register knows."""
    try:
        content = issued.as_content()
        marked = {row["code"]: row for row in content["departments"] if row["marked"]}
    except (KeyError, TypeError, ValueError) as broken:
        raise Refused(
            [_("%(list)s cannot be read: verify it, and choose another") % {"list": issued}]
        ) from broken
    known = set(Department.objects.filter(code__in=marked).values_list("code", flat=True))
    return {code: row for code, row in marked.items() if code in known}
