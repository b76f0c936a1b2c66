"""The zones, and their networks that one person proposes and another approves."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _, gettext_lazy

from databases.actions.zones import approve_network, propose_network, withdraw_network
from databases.admin.asking import AskingAdmin, NothingForm, Question, by, require, sent
from databases.forms.zones import NetworkForm, ZoneForm
from databases.models import Zone, ZoneNetwork
from databases.pages.probe_words import moment
from tracking.admin.read_only import KeptAdmin
from tracking.permissions import may_keep_endpoints

_PROPOSED, _AHEAD, _IN_FORCE, _OVER = range(4)
_STANDINGS = (
    gettext_lazy("awaits approval"),
    gettext_lazy("approved, not begun"),
    gettext_lazy("in force"),
    gettext_lazy("over"),
)


class NetworkInline(admin.TabularInline):
    """Read only: each step has a page of its own."""

    model = ZoneNetwork
    fields = ("network", "ports", "standing", "validity", "people", "document", "steps")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Each with who looks at it: nobody approves what they proposed."""
        rows: QuerySet[Any] = super().get_queryset(request).annotate(reader=Value(by(request)))
        return rows

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if may_keep_endpoints(request.user) else self.fields[:-1]

    @admin.display(description=gettext_lazy("standing"))
    def standing(self, row: ZoneNetwork) -> str:
        return str(_STANDINGS[_standing(row)])

    @admin.display(description=gettext_lazy("validity"))
    def validity(self, row: ZoneNetwork) -> str:
        return f"{moment(row.valid_from)} – {moment(row.valid_to) if row.valid_to else '…'}"

    @admin.display(description=gettext_lazy("proposed / approved by"))
    def people(self, row: ZoneNetwork) -> str:
        return f"{row.proposed_by} / {row.approved_by or '–'}"

    @admin.display(description=gettext_lazy("steps"))
    def steps(self, row: Any) -> str:
        links = []
        if _standing(row) == _PROPOSED and row.reader != row.proposed_by:
            links.append(("approve", _("Approve")))
        if _standing(row) != _OVER:
            links.append(("withdraw", _("Withdraw")))
        return format_html_join(
            " · ",
            '<a href="{}">{}</a>',
            (
                (reverse(f"admin:databases_zone_{name}", args=[row.zone_id, row.pk]), words)
                for name, words in links
            ),
        )


def _standing(row: ZoneNetwork) -> int:
    now = timezone.now()
    if row.valid_to is not None and row.valid_to <= now:
        return _OVER
    if not row.approved_by:
        return _PROPOSED
    return _IN_FORCE if row.valid_from <= now else _AHEAD


@admin.register(Zone)
class ZoneAdmin(AskingAdmin, KeptAdmin):
    form = ZoneForm
    list_display = ("code", "name_vi", "name_en", "reaches", "waiting", "probed")
    list_display_links = ("code", "name_vi")
    inlines = (NetworkInline,)
    fieldsets = (
        (
            None,
            {
                "description": gettext_lazy(
                    "A part of the world that endpoints lie in. Probes of a zone reach what is "
                    "ticked here and the approved networks below, and nothing else; addresses "
                    "such as those of this machine itself are refused in any case."
                ),
                "fields": ("code", "name_vi", "name_en"),
            },
        ),
        (gettext_lazy("What it reaches"), {"fields": ("internet", "for_tests")}),
        (gettext_lazy("How"), {"fields": ("authorities", "name_servers")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).prefetch_related("networks")
        counted: QuerySet[Any] = rows.annotate(probed=Count("endpoints"))
        return counted

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def get_urls(self) -> list[URLPattern]:
        one = "<int:pk>/networks/<int:network>"
        return [
            self.route("<int:pk>/networks/add/", self.propose_view, "propose"),
            self.route(f"{one}/approve/", self.approve_view, "approve"),
            self.route(f"{one}/withdraw/", self.withdraw_view, "withdraw"),
            *super().get_urls(),
        ]

    def propose_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(may_keep_endpoints(request.user))
        zone = get_object_or_404(Zone, pk=pk)
        form = NetworkForm(sent(request))
        says = [
            _("Nothing is reached through it until another person approves it."),
            _("Addresses that no probe may ever reach are refused here and at every connection."),
        ]
        title = _("Propose a network for %s") % zone.code
        question = Question(title, says, _("Propose"), self.address("change", zone.pk))

        def write() -> str:
            row = propose_network(
                zone=zone, **form.cleaned_data, now=timezone.now(), by=by(request)
            )
            self.log_change(request, zone, f"{row.network} {row.ports}: proposed")
            said = _("%s is proposed: another person must approve it.")
            return said % row.network

        return self.ask(request, question, form, write)

    def approve_view(self, request: HttpRequest, pk: int, network: int) -> HttpResponse:
        row = self._network(request, pk, network)
        says = [
            _("From then on probes of this zone may connect there, within half a minute."),
            _("It was proposed by %(by)s, by this document: %(document)s.")
            % {"by": row.proposed_by, "document": row.document},
        ]
        question = self._question(row, _("Approve %s"), says, _("Approve"))

        def write() -> str:
            approve_network(network=row, now=timezone.now(), by=by(request))
            self.log_change(request, row.zone, f"{row.network} {row.ports}: approved")
            return _("%s is approved.") % row.network

        return self.ask(request, question, NothingForm(sent(request)), write)

    def withdraw_view(self, request: HttpRequest, pk: int, network: int) -> HttpResponse:
        row = self._network(request, pk, network)
        says = [
            _("From then on no probe connects there: its endpoints tell of a wrong configuration."),
            _("It is not counted against the other side. The row stays, with its end."),
        ]
        question = self._question(row, _("Withdraw %s"), says, _("Withdraw"))

        def write() -> str:
            withdraw_network(network=row, now=timezone.now(), by=by(request))
            self.log_change(request, row.zone, f"{row.network} {row.ports}: withdrawn")
            return _("%s is withdrawn.") % row.network

        return self.ask(request, question, NothingForm(sent(request)), write)

    def _network(self, request: HttpRequest, pk: int, network: int) -> ZoneNetwork:
        require(may_keep_endpoints(request.user))
        rows = ZoneNetwork.objects.select_related("zone")
        return get_object_or_404(rows, pk=network, zone=pk)

    def _question(self, row: ZoneNetwork, title: str, says: list[str], button: str) -> Question:
        back = self.address("change", row.zone_id)
        return Question(title % f"{row.network} · {row.ports}", says, button, back)

    @admin.display(description=gettext_lazy("reaches"))
    def reaches(self, zone: Zone) -> str:
        known = [str(row.network) for row in zone.networks.all() if _standing(row) == _IN_FORCE]
        known += [_("internet")] if zone.internet else []
        known += [_("stand-ins on this machine")] if zone.for_tests else []
        return ", ".join(known) or _("nothing")

    @admin.display(description=gettext_lazy("awaits approval"))
    def waiting(self, zone: Zone) -> str:
        rows = [str(row.network) for row in zone.networks.all() if _standing(row) == _PROPOSED]
        return format_html('<span class="word">{}</span>', ", ".join(rows)) if rows else ""

    @admin.display(description=gettext_lazy("endpoints"), ordering="probed")
    def probed(self, zone: Any) -> int:
        return int(zone.probed)
