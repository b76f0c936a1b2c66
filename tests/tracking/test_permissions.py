"""Which role may do what? Every predicate for every role, and for those in none."""

from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission

from tracking.actions.roles import set_up_roles
from tracking.models import Department, User
from tracking.permissions import (
    PERMISSIONS,
    Role,
    Visitor,
    may_decide,
    may_declare_stage,
    may_import,
    may_issue,
    may_keep_registers,
    may_number,
    may_report,
    may_view_lists,
)

pytestmark = pytest.mark.django_db

OPERATOR, REPORTER, LEADER, INSPECTOR, CLERK = Role
TODAY = date(2025, 11, 18)


def reports_own(user: Visitor) -> bool:
    return may_report(user, "QLD", TODAY)


def reports_others(user: Visitor) -> bool:
    return may_report(user, "KCB", TODAY)


ALLOWED: list[tuple[Callable[[Visitor], bool], set[Role]]] = [
    (may_decide, {OPERATOR, LEADER}),
    (may_declare_stage, {OPERATOR}),
    (may_import, {OPERATOR}),
    (may_issue, {OPERATOR}),
    (may_keep_registers, {OPERATOR}),
    (may_number, {CLERK}),
    (may_view_lists, {OPERATOR, REPORTER, LEADER, INSPECTOR, CLERK}),
    (reports_own, {OPERATOR, REPORTER}),
    (reports_others, {OPERATOR}),
]


def person(role: Role | None, department: str = "QLD") -> User:
    set_up_roles()
    row, _new = Department.objects.get_or_create(code=department, name_vi=department)
    user = User.objects.create_user(f"{role}-{department}", is_staff=True, department=row)
    if role:
        user.groups.add(Group.objects.get(name=role.value))
    return user


@pytest.mark.parametrize("role", Role)
def test_every_predicate_answers_as_the_table_says(role: Role) -> None:
    user = person(role)
    answers = {may.__name__: may(user) for may, _roles in ALLOWED}
    assert answers == {may.__name__: role in roles for may, roles in ALLOWED}


def test_nobody_in_no_role_may_do_anything() -> None:
    for user in (person(None), AnonymousUser()):
        assert not any(may(user) for may, _roles in ALLOWED)


def test_a_person_who_has_left_may_do_nothing() -> None:
    user = person(OPERATOR)
    user.is_active = False
    assert not any(may(user) for may, _roles in ALLOWED)


def test_a_reporter_without_a_department_reports_for_none() -> None:
    user = person(REPORTER)
    user.department = None
    assert not may_report(user, "QLD", TODAY)
    assert not may_report(user, "", TODAY)


def test_no_role_deletes_and_only_reading_roles_only_read() -> None:
    for names in PERMISSIONS.values():
        assert not [name for name in names if ".delete_" in name]
    for name in PERMISSIONS[INSPECTOR]:
        assert ".view_" in name


def test_setting_up_again_repairs_the_roles_and_keeps_their_people() -> None:
    user = person(INSPECTOR)
    group = Group.objects.get(name="inspector")
    group.permissions.add(Permission.objects.get(codename="delete_task"))
    set_up_roles()
    assert not group.permissions.filter(codename="delete_task").exists()
    assert list(user.groups.all()) == [group]
    assert Group.objects.count() == len(Role)
