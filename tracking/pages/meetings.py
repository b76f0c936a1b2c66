"""What does the page of a meeting show? Its agenda, what was concluded, and who may do what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from tracking.models import Conclusion, Letter, LetterKind, Meeting, MeetingItem, ProgressList, User
from tracking.pages.list_archive import series_words
from tracking.pages.list_reading import task_keys
from tracking.pages.meetings_listed import Listed, listed_in
from tracking.pages.task_words import day_text
from tracking.permissions import may_draft_letters, may_lead_meetings, may_view_letters
from tracking.rules.instants import day_of

LISTS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Speaker:
    """A line of the agenda. `tasks`: (code, key) of those to speak about; `listed`: what the list
    says of it, None for one that was added by hand."""

    item: MeetingItem
    listed: Listed | None
    tasks: Sequence[tuple[str, int | None]]
    conclusions: Sequence[Conclusion]
    first: bool
    last: bool

    @property
    def mark(self) -> str:
        return self.listed.mark if self.listed else ""

    @property
    def remarks(self) -> Sequence[str]:
        """Those of the list; where it cannot be read, what was kept when it was prepared."""
        if self.listed:
            return self.listed.remarks
        return self.item.remark.splitlines()

    @property
    def written(self) -> bool:
        """Whether it stays on the agenda."""
        return bool(self.item.spoken or self.item.notes or self.conclusions)


class MeetingPage:
    """A fixed number of queries, whoever speaks."""

    def __init__(self, meeting: Meeting, person: User, now: datetime) -> None:
        self.meeting = meeting
        self.person = person
        self.now = now

    @cached_property
    def listed(self) -> dict[str, Listed]:
        return listed_in(self.meeting.progress_list)

    @cached_property
    def conclusions(self) -> list[Conclusion]:
        """Of a meeting that was not cancelled, in the order in which they were recorded."""
        if self.meeting.state == Meeting.State.CANCELLED:
            return []
        rows = self.meeting.conclusions.select_related("item__department", "task", "event")
        return list(rows.order_by("recorded_at", "pk"))

    @property
    def general(self) -> list[Conclusion]:
        """About the whole, not about a department."""
        return [row for row in self.conclusions if row.item_id is None]

    @cached_property
    def agenda(self) -> list[Speaker]:
        items = list(self.meeting.items.select_related("department").order_by("place", "pk"))
        keys = task_keys(code for item in items for code in item.reasons)
        by_item: dict[int | None, list[Conclusion]] = {}
        for row in self.conclusions:
            by_item.setdefault(row.item_id, []).append(row)
        return [
            Speaker(
                item,
                self.listed.get(item.department.code) if item.reasons else None,
                [(code, keys.get(code)) for code in item.reasons],
                by_item.get(item.pk, []),
                item is items[0],
                item is items[-1],
            )
            for item in items
        ]

    @property
    def concluded(self) -> list[Speaker]:
        return [speaker for speaker in self.agenda if speaker.conclusions]

    @property
    def silent(self) -> list[Speaker]:
        """Those that have not spoken."""
        return [speaker for speaker in self.agenda if not speaker.item.spoken]

    @property
    def marked(self) -> int:
        return sum(1 for speaker in self.agenda if speaker.listed)

    @cached_property
    def may_lead(self) -> bool:
        return may_lead_meetings(self.person) and self.meeting.open

    @property
    def may_number(self) -> bool:
        """Enter the number of the notice, which comes after the meeting."""
        planned = self.meeting.state == Meeting.State.PLANNED
        return may_lead_meetings(self.person) and not planned and not self.called_off

    @property
    def called_off(self) -> bool:
        return self.meeting.state == Meeting.State.CANCELLED

    @cached_property
    def ahead(self) -> bool:
        """Its day has not come: nothing is concluded yet."""
        return day_of(self.now) < self.meeting.held_on

    @property
    def may_draft(self) -> bool:
        return may_draft_letters(self.person) and not self.called_off

    @property
    def invitation(self) -> str:
        """Where it is drafted."""
        return self._to_draft(LetterKind.INVITATION)

    @property
    def notice(self) -> str:
        """Where the notice of conclusions is drafted."""
        return self._to_draft(LetterKind.CONCLUSIONS)

    def _to_draft(self, kind: str) -> str:
        return f"{reverse('tracking:letter-draft', args=[kind])}?meeting={self.meeting.pk}"

    @cached_property
    def letters(self) -> list[tuple[Letter, str]]:
        """Drafted for this meeting, the newest first, each with its address; for those who may see
        letters."""
        if not may_view_letters(self.person):
            return []
        rows = self.meeting.letters.defer("content").order_by("-drafted_at", "-pk")
        return [(row, reverse("tracking:letter", args=[row.pk])) for row in rows]

    @cached_property
    def lists(self) -> list[tuple[str, str]]:
        """Those that an agenda can be prepared from, the newest first; one query."""
        return lists_to_choose()


def lists_to_choose() -> list[tuple[str, str]]:
    rows = ProgressList.objects.standing_ones().only("number", "as_of", "series")
    return [(str(row.number), _words(row)) for row in rows.order_by("-number")[:LISTS_SHOWN]]


def _words(row: ProgressList) -> str:
    said = {"list": str(row), "day": day_text(row.as_of), "plans": series_words(row.series)[1]}
    return _("%(list)s, as of %(day)s, %(plans)s") % said


def meeting_shown(key: int) -> Meeting | None:
    """With its list, less the content, and its document; one query."""
    rows = Meeting.objects.select_related("progress_list", "document")
    return rows.defer("progress_list__content").filter(pk=key).first()
