"""The outages: what is open, whose fault it looks like, and what people did about it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _, gettext_lazy

from databases.actions.outages import (
    acknowledge_outage,
    agree_to_close,
    ask_to_close,
    judge_outage,
    note_outage,
)
from databases.admin.asking import AskingAdmin, NothingForm, Question, by, require, sent
from databases.admin.endpoint_list import DatabaseFilter
from databases.forms.outages import AcknowledgeForm, CloseForm, JudgeForm, NoteForm
from databases.models import Outage, OutageEntry
from databases.pages.outage_page import OutagePage, because_of, blame_name
from databases.pages.probe_words import BLAME_NAMES, moment
from databases.renderers.measures import lasting
from tracking.admin.read_only import ReadOnlyAdmin
from tracking.admin.search import FoldedSearch
from tracking.permissions import may_follow_outages

_RELATED = ("endpoint__interface__connection__database", "endpoint__zone")


class OpenFilter(admin.SimpleListFilter):
    title = gettext_lazy("open or ended")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", _("open")), ("no", _("ended"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = {"yes": Q(ended_at=None), "no": Q(ended_at__isnull=False)}.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(chosen)


class BlameFilter(admin.SimpleListFilter):
    title = gettext_lazy("looks like")
    parameter_name = "blame"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(blame or "none", name) for blame, name in BLAME_NAMES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        blame = "" if value == "none" else value
        return queryset if value is None else queryset.filter(blame=blame)


class OutageDatabaseFilter(DatabaseFilter):
    def condition(self, value: str) -> Q:
        return Q(endpoint__interface__connection__database__code=value)


@admin.register(Outage)
class OutageAdmin(FoldedSearch, AskingAdmin, ReadOnlyAdmin):
    list_display = ("endpoint_code", "place", "began", "lasted", "looks_like", "taken_on")
    list_filter = (OpenFilter, BlameFilter, OutageDatabaseFilter, "in_maintenance", "by_parent")
    list_select_related = _RELATED
    search_fields = ("endpoint__search", "endpoint__interface__connection__database__search")
    search_help_text = gettext_lazy("Code or name of the endpoint or its database.")
    ordering = (F("ended_at").desc(nulls_first=True), "-started_at")
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Each with the newest sentence on whose fault it looks like, and who took it on."""
        course = OutageEntry.objects.filter(outage=OuterRef("pk")).order_by("-pk")
        judged = course.exclude(because_vi="")
        taken = course.filter(until__isnull=False)
        rows: QuerySet[Any] = (
            super()
            .get_queryset(request)
            .annotate(
                because_vi=Subquery(judged.values("because_vi")[:1]),
                because_en=Subquery(judged.values("because_en")[:1]),
                until=Subquery(taken.values("until")[:1]),
                taken_by=Subquery(taken.values("by")[:1]),
            )
        )
        return rows

    def get_urls(self) -> list[URLPattern]:
        return [
            self.route("<int:pk>/acknowledge/", self.acknowledge_view, "acknowledge"),
            self.route("<int:pk>/note/", self.note_view, "note"),
            self.route("<int:pk>/judge/", self.judge_view, "judge"),
            self.route("<int:pk>/close/", self.close_view, "close"),
            self.route("<int:pk>/agree/", self.agree_view, "agree"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        page = self._page(request, object_id)
        return self.page(
            request,
            "admin/databases/outage/change_form.html",
            _("Outage of %s") % page.endpoint.code,
            page=page,
            may_follow=may_follow_outages(request.user),
            own=page.asked is not None and page.asked.by == by(request),
        )

    def acknowledge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        says = [
            _("Say that somebody works on it, and until when they will have looked again."),
            _("It stays open, and is counted as before."),
        ]
        form = AcknowledgeForm(sent(request))
        return self._do(
            request,
            pk,
            Question(_("Acknowledge"), says, _("Acknowledge"), ""),
            form,
            lambda told: acknowledge_outage(
                **told, until=form.cleaned_data["until"], note=form.cleaned_data["note"]
            ),
        )

    def note_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        says = [_("A note stays in the course of the outage; it is never changed or removed.")]
        form = NoteForm(sent(request))
        return self._do(
            request,
            pk,
            Question(_("Add a note"), says, _("Add"), ""),
            form,
            lambda told: note_outage(**told, note=form.cleaned_data["note"]),
        )

    def judge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        says = [
            _("Your verdict stands beside the earlier ones, with your name. The last one counts.")
        ]
        form = JudgeForm(sent(request))
        return self._do(
            request,
            pk,
            Question(_("Judge whose fault it is"), says, _("Record"), ""),
            form,
            lambda told: judge_outage(**told, blame=form.verdict(), why=form.cleaned_data["why"]),
        )

    def close_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        says = [
            _("An outage ends by itself when its endpoint answers again."),
            _(
                "Only where that can never happen is it closed by hand: you ask for it, and "
                "another person agrees. Until then it stays open."
            ),
        ]
        form = CloseForm(sent(request))
        return self._do(
            request,
            pk,
            Question(_("Close without a recovery"), says, _("Ask for it"), ""),
            form,
            lambda told: ask_to_close(**told, note=form.cleaned_data["note"]),
        )

    def agree_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        page = self._page(request, pk)
        says = [
            _("The outage ends now, with both names in its course."),
            _("Its endpoint is unknown until it is seen again; failing again is a new outage."),
        ]
        if page.asked:
            words = {"by": page.asked.by, "note": page.asked.note, "at": moment(page.asked.at)}
            says.insert(0, _("%(by)s asked for it on %(at)s: “%(note)s”") % words)
        question = Question(_("Agree to close it"), says, _("Close the outage"), "")
        return self._do(
            request, pk, question, NothingForm(sent(request)), lambda told: agree_to_close(**told)
        )

    def _do(
        self,
        request: HttpRequest,
        pk: int,
        question: Question,
        form: Form,
        act: Callable[[dict[str, Any]], object],
    ) -> HttpResponse:
        require(may_follow_outages(request.user))
        page = self._page(request, pk)
        title = f"{question.title}: {page.endpoint.code}, {moment(page.outage.started_at)}"
        back = self.address("change", page.outage.pk)

        def write() -> str:
            act({"outage": page.outage, "now": timezone.now(), "by": by(request)})
            return _("Recorded in the course of the outage.")

        whole = Question(title, question.says, question.button, back)
        return self.ask(request, whole, form, write)

    def _page(self, request: HttpRequest, pk: object) -> OutagePage:
        require(self.has_view_permission(request))
        if not str(pk).isdecimal():
            raise Http404
        rows = Outage.objects.select_related(*_RELATED)
        return OutagePage(get_object_or_404(rows, pk=pk), timezone.now())

    @admin.display(description=gettext_lazy("endpoint"), ordering="endpoint__code")
    def endpoint_code(self, outage: Outage) -> str:
        return outage.endpoint.code

    @admin.display(description=gettext_lazy("name and database"))
    def place(self, outage: Outage) -> str:
        interface = outage.endpoint.interface
        under = interface.connection.database.name if interface else _("sentinel")
        return format_html('{}<span class="under">{}</span>', outage.endpoint.name, under)

    @admin.display(description=gettext_lazy("began"), ordering="started_at")
    def began(self, outage: Outage) -> str:
        return moment(outage.started_at)

    @admin.display(description=gettext_lazy("lasted"), ordering="ended_at")
    def lasted(self, outage: Outage) -> str:
        length = lasting((outage.ended_at or timezone.now()) - outage.started_at)
        if outage.ended_at is None:
            tag = '<span class="state state-down"><span aria-hidden="true">✕</span> {}</span>'
            return format_html(tag + '<span class="under">{}</span>', _("open"), length)
        ended = _("ended %(at)s") % {"at": moment(outage.ended_at)}
        return format_html('{}<span class="under">{}</span>', length, ended)

    @admin.display(description=gettext_lazy("looks like the fault of"), ordering="blame")
    def looks_like(self, outage: Any) -> str:
        notes = [because_of(outage)]
        notes += [_("what it depends on is down")] if outage.by_parent else []
        notes += [_("in announced maintenance")] if outage.in_maintenance else []
        said = "; ".join(filter(None, notes))
        return format_html('{}<span class="under">{}</span>', blame_name(outage.blame), said)

    @admin.display(description=gettext_lazy("acknowledged"))
    def taken_on(self, outage: Any) -> str:
        if outage.ended_at or outage.until is None or outage.until <= timezone.now():
            return ""
        until = _("until %s") % moment(outage.until)
        return format_html('{}<span class="under">{}</span>', outage.taken_by, until)
