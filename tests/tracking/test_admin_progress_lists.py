"""The operators' pages of progress lists."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.tracking.admin_people import plan_file, signed_in
from tests.tracking.imported import take_in
from tracking.actions.progress_lists import issue
from tracking.forms.instant import InstantField
from tracking.models import ProgressList
from tracking.renderers import render
from tracking.rules.instants import cut_off, instant_from
from tracking.rules.progress_list import Scope

pytestmark = pytest.mark.django_db

NOW = instant_from("2025-11-01T08:00")
HERE = "/admin/tracking/progresslist/"
K = instant_from("2025-11-18T17:00:00")
SCOPE = Scope(as_of=date(2025, 11, 18), known_at=K)
QUESTION = {"as_of": "2025-11-18", "known_at": "2025-11-18T17:00:00+07:00", "lang": "en"}


@pytest.fixture(autouse=True)
def plan() -> None:
    take_in(plan_file(), now=NOW)


@pytest.fixture
def issued() -> ProgressList:
    return issue(SCOPE, now=K, by="operator")[0]


def issue_by_hand(client: Client, **question: str) -> Any:
    """What an operator does: looks at the confirmation, then presses the button."""
    asked = {**QUESTION, **question}
    page = client.get(f"{HERE}issue/", asked)
    sha256 = re.search(r'name="sha256" value="(\w+)"', page.content.decode())
    address = f"{HERE}issue/?{page.wsgi_request.META['QUERY_STRING']}"
    return client.post(address, {"sha256": sha256[1] if sha256 else ""})


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


# Looking


def test_without_an_instant_the_address_gets_one() -> None:
    client = signed_in("leader")
    response = client.get(f"{HERE}preview/", {"as_of": "18/11/2025"})
    assert response.status_code == 302
    assert re.search(
        r"as_of=2025-11-18&known_at=20\d\d-.*&policy=overdue&lang=en", response["Location"]
    )
    assert client.get(f"{HERE}preview/" + response["Location"]).status_code == 200


def test_the_preview_marks_by_name_and_word() -> None:
    page = text_of(signed_in("inspector").get(f"{HERE}preview/", QUESTION))
    assert page.count('<strong class="word"><u>Drug Administration</u></strong>') == 2
    assert page.count('<strong class="word"><u>OVERDUE</u></strong>: 1 task') == 2
    assert "Cục Quản lý Khám" not in page
    assert '<strong class="word"><u>Medical' not in page
    assert "Issue this list" not in page


def test_a_first_visit_asks_and_computes_nothing() -> None:
    response = signed_in("leader").get(f"{HERE}preview/")
    assert "content" not in response.context
    assert 'value="' + timezone.localdate().strftime("%d/%m/%Y") in text_of(response)


@pytest.mark.parametrize(
    "wrong",
    [
        {"as_of": "31/11/2025"},
        {"as_of": "0001-01-01"},
        {"known_at": "yesterday"},
        {"known_at": "0001-01-01T00:00:00+14:00"},
        {"policy": "strict"},
        {"plan": "no such"},
        {"lang": "fr"},
    ],
)
def test_a_wrong_question_is_answered_by_a_sentence(wrong: dict[str, str]) -> None:
    client = signed_in("operator")
    page = text_of(client.get(f"{HERE}preview/", {**QUESTION, **wrong}))
    assert 'class="errorlist' in page
    for there in ("preview/file/pdf/", "preview/document/", "issue/"):
        assert client.get(HERE + there, {**QUESTION, **wrong}).status_code == 302


def test_plans_and_policy_are_asked_in_the_address() -> None:
    question = {**QUESTION, "plan": "02-KH", "policy": "incomplete"}
    context = signed_in("operator").get(f"{HERE}preview/", question).context
    assert context["content"]["plans"] == ["02-KH"]
    assert not context["content"]["every_plan"]
    assert context["content"]["policy"] == "incomplete"
    assert "plan=02-KH" in context["issue"]


def test_the_document_carries_a_policy_of_its_own(issued: ProgressList) -> None:
    client = signed_in("operator")
    draft_page = client.get(f"{HERE}preview/document/", QUESTION)
    issued_page = client.get(f"{HERE}{issued.pk}/document/", {"lang": "en"})
    for response in (draft_page, issued_page):
        policy = response["Content-Security-Policy"]
        assert re.fullmatch(r"default-src 'none'; .*; style-src 'sha256-[\w+/]{43}='", policy)
        assert "unsafe" not in policy
    assert issued_page.content == render(issued.as_content(), format="html", language="en")


@pytest.mark.parametrize("written", ["18/11/2025 17:00", "2025-11-18T17:00", "2025-11-18T10:00Z"])
def test_an_instant_is_read_as_it_is_written(written: str) -> None:
    field = InstantField()
    assert field.clean(written) == K
    assert field.prepare_value(written) == "18/11/2025 17:00"


def test_an_instant_is_shown_so_that_it_is_read_again() -> None:
    field = InstantField()
    end = cut_off(date(2025, 11, 18))
    for instant in (K, K + timedelta(seconds=7), K + timedelta(microseconds=7), end):
        assert field.clean(field.prepare_value(instant)) == instant
    assert field.prepare_value("2025-11-18") == "18/11/2025"


# Issuing


def test_what_is_looked_at_is_what_is_issued() -> None:
    client = signed_in("operator")
    looked_at = client.get(f"{HERE}preview/", QUESTION).context["content"]
    response = issue_by_hand(client)
    made = ProgressList.objects.get()
    assert response["Location"] == f"{HERE}{made.pk}/change/"
    assert made.issued_by == "operator"
    assert made.known_at == K
    assert (made.number, made.as_of) == (1, date(2025, 11, 18))
    of_the_issue = {"number", "sha256"}
    frozen = {k: v for k, v in made.as_content().items() if k not in of_the_issue}
    assert frozen == {k: v for k, v in looked_at.items() if k not in of_the_issue}


def test_pressing_twice_issues_once() -> None:
    client = signed_in("operator")
    page = client.get(f"{HERE}issue/", QUESTION)
    told = {"sha256": page.context["content"]["sha256"]}
    address = f"{HERE}issue/?{page.wsgi_request.META['QUERY_STRING']}"
    first, second = client.post(address, told), client.post(address, told)
    assert first["Location"] == second["Location"]
    assert ProgressList.objects.count() == 1
    assert "nothing new was issued" in text_of(client.get(second["Location"]))


def test_what_changed_since_the_look_is_not_issued() -> None:
    client = signed_in("operator")
    page = client.get(f"{HERE}issue/", QUESTION)
    take_in(
        {"format": "progress-plan/1", "departments": [{"code": "KCB", "name": {"vi": "Mới"}}]},
        now=K,
    )
    address = f"{HERE}issue/?{page.wsgi_request.META['QUERY_STRING']}"
    response = client.post(address, {"sha256": page.context["content"]["sha256"]})
    assert "no longer the one you looked at" in text_of(response)
    assert not ProgressList.objects.exists()


def test_a_forecast_is_shown_and_never_issued() -> None:
    client = signed_in("operator")
    ahead = {"as_of": "2025-12-31"}
    page = client.get(f"{HERE}preview/", {**QUESTION, **ahead})
    assert "FORECAST" in text_of(page)
    assert "Issue this list" not in text_of(page)
    assert client.get(f"{HERE}preview/file/pdf/", {**QUESTION, **ahead}).status_code == 200
    sha256 = page.context["content"]["sha256"]
    address = f"{HERE}issue/?{page.wsgi_request.META['QUERY_STRING']}"
    assert "never issued" in text_of(client.post(address, {"sha256": sha256}))
    assert not ProgressList.objects.exists()


@pytest.mark.parametrize("role", ["leader", "inspector", "reporter", "clerk"])
def test_only_operators_issue_and_supersede(role: str, issued: ProgressList) -> None:
    client = signed_in(role)
    assert client.get(f"{HERE}issue/", QUESTION).status_code == 403
    assert client.post(f"{HERE}issue/?as_of=2025-11-18&known_at=2025-11-18").status_code == 403
    supersede = f"{HERE}{issued.pk}/supersede/"
    assert client.post(supersede, {"reason": "x"}).status_code == 403
    page = text_of(client.get(f"{HERE}{issued.pk}/change/"))
    assert "Supersede…" not in page
    assert ("Enter number and date…" in page) == (role == "clerk")
    assert ProgressList.objects.count() == 1


def test_strangers_are_asked_to_sign_in() -> None:
    for there in ("", "preview/", "issue/", "1/change/", "1/file/pdf/", "1/verify/"):
        assert "/sign-in/" in Client().get(HERE + there, QUESTION)["Location"]


# The register


def test_the_register(issued: ProgressList, django_assert_max_num_queries: Any) -> None:
    client = signed_in("operator")
    issue(Scope(SCOPE.as_of, K, plans=("02-KH",)), now=K, by="operator")
    issue(SCOPE, now=K, by="operator", supersedes=1, reason="sửa")
    with django_assert_max_num_queries(10):
        page = text_of(client.get(HERE))
    assert [page.count(f"List 0{number}") for number in (1, 2, 3)] == [1, 1, 1]
    assert page.count('field-state">superseded') == 1
    assert page.count('field-plans">02-KH') == 1
    assert page.count('field-marked">1<') == 3
    assert "Preview and issue a list" in page
    found = text_of(client.get(HERE, {"state": "issued", "policy": "overdue"}))
    assert [found.count(f"List 0{number}") for number in (1, 2, 3)] == [0, 1, 1]
    assert "List 02" in text_of(client.get(HERE, {"q": "2", "as_of__year": "2025"}))
    assert "List 0" not in text_of(client.get(HERE, {"policy": "incomplete"}))
