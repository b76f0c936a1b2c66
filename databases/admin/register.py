"""The sectoral databases: whose they are, what they are connected to, and at which stage."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy as _

from databases.admin.register_files import RegisterFilePages
from databases.admin.register_pages import ConnectionPages
from databases.models import Connection, CounterpartSystem, Database, Interface
from databases.models.connection import STAGE_NAMES
from databases.models.current_minutes import minutes_expire_on
from databases.models.current_stage import current_stage
from databases.pages.register_words import minutes_text
from databases.rules.stage import Stage
from databases.rules.steps import SOON
from tracking.admin.read_only import KeptAdmin
from tracking.admin.search import FoldedSearch
from tracking.rules.instants import day_of


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
class DatabaseAdmin(RegisterFilePages, FoldedSearch, KeptAdmin):
    list_display = ["code", "labelled", "owner", "operator", "host", "security_level"]
    list_display_links = ["code", "labelled"]
    list_filter = [
        "placeholder",
        "security_level",
        ("owner", admin.RelatedOnlyFieldListFilter),
    ]
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
        (
            _("Security"),
            {
                "description": _("The level that was approved, not the one that is proposed."),
                "fields": ["security_level"],
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


class StageFilter(admin.SimpleListFilter):
    title = _("stage")
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(stage), name) for stage, name in STAGE_NAMES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(current=self.value()) if self.value() else queryset


class MinutesFilter(admin.SimpleListFilter):
    title = _("security minutes")
    parameter_name = "minutes"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("ending", _("expired or expiring within 30 days")),
            ("holding", _("holding for longer")),
            ("none", _("none recorded")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        soon = day_of(timezone.now()) + SOON
        chosen = {
            "ending": Q(minutes_until__lte=soon),
            "holding": Q(minutes_until__gt=soon),
            "none": Q(minutes_until=None),
        }.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(chosen)


@admin.register(Connection)
class ConnectionAdmin(FoldedSearch, ConnectionPages, KeptAdmin):
    list_display = [
        "code",
        "database_name",
        "counterpart",
        "stage",
        "since",
        "minutes",
        "task_code",
    ]
    list_display_links = ["code", "database_name"]
    list_filter = [StageFilter, MinutesFilter, "counterpart", "database__placeholder"]
    list_select_related = ["database", "database__owner", "counterpart", "task"]
    search_fields = ("code", "database__search", "counterpart__search")
    fixed_fields = ("code", "database", "counterpart")
    raw_id_fields = ["task"]
    inlines = [InterfaceInline]
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

    class Media:
        css: ClassVar[Any] = {"all": ["css/admin_probes.css", "css/admin_register.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        now = timezone.now()
        declared = {
            "current": current_stage("stage", now),
            "reached": current_stage("effective_on", now),
            "minutes_until": minutes_expire_on(now),
        }
        rows: QuerySet[Any] = super().get_queryset(request).annotate(**declared)
        return rows.select_related("database__owner", "counterpart")

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

    @admin.display(description=_("security minutes"), ordering="minutes_until")
    def minutes(self, connection: Any) -> str:
        return minutes_text(connection.minutes_until, day_of(timezone.now()))

    @admin.display(description=_("task"), ordering="task__code", empty_value="")
    def task_code(self, connection: Connection) -> str:
        return connection.task.code if connection.task else ""
