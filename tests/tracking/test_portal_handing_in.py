"""Handing a result in through the doors: with something to show, dated no earlier than it may be,
and what those who verify are told of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.tracking import task_pages
from tests.tracking.task_pages import make_task, words
from tests.tracking.task_portal import client_of, page_of, stands_in, step_of, take
from tracking.actions.refusals import Refused
from tracking.actions.steps import newest_entry, record_step
from tracking.models import Event, Task, User
from tracking.rules.events import Kind

pytestmark = pytest.mark.django_db

PRODUCT = {"note": "biên bản nghiệm thu", "product": "12/BC-QLD"}
NOTE = {"note": "đã xong, xem hồ sơ ở văn thư"}
IN_TIME = {"effective_at_0": "2025-11-09", "effective_at_1": "08:00"}
AT_THE_END = {"effective_at_0": "2025-11-11", "effective_at_1": "00:00"}
NOTHING_SHOWN = "handed in with a product or with evidence, and neither is recorded"
DATED_BACK = (
    "The deadline ended on 10/11/2025: a result recorded after it cannot be dated before it; if it "
    "was handed in in time on paper, ask the NHIC to record it"
)
# What the pages say when an earlier date makes the difference.
WARNING = "it counts as in time for that deadline only because of the earlier date"


@pytest.fixture
def task() -> Task:
    """T1 of QLD, late since 11/11/2025."""
    return make_task()


def submissions() -> int:
    return Event.objects.filter(kind="submitted").count()


def verify(task: Task) -> str:
    return f"/verification/{task.pk}/"


def standing(task: Task) -> str:
    return str(Task.objects.standings(timezone.now())[task.code])


def test_a_note_alone_hands_nothing_in_and_is_kept(task: Task) -> None:
    client = client_of("reporter", "QLD")
    assert "Needed, because no evidence is recorded" in words(
        client.get(step_of(task, "submitted"))
    )
    for door in (take, task_pages.take):
        for product in ("", "   "):
            answer = door(client if door is take else admin(), task, "submitted", {
                **NOTE, "product": product
            })  # fmt: skip
            page = words(answer)
            assert answer.status_code == 200
            assert NOTHING_SHOWN in page
            assert "or record an evidence file first" in page
            assert f"{NOTE['note']}</textarea>" in page
    assert submissions() == 0
    assert standing(task) == "overdue"


def admin() -> Client:
    """A reporter of the department who may open the other door."""
    User.objects.filter(username="reporter").update(is_staff=True)
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(username="reporter"))
    return client


@pytest.mark.parametrize("role", ["operator", "reporter"])
def test_evidence_recorded_before_supports_a_note(task: Task, role: str) -> None:
    client = client_of(role, "QLD")
    take(client, task, "evidence_recorded", {})
    assert "Needed, because" not in words(client.get(step_of(task, "submitted")))
    assert take(client, task, "submitted", NOTE).status_code == 302


def test_operators_need_something_to_show_too(task: Task) -> None:
    assert NOTHING_SHOWN in words(take(client_of("operator"), task, "submitted", NOTE))
    assert submissions() == 0


def test_evidence_of_the_episode_before_is_not_enough_after_a_reopening(task: Task) -> None:
    client, leader = client_of("reporter", "QLD"), client_of("leader")
    take(client, task, "evidence_recorded", {})
    take(client, task, "submitted", NOTE)
    take(leader, task, "accepted", {})
    take(leader, task, "reopened", {"cause": "regression", "reason": "không chạy nữa"})
    assert NOTHING_SHOWN in words(take(client, task, "submitted", NOTE))
    assert take(client, task, "submitted", PRODUCT).status_code == 302


def test_no_program_that_records_a_step_passes_by(task: Task) -> None:
    now = timezone.now()
    step: dict[str, Any] = {"task": task, "kind": Kind.SUBMITTED, "now": now, "by": "an"}
    with pytest.raises(Refused, match="neither is recorded"):
        record_step(**step, effective_at=now, payload=NOTE, may_date_back=True)
    then = datetime.fromisoformat("2025-11-09T08:00:00+07:00")
    with pytest.raises(Refused, match="cannot be dated before it"):
        record_step(**step, effective_at=then, payload=PRODUCT)
    assert submissions() == 0
    assert standing(task) == "overdue", "the projection is taken back as well"


def test_a_reporter_does_not_take_the_mark_away_with_an_earlier_date(task: Task) -> None:
    client = client_of("reporter", "QLD")
    for door in (take, task_pages.take):
        answer = door(client if door is take else admin(), task, "submitted", PRODUCT | IN_TIME)
        page = words(answer)
        assert DATED_BACK in page
        assert f"{PRODUCT['note']}</textarea>" in page
        assert 'value="12/BC-QLD"' in page
    assert submissions() == 0
    assert standing(task) == "overdue"
    assert take(client, task, "submitted", PRODUCT | AT_THE_END).status_code == 302
    assert standing(task) == "overdue"


def test_a_deputy_does_not_either(task: Task) -> None:
    client_of("reporter", "QLD")
    deputy = User.objects.create_user("deputy")
    deputy.groups.add(Group.objects.get(name="reporter"))
    client = Client(headers={"accept-language": "en"})
    client.force_login(deputy)
    stands_in(client, "QLD", User.objects.get(username="reporter"))
    assert DATED_BACK in words(take(client, task, "submitted", PRODUCT | IN_TIME))
    assert submissions() == 0


def test_a_task_without_a_date_may_be_handed_in_as_of_any_moment() -> None:
    undated = make_task(None)
    client = client_of("reporter", "QLD")
    assert take(client, undated, "submitted", PRODUCT | IN_TIME).status_code == 302


def on_paper(task: Task) -> None:
    """An operator records what came in time on paper."""
    assert take(client_of("operator"), task, "submitted", PRODUCT | IN_TIME).status_code == 302


def test_operators_record_what_came_on_paper_and_everybody_sees_when(task: Task) -> None:
    on_paper(task)
    said = f"recorded on {timezone.localdate():%d/%m/%Y}"
    leader = client_of("leader")
    for address in ("/verification/", verify(task), page_of(task)):
        assert said in words(leader.get(address)), address
    own = take(the_operator(), task, "accepted", {})
    assert "Nobody accepts or returns what they submitted" in words(own)


def the_operator() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(username="operator"))
    return client


def test_who_verifies_is_warned_that_only_the_date_makes_it_in_time(task: Task) -> None:
    on_paper(task)
    leader = client_of("leader")
    for address in (verify(task), step_of(task, "accepted")):
        page = words(leader.get(address))
        assert WARNING in page, address
        assert "after the deadline that ended on 10/11/2025, but is dated 09/11/2025" in page
    assert WARNING not in words(leader.get(step_of(task, "returned")))
    seen = newest_entry(task)
    answer = leader.post(verify(task), {"seen": seen, "verdict": "accepted"})
    assert answer.status_code == 302
    assert standing(task) == "completed_on_time"


def test_the_other_door_warns_as_well(task: Task) -> None:
    on_paper(task)
    client = task_pages.client_of("leader")
    there = f"{task_pages.HERE}{task.pk}/record/"
    assert WARNING in words(client.get(f"{there}accepted/"))
    assert WARNING not in words(client.get(f"{there}returned/"))


def test_no_warning_where_the_date_changes_nothing(task: Task) -> None:
    take(client_of("reporter", "QLD"), task, "submitted", PRODUCT | AT_THE_END)
    page = words(client_of("leader").get(verify(task)))
    assert f"recorded on {timezone.localdate():%d/%m/%Y}" in page
    assert WARNING not in page


def test_many_at_once_are_not_accepted_past_the_warning(task: Task) -> None:
    on_paper(task)
    leader = client_of("leader")
    asked = {"tasks": task.pk, "kind": "accepted", "stage": "preview", "note": "đạt"}
    page = words(leader.post("/tasks/decide/", asked))
    assert "It was recorded after a deadline had ended" in page
    seen = newest_entry(task)
    leader.post("/tasks/decide/", {**asked, "stage": "record", "allowed": task.pk, "seen": seen})
    assert not Event.objects.filter(kind="accepted").exists()


def test_what_was_recorded_the_same_day_says_it_once(task: Task) -> None:
    take(client_of("reporter", "QLD"), task, "submitted", PRODUCT)
    leader = client_of("leader")
    for address in ("/verification/", verify(task)):
        assert "recorded on" not in words(leader.get(address))


def test_a_plan_file_may_lack_both_and_is_shown_to_do_so() -> None:
    bare = make_task((task_pages.SUBMITTED,))
    leader = client_of("leader")
    for address in ("/verification/", verify(bare)):
        assert "no information on what was handed in" in words(leader.get(address))
    take(client_of("operator"), bare, "evidence_recorded", {})
    for address in ("/verification/", verify(bare)):
        assert "no information" not in words(leader.get(address))


def test_what_was_sent_back_says_when_that_was_recorded(task: Task) -> None:
    on_paper(task)
    leader = client_of("leader")
    then = timezone.localtime() - timedelta(days=2)
    moment = {"effective_at_0": then.date().isoformat(), "effective_at_1": "09:00"}
    take(leader, task, "returned", {"reason": "thiếu chữ ký", **moment})
    take(client_of("reporter", "QLD"), task, "submitted", PRODUCT)
    page = words(leader.get(verify(task)))
    assert f"{then:%d/%m/%Y} 09:00, leader" in page
    assert f"recorded on {timezone.localdate():%d/%m/%Y}" in page


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\10\6\0\0\0\x1f\x15\xc4\x89"


def test_pictures_stand_beside_the_words_of_the_order(task: Task) -> None:
    client = client_of("reporter", "QLD")
    name = 'ảnh <màn hình> "1".png'
    for file in (SimpleUploadedFile(name, PNG), SimpleUploadedFile("bản.pdf", b"%PDF-1.7")):
        take(client, task, "evidence_recorded", {}, file=file)
    take(client, task, "submitted", NOTE)
    leader = client_of("leader")
    answer = leader.get(verify(task))
    picture = Event.objects.get(payload__content_type="image/png").evidence
    page = words(answer)
    assert page.count("<img") == 1
    assert f'src="/evidence/{picture.pk}/"' in page
    assert 'alt="Picture handed in as evidence: ảnh' in page
    assert "<màn hình>" not in page
    policy = answer.headers["Content-Security-Policy"]
    (images,) = [part for part in policy.split("; ") if part.startswith("img-src")]
    assert "'self'" in images
    download = leader.get(f"/evidence/{picture.pk}/")
    assert download.headers["Content-Type"] == "image/png"
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(download) == PNG
    assert "<img" not in words(leader.get(page_of(task)))
