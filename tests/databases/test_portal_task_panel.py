"""The page of a task shows the connection that it is about, as declared and as seen."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from databases.actions.seed import seed_databases
from databases.models import Connection, StageChange
from databases.pages.task_panel import connection as panel_of
from tests.module_rows import written_once
from tests.tracking.admin_people import signed_in
from tracking.actions.seed import seed
from tracking.models import Task, User
from tracking.rules.viewpoint import Viewpoint

pytestmark = pytest.mark.django_db


def fill() -> None:
    seed(now=timezone.now(), illustrative=True)
    seed_databases()


seeded = written_once(fill)


@pytest.fixture
def client(seeded: None, db: None) -> Client:
    return signed_in("inspector")


def linked(count: int = 1) -> Task:
    task = Task.objects.get(code="MH-19")
    for row in Connection.objects.order_by("code")[:count]:
        Connection.objects.filter(pk=row.pk).update(task=task)
    return task


def page_of(client: Client, task: Task, query: str = "") -> str:
    response: Any = client.get(reverse("tracking:task", args=[task.pk]) + query)
    return " ".join(response.content.decode().split())


def test_the_connection_of_a_task_is_shown_with_its_database(client: Client) -> None:
    task = linked()
    row = Connection.objects.get(task=task)
    page = page_of(client, task)
    assert "Related connection" in page
    assert row.database.name in page
    assert row.counterpart.name in page
    assert reverse("databases:database", args=[row.database_id]) in page
    assert "Declared: connected, since 18/11/2025" in page


def test_it_is_shown_as_declared_then(client: Client) -> None:
    task = linked()
    row = Connection.objects.get(task=task)
    later = timezone.localdate() - timedelta(days=1)
    StageChange.objects.create(
        connection=row, stage="suspended", effective_on=later, recorded_at=timezone.now()
    )
    assert "Declared: suspended" in page_of(client, task)
    assert "Declared: connected" in page_of(client, task, "?as_of=2025-11-20")
    assert "Declared: not declared" in page_of(client, task, "?as_of=2025-01-01")


def test_nothing_is_shown_where_there_is_no_connection(client: Client) -> None:
    assert "Related connection" not in page_of(client, Task.objects.get(code="MH-19"))


def test_only_those_who_may_see_databases_are_shown_it(client: Client) -> None:
    now = timezone.now()
    viewpoint, task = Viewpoint(now, now, now), linked()
    inspector = User.objects.get(username="inspector")
    assert panel_of(task, viewpoint, inspector) is not None
    clerk = User.objects.create_user("clerk")
    clerk.groups.add(Group.objects.get(name="clerk"))
    assert panel_of(task, viewpoint, clerk) is None


def test_many_connections_cost_as_many_queries_as_one(
    client: Client, django_assert_num_queries: Any
) -> None:
    now = timezone.now()
    viewpoint, inspector = Viewpoint(now, now, now), User.objects.get(username="inspector")
    for count in (1, 10):
        task = linked(count)
        inspector.has_perm("databases.view_database")
        with django_assert_num_queries(2):
            panel = panel_of(task, viewpoint, inspector)
        assert panel is not None
        assert len(panel.context["lines"]) == count
