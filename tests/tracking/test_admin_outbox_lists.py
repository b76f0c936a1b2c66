"""The lists of messages and deliveries in the admin: counted, found, many sent again at once."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.tracking.admin_people import signed_in
from tests.tracking.admin_post import in_state
from tests.tracking.outbox_rows import post, told
from tracking.actions.outbox import Recipient
from tracking.emails.written import Written
from tracking.models import Delivery

pytestmark = pytest.mark.django_db

DELIVERIES = "/admin/tracking/delivery/"
MESSAGES = "/admin/tracking/message/"


@pytest.fixture
def operator() -> Client:
    return signed_in("operator")


def body(page: Any) -> str:
    return str(page.content.decode())


def test_many_failed_ones_are_sent_again_once_it_is_confirmed(operator: Client) -> None:
    failed = [in_state("failed", post(f"a{n}@example.test")) for n in range(3)]
    sent = in_state("sent", post("b@example.test"))
    chosen = {
        "action": "resend_many",
        "_selected_action": [one.pk for one in (*failed[:2], sent)],
    }

    asked = body(operator.post(DELIVERIES, {**chosen, "index": "0"}))
    assert "2 deliveries that failed are sent again" in asked
    assert "1 other that you chose has not failed" in asked
    assert [told(one) for one in failed] == [[], [], []]

    page = operator.post(DELIVERIES, {**chosen, "confirmed": "yes", "reason": "Máy chủ đã sửa"})
    assert page.status_code == 302
    assert [told(one) for one in (*failed, sent)] == [["resend"], ["resend"], [], []]


def test_all_the_failed_ones_of_a_filter_can_be_chosen_at_once(operator: Client) -> None:
    failed = [in_state("failed", post(f"a{n}@example.test")) for n in range(3)]
    values = {
        "action": "resend_many",
        "_selected_action": [failed[0].pk],
        "select_across": "1",
        "confirmed": "yes",
        "reason": "Máy chủ đã sửa",
    }

    operator.post(f"{DELIVERIES}?state__exact=failed", values)

    assert [told(one) for one in failed] == [["resend"]] * 3


def test_no_more_are_sent_again_than_one_answer_has_time_for(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracking.admin.outbox_pages.MOST_AT_ONCE", 2)
    failed = [in_state("failed", post(f"a{n}@example.test")) for n in range(3)]
    chosen = {"action": "resend_many", "_selected_action": [one.pk for one in failed]}

    values = {**chosen, "confirmed": "yes", "reason": "Máy chủ đã sửa"}
    page = operator.post(DELIVERIES, values, follow=True)

    assert "2 deliveries are sent again." in body(page)
    assert "1 more has failed: choose it again." in body(page)
    assert [told(one) for one in failed] == [["resend"], ["resend"], []]


def test_a_message_says_how_many_deliveries_are_in_each_state(operator: Client) -> None:
    message = post("a@example.test", "b@example.test", "c@example.test")
    one = message.deliveries.get(address="a@example.test")
    Delivery.objects.filter(pk=one.pk).update(state="failed")

    for address in (MESSAGES, f"{MESSAGES}{message.pk}/change/"):
        page = body(operator.get(address)).casefold()
        assert ">failed: 1</a>" in page
        assert ">queued: 2</a>" in page
    link = f"{DELIVERIES}?message__id__exact={message.pk}&state__exact=failed"
    assert operator.get(link).context["cl"].result_list.get() == one


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("nguyen an", 1),
        ("Nguyễn", 1),
        ("AN@example", 1),
        ("tran", 1),
        ("@example.test", 2),
        ("không có", 0),
    ],
)
def test_recipients_are_found_without_accents(operator: Client, words: str, number: int) -> None:
    post(Recipient("an@example.test", "Nguyễn Văn An"), Recipient("b@example.test", "Trần Bình"))
    post("c@portal.invalid")

    found = operator.get(DELIVERIES, {"q": words}).context["cl"].result_list
    assert len(found) == number


def test_messages_are_found_by_their_subject_without_accents(operator: Client) -> None:
    post("an@example.test")
    post("an@example.test", written=Written("Khác", "x", "x"))

    found = operator.get(MESSAGES, {"q": "tien DO"}).context["cl"].result_list
    assert [message.subject[:7] for message in found] == ["Tiến độ"]


@pytest.mark.parametrize("address", [MESSAGES, DELIVERIES])
def test_a_longer_list_asks_no_more_questions(operator: Client, address: str) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert operator.get(address).status_code == 200
        return len(queries)

    post("a@example.test")
    few = asked()
    for number in range(20):
        post(f"{number}@example.test", "b@example.test")
    assert asked() == few
