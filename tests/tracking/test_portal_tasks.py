"""The list of tasks in the staff portal: filters, order, columns, pages, other days."""

from typing import Any

import pytest
from django.test import Client

from tests.tracking.portal_tasks import DAY, DEPARTMENTS, codes, many, portfolio, reader, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    portfolio()
    return reader()


def look(client: Client, asked: str = "") -> Any:
    response = client.get(f"/tasks/{DAY}&{asked}")
    assert response.status_code == 200
    return response


def test_what_needs_attention_stands_first_and_cancelled_tasks_stand_apart(client: Client) -> None:
    assert codes(look(client)) == ["A1", "A5", "A2", "A4", "A3"]
    assert "<strong>5</strong> tasks" in words(look(client))
    assert codes(look(client, "standing=cancelled")) == ["A6"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("plan=06-QĐ", ["A3"]),
        ("lead=QLD", ["A1"]),
        ("lead=DP&role=coordinating", ["A1"]),
        ("lead=BCA&role=waited_for", ["A1"]),
        ("lead=BCA", []),
        ("standing=overdue&standing=completed_late", ["A1", "A3"]),
        ("flags=extended", ["A1"]),
        ("flags=blocked&flags=breached", ["A1"]),
        ("flags=pending", ["A5"]),
        ("flags=due_soon", ["A5"]),
        ("flags=stale", ["A4"]),
        ("flags=pending&flags=stale", []),
        ("due_from=2025-11-10&due_to=2025-11-20", ["A1", "A5"]),
        ("due_to=01/10/2025", ["A3"]),
        ("required=0", ["A2"]),
        ("required=1&lead=ATTP", ["A4"]),
        ("text=dong bo", ["A1"]),
        ("text=ĐỒNG dữ", ["A1"]),
        ("text=a5", ["A5"]),
        ("text=100%25", []),
    ],
)
def test_each_filter_finds_what_it_says(client: Client, asked: str, found: list[str]) -> None:
    assert codes(look(client, asked)) == found


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("code", ["A1", "A2", "A3", "A4", "A5"]),
        ("-code", ["A5", "A4", "A3", "A2", "A1"]),
        ("protocol", ["A3", "A5", "A2", "A4", "A1"]),
        # By the Vietnamese alphabet Đ comes after C, not after Z.
        ("lead", ["A2", "A4", "A1", "A3", "A5"]),
        ("due_on", ["A3", "A1", "A5", "A2", "A4"]),
        ("-due_on", ["A2", "A5", "A1", "A3", "A4"]),
        ("-late", ["A1", "A3", "A2", "A4", "A5"]),
        ("-extensions", ["A1", "A2", "A3", "A4", "A5"]),
        ("submitted_at", ["A3", "A5", "A1", "A2", "A4"]),
        ("plan", ["A1", "A2", "A4", "A5", "A3"]),
    ],
)
def test_every_order_sorts_and_what_lacks_it_comes_last(
    client: Client, order: str, found: list[str]
) -> None:
    assert codes(look(client, f"sort={order}")) == found


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("standing=late", "“late” is not among the choices: choose one of them."),
        ("lead=NOBODY", "“NOBODY” is not among the choices"),
        ("due_from=31/02/2025", "This is not a day: write it as 18/11/2025."),
        ("due_from=2025-12-01&due_to=2025-11-01", "This day lies before the first one"),
        ("sort=color", "“color” is not among the choices"),
        ("columns=secret", "“secret” is not among the choices"),
        ("standng=overdue", "The address asks for “standng”, which this list does not know"),
        ("text=a%00b", "This holds an invisible character."),
        (f"text={'x' * 201}", "At most 200 characters: shorten it."),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_no_task_is_shown(
    client: Client, asked: str, sentence: str
) -> None:
    page = look(client, asked)
    assert sentence in words(page)
    assert codes(page) == []


def test_a_row_says_how_late_and_what_is_of_note(client: Client) -> None:
    page = words(look(client, "lead=QLD"))
    for part in ("Not completed, overdue", "8 days late (6 working days)", "extended once"):
        assert part in page
    assert "has missed 1 deadline" in page


def test_columns_are_those_chosen_and_the_usual_ones_otherwise(client: Client) -> None:
    usual = words(look(client))
    assert 'data-label="Lead department"' in usual
    assert 'data-label="Waiting for"' not in usual
    chosen = words(look(client, "columns=waiting&columns=reported_on"))
    assert 'data-label="Lead department"' not in chosen
    assert "Waiting for Bộ Công an since 05/11/2025 (13 days): chờ kết nối" in chosen
    assert "Report of 12/11/2025 (40% done): làm" in chosen


def test_the_heads_ask_for_the_other_direction_and_keep_the_filters(client: Client) -> None:
    page = look(client, "lead=QLD&sort=due_on").content.decode()
    assert 'aria-sort="ascending"' in page
    assert "lead=QLD&amp;sort=-due_on" in page


def test_an_earlier_knowledge_shows_what_was_known_then(client: Client) -> None:
    """On 2 October the submission of A3 was not made and nobody knew of the extension."""
    page = client.get("/tasks/?as_of=2025-11-18&known_at=2025-10-02&standing=overdue")
    assert codes(page) == ["A3", "A1"]
    assert "17 days late (12 working days)" in words(page)


def test_a_day_before_anything_happened_shows_no_task(client: Client) -> None:
    page = client.get("/tasks/?as_of=2025-01-01")
    assert codes(page) == []
    assert "No task fits." in words(page)


def test_links_to_tasks_look_from_the_same_day(client: Client) -> None:
    assert "?as_of=2025-11-18" in look(client, "lead=QLD").content.decode().split("of-title")[1]


def test_the_script_fetches_the_rows_alone_and_a_short_address(client: Client) -> None:
    asked = f"/tasks/{DAY}&lead=QLD&text=&role=lead&sort=standing"
    part = client.get(asked, headers={"hx-request": "true"})
    assert b"<html" not in part.content
    assert codes(part) == ["A1"]
    assert part["HX-Push-Url"] == "?lead=QLD&as_of=2025-11-18"
    assert "HX-Request" in part["Vary"]
    again = client.get(asked, headers={"hx-request": "true", "hx-history-restore-request": "true"})
    assert b"<html" in again.content


def test_what_is_asked_of_an_ended_department_is_found_under_its_successor() -> None:
    ended = {**DEPARTMENTS[0], "valid_to": "2025-10-31", "succeeded_by": "DP"}
    portfolio(departments=[ended, *DEPARTMENTS[1:]])
    page = look(reader(), "lead=DP&standing=overdue")
    assert codes(page) == ["A1"]
    assert "printed under Prevention" in words(page)


def test_fifty_a_page_and_the_whole_number_is_said() -> None:
    many(60)
    client = reader()
    first, second = look(client), look(client, "page=2")
    assert (len(codes(first)), len(codes(second))) == (50, 10)
    assert "<strong>60</strong> tasks" in words(first)
    assert "51 to 60 of 60" in words(second)
    assert codes(look(client, "page=99")) == codes(second)


@pytest.mark.parametrize(
    ("asked", "most"), [("", 7), ("&lead=QLD&flags=stale&sort=-late&text=viec", 8)]
)
def test_the_page_takes_as_many_queries_for_many_tasks_as_for_few(
    asked: str, most: int, django_assert_num_queries: Any
) -> None:
    client = reader("operator")
    for number in (3, 120):
        many(number)
        client.get(f"/tasks/{DAY}{asked}")
        with django_assert_num_queries(most):
            page = client.get(f"/tasks/{DAY}{asked}")
    assert len(codes(page)) == 50
