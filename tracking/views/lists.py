"""Issued lists: their register, each as a page, as files, verified; and the list to come."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _
from django.views.generic import TemplateView
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin

from tracking.actions.refusals import Refused
from tracking.actions.verification import verify
from tracking.filters.lists import IssuedListFilter
from tracking.forms.forecast import ForecastForm
from tracking.forms.list_scope import scope_query
from tracking.models import ProgressList
from tracking.models.bilingual import reader_language
from tracking.pages.forecast import Forecast, next_monday, scope_of
from tracking.pages.list_archive import archive, count_marked, series_choices, years
from tracking.pages.list_files import list_document, list_file
from tracking.pages.list_reading import reading_of
from tracking.pages.list_summary import downloads
from tracking.permissions import (
    Visitor,
    may_issue,
    may_number,
    may_view_lists,
    may_view_work,
)
from tracking.rules.instants import cut_off, day_of
from tracking.rules.progress_list import Policy
from tracking.rules.viewpoint import Viewpoint
from tracking.tables.lists import IssuedLists
from tracking.views.page import OnPortal, PortalPage

DOCUMENT = "document"


class OnLists(OnPortal):
    """An issued list says itself of when it is: these pages show no other day."""

    may = staticmethod(may_view_lists)
    section = "lists"
    timeless = True


class ListArchive(OnLists, SingleTableMixin, FilterView):
    template_name = "tracking/list_archive.html"
    title = _("Progress lists")
    model = ProgressList
    table_class = IssuedLists
    filterset_class = IssuedListFilter
    paginate_by = 20

    def get_queryset(self) -> Any:
        return archive()

    def get_filterset_kwargs(self, filterset_class: Any) -> dict[str, Any]:
        choices = {"series": series_choices(), "years": years()}
        return {**super().get_filterset_kwargs(filterset_class), **choices}

    def get_table(self, **kwargs: Any) -> Any:
        table = super().get_table(**kwargs)
        count_marked(row.record for row in table.paginated_rows)
        return table

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            may_issue=may_issue(self.person) and self.person.is_staff,
            may_forecast=may_view_work(self.person),
            **kwargs,
        )


class ReadList(OnLists, TemplateView):
    template_name = "tracking/list_read.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        issued = _found(self.kwargs["number"])
        return super().get_context_data(**kwargs, **self._said(issued))

    def _said(self, issued: ProgressList) -> dict[str, Any]:
        reading = reading_of(issued, reader_language(), self.request.GET.get("department", ""))

        def address(form: str, language: str) -> str:
            page = reverse("tracking:list-file", args=[issued.number, form])
            return f"{page}?lang={language}"

        return {
            "title": str(issued),
            "issued": issued,
            "superseded_by": getattr(issued, "superseded_by", None),
            "registration": getattr(issued, "registration", None),
            "before": ProgressList.objects.filter(number=issued.number - 1)
            .defer("content")
            .first(),
            "reading": reading,
            "downloads": downloads(address),
            "document": address(DOCUMENT, reader_language()),
            "then": f"?{_then(issued, self.now).query}",
            "may_view_work": may_view_work(self.person),
            "may_number": may_number(self.person) and self.person.is_staff,
        }


class VerifyList(ReadList):
    """Recomputes and tells; asked for by a button, since it costs as much as a list."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("tracking:list", args=[kwargs["number"]]))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        issued = _found(kwargs["number"])
        differences = verify(issued)
        context = self.get_context_data(verified=True, differences=differences)
        return self.render_to_response(context)


class ListFile(OnLists):
    """The list as a file of that format, or as the document to read in the browser."""

    def get(self, request: HttpRequest, number: int, form: str) -> HttpResponseBase:
        language = request.GET.get("lang") or reader_language()
        try:
            content = _found(number).as_content()
        except ValueError as broken:
            raise Http404 from broken
        if form == DOCUMENT:
            return list_document(content, language)
        return list_file(content, form, language)


class ListForecast(OnLists, PortalPage):
    template_name = "tracking/list_forecast.html"
    title = _("The list to come")

    @staticmethod
    def may(reader: Visitor) -> bool:
        """What is to come is the work of the departments, not an issued list."""
        return may_view_lists(reader) and may_view_work(reader)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = day_of(self.now)
        given = self.request.GET.copy()
        given.setdefault("as_of", next_monday(today).isoformat())
        given.setdefault("policy", str(Policy.OVERDUE))
        form = ForecastForm(given, today=today)
        return super().get_context_data(**kwargs, form=form, **self._forecast(form))

    def _forecast(self, form: ForecastForm) -> dict[str, Any]:
        if not form.is_valid():
            return {}
        asked = form.cleaned_data
        codes = [plan.code for plan in asked["plan"]]
        scope = scope_of(asked["as_of"], Policy(asked["policy"]), codes, self.now)
        try:
            forecast = Forecast(scope, self.now, reader_language())
        except Refused as refused:
            form.add_error(None, refused.sentences)
            return {}
        title = gettext("The list to come, %(day)s") % {"day": asked["as_of"].strftime("%d/%m/%Y")}
        preview = ""
        if self.person.is_staff:
            page = reverse("admin:tracking_progresslist_preview")
            preview = f"{page}?{scope_query(scope, reader_language())}"
        shown = {"title": title, "preview": preview, "may_view_work": True}
        return {"forecast": forecast, **shown}


def _then(issued: ProgressList, now: datetime) -> Viewpoint:
    """From where the list looked."""
    return Viewpoint(cut_off(issued.as_of), issued.known_at, now, chosen=True)


def _found(number: int) -> ProgressList:
    related = ("supersedes", "superseded_by", "registration")
    rows = ProgressList.objects.select_related(*related)
    lighter = rows.defer("supersedes__content", "superseded_by__content")
    return get_object_or_404(lighter, number=number)
