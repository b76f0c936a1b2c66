"""The help page says what the list says, to every reader, in both languages."""

import pytest
from django.test import Client

from tests.tracking.task_pages import client_of
from tracking.permissions import Role
from tracking.renderers.vocabulary import STANDINGS
from tracking.renderers.words import word
from tracking.rules.legend import legend

HERE = "/help/"

pytestmark = pytest.mark.django_db


def show(client: Client, language: str = "en") -> str:
    answer = client.get(HERE, headers={"accept-language": language})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("role", list(Role))
def test_everybody_who_is_signed_in_may_read_it(role: str) -> None:
    assert "What the standings mean" in show(client_of(role))


def test_strangers_are_asked_to_sign_in() -> None:
    assert Client().get(HERE).status_code == 302


@pytest.mark.parametrize("language", ["vi", "en"])
def test_standings_and_sentences_are_those_of_the_list(language: str) -> None:
    page = show(client_of("leader"), language)
    for code in STANDINGS:
        assert word(code, language) in page
    for row in legend():
        assert row["text"][language] in page


def test_the_keys_are_those_of_the_pages_that_the_reader_may_see() -> None:
    keys = "<kbd>g</kbd> <kbd>{}</kbd>"
    leader, reporter = show(client_of("leader")), show(client_of("reporter"))
    assert keys.format("v") in leader
    assert keys.format("v") not in reporter
    assert keys.format("m") in reporter


def test_every_link_of_the_contents_leads_to_its_part() -> None:
    page = show(client_of("leader"))
    contents = page[page.index('class="contents"') : page.index("</nav>", page.index("contents"))]
    parts = [link.split('"')[0] for link in contents.split('href="#')[1:]]
    assert len(parts) == 10
    for part in parts:
        assert f'id="{part}"' in page
