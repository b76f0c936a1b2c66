"""Two progress lists side by side."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tracking.actions.refusals import Refused
from tracking.forms.compared_lists import NOW, ComparisonForm
from tracking.models import ProgressList
from tracking.models.bilingual import reader_language
from tracking.pages.comparison import as_now, compared
from tracking.pages.list_archive import list_choices, pair_by_default
from tracking.permissions import may_view_work
from tracking.rules.progress_list import Content
from tracking.views.lists import OnLists
from tracking.views.page import PortalPage


class CompareLists(OnLists, PortalPage):
    """`a` and `b`: numbers, or "now"; the newest list and the one before where none is asked."""

    template_name = "tracking/list_compare.html"
    title = _("Compare two lists")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        work = may_view_work(self.person)
        asked = self.request.GET
        given = {name: asked.get(name, "") for name in ("a", "b")} if asked else pair_by_default()
        form = ComparisonForm(given or None, lists=list_choices(), now=work)
        return super().get_context_data(
            **kwargs, form=form, may_view_work=work, **self._compared(form)
        )

    def _compared(self, form: ComparisonForm) -> dict[str, Any]:
        if not form.is_valid():
            return {}
        a, b = form.cleaned_data["a"], form.cleaned_data["b"]
        try:
            one, other = self._contents(a, b)
        except (Refused, ValueError) as error:
            form.add_error(None, getattr(error, "sentences", _("A stored content cannot be read.")))
            return {}
        whole = self.request.GET.get("rows") == "all"
        found = compared(one, other, reader_language(), whole=whole)
        if found is None:
            form.add_error(None, _("A stored content cannot be read."))
        names = dict(form.fields["a"].choices)  # type: ignore[attr-defined]
        sides = [{"number": None if n == NOW else n, "name": names[n]} for n in (a, b)]
        return {"compared": found, "a": a, "b": b, "sides": sides}

    def _contents(self, a: str, b: str) -> tuple[Content, Content]:
        """In the order asked for; what is now is asked as the other list was."""
        numbers = {int(text) for text in (a, b) if text != NOW}
        lists = {row.number: row for row in ProgressList.objects.filter(number__in=numbers)}
        contents: dict[str, Any] = {str(n): row.as_content() for n, row in lists.items()}
        if NOW in (a, b):
            contents[NOW] = as_now(next(iter(lists.values())), self.now)
        return contents[a], contents[b]
