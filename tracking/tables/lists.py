"""The register of issued lists as a table."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from tracking.models import ProgressList
from tracking.tables.paged import Paged


class IssuedLists(Paged):
    """Each row is told `asked` and `marked` before it is shown."""

    number = tables.Column(_("List"), linkify=("tracking:list", {"number": tables.A("number")}))
    as_of = tables.DateColumn(short=True, verbose_name=_("As of"))
    known_at = tables.DateTimeColumn(short=True, verbose_name=_("Data recorded up to"))
    series = tables.Column(_("Plans and marking"), orderable=False)
    marked = tables.Column(_("Departments marked"), empty_values=(), orderable=False)
    document = tables.Column(_("Document"), accessor="registration", orderable=False)
    state = tables.Column(_("State"), empty_values=(), orderable=False)
    sha256 = tables.Column("SHA-256", orderable=False)

    class Meta:
        order_by = "-number"
        empty_text = _("No list has been issued that fits.")

    def render_number(self, record: ProgressList) -> str:
        return str(record)

    def render_series(self, record: Any) -> str:
        policy, plans = record.asked
        return _over(plans, policy)

    def render_marked(self, record: Any) -> str:
        return "{}/{}".format(*record.marked) if record.marked else "—"

    def render_document(self, value: Any) -> str:
        return _over(value.number, f"{value.dated:%d/%m/%Y}")

    def render_state(self, record: ProgressList) -> Any:
        newer: Any = getattr(record, "superseded_by", None)
        if newer is None:
            return _("issued")
        return format_html(
            '<div><span class="tag">{}</span> <a href="{}">{}</a></div>',
            _("superseded"),
            reverse("tracking:list", args=[newer.number]),
            newer,
        )

    def render_sha256(self, value: str) -> str:
        return format_html('<code class="short-hash">{}</code>', value[:12])


def _over(first: str, second: str) -> str:
    return format_html('<div>{} <span class="under">{}</span></div>', first, second)
