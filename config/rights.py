"""Who may do what, asked of the database in one statement instead of two on every page."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission


class Rights(ModelBackend):
    """Django's own. A person's rights are read at once, those of their own and those of their
    roles."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if obj is not None or not user_obj.is_active or user_obj.is_superuser:
            return super().get_all_permissions(user_obj, obj)
        if not hasattr(user_obj, "_rights"):
            user_obj._rights = _rights(user_obj)
        rights: set[str] = user_obj._rights
        return rights


def _rights(person: Any) -> set[str]:
    columns = ("content_type__app_label", "codename")
    rows = Permission.objects.order_by()
    own = rows.filter(user=person).values_list(*columns)
    of_roles = rows.filter(group__user=person).values_list(*columns)
    return {f"{app}.{name}" for app, name in own.union(of_roles)}
