"""Who reports for a department, and who stands in for them?"""

from dataclasses import dataclass
from datetime import date

from tracking.models import Department, Deputation, User


@dataclass(frozen=True, slots=True)
class People:
    """Those who may write for the department; deputies of the day looked at."""

    reporters: list[User]
    deputies: list[Deputation]


def people_of(department: Department, viewer: User, day: date) -> People | None:
    """None for those who may not see who the others are; two queries."""
    if not viewer.has_perm("tracking.view_user"):
        return None
    own = User.objects.filter(department=department, is_active=True)
    reporting = own.filter(groups__permissions__codename="add_event").distinct()
    return People(
        reporters=list(reporting.order_by("last_name", "first_name", "username")),
        deputies=list(Deputation.objects.in_force(day).for_department(department).named()),
    )
