"""The register of letters as a table."""

from datetime import date
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _, ngettext

from tracking.models import Letter
from tracking.tables.paged import Paged


class Letters(Paged):
    """`today`: the day that answers are held against."""

    subject = tables.Column(_("Subject"), linkify=("tracking:letter", {"pk": tables.A("pk")}))
    kind = tables.Column(_("Kind"))
    about = tables.Column(_("To or about"), empty_values=(), orderable=False)
    drafted_at = tables.DateTimeColumn(short=True, verbose_name=_("Drafted"))
    number = tables.Column(_("Number and date"), empty_values=())
    state = tables.Column(_("State"))
    answer_due_on = tables.DateColumn(short=True, verbose_name=_("Answer"), empty_values=())

    class Meta:
        order_by = "-drafted_at"
        empty_text = _("No letter that fits is in the register.")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def render_subject(self, value: str) -> str:
        return format_html('<span lang="vi">{}</span>', capfirst(value))

    def render_about(self, record: Letter) -> str:
        about = record.department or record.partner or record.meeting or record.progress_list
        return str(about) if about else "—"

    def render_number(self, record: Letter) -> str:
        if not record.number:
            return "—"
        dated = f"{record.dated:%d/%m/%Y}" if record.dated else ""
        return format_html('<div>{} <span class="under">{}</span></div>', record.number, dated)

    def render_answer_due_on(self, record: Letter) -> Any:
        if record.answered_on:
            return _("answered on %(day)s") % {"day": f"{record.answered_on:%d/%m/%Y}"}
        if record.answer_due_on is None:
            return "—"
        day = f"{record.answer_due_on:%d/%m/%Y}"
        late = record.answer_days_late(self.today)
        if not late:
            return day
        word = ngettext("late by %(days)d day", "late by %(days)d days", late) % {"days": late}
        return format_html('<div>{} <span class="word">{}</span></div>', day, word)
