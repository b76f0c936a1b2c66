"""The columns and filters of the list of endpoints."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _, gettext_lazy

from databases.models import Database, Endpoint, Zone
from databases.models.endpoint import STATE_NAMES
from databases.pages.probe_words import (
    KIND_NAMES,
    age_text,
    current_track,
    due_text,
    kind_name,
    moment,
    reason_text,
    result_name,
    state_tag,
    took_text,
)
from tracking.permissions import may_probe


class _Chosen(admin.SimpleListFilter):
    """A filter of one condition for each choice."""

    def condition(self, value: str) -> Q:
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset if value is None else queryset.filter(self.condition(value))


class StateFilter(_Chosen):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(state.value, name) for state, name in STATE_NAMES.items()]

    def condition(self, value: str) -> Q:
        return Q(seen__state=value)


class KindFilter(_Chosen):
    title = gettext_lazy("kind of probe")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(KIND_NAMES.items())

    def condition(self, value: str) -> Q:
        return Q(kind=value)


class ZoneFilter(_Chosen):
    title = gettext_lazy("zone")
    parameter_name = "zone"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, code) for code in Zone.objects.values_list("code", flat=True)]

    def condition(self, value: str) -> Q:
        return Q(zone__code=value)


class DatabaseFilter(_Chosen):
    title = gettext_lazy("database")
    parameter_name = "database"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, code) for code in Database.objects.values_list("code", flat=True)]

    def condition(self, value: str) -> Q:
        return Q(interface__connection__database__code=value)


class SentinelFilter(_Chosen):
    title = gettext_lazy("sentinel")
    parameter_name = "sentinel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", _("our sentinels")), ("no", _("of a database"))]

    def condition(self, value: str) -> Q:
        return ~Q(sentinel_of="") if value == "yes" else Q(sentinel_of="")


class EndpointColumns(admin.ModelAdmin):
    """What a row says; the rows come with their zone, interface and state."""

    list_display = (
        "code",
        "state_now",
        "name_and_place",
        "kind_and_zone",
        "last_seen",
        "took",
        "data_age",
        "due",
        "missed",
        "probe_button",
    )
    list_filter = (
        StateFilter,
        KindFilter,
        ZoneFilter,
        DatabaseFilter,
        SentinelFilter,
        "paused",
    )
    list_select_related = ("zone", "seen", "interface__connection__database")

    def get_list_display(self, request: HttpRequest) -> Any:
        shown = super().get_list_display(request)
        return shown if may_probe(request.user) else shown[:-1]

    @admin.display(description=gettext_lazy("name and database"), ordering="name_vi")
    def name_and_place(self, endpoint: Endpoint) -> str:
        if endpoint.interface is None:
            return format_html(
                '{} <span class="tag">{}</span><span class="under">{}</span>',
                endpoint.name,
                _("sentinel"),
                endpoint.sentinel_of,
            )
        connection = endpoint.interface.connection
        return format_html(
            '{}<span class="under">{} · {}</span>',
            endpoint.name,
            connection.database.code,
            connection.code,
        )

    @admin.display(description=gettext_lazy("kind and zone"), ordering="kind")
    def kind_and_zone(self, endpoint: Endpoint) -> str:
        return format_html(
            '{}<span class="under">{}</span>', kind_name(endpoint.kind), endpoint.zone.code
        )

    @admin.display(description=gettext_lazy("state"), ordering="seen__state")
    def state_now(self, endpoint: Endpoint) -> str:
        track = current_track(endpoint, timezone.now())
        tag = state_tag(track.state, paused=endpoint.paused)
        since = _("since %(at)s") % {"at": moment(track.since)}
        return format_html('{}<span class="under">{}</span>', tag, since)

    @admin.display(description=gettext_lazy("last result"), ordering="seen__last_at")
    def last_seen(self, endpoint: Endpoint) -> str:
        seen = endpoint.seen
        said = ": ".join(
            filter(None, [result_name(seen.last_result), reason_text(seen.last_reason)])
        )
        return format_html('{}<span class="under">{}</span>', said, moment(seen.last_at))

    @admin.display(description=gettext_lazy("took"), ordering="seen__last_total")
    def took(self, endpoint: Endpoint) -> str:
        return took_text(endpoint)

    @admin.display(description=gettext_lazy("age of its data"), ordering="seen__last_age")
    def data_age(self, endpoint: Endpoint) -> str:
        return age_text(endpoint.seen)

    @admin.display(description=gettext_lazy("next due"), ordering="seen__next_due_at")
    def due(self, endpoint: Endpoint) -> str:
        return due_text(endpoint.seen, timezone.now())

    @admin.display(description=gettext_lazy("missed slots"), ordering="seen__missed")
    def missed(self, endpoint: Endpoint) -> int:
        return endpoint.seen.missed

    @admin.display(description=gettext_lazy("probe"))
    def probe_button(self, endpoint: Endpoint) -> str:
        """A button of the list's own form, so that a list holds no form for each row."""
        if endpoint.paused:
            return ""
        return format_html(
            '<button type="submit" class="small-button" formaction="{}" formnovalidate>'
            '{}<span class="visually-hidden"> {}</span></button>',
            reverse("admin:databases_endpoint_probe", args=[endpoint.pk]),
            _("Probe now"),
            endpoint.code,
        )
