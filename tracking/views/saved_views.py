"""Keeping and dropping questions to the list of tasks."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.generic import TemplateView

from tracking.actions.refusals import Refused
from tracking.actions.saved_views import drop_view, keep_view
from tracking.forms.saved_view import LONGEST_QUERY, SavedViewForm
from tracking.models import SavedView
from tracking.pages.task_list import TaskList
from tracking.permissions import may_keep_views
from tracking.rules.viewpoint import Viewpoint
from tracking.views.page import OnPortal


class KeepView(OnPortal, TemplateView):
    """GET: the form with the question of the address; POST: keep it."""

    may = staticmethod(may_keep_views)
    template_name = "tracking/task_list_keep.html"
    title = gettext_lazy("Keep this view")
    section = "tasks"
    timeless = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or SavedViewForm(
            initial={"query": self.request.GET.urlencode()}
        )
        return super().get_context_data(form=form, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SavedViewForm(request.POST)
        if form.is_valid() and self._kept(form):
            return redirect(f"{reverse('tracking:task-list')}?{form.cleaned_data['query']}")
        return self.render_to_response(self.get_context_data(form=form))

    def _kept(self, form: SavedViewForm) -> bool:
        given = form.cleaned_data
        now = Viewpoint(self.now, self.now, self.now)
        asked = QueryDict(given["query"])
        tasks = TaskList(asked, now)
        if not tasks.sound:
            form.add_error(None, _("The filters hold a mistake: correct them, then keep the view."))
            return False
        given["query"] = tasks.question
        if len(tasks.question) > LONGEST_QUERY:  # written out it is longer than it was
            form.add_error(None, form.fields["query"].error_messages["max_length"])
            return False
        try:
            view = keep_view(owner=self.person, **given)
        except Refused as refused:
            for sentence in refused.sentences:
                form.add_error("name", sentence)
            return False
        messages.success(self.request, _("The view “%(name)s” is kept.") % {"name": view.name})
        return True


class DropView(OnPortal, TemplateView):
    """One's own only: asked once more, then gone."""

    may = staticmethod(may_keep_views)
    template_name = "tracking/task_list_drop.html"
    title = gettext_lazy("Drop a view")
    section = "tasks"
    timeless = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kept=self._own(), **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        view = self._own()
        drop_view(view)
        messages.success(request, _("The view “%(name)s” is dropped.") % {"name": view.name})
        return redirect("tracking:task-list")

    def _own(self) -> SavedView:
        return get_object_or_404(SavedView, pk=self.kwargs["pk"], owner=self.person)
