"""The sectoral databases: whose they are, what they are connected to, and at which stage."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy as _

from databases.actions.stages import declare_stage
from databases.forms.stages import StageForm
from databases.models import Connection, CounterpartSystem, Database, Interface, StageChange
from databases.models.connection import STAGE_NAMES
from databases.models.current_stage import current_stage
from databases.rules.stage import Stage
from tracking.actions.refusals import Refused
from tracking.admin.pages import PagesAdmin
from tracking.admin.read_only import KeptAdmin
from tracking.admin.search import FoldedSearch
from tracking.permissions import may_declare_stage


def _labelled(database: Database) -> str:
    """The name, and a word beside one that awaits its facts."""
    if not database.placeholder:
        return database.name
    return format_html('{} <span class="tag">{}</span>', database.name, gettext("placeholder"))


@admin.register(CounterpartSystem)
class CounterpartSystemAdmin(FoldedSearch, KeptAdmin):
    list_display = ["code", "name_vi", "name_en", "owner"]
    list_display_links = ["code", "name_vi"]
    list_select_related = ["owner"]
    fieldsets = [
        (
            None,
            {
                "description": _("A system that databases are connected to, and whose it is."),
                "fields": ["code", "owner"],
            },
        ),
        (_("Names"), {"fields": ["name_vi", "name_en"]}),
    ]


@admin.register(Database)
class DatabaseAdmin(FoldedSearch, KeptAdmin):
    list_display = ["code", "labelled", "owner", "operator", "host"]
    list_display_links = ["code", "labelled"]
    list_filter = ["placeholder", ("owner", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["owner"]
    fieldsets = [
        (
            None,
            {
                "description": _(
                    "The code is fixed once saved. A placeholder is printed as such in every "
                    "list; clear the box when the official facts are entered."
                ),
                "fields": ["code", "placeholder"],
            },
        ),
        (_("Names"), {"fields": ["name_vi", "name_en"]}),
        (
            _("Responsibility"),
            {
                "description": _("Owner, operator and host may be three different bodies."),
                "fields": ["owner", "operator", "host", "note"],
            },
        ),
    ]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **options: Any) -> Any:
        if db_field.name == "note":
            options["widget"] = AdminTextareaWidget(attrs={"rows": 4})
        return super().formfield_for_dbfield(db_field, request, **options)

    @admin.display(description=_("name"), ordering="name_vi")
    def labelled(self, database: Database) -> str:
        return _labelled(database)


class InterfaceInline(admin.StackedInline):
    model = Interface
    fields = ["code", "name_vi", "name_en"]
    extra = 0
    can_delete = False


class StageChangeInline(admin.TabularInline):
    """The history, as declared; a new stage is declared on a page of its own."""

    model = StageChange
    fields = ("stage", "effective_on", "recorded_at", "actor", "document", "note")
    readonly_fields = ("stage", "effective_on", "recorded_at", "actor", "document", "note")
    extra = 0
    can_delete = False
    classes = ["history"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("document")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class StageFilter(admin.SimpleListFilter):
    title = _("stage")
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(stage), name) for stage, name in STAGE_NAMES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(current=self.value()) if self.value() else queryset


@admin.register(Connection)
class ConnectionAdmin(FoldedSearch, PagesAdmin, KeptAdmin):
    list_display = ["code", "database_name", "counterpart", "stage", "since", "task_code"]
    list_display_links = ["code", "database_name"]
    list_filter = [StageFilter, "counterpart", "database__placeholder"]
    list_select_related = ["database", "counterpart", "task"]
    search_fields = ("code", "database__search", "counterpart__search")
    fixed_fields = ("code", "database", "counterpart")
    raw_id_fields = ["task"]
    inlines = [InterfaceInline, StageChangeInline]
    fieldsets = [
        (
            None,
            {
                "description": _(
                    "A database and a system it is connected to. The stage is what people declare; "
                    "every declaration stays in the history below."
                ),
                "fields": ["code", "database", "counterpart", "task"],
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        now = timezone.now()
        declared = {
            "current": current_stage("stage", now),
            "reached": current_stage("effective_on", now),
        }
        rows: QuerySet[Any] = super().get_queryset(request).annotate(**declared)
        return rows

    @admin.display(description=_("database"), ordering="database__name_vi")
    def database_name(self, connection: Connection) -> str:
        return _labelled(connection.database)

    @admin.display(description=_("stage"), ordering="current")
    def stage(self, connection: Any) -> str:
        if connection.current is None:
            return gettext("not declared")
        return str(STAGE_NAMES[Stage(connection.current)])

    @admin.display(description=_("since"), ordering="reached", empty_value="")
    def since(self, connection: Any) -> str:
        day = connection.reached
        return date_format(day, "SHORT_DATE_FORMAT") if day else ""

    @admin.display(description=_("task"), ordering="task__code", empty_value="")
    def task_code(self, connection: Connection) -> str:
        return connection.task.code if connection.task else ""

    def get_urls(self) -> list[Any]:
        return [self.route("<int:pk>/declare/", self.declare, "declare"), *super().get_urls()]

    def declare(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page on which an operator declares that a stage is reached."""
        if not may_declare_stage(request.user):
            raise PermissionDenied
        connection = get_object_or_404(Connection.objects.select_related("database"), pk=pk)
        form = StageForm(request.POST or None)
        if form.is_valid() and self._declared(request, connection, form):
            messages.success(request, gettext("The stage is declared."))
            return redirect(self.address("change", pk))
        template = "admin/databases/connection/declare.html"
        title = gettext("Declare a stage")
        return self.page(request, template, title, connection=connection, form=form)

    def _declared(self, request: HttpRequest, connection: Connection, form: Form) -> bool:
        try:
            declare_stage(
                connection=connection,
                now=timezone.now(),
                by=request.user.get_username(),
                **form.cleaned_data,
            )
        except Refused as refused:
            for sentence in refused.sentences:
                form.add_error(None, sentence)
        return form.is_valid()
