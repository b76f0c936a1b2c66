"""Review meetings: their register, planning, agenda and end."""

from typing import Any

from django.contrib import messages
from django.db.models import BooleanField, Value
from django.db.models.expressions import Case, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.generic import FormView
from django_tables2 import SingleTableView

from tracking.actions.meeting_agenda import add_department, move, prepare, remove_department
from tracking.actions.meetings import (
    cancel_meeting,
    change_meeting,
    close_meeting,
    number_notice,
    plan_meeting,
)
from tracking.actions.refusals import Refused
from tracking.forms.meetings import (
    AddDepartmentForm,
    AgendaStepForm,
    CancelMeetingForm,
    CloseMeetingForm,
    MeetingForm,
    NoticeForm,
    PrepareForm,
)
from tracking.models import Meeting, MeetingItem, ProgressList
from tracking.pages.form_faults import readable, recorded
from tracking.pages.meetings import MeetingPage, lists_to_choose, meeting_shown
from tracking.permissions import may_lead_meetings, may_view_meetings
from tracking.rules.instants import day_of
from tracking.tables.meetings import Meetings, MeetingsAhead
from tracking.views.page import OnPortal, PortalPage

_ROWS = 20


class OnMeetings(OnPortal):
    """A meeting says itself of when it is: these pages show no other day."""

    may = staticmethod(may_view_meetings)
    section = "meetings"
    timeless = True


class OnMeeting(OnMeetings):
    """About one meeting."""

    page: MeetingPage

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._found = meeting_shown(kwargs["pk"])

    @property
    def meeting(self) -> Meeting:
        if self._found is None:
            raise Http404
        return self._found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = kwargs.pop("page", None) or MeetingPage(self.meeting, self.person, self.now)
        return super().get_context_data(page=page, meeting=self.meeting, **kwargs)

    def to_meeting(self) -> HttpResponse:
        return redirect("tracking:meeting", self.meeting.pk)


class MeetingList(OnMeetings, SingleTableView):
    template_name = "tracking/meetings/list.html"
    title = gettext_lazy("Meetings")
    table_class = Meetings
    paginate_by = _ROWS

    def get_queryset(self) -> Any:
        return self._counted(Meeting.objects.over())

    def _counted(self, rows: Any) -> Any:
        """With whether the time of each has passed."""
        past = Case(
            When(held_at__lt=self.now, then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        )
        return rows.counted().defer("progress_list__content").annotate(past=past)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ahead = MeetingsAhead(self._counted(Meeting.objects.planned()), prefix="ahead-")
        return super().get_context_data(
            ahead=ahead, may_lead=may_lead_meetings(self.person), **kwargs
        )


class MeetingDetail(OnMeeting, PortalPage):
    template_name = "tracking/meetings/meeting.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = MeetingPage(self.meeting, self.person, self.now)
        forms: dict[str, Any] = {}
        if page.may_lead:
            newest = page.lists[0][0] if page.lists else None
            forms["prepare_form"] = PrepareForm(lists=page.lists, initial={"number": newest})
            forms["add_form"] = AddDepartmentForm(as_of=day_of(self.now))
        return super().get_context_data(title=self.meeting.title, page=page, **forms, **kwargs)


class MeetingWriting(OnMeetings, FormView):
    """A form that writes; what is refused is said in it, and what was typed stays."""

    may = staticmethod(may_lead_meetings)
    done: Any = ""

    def write(self, form: Any) -> Any:
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        self.written = recorded(form, lambda: self.write(form), "")
        if self.written is None:
            return self.form_invalid(form)
        if self.done:
            messages.success(self.request, self.done)
        return super().form_valid(form)

    def get_success_url(self) -> str:
        return reverse("tracking:meeting", args=[self.written.pk])


class PlanMeeting(MeetingWriting):
    template_name = "tracking/meetings/form.html"
    title = gettext_lazy("Plan a meeting")
    form_class = MeetingForm
    done = gettext_lazy("The meeting is planned. Prepare its agenda from a progress list.")

    def write(self, form: Any) -> Meeting:
        return plan_meeting(**form.cleaned_data)


class EditMeeting(OnMeeting, MeetingWriting):
    may = staticmethod(may_lead_meetings)
    template_name = "tracking/meetings/form.html"
    title = gettext_lazy("Change the meeting")
    form_class = MeetingForm
    done = gettext_lazy("The meeting is changed.")

    def get_form(self, form_class: Any = None) -> MeetingForm:
        posted = self.request.POST if self.request.method == "POST" else None
        return MeetingForm.of(self.meeting, posted)

    def write(self, form: Any) -> Meeting:
        return change_meeting(meeting=self.meeting, **form.cleaned_data)


class CancelMeeting(OnMeeting, MeetingWriting):
    may = staticmethod(may_lead_meetings)
    template_name = "tracking/meetings/cancel.html"
    title = gettext_lazy("Cancel the meeting")
    form_class = CancelMeetingForm
    done = gettext_lazy("The meeting is cancelled.")

    def write(self, form: Any) -> Meeting:
        return cancel_meeting(
            meeting=self.meeting, now=self.now, by=self.person.get_username(), **form.cleaned_data
        )


class CloseMeeting(OnMeeting, MeetingWriting):
    may = staticmethod(may_lead_meetings)
    template_name = "tracking/meetings/close.html"
    title = gettext_lazy("Close the meeting")
    form_class = CloseMeetingForm
    done = gettext_lazy("The meeting is closed. Its notice of conclusions can be drafted now.")

    def write(self, form: Any) -> Meeting:
        return close_meeting(meeting=self.meeting, now=self.now, by=self.person.get_username())


class NumberNotice(OnMeeting, MeetingWriting):
    may = staticmethod(may_lead_meetings)
    template_name = "tracking/meetings/notice.html"
    title = gettext_lazy("Number of the notice")
    form_class = NoticeForm
    done = gettext_lazy("The number of the notice is entered.")

    def get_initial(self) -> dict[str, Any]:
        return {"dated": self.meeting.held_on}

    def write(self, form: Any) -> Meeting:
        number_notice(meeting=self.meeting, now=self.now, **form.cleaned_data)
        return self.meeting


class PrepareMeeting(OnMeeting):
    """The button under the choice of a list."""

    may = staticmethod(may_lead_meetings)

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        form = PrepareForm(self.request.POST, lists=lists_to_choose())
        if not form.is_valid():
            messages.error(self.request, _("Choose one of the lists that were issued."))
            return self.to_meeting()
        issued = get_object_or_404(ProgressList, number=form.cleaned_data["number"])
        try:
            found = prepare(meeting=self.meeting, issued=issued)
        except Refused as refused:
            messages.error(self.request, _told(refused))
            return self.to_meeting()
        said = {"list": issued, "number": found.whole, "fresh": found.fresh, "gone": found.gone}
        sentence = ngettext(
            "Prepared from %(list)s: %(number)d department; %(fresh)d new, %(gone)d taken off.",
            "Prepared from %(list)s: %(number)d departments; %(fresh)d new, %(gone)d taken off.",
            found.whole,
        )
        messages.success(self.request, sentence % said)
        return self.to_meeting()


class AddToAgenda(OnMeeting):
    """The form under the agenda."""

    may = staticmethod(may_lead_meetings)

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AddDepartmentForm(self.request.POST, as_of=day_of(self.now))
        if not form.is_valid():
            messages.error(self.request, _("Choose a department for the agenda."))
            return self.to_meeting()
        given = form.cleaned_data
        try:
            add_department(meeting=self.meeting, **given)
        except Refused as refused:
            messages.error(self.request, _told(refused))
            return self.to_meeting()
        said = {"department": given["department"].name}
        messages.success(self.request, _("On the agenda: %(department)s.") % said)
        return self.to_meeting()


class ChangeAgenda(OnMeeting):
    """The buttons beside a line of the agenda: up, down, off."""

    may = staticmethod(may_lead_meetings)

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AgendaStepForm(self.request.POST)
        rows = MeetingItem.objects.filter(meeting=self.meeting).select_related("meeting")
        item = rows.filter(pk=form.cleaned_data["item"]).first() if form.is_valid() else None
        if item is None:
            messages.error(self.request, _("The agenda has changed meanwhile: look at it again."))
            return self.to_meeting()
        try:
            self._change(item, form.cleaned_data)
        except Refused as refused:
            messages.error(self.request, _told(refused))
        address = reverse("tracking:meeting", args=[self.meeting.pk])
        return redirect(f"{address}#agenda")

    def _change(self, item: MeetingItem, asked: dict[str, Any]) -> None:
        if asked["step"] == "remove":
            remove_department(item=item)
        elif not move(item=item, seen=asked["seen"], up=asked["step"] == "up"):
            messages.info(self.request, _("The order has changed meanwhile: look at it again."))


def _told(refused: Refused) -> str:
    return " ".join(readable(sentence, "") for sentence in refused.sentences)
