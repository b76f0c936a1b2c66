"""The words of letters in the admin: begun with ours, checked when saved, with a look at them."""

from typing import Any

import pytest
from django.test import Client

from tests.tracking.admin_people import signed_in
from tests.tracking.letter_desk import drafted, set_up
from tracking.models import LetterTemplate
from tracking.pages.letter_templates import by_default
from tracking.rules.letters import FIELDS

pytestmark = pytest.mark.django_db

ADD = "/admin/tracking/lettertemplate/add/"


@pytest.fixture
def operator() -> Client:
    return signed_in("operator")


def told(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("kind", FIELDS)
def test_words_are_begun_with_those_that_the_portal_comes_with(operator: Client, kind: str) -> None:
    page = operator.get(ADD, {"kind": kind})
    assert page.context["adminform"].form.initial["body"] == by_default(kind)["body"]
    said = told(page)
    for field in FIELDS[kind]:
        assert f"<code>{{{field.name}}}</code>" in said
    assert "DỰ THẢO" in said  # how it reads


def test_sound_words_are_saved_and_used(operator: Client) -> None:
    words = by_default("to_department") | {"position": "PHÓ GIÁM ĐỐC"}
    assert operator.post(ADD, words).status_code == 302
    assert drafted("to_department", set_up()).content["position"] == "PHÓ GIÁM ĐỐC"
    row = LetterTemplate.objects.get()
    page = told(operator.get(f"/admin/tracking/lettertemplate/{row.pk}/change/"))
    assert "PHÓ GIÁM ĐỐC" in page
    assert "The words that the portal comes with" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"body": "{department}\n{tasks}\n{tsaks}"},
            "Text, line 3: there is no field {tsaks} in this kind of letter",
        ),
        ({"body": "{tasks} {department"}, "Text, line 1: a brace is opened and not closed"),
        ({"body": "Gồm {tasks}"}, "Text, line 1: {tasks} becomes paragraphs or a table"),
        ({"body": "không"}, "Text: the field {tasks} is missing"),
        (
            {"subject": "trước {answer_due_on}"},
            "Subject of the letter, line 1: {answer_due_on} has no",
        ),
        ({"recipients": "- {tasks}"}, "it can only stand in the text"),
    ],
)
def test_unsound_words_are_refused_with_line_and_what_to_do(
    operator: Client, changes: dict[str, str], sentence: str
) -> None:
    assert sentence in told(operator.post(ADD, by_default("to_department") | changes))
    assert not LetterTemplate.objects.exists()


def test_a_kind_has_its_words_once_and_keeps_its_kind(operator: Client) -> None:
    operator.post(ADD, by_default("advice"))
    assert "already exists" in told(operator.post(ADD, by_default("advice")))
    row = LetterTemplate.objects.get()
    change = f"/admin/tracking/lettertemplate/{row.pk}/change/"
    operator.post(change, by_default("advice") | {"kind": "conclusions", "position": "Q. GIÁM ĐỐC"})
    row.refresh_from_db()
    assert (row.kind, row.position) == ("advice", "Q. GIÁM ĐỐC")


def test_only_operators_change_the_words(operator: Client) -> None:
    operator.post(ADD, by_default("advice"))
    inspector = signed_in("inspector")
    assert inspector.post(ADD, by_default("conclusions")).status_code == 403
    assert signed_in("clerk").get(ADD).status_code == 403
    assert LetterTemplate.objects.count() == 1
