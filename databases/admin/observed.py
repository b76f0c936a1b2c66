"""What machines wrote: changes of state, requested probes, and the pumps at work."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _, gettext_lazy

from databases.models import ProbeRequest, PumpSign, Transition
from databases.models.endpoint import STATE_NAMES
from databases.models.pump_seen import ALIVE
from databases.pages.probe_words import BLAME_NAMES, change_text, state_tag, to_the_second
from databases.renderers.measures import lasting
from databases.rules.track import State
from tracking.admin.read_only import ReadOnlyAdmin
from tracking.admin.search import FoldedSearch


class AfterFilter(admin.SimpleListFilter):
    title = gettext_lazy("to")
    parameter_name = "after"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(state.value, name) for state, name in STATE_NAMES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(after=self.value()) if self.value() else queryset


@admin.register(Transition)
class TransitionAdmin(FoldedSearch, ReadOnlyAdmin):
    list_display = ("endpoint_code", "began", "known", "from_state", "to_state", "why", "whose")
    list_filter = (AfterFilter, "by_parent", "maintenance")
    list_select_related = ("endpoint",)
    search_fields = ("endpoint__search",)
    search_help_text = gettext_lazy("Code or name of the endpoint.")
    date_hierarchy = "at"
    ordering = ("-pk",)
    list_per_page = 50
    show_full_result_count = False
    fields = (
        "endpoint",
        "began",
        "known",
        "from_state",
        "to_state",
        "why",
        "whose",
        "by_parent",
        "maintenance",
    )
    readonly_fields = fields

    @admin.display(description=gettext_lazy("endpoint"), ordering="endpoint__code")
    def endpoint_code(self, step: Transition) -> str:
        return step.endpoint.code

    @admin.display(description=gettext_lazy("began"), ordering="at")
    def began(self, step: Transition) -> str:
        return to_the_second(step.at)

    @admin.display(description=gettext_lazy("known"), ordering="known_at")
    def known(self, step: Transition) -> str:
        return to_the_second(step.known_at)

    @admin.display(description=gettext_lazy("from"), ordering="before")
    def from_state(self, step: Transition) -> str:
        return state_tag(step.before)

    @admin.display(description=gettext_lazy("to"), ordering="after")
    def to_state(self, step: Transition) -> str:
        return state_tag(step.after)

    @admin.display(description=gettext_lazy("reason"), ordering="reason")
    def why(self, step: Transition) -> str:
        return change_text(step.reason, unseen=step.after == State.UNKNOWN)

    @admin.display(description=gettext_lazy("looks like the fault of"), ordering="blame")
    def whose(self, step: Transition) -> str:
        return str(BLAME_NAMES[step.blame]) if step.blame else ""


@admin.register(ProbeRequest)
class ProbeRequestAdmin(FoldedSearch, ReadOnlyAdmin):
    list_display = ("endpoint_code", "asked", "by")
    list_select_related = ("endpoint",)
    search_fields = ("endpoint__search", "by")
    date_hierarchy = "at"
    show_full_result_count = False
    fields = ("endpoint", "asked", "by")
    readonly_fields = fields

    @admin.display(description=gettext_lazy("endpoint"), ordering="endpoint__code")
    def endpoint_code(self, request: ProbeRequest) -> str:
        return request.endpoint.code

    @admin.display(description=gettext_lazy("at"), ordering="at")
    def asked(self, request: ProbeRequest) -> str:
        return to_the_second(request.at)


@admin.register(PumpSign)
class PumpSignAdmin(ReadOnlyAdmin):
    """A row each; the counts are those since its start."""

    list_display = ("name", "life", "started", "finished", "fenced", "missed", "own_delay")
    ordering = ("-seen_at",)
    fields = list_display
    readonly_fields = fields

    @admin.display(description=gettext_lazy("sign of life"), ordering="seen_at")
    def life(self, pump: PumpSign) -> str:
        ago = timezone.now() - pump.seen_at
        word = _("at work") if ago <= ALIVE else _("not seen")
        before = _("%(length)s ago") % {"length": lasting(ago)}
        return format_html('{}<span class="under">{}</span>', word, before)

    @admin.display(description=gettext_lazy("started"), ordering="started_at")
    def started(self, pump: PumpSign) -> str:
        return to_the_second(pump.started_at)

    @admin.display(description=gettext_lazy("own delay"), ordering="lag")
    def own_delay(self, pump: PumpSign) -> str:
        return f"{pump.lag} ms"
