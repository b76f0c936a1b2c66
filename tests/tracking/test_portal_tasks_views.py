"""Questions to the list of tasks that people keep, share and drop."""

from typing import Any

import pytest
from django.test import Client

from tests.tracking.portal_tasks import codes, portfolio, reader, words
from tracking.models import SavedView

pytestmark = pytest.mark.django_db

KEEP = "/tasks/views/keep/"


@pytest.fixture
def client() -> Client:
    portfolio()
    return reader()


def keep(client: Client, name: str = "Của tôi", query: str = "lead=QLD", **more: Any) -> Any:
    return client.post(KEEP, {"name": name, "query": query, **more}, follow=True)


def test_a_kept_view_stands_above_the_list_and_asks_the_same_again(client: Client) -> None:
    page = keep(client, query="lead=QLD&standing=overdue&sort=code&columns=waiting&page=3")
    assert "The view “Của tôi” is kept." in words(page)
    (view,) = SavedView.objects.all()
    assert view.query == "lead=QLD&standing=overdue&sort=code&columns=waiting"
    assert f'href="?{view.query.replace("&", "&amp;")}"' in page.content.decode()
    assert codes(client.get(f"/tasks/?{view.query}&as_of=2025-11-18")) == ["A1"]


def test_the_day_looked_at_is_not_kept(client: Client) -> None:
    keep(client, query="lead=QLD&as_of=2025-11-18&known_at=2025-11-18")
    assert SavedView.objects.get().query == "lead=QLD"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": " "}, "Give the view a name."),
        ({"name": "x" * 81}, "At most 80 characters: shorten it."),
        ({"query": "q=1"}, "The filters hold a mistake: correct them, then keep the view."),
        ({"query": "standing=late"}, "The filters hold a mistake"),
        ({"query": "text=" + "x" * 2001}, "So many filters cannot be kept: choose fewer."),
    ],
)
def test_what_cannot_be_kept_is_told_why(
    client: Client, given: dict[str, str], sentence: str
) -> None:
    assert sentence in words(keep(client, **given))
    assert not SavedView.objects.exists()


def test_a_second_view_of_the_same_name_is_refused_with_a_sentence(client: Client) -> None:
    keep(client)
    page = words(keep(client, query="lead=DP"))
    assert "You keep a view called “Của tôi” already" in page
    assert SavedView.objects.get().query == "lead=QLD"


def test_others_see_a_view_only_when_it_is_shared(client: Client) -> None:
    keep(client, "Riêng")
    keep(client, "Chung", shared="on")
    page = words(reader("inspector").get("/tasks/"))
    assert "Chung" in page
    assert "shared by leader" in page
    assert "Riêng" not in page


def test_only_ones_own_view_can_be_dropped(client: Client) -> None:
    keep(client, shared="on")
    view = SavedView.objects.get()
    drop = f"/tasks/views/{view.pk}/drop/"
    other = reader("operator")
    assert other.get(drop).status_code == other.post(drop).status_code == 404
    assert "goes, for you and for everybody it is shown to" in words(client.get(drop))
    assert SavedView.objects.exists()
    assert "The view “Của tôi” is dropped." in words(client.post(drop, follow=True))
    assert not SavedView.objects.exists()


def test_who_only_reads_is_offered_no_view_to_keep(client: Client) -> None:
    assert "/tasks/views/keep/" in words(client.get("/tasks/"))
    only = reader("inspector")
    assert "/tasks/views/keep/" not in words(only.get("/tasks/"))
    assert keep(only).status_code == 403
    assert not SavedView.objects.exists()


def test_nobody_keeps_more_views_than_they_find_their_way_in(client: Client) -> None:
    keep(client)
    owner = SavedView.objects.get().owner
    SavedView.objects.bulk_create(
        SavedView(owner=owner, name=f"Xem {n}", query="") for n in range(39)
    )
    assert "You keep 40 views already: drop one you no longer use." in words(keep(client, "Nữa"))
