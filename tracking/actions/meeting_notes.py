"""What is noted while a department speaks; two people may write at once."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tracking.actions.meetings import still_open
from tracking.actions.refusals import Refused
from tracking.models import Meeting, MeetingItem
from tracking.rules.agenda import merged, plain
from tracking.rules.canonical import nfc

LONGEST = 20_000


class Overtaken(Refused):
    """Somebody else wrote meanwhile. `stored`: what stands now; `both`: that, and what was to be
    written."""

    def __init__(self, stored: str, both: str) -> None:
        super().__init__(
            [
                _(
                    "Somebody else has changed these notes since you opened them. Nothing was "
                    "saved: both texts stand below. Put them right and save again."
                )
            ]
        )
        self.stored, self.both = stored, both


class OffTheAgenda(Refused):
    """The department was taken off the agenda meanwhile."""


@transaction.atomic
def save_notes(
    *, meeting: Meeting, item: int, seen: str, text: str, spoken: bool = False
) -> MeetingItem:
    """`seen`: the notes as they stood when the person began to write; `spoken`: the department
    has. Overtaken when they changed meanwhile, unless to the same."""
    row = still_open(meeting)
    found = row.items.select_related("department").filter(pk=item).first()
    if found is None:
        raise OffTheAgenda([_("the department was taken off the agenda: add it again")])
    said, began = nfc(plain(text)), nfc(plain(seen))
    if found.notes not in (began, said):
        raise Overtaken(found.notes, merged(began, found.notes, said))
    if len(said) > LONGEST:
        raise Refused(
            [
                _("the text has %(length)d characters, at most %(limit)d are kept: shorten it")
                % {"length": len(said), "limit": LONGEST}
            ]
        )
    found.notes = said
    found.spoken = found.spoken or spoken
    found.save(update_fields=["notes", "spoken"])
    return found


@transaction.atomic
def has_not_spoken(*, meeting: Meeting, item: int) -> Any:
    """Takes back that it has."""
    row = still_open(meeting)
    return row.items.filter(pk=item).update(spoken=False)
