"""Who signs in, in which role, and what the registers' keepers did."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tracking.admin.read_only import KeptAdmin, ReadOnlyAdmin
from tracking.models import User
from tracking.permissions import Role
from tracking.rules.vietnamese import folded


def role_name(group: Group) -> str:
    """What people read for a group; one that is no role keeps its own name."""
    return str(Role(group.name).label) if group.name in Role else group.name


class RolesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return role_name(obj)


class RoleFilter(admin.SimpleListFilter):
    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(role.value, str(role.label)) for role in Role]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


_ACCESS: Any = (
    _("Department and roles"),
    {
        "description": _(
            "A reporter writes for their own department only. Signing in here needs staff status; "
            "a person who has left is made inactive, never deleted."
        ),
        "fields": ["department", "heads_department", "groups", "is_staff", "is_active"],
    },
)


@admin.register(User)
class UserAdmin(DjangoUserAdmin, KeptAdmin):
    list_display = ["username", "full_name", "department", "roles", "is_active", "last_login"]
    list_filter = ["is_active", RoleFilter, ("department", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["department"]
    fixed_fields = ("username",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = [
        (
            None,
            {
                "description": _("The ledger names people by their user name, so it is fixed."),
                "fields": ["username", "password"],
            },
        ),
        (_("Person"), {"fields": ["last_name", "first_name", "email", "language"]}),
        _ACCESS,
        (_("Access"), {"fields": ["is_superuser", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "usable_password", "password1", "password2"]}),
        (_("Person"), {"fields": ["last_name", "first_name", "email", "language"]}),
        _ACCESS,
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        words = folded(search_term).split()
        columns = ("username", "last_name", "first_name", "email", "department__name_vi")
        found = [
            pk
            for pk, *texts in User.objects.values_list("pk", *columns)
            if all(word in folded(" ".join(filter(None, texts))) for word in words)
        ]
        return (queryset.filter(pk__in=found) if words else queryset), False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        above = obj is not None and obj.is_superuser and not _superuser(request)
        return super().has_change_permission(request, obj) and not above

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if _superuser(request) else (*fields, "is_superuser")

    def formfield_for_manytomany(self, db_field: Any, request: Any, **options: Any) -> Any:
        if db_field.name != "groups":
            return super().formfield_for_manytomany(db_field, request, **options)
        return RolesField(
            Group.objects.order_by("pk"),
            label=_("Roles"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, person: User) -> str:
        return f"{person.last_name} {person.first_name}".strip()

    @admin.display(description=_("roles"))
    def roles(self, person: User) -> str:
        return ", ".join(role_name(group) for group in person.groups.all())


def _superuser(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_superuser


# Django's own registration, made by the import above, gives way to roles written in code.
admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(ReadOnlyAdmin):
    list_display = ["role", "people"]
    fields = ["role", "members", "allowed"]
    readonly_fields = ["role", "members", "allowed"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).annotate(people=Count("user"))
        return rows.order_by("pk")

    @admin.display(description=_("role"), ordering="name")
    def role(self, group: Group) -> str:
        return role_name(group)

    @admin.display(description=_("people"), ordering="people")
    def people(self, group: Any) -> int:
        return int(group.people)

    @admin.display(description=_("members"))
    def members(self, group: Group) -> str:
        names = User.objects.filter(groups=group).order_by("username")
        return ", ".join(names.values_list("username", flat=True))

    @admin.display(description=_("may"))
    def allowed(self, group: Group) -> str:
        held = group.permissions.values_list("content_type__app_label", "codename")
        return ", ".join(sorted(f"{app}.{codename}" for app, codename in held))


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """The journal of the registers; decisions on tasks stand in the ledger."""

    list_display = ["action_time", "user", "content_type", "object_repr", "what"]
    list_filter = ["action_flag", ("content_type", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["user", "content_type"]
    date_hierarchy = "action_time"
    fields = ["action_time", "user", "content_type", "object_repr", "what"]
    readonly_fields = ["what"]

    @admin.display(description=_("change"))
    def what(self, entry: LogEntry) -> str:
        return entry.get_change_message()
