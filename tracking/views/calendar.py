"""The deadlines of a month, and a department's deadlines for people's own calendars."""

from datetime import date
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.forms import TextInput
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _, override
from django.views.decorators.http import conditional_page
from django.views.generic.base import View

from tracking.filters.light_select import ITS_CODE, MOST_TO_CHOOSE_FROM, LightSelect
from tracking.forms.deadline_month import DeadlineMonthForm
from tracking.models import Department, Meeting
from tracking.models.registers import Registers
from tracking.models.then import Then
from tracking.pages.deadlines import WEEKDAYS, DeadlineMonth, appointments
from tracking.pages.feed_keys import feed_key, feed_of
from tracking.permissions import may_view_meetings, reports_for
from tracking.renderers.ical import calendar_file
from tracking.renderers.words import LANGUAGES
from tracking.rules.instants import day_of, start_of
from tracking.views.page import PortalPage

# What the list of tasks calls the same.
_IN_TASKS = {"department": "lead", "plan": "plan"}


class DeadlineCalendar(PortalPage):
    template_name = "tracking/calendar.html"
    title = _("Calendar of deadlines")
    section = "calendar"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = {"month": f"{self.viewpoint.as_of:%Y-%m}"}
        then = Then.of(self.viewpoint)
        form = _light(DeadlineMonthForm(now | self.request.GET.dict()), then.registers)
        form.is_valid()
        asked = form.cleaned_data  # faults leave their fields out
        first = asked.get("month") or self.viewpoint.as_of.replace(day=1)
        department, plan = asked.get("department"), asked.get("plan")
        month = DeadlineMonth(
            then,
            self.viewpoint,
            first,
            department=department.code if department else "",
            plan=plan.code if plan else "",
        )
        kept = {"department": month.department, "plan": month.plan}
        return super().get_context_data(
            month=month,
            form=form,
            weekdays=WEEKDAYS,
            earlier=self._address(month.before, kept),
            later=self._address(month.following, kept),
            narrowed=self._narrowed(kept),
            meetings=self._meetings(month),
            feeds=self._feeds(department),
            **kwargs,
        )

    def _address(self, first: date, kept: dict[str, str]) -> str:
        asked = {"month": f"{first:%Y-%m}"} | {name: code for name, code in kept.items() if code}
        looked = self.viewpoint.query
        return "?" + "&".join(filter(None, (urlencode(asked), looked)))

    def _meetings(self, month: DeadlineMonth) -> list[Meeting]:
        """Planned for that month; only while now is looked at: no ledger says when they were."""
        if self.viewpoint.chosen or not may_view_meetings(self.person):
            return []
        between = (start_of(month.first), start_of(month.following))
        return list(Meeting.objects.planned().filter(held_at__range=between))

    def _narrowed(self, kept: dict[str, str]) -> str:
        """What the links to the list of tasks ask for beside the day."""
        asked = urlencode({_IN_TASKS[name]: code for name, code in kept.items() if code})
        return "&".join(filter(None, (asked, self.viewpoint.query)))

    def _feeds(self, chosen: Department | None) -> list[tuple[Department, str]]:
        """The reader's own departments, and the one that is looked at."""
        codes = set(reports_for(self.person, day_of(self.now)))
        codes |= {chosen.code} if chosen else set()
        rows = list(Department.objects.filter(code__in=codes))
        if self.person.department and self.person.department not in rows:
            rows.insert(0, self.person.department)
        return [(row, self._feed(row)) for row in rows]

    def _feed(self, department: Department) -> str:
        address = reverse("tracking:deadline-feed", args=[feed_key(self.person, department)])
        language = urlencode({"lang": self.request.LANGUAGE_CODE})
        return f"{settings.BASE_URL.rstrip('/')}{address}?{language}"


def _light(form: DeadlineMonthForm, held: Registers) -> DeadlineMonthForm:
    """Its lists written without a query and without a template for every line."""
    for name, rows in (("department", list(held.departments.values())), ("plan", held.plans)):
        field: Any = form.fields[name]
        if len(rows) > MOST_TO_CHOOSE_FROM:
            field.widget, field.help_text = TextInput(), ITS_CODE
        else:
            named = [(row.code, row.name) for row in rows]
            field.widget = LightSelect(choices=[("", field.empty_label), *named])
    return form


@method_decorator(conditional_page, name="dispatch")
class DeadlineFeed(View):
    """Without a login: whoever has the address reads."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        department = feed_of(key)
        if department is None:
            raise Http404
        language = request.GET.get("lang", "")
        language = language if language in LANGUAGES else LANGUAGES[0]
        with override(language):
            content = calendar_file(
                appointments(department, timezone.now(), language),
                name=department.name,
                host=urlsplit(settings.BASE_URL).hostname or "portal",
                language=language,
            )
        return HttpResponse(
            content,
            headers={
                "Content-Type": "text/calendar; charset=utf-8",
                "Cache-Control": "private, max-age=900",
                "Content-Disposition": f'inline; filename="{department.pk}.ics"',
                "X-Content-Type-Options": "nosniff",
            },
        )
