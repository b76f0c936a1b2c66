"""Are a person's rights those that Django would say, read in one statement?"""

from typing import Any

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, Permission

from config.rights import Rights
from tracking.actions.roles import set_up_roles
from tracking.models import User
from tracking.permissions import Role

pytestmark = pytest.mark.django_db


def person(*roles: Role, **facts: Any) -> User:
    user = User.objects.create_user(f"u{User.objects.count()}", password=None, **facts)
    user.groups.set(Group.objects.filter(name__in=[role.value for role in roles]))
    return user


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gives_the_rights_that_it_gave(role: Role, django_assert_num_queries: Any) -> None:
    set_up_roles()
    user = person(role)
    with django_assert_num_queries(1):
        rights = Rights().get_all_permissions(user)
        assert Rights().has_perm(user, "tracking.view_task") == ("tracking.view_task" in rights)
    assert rights == ModelBackend().get_all_permissions(User.objects.get(pk=user.pk))
    assert rights


def test_rights_of_ones_own_and_of_several_roles_are_put_together() -> None:
    set_up_roles()
    user = person(Role.CLERK, Role.INSPECTOR)
    user.user_permissions.add(Permission.objects.get(codename="delete_document"))
    found = Rights().get_all_permissions(user)
    assert "tracking.delete_document" in found
    assert found == ModelBackend().get_all_permissions(User.objects.get(pk=user.pk))


def test_who_left_has_none_and_a_superuser_has_all() -> None:
    set_up_roles()
    assert Rights().get_all_permissions(person(Role.OPERATOR, is_active=False)) == set()
    everything = Rights().get_all_permissions(person(is_superuser=True))
    assert len(everything) == Permission.objects.count()
    assert Rights().get_all_permissions(person(Role.OPERATOR), object()) == set()
