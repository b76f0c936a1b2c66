"""The pages behind the buttons of a connection: stages, official steps and parties are entered."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, URLResolver
from django.utils import timezone
from django.utils.translation import gettext as _

from databases.actions.parties import end_party, set_party
from databases.actions.stages import declare_stage
from databases.actions.steps import record_step, step_warnings
from databases.admin.asking import AskingAdmin, Question, by, require, sent
from databases.admin.register_history import ConnectionPage
from databases.forms.register_parties import EndPartyForm, PartyForm
from databases.forms.stages import StageForm, StepForm
from databases.models import Connection
from databases.models.connection_facts import facts_of
from databases.pages.probe_words import sentence
from databases.pages.register_words import doubt_sentence
from databases.rules.steps import doubts
from tracking.permissions import may_declare_stage, may_keep_registers, may_record_step
from tracking.rules.instants import day_of

_FOLDER = "admin/databases/connection"


class ConnectionPages(AskingAdmin):
    """Each page asks for its own permission and makes one call."""

    def get_urls(self) -> list[URLResolver | URLPattern]:  # type: ignore[override]
        return [
            self.route("<int:pk>/declare/", self.declare, "declare"),
            self.route("<int:pk>/record/", self.record, "record"),
            self.route("<int:pk>/party/", self.name_party, "party"),
            self.route("<int:pk>/end/", self.end_party, "end"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        user = request.user
        if connection := kwargs.get("obj"):
            context |= {
                "register": ConnectionPage(
                    connection, timezone.now(), linked=user.has_perm("databases.view_endpoint")
                ),
                "may_declare": may_declare_stage(user),
                "may_record": may_record_step(user),
                "may_name": may_keep_registers(user),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def declare(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(may_declare_stage(request.user))
        connection, form, now = _connection(pk), StageForm(sent(request)), timezone.now()
        facts = facts_of(connection, now)
        against = [doubt_sentence(doubt, facts) for doubt in doubts(facts, day_of(now))]
        question = self._question(
            connection,
            _("Declare a stage"),
            _(
                "A declaration is never changed or removed; a wrong one is corrected by declaring "
                "again."
            ),
            _("Declare"),
        )

        def write() -> str:
            declare_stage(connection=connection, now=now, by=by(request), **form.cleaned_data)
            return _("The stage is declared.")

        more = {"connection": connection, "against": against}
        return self.ask(request, question, form, write, template=f"{_FOLDER}/declare.html", **more)

    def record(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(may_record_step(request.user))
        connection, form, now = _connection(pk), StepForm(sent(request)), timezone.now()
        question = self._question(
            connection,
            _("Record an official step"),
            _("A record is never changed or removed; a later record of the same step corrects it."),
            _("Record"),
        )

        def write() -> str:
            record = record_step(
                connection=connection, now=now, by=by(request), **form.cleaned_data
            )
            for warning in step_warnings(record):
                messages.warning(request, sentence(warning))
            return _("The step is recorded.")

        return self._ask(request, question, form, write, connection)

    def name_party(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(may_keep_registers(request.user))
        connection, now = _connection(pk), timezone.now()
        form = PartyForm(sent(request), as_of=day_of(now))
        question = self._question(
            connection,
            _("Name a party"),
            _("One body answers in each role; the one in the role so far ends the day before."),
            _("Name this party"),
        )

        def write() -> str:
            party = set_party(connection=connection, now=now, by=by(request), **form.cleaned_data)
            return _("%s is named.") % party.body

        return self._ask(request, question, form, write, connection)

    def end_party(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(may_keep_registers(request.user))
        connection, now = _connection(pk), timezone.now()
        form = EndPartyForm(sent(request), connection=connection)
        question = self._question(
            connection,
            _("End a party"),
            _("From the next day on nobody answers in the role, until another is named."),
            _("End this party"),
        )

        def write() -> str:
            party = end_party(now=now, by=by(request), **form.cleaned_data)
            return _("The last day of %s is entered.") % party.body

        return self._ask(request, question, form, write, connection)

    def _question(self, connection: Connection, title: str, says: str, button: str) -> Question:
        named = f"{connection.database.name} → {connection.counterpart.name}"
        return Question(title, [named, says], button, self.address("change", connection.pk))

    def _ask(
        self,
        request: HttpRequest,
        question: Question,
        form: Any,
        write: Any,
        connection: Connection,
    ) -> HttpResponse:
        template = f"{_FOLDER}/entry.html"
        return self.ask(request, question, form, write, template=template, connection=connection)


def _connection(pk: int) -> Connection:
    rows = Connection.objects.select_related("database", "counterpart")
    return get_object_or_404(rows, pk=pk)
