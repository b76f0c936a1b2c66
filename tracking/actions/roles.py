"""Making the groups of the portal hold what the roles say, no more and no less."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from tracking.permissions import PERMISSIONS


@transaction.atomic
def set_up_roles() -> None:
    """One group per role, named by its code. Safe to repeat: what was added by hand is taken
    away again, people stay in their groups."""
    known = {
        f"{app}.{codename}": pk
        for pk, app, codename in Permission.objects.values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    for role, names in PERMISSIONS.items():
        group, _created = Group.objects.get_or_create(name=role.value)
        group.permissions.set([known[name] for name in names])
