"""Department by department: what is looked at and noted while it speaks."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from tracking.actions.meeting_notes import OffTheAgenda, Overtaken, has_not_spoken, save_notes
from tracking.actions.refusals import Refused
from tracking.models import MeetingItem
from tracking.pages.form_faults import number_seen, readable
from tracking.pages.meetings_item import DECISIONS, ItemPage
from tracking.permissions import may_lead_meetings
from tracking.views.meetings import OnMeeting
from tracking.views.page import PortalPage


class OnItem(OnMeeting):
    """About one line of the agenda: the one at that place, or the one that a form was made for,
    wherever it stands by now."""

    @cached_property
    def item(self) -> MeetingItem:
        rows = self.meeting.items.select_related("department", "meeting")
        if named := number_seen(self.request.POST.get("item")):
            return get_object_or_404(rows, pk=named)
        found = rows.order_by("place", "pk").filter(place=self.kwargs["place"]).first()
        if found is None:
            raise Http404
        return found

    def to_item(self, item: MeetingItem, part: str = "") -> HttpResponse:
        address = reverse("tracking:meeting-item", args=[self.meeting.pk, item.place])
        return redirect(f"{address}{part}")


class SpeakingDepartment(OnItem, PortalPage):
    """Read by everybody; those who lead write notes, and every button keeps them first."""

    template_name = "tracking/meetings/item.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._shown(self.item.notes, self.item.notes)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_lead_meetings(self.person):
            raise PermissionDenied
        then, typed = request.POST.get("then", ""), request.POST.get("notes", "")
        seen = request.POST.get("seen", "")
        named = number_seen(request.POST.get("item")) or self.item.pk
        try:
            item = save_notes(
                meeting=self.meeting, item=named, seen=seen, text=typed, spoken=then == "spoken"
            )
        except OffTheAgenda as refused:
            return self._gone(refused, typed)
        except Overtaken as refused:
            return self._shown(refused.both, refused.stored, refused)
        except Refused as refused:
            return self._shown(typed, seen, refused)
        return self._then(item, then)

    def _then(self, item: MeetingItem, then: str) -> HttpResponse:
        """Where the button leads."""
        if then in ("noted", "task"):
            return redirect(f"tracking:meeting-{then}", self.meeting.pk, item.place)
        if then == "decide":
            return self._to_decision(item)
        if then == "silent":
            has_not_spoken(meeting=self.meeting, item=item.pk)
        there = self._neighbor(item, then)
        if there == item:
            messages.success(self.request, _("The notes are saved."))
        return self.to_item(there) if there else self.to_meeting()

    def _neighbor(self, item: MeetingItem, then: str) -> MeetingItem | None:
        """Whose page comes next; None for the agenda, after the last and before the first."""
        if then not in ("previous", "next", "spoken", "agenda"):
            return item
        rows = self.meeting.items.order_by("place", "pk")
        if then == "agenda":
            return None
        if then == "previous":
            return rows.filter(place__lt=item.place).last()
        return rows.filter(place__gt=item.place).first()

    def _to_decision(self, item: MeetingItem) -> HttpResponse:
        task, kind = (self.request.POST.get(name, "") for name in ("task", "kind"))
        if not number_seen(task) or kind not in DECISIONS:
            messages.error(self.request, _("Choose a task and what is decided on it."))
            return self.to_item(item, "#conclude")
        return redirect(
            "tracking:meeting-decision", self.meeting.pk, item.place, number_seen(task), kind
        )

    def _gone(self, refused: Refused, typed: str) -> HttpResponse:
        context = self.get_context_data(
            title=_("No longer on the agenda"), sentences=_told(refused), typed=typed
        )
        return render(self.request, "tracking/meetings/gone.html", context, status=409)

    def _shown(self, notes: str, seen: str, refused: Refused | None = None) -> HttpResponse:
        self.__dict__.pop("item", None)  # as it is now
        page = ItemPage(self.meeting, self.item, self.person, self.now)
        context = {
            "title": page.title,
            "page": page,
            "item": self.item,
            "notes": notes,
            "seen": seen,
            "sentences": _told(refused) if refused else [],
            "overtaken": isinstance(refused, Overtaken),
        }
        return self.render_to_response(self.get_context_data(**context))


def _told(refused: Refused) -> list[str]:
    return [readable(sentence, "") for sentence in refused.sentences]
