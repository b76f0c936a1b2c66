"""Issued lists in the portal: their register, each as a page, its files, its verification."""

import re
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from tests.tracking.admin_people import plan_file, signed_in
from tests.tracking.imported import take_in
from tracking.actions.ledger import record
from tracking.actions.progress_lists import issue
from tracking.actions.registration import register
from tracking.models import Event, ProgressList, Remark, Task
from tracking.models.department import Department
from tracking.renderers import render
from tracking.rules.canonical import canonical
from tracking.rules.events import Kind
from tracking.rules.instants import instant_from
from tracking.rules.progress_list import Policy, Scope

pytestmark = pytest.mark.django_db

HERE = "/lists/"
K = instant_from("2025-11-18T17:00:00")
LATER = instant_from("2025-11-25T17:00:00")
SCOPE = Scope(as_of=date(2025, 11, 18), known_at=K)


@pytest.fixture(autouse=True)
def plan() -> None:
    take_in(plan_file(), now=instant_from("2025-11-01T08:00"))


@pytest.fixture
def issued() -> ProgressList:
    """T1 of QLD marks it; due on 10/11/2025."""
    return issue(SCOPE, now=K, by="operator")[0]


def extended() -> None:
    record(
        task=Task.objects.get(code="T1"),
        kind=Kind.EXTENSION_GRANTED,
        payload={"due_on": "2025-12-31", "reading": "by", "reason": "chờ văn bản"},
        effective_at=instant_from("2025-11-20T08:00"),
        recorded_at=instant_from("2025-11-20T08:00"),
        by="leader",
    )


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def rows_of(page: str) -> list[str]:
    """The rows of the register, each as plain text."""
    body = page.split("<tbody>", 1)[1].split("</tbody>", 1)[0]
    return [re.sub(r"<[^>]+>", " ", row).strip() for row in re.findall(r"<tr.*?>(.*?)</tr>", body)]


# The register


def test_the_register_tells_each_list_the_newest_first(issued: ProgressList) -> None:
    issue(Scope(date(2025, 11, 25), LATER, Policy.INCOMPLETE), now=LATER, by="operator")
    register(issued, number="1234/BC-BYT", dated=date(2025, 11, 19), now=LATER, by="clerk")
    newest, oldest = (
        " ".join(row.split()) for row in rows_of(text_of(signed_in("clerk").get(HERE)))
    )
    assert newest.startswith("List 02 25/11/2025")
    assert "whatever its deadline" in newest
    assert oldest.startswith("List 01 18/11/2025 18/11/2025 17:00 every plan")
    assert "1/2 1234/BC-BYT 19/11/2025 issued" in oldest
    assert issued.sha256[:12] in oldest


def test_a_list_that_was_superseded_says_by_which(issued: ProgressList) -> None:
    extended()
    issue(Scope(SCOPE.as_of, LATER), now=LATER, by="operator", supersedes=1, reason="Ghi chậm")
    newer, older = rows_of(text_of(signed_in("leader").get(HERE)))
    assert "superseded" in older
    assert "List 02" in older
    assert "superseded" not in newer


def test_the_register_is_narrowed(issued: ProgressList) -> None:
    issue(Scope(date(2025, 11, 25), LATER, Policy.INCOMPLETE), now=LATER, by="operator")
    client = signed_in("inspector")
    for asked, count in (
        ({"series": "overdue"}, 1),
        ({"series": "incomplete"}, 1),
        ({"year": "2025"}, 2),
        ({"state": "superseded"}, 0),
        ({"state": "issued"}, 2),
    ):
        page = text_of(client.get(HERE, asked))
        assert len(re.findall(r'href="/lists/\d+/"', page.split("<tbody>", 1)[1])) == count


def test_twenty_lists_a_page_and_a_fixed_number_of_queries(
    issued: ProgressList, django_assert_max_num_queries: Any
) -> None:
    client = signed_in("leader")
    client.get(HERE)
    with django_assert_max_num_queries(20) as few:
        client.get(HERE)
    for number in range(2, 32):
        copied(issued, number, issued.content)
    with django_assert_max_num_queries(20) as many:
        page = text_of(client.get(HERE))
    assert len(many) == len(few)
    assert len(rows_of(page)) == 20
    assert "1 to 20 of 31" in page


def test_the_register_never_reads_a_whole_content(issued: ProgressList) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in("leader")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(HERE)
    column = '"tracking_progresslist"."content"'
    whole = [q["sql"] for q in queries if re.search(rf"(SELECT|,) {re.escape(column)}", q["sql"])]
    assert whole == []


# A list as a page


def test_the_page_says_what_the_list_says(issued: ProgressList) -> None:
    page = text_of(signed_in("leader").get(f"{HERE}1/"))
    assert (
        '<strong class="mark"><u>Drug Administration</u></strong> – <span class="word">OVERDUE'
        in page
    )
    assert "1 task, at worst 8 days late (6 working days)" in page
    assert "Việc một: due 10/11/2025; 8 days late" in page
    assert "There is no earlier list to compare with." in page
    assert issued.sha256 in page
    assert '<span class="count">1/2</span>' in page


def test_what_moved_since_the_list_before(issued: ProgressList) -> None:
    extended()
    issue(Scope(date(2025, 11, 25), LATER), now=LATER, by="operator")
    page = text_of(signed_in("leader").get(f"{HERE}2/"))
    moved = page.split('id="movements"', 1)[1].split("</section>", 1)[0]
    assert "No longer marked" in moved
    assert "T1 extended" in moved
    assert 'href="/lists/1/"' in moved
    assert "1 task present in both" in moved
    assert "/lists/compare/?a=1&amp;b=2" in page


def test_a_remark_of_the_department_is_read_beside_its_mark(issued: ProgressList) -> None:
    Remark.objects.create(
        department=Department.objects.get(code="QLD"),
        tasks=["T1"],
        text="Chờ ý kiến Bộ Công an",
        recorded_at=instant_from("2025-11-20T08:00"),
        actor="reporter",
    )
    issue(Scope(date(2025, 11, 25), LATER), now=LATER, by="operator")
    page = text_of(signed_in("leader").get(f"{HERE}2/"))
    assert "Chờ ý kiến Bộ Công an" in page


def test_an_older_content_that_knows_no_remarks_is_read(issued: ProgressList) -> None:
    content = issued.as_content()
    for department in content["departments"]:
        department.pop("remarks", None)
    older = copied(issued, 2, canonical(content).decode())
    page = text_of(signed_in("leader").get(f"{HERE}{older.number}/"))
    assert "<u>Drug Administration</u>" in page


@pytest.mark.parametrize("broken", ["not JSON", "{}", "[]", '{"departments": 7}'])
def test_a_content_that_somebody_broke_is_still_a_page(broken: str, issued: ProgressList) -> None:
    row = copied(issued, 2, broken)
    client = signed_in("inspector")
    assert "cannot be read: verify" in text_of(client.get(f"{HERE}{row.number}/"))
    assert "differences were found" in text_of(client.post(f"{HERE}{row.number}/verify/"))


def test_the_tasks_lead_to_the_day_of_the_list_for_those_who_see_work(
    issued: ProgressList,
) -> None:
    task = Task.objects.get(code="T1").pk
    then = "?as_of=2025-11-18&amp;known_at=2025-11-18T17%3A00%3A00%2B07%3A00"
    assert f'<a href="/tasks/{task}/{then}">T1</a>' in text_of(signed_in("leader").get(f"{HERE}1/"))
    assert "/tasks/" not in text_of(signed_in("clerk").get(f"{HERE}1/")).split("<main", 1)[1]


def test_a_superseded_list_says_so_before_everything(issued: ProgressList) -> None:
    extended()
    issue(Scope(SCOPE.as_of, LATER), now=LATER, by="operator", supersedes=1, reason="Ghi chậm")
    page = text_of(signed_in("leader").get(f"{HERE}1/"))
    assert page.index("This list is superseded") < page.index("Departments marked")
    assert "Ghi chậm" in page


def test_a_long_list_opens_one_department_at_a_time(monkeypatch: Any, issued: ProgressList) -> None:
    monkeypatch.setattr("tracking.pages.list_reading.ALL_AT_ONCE", 0)
    client = signed_in("leader")
    closed = text_of(client.get(f"{HERE}1/"))
    assert "open a department in the table above" in closed
    assert "chậm nhất" not in closed
    assert '<details class="department-tasks"' not in closed
    opened = text_of(client.get(f"{HERE}1/?department=QLD"))
    assert '<details class="department-tasks" id="tasks-1" open>' in opened


def test_the_number_of_queries_of_a_page_is_fixed(
    issued: ProgressList, django_assert_max_num_queries: Any
) -> None:
    client = signed_in("leader")
    client.get(f"{HERE}1/")
    with django_assert_max_num_queries(20) as few:
        client.get(f"{HERE}1/")
    tasks = [
        {"code": f"N{n}", "plan": "02-KH", "title": {"vi": "Việc"}, "lead": "KCB"}
        for n in range(40)
    ]
    events = [{**event, "task": task["code"]} for task in tasks for event in plan_file()["events"]]
    recorded = {"recorded_at": "2025-11-20T08:00:00+07:00"}
    more = plan_file(tasks=tasks, events=[{**event, **recorded} for event in events])
    take_in(more, now=LATER)
    assert Event.objects.count() > 80
    issue(Scope(date(2025, 11, 25), LATER), now=LATER, by="operator")
    with django_assert_max_num_queries(20) as many:
        client.get(f"{HERE}2/")
    assert len(many) == len(few)


def test_a_list_that_is_not_there(issued: ProgressList) -> None:
    client = signed_in("leader")
    for there in ("99/", "99/pdf/", "1/doc/", "1/pdf/?lang=fr", "99/verify/"):
        method = client.post if there.endswith("verify/") else client.get
        assert method(HERE + there).status_code == 404


# Files


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("form", ["json", "text", "html", "docx", "xlsx", "pdf"])
def test_every_format_in_both_languages(form: str, language: str, issued: ProgressList) -> None:
    response = signed_in("clerk").get(f"{HERE}1/{form}/", {"lang": language})
    assert response.content == render(issued.as_content(), format=form, language=language)
    assert response["Content-Disposition"].startswith('attachment; filename="DSTD-01-2025-11-18')
    assert response["X-Content-Type-Options"] == "nosniff"


def test_the_printed_form_is_read_in_the_browser(issued: ProgressList) -> None:
    response = signed_in("clerk").get(f"{HERE}1/document/", {"lang": "vi"})
    assert "Content-Disposition" not in response
    assert "style-src 'sha256-" in response["Content-Security-Policy"]
    assert "DANH SÁCH TIẾN ĐỘ" in response.content.decode()


# Verifying


def test_verifying_recomputes_and_says_the_same(issued: ProgressList) -> None:
    client = signed_in("inspector")
    assert "Verified: the same." in text_of(client.post(f"{HERE}1/verify/"))
    assert client.get(f"{HERE}1/verify/")["Location"] == f"{HERE}1/"


def test_verifying_a_list_that_was_changed_says_what_differs(issued: ProgressList) -> None:
    content = issued.as_content()
    content.update(number=2, previous=issued.sha256)
    content["departments"][0]["marked"] = False
    copied(issued, 2, canonical(content).decode(), previous=issued.sha256)
    page = text_of(signed_in("inspector").post(f"{HERE}2/verify/"))
    assert "Verified: differences were found" in page
    assert "Hash: the content has" in page
    assert "QLD, marked: the list says false, the ledger true" in page.replace("&quot;", '"')


def copied(issued: ProgressList, number: int, content: str, previous: str = "") -> ProgressList:
    """A row that no action writes."""
    return ProgressList.objects.create(
        number=number,
        as_of=issued.as_of,
        known_at=issued.known_at,
        series=f"{issued.series}|{number}",
        content=content,
        sha256=issued.sha256,
        previous_sha256=previous,
        issued_at=timezone.now(),
    )
