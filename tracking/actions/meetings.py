"""Planning a meeting, changing, cancelling and closing it."""

from datetime import date, datetime
from itertools import count

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tracking.actions.refusals import Refused
from tracking.models import Conclusion, Document, Meeting
from tracking.models.pen import take_the_pen
from tracking.rules.canonical import nfc
from tracking.rules.instants import day_of

# Longer than what any chair says in one breath.
LONGEST = 2000


@transaction.atomic
def plan_meeting(*, title: str, held_at: datetime, place: str = "", chair: str = "") -> Meeting:
    """The same meeting sent a second time is the one that is planned already."""
    take_the_pen()
    said = {"title": _needed_title(title), "held_at": held_at}
    said |= {"place": nfc(place.strip()), "chair": nfc(chair.strip())}
    known = Meeting.objects.planned().filter(**said).first()
    return known or Meeting.objects.create(**said)


@transaction.atomic
def change_meeting(
    *, meeting: Meeting, title: str, held_at: datetime, place: str = "", chair: str = ""
) -> Meeting:
    """Refused once it is closed or cancelled, and another day once it has concluded something:
    the ledger names that day."""
    row = still_open(meeting)
    if day_of(held_at) != row.held_on and row.conclusions.exists():
        raise Refused([_("conclusions of that day are recorded: the day stays as it is")])
    row.title, row.held_at = _needed_title(title), held_at
    row.place, row.chair = place.strip(), chair.strip()
    row.save()
    return row


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, reason: str, now: datetime, by: str) -> Meeting:
    """The reason is kept as all that the meeting concluded. Cancelled twice is cancelled once."""
    row = locked(meeting)
    if row.state == Meeting.State.CANCELLED:
        return row
    row = still_open(row)
    said = needed_words(reason)
    if row.conclusions.exists():
        raise Refused([_("the meeting has concluded something: close it instead")])
    Conclusion.objects.create(
        meeting=row, kind=Conclusion.Kind.NOTED, text=said, recorded_at=now, actor=by
    )
    row.state = Meeting.State.CANCELLED
    row.save(update_fields=["state"])
    return row


@transaction.atomic
def close_meeting(*, meeting: Meeting, now: datetime, by: str) -> Meeting:
    """Final: nothing more is noted or concluded. Closed twice is closed once."""
    row = locked(meeting)
    if row.state == Meeting.State.CLOSED:
        return row
    row = begun(still_open(row), now)
    row.document = notice_of(row)
    row.state, row.closed_at, row.closed_by = Meeting.State.CLOSED, now, by
    row.save(update_fields=["state", "document", "closed_at", "closed_by"])
    return row


@transaction.atomic
def number_notice(*, meeting: Meeting, number: str, dated: date, now: datetime) -> Document:
    """The number and date that the records office gave the notice, in place of the provisional
    number, which its title goes on to name: the ledger does. Refused when it is another's."""
    row = locked(meeting)
    if row.state == Meeting.State.CANCELLED:
        raise Refused([_("the meeting is cancelled: there is no notice to number")])
    document = notice_of(row)
    number = nfc(" ".join(number.split()))
    faults = _number_faults(document, number, dated, row, day_of(now))
    if faults:
        raise Refused(faults)
    if document.number.startswith(_provisional(row)):
        document.name_vi = f"{document.name_vi} (số tạm: {document.number})"[:500]
    document.number, document.issued_on = number, dated
    document.save()
    return document


def _number_faults(
    document: Document, number: str, dated: date, meeting: Meeting, today: date
) -> list[str]:
    faults = []
    if not number:
        faults.append(_("the number is empty: write it as it is stamped on the document"))
    if dated > today:
        faults.append(_("the date of the document lies in the future: correct it"))
    if dated < meeting.held_on:
        faults.append(_("the date of the document lies before the meeting: correct it"))
    if Document.objects.filter(number=number).exclude(pk=document.pk).exists():
        said = {"number": number}
        faults.append(_("%(number)s is the number of another document: check it") % said)
    return faults


def notice_of(meeting: Meeting) -> Document:
    """The document that the ledger names as the source of what the meeting concludes; made with a
    provisional number when the first conclusion needs it. The caller holds the pen."""
    if meeting.document:
        return meeting.document
    number = _provisional(meeting)
    taken = set(Document.objects.filter(number__startswith=number).values_list("number", flat=True))
    others = (f"{number} ({place})" for place in count(2))
    meeting.document = Document.objects.create(
        number=number if number not in taken else next(n for n in others if n not in taken),
        kind="meeting_conclusion",
        issued_on=meeting.held_on,
        name_vi=f"Thông báo kết luận: {meeting.title}",
    )
    meeting.save(update_fields=["document"])
    return meeting.document


def _provisional(meeting: Meeting) -> str:
    return f"Kết luận họp {meeting.held_on:%d/%m/%Y}"


def locked(meeting: Meeting) -> Meeting:
    """The meeting as it is now; nobody else writes in it until the transaction ends."""
    take_the_pen()
    return Meeting.objects.select_related("document", "progress_list").get(pk=meeting.pk)


def still_open(meeting: Meeting) -> Meeting:
    """As `locked`; Refused once it is closed or cancelled."""
    row = locked(meeting)
    if row.state == Meeting.State.CLOSED:
        raise Refused([_("the meeting is closed, which is final: nothing was written")])
    if row.state == Meeting.State.CANCELLED:
        raise Refused([_("the meeting is cancelled: nothing was written")])
    return row


def begun(meeting: Meeting, now: datetime) -> Meeting:
    """Refused before the day of the meeting: nothing is concluded ahead."""
    if day_of(now) < meeting.held_on:
        day = date_format(meeting.held_on, "SHORT_DATE_FORMAT")
        raise Refused(
            [
                _(
                    "the meeting is planned for %(day)s and concludes nothing before: change its "
                    "time if it is held earlier"
                )
                % {"day": day}
            ]
        )
    return meeting


def needed_words(text: str) -> str:
    """Refused when it is empty or too long to be kept."""
    said = str(nfc(text.strip()))
    if not said:
        raise Refused([_("the text is empty: write it")])
    if len(said) > LONGEST:
        raise Refused(
            [
                _("the text has %(length)d characters, at most %(limit)d are kept: shorten it")
                % {"length": len(said), "limit": LONGEST}
            ]
        )
    return said


def _needed_title(title: str) -> str:
    said = str(nfc(" ".join(title.split())))
    if not said:
        raise Refused([_("the meeting has no title: give it one")])
    return said
