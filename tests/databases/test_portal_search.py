"""Searching the databases, their connections and their endpoints."""

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from databases.models import Connection, Database, Endpoint
from databases.pages.search import found_in_databases
from tests.module_rows import written_once
from tracking.models import User
from tracking.rules.searching import question_of

pytestmark = pytest.mark.django_db


def fill() -> None:
    call_command("seed", "--illustrative", verbosity=0)


seeded = written_once(fill)


@pytest.fixture
def leader(seeded: None, db: None) -> Client:
    return reading("leader")


def reading(name: str) -> Client:
    """One of the seed's people, reading English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(username=name))
    return client


def page_of(client: Client, sought: str) -> str:
    response = client.get("/search/", {"q": sought})
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def group(page: str, key: str) -> list[str]:
    """What is shown of that kind, as plain text."""
    if f'id="{key}"' not in page:
        return []
    section = page.split(f'id="{key}"', 1)[1].split("</section>", 1)[0]
    section = re.sub(r"</?mark[^>]*>", "", section)
    return [" ".join(re.sub(r"<[^>]+>", " ", li).split()) for li in section.split("<li>")[1:]]


def test_a_database_is_found_by_its_code_and_comes_first(leader: Client) -> None:
    page = page_of(leader, "csdl-07")
    assert group(page, "databases")[0].startswith("CSDL-07")
    assert "Exactly this code" in page
    database = Database.objects.get(code="CSDL-07")
    assert f'href="/databases/{database.pk}/"' in page


def test_a_connection_is_found_by_its_code_or_by_what_it_connects(leader: Client) -> None:
    connection = Connection.objects.select_related("database").get(code="KN-03-DC")
    for sought in ("kn-03-dc", "KN-03", f"{connection.database.code} dân cư"):
        page = page_of(leader, sought)
        assert any(hit.startswith("KN-03-DC") for hit in group(page, "connections"))
    assert f'href="/databases/{connection.database_id}/"' in page


def test_an_endpoint_is_found_and_its_state_told(leader: Client) -> None:
    endpoint = Endpoint.objects.order_by("code").first()
    assert endpoint is not None
    hits = group(page_of(leader, endpoint.code), "endpoints")
    assert hits[0].startswith(endpoint.code)
    assert hits[0].endswith("unknown")


def test_names_in_vietnamese_are_found_without_accents(leader: Client) -> None:
    assert len(group(page_of(leader, "co so du lieu"), "databases")) == 12


def test_who_may_not_see_the_databases_finds_none(leader: Client) -> None:
    page = page_of(reading("clerk"), "csdl")
    assert group(page, "databases") == group(page, "connections") == []


def test_a_query_for_each_kind_and_one_for_each_that_is_found(
    leader: Client, django_assert_num_queries: Any
) -> None:
    reader = User.objects.get(username="leader")
    reader.has_perm("databases.view_database")
    for sought, kinds in (("co so du lieu", 2), ("zzz", 0), ("CSDL-01", 2)):
        with django_assert_num_queries(3 + kinds):
            groups = found_in_databases(question_of(sought), reader, 20)
        assert sum(bool(group.count) for group in groups) == kinds
