"""Who was sent what, in the admin: the ledger, the exact message, and what a person decides."""

from email import message_from_bytes, policy
from typing import Any

import pytest
from django.test import Client

from tests.tracking.admin_people import signed_in
from tests.tracking.admin_post import in_state
from tests.tracking.outbox_rows import NOW, post, told
from tracking.actions.outbox import File, Recipient
from tracking.emails.written import Written
from tracking.mail.mime import exact_bytes
from tracking.models import Message

pytestmark = pytest.mark.django_db

DELIVERIES = "/admin/tracking/delivery/"
MESSAGES = "/admin/tracking/message/"
HOSTILE = Written(
    "Danh sách <b>18/11</b>: 3 đơn vị",
    "Văn bản & <script>alert(1)</script>\n",
    "<p style='color:red'>Xin chào</p><script>alert(1)</script>",
)


@pytest.fixture
def operator() -> Client:
    return signed_in("operator")


def body(page: Any) -> str:
    return str(page.content.decode())


def test_the_exact_message_is_the_bytes_that_are_sent(operator: Client) -> None:
    file = File("báo cáo.pdf", "application/pdf", b"%PDF-1.7\n%%EOF\n")
    message = post(Recipient("an@example.test", "Nguyễn Văn An"), files=[file])
    delivery = message.deliveries.get()

    page = operator.get(f"{DELIVERIES}{delivery.pk}/eml/")

    assert page.content == exact_bytes(delivery)
    assert page.headers["Content-Type"] == "message/rfc822"
    assert "attachment" in page.headers["Content-Disposition"]
    parsed = message_from_bytes(page.content, policy=policy.default)
    assert parsed["Subject"] == message.subject
    assert [part.get_filename() for part in parsed.iter_attachments()] == ["báo cáo.pdf"]


def test_the_page_of_a_delivery_says_what_was_sent_and_what_became_of_it(operator: Client) -> None:
    message = post(Recipient("an@example.test", "Nguyễn Văn An"))
    delivery = in_state("failed", message, answer="550 no such person", tries=3)

    page = body(operator.get(f"{DELIVERIES}{delivery.pk}/change/"))

    for words in (
        "550 no such person",
        "Nguyễn Văn An",
        message.subject,
        delivery.mail_id.strip("<>"),
        "Cục Quản lý Dược: **__QUÁ HẠN__**",
        "Subject: =?utf-8?",
        "Written into the outbox",
    ):
        assert words in page, words


def test_a_message_is_shown_in_a_frame_that_runs_nothing(operator: Client) -> None:
    message = post("an@example.test", written=HOSTILE)

    page = operator.get(f"{MESSAGES}{message.pk}/html/")

    policy_said = set(page.headers["Content-Security-Policy"].split("; "))
    assert policy_said == {
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
        "sandbox",
    }
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert body(page) == HOSTILE.html


@pytest.mark.parametrize("address", [MESSAGES, DELIVERIES])
def test_only_the_pages_that_frame_it_may(operator: Client, address: str) -> None:
    delivery = in_state("sent", post("an@example.test", written=HOSTILE))
    key = delivery.message_id if address == MESSAGES else delivery.pk

    page = operator.get(f"{address}{key}/change/")
    other = operator.get(address)

    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "frame-src" not in other.headers["Content-Security-Policy"]
    for one in (page, other):
        assert "'unsafe-inline'" not in one.headers["Content-Security-Policy"]
        assert "<script>alert(1)" not in body(one)
    assert "&lt;script&gt;alert(1)" in body(page)
    assert f'src="{MESSAGES}{delivery.message_id}/html/"' in body(page)


def test_a_file_is_handed_out_as_it_was_sent(operator: Client) -> None:
    file = File("báo cáo.pdf", "application/pdf", b"%PDF-1.7\n%%EOF\n")
    message = post("an@example.test", files=[file])

    page = operator.get(f"{MESSAGES}{message.pk}/file/", {"name": file.name})
    assert (page.content, page.headers["Content-Type"]) == (file.content, file.content_type)
    assert operator.get(f"{MESSAGES}{message.pk}/file/", {"name": "x"}).status_code == 302


def test_a_failed_delivery_is_sent_again_with_a_reason(operator: Client) -> None:
    delivery = in_state("failed", answer="550", tries=5)
    address = f"{DELIVERIES}{delivery.pk}/resend/"

    page = operator.post(address, {"seen": "failed", "reason": ""})
    delivery.refresh_from_db()
    assert (page.status_code, delivery.state) == (200, "failed")

    page = operator.post(address, {"seen": "failed", "reason": "Hộp thư đã mở lại"})
    delivery.refresh_from_db()
    assert (page.status_code, delivery.state, delivery.tries) == (302, "queued", 0)
    entry = delivery.entries.get()
    assert (entry.kind, entry.said, entry.by) == ("resend", "Hộp thư đã mở lại", "operator")


def test_who_decides_on_what_has_changed_since_is_asked_to_look_again(operator: Client) -> None:
    delivery = in_state("sent")

    page = operator.post(
        f"{DELIVERIES}{delivery.pk}/resend/", {"seen": "failed", "reason": "Thử lại"}
    )

    assert "Its state has changed since you looked" in body(page)
    assert told(delivery) == []


def test_one_that_waits_already_is_not_sent_again(operator: Client) -> None:
    delivery = in_state("queued")

    page = operator.post(
        f"{DELIVERIES}{delivery.pk}/resend/", {"seen": "queued", "reason": "Thử lại"}
    )

    assert "It waits to be sent already" in body(page)
    assert told(delivery) == []


@pytest.mark.parametrize(
    ("outcome", "state", "kind"),
    [("arrived", "sent", "arrived"), ("given_up", "failed", "given_up")],
)
def test_an_uncertain_delivery_is_settled(
    operator: Client, outcome: str, state: str, kind: str
) -> None:
    delivery = in_state("uncertain", handed_at=NOW)
    assert "Settle…" in body(operator.get(f"{DELIVERIES}{delivery.pk}/change/"))

    values = {"outcome": outcome, "reason": "Đã gọi điện hỏi"}
    page = operator.post(f"{DELIVERIES}{delivery.pk}/settle/", values)

    delivery.refresh_from_db()
    assert (page.status_code, delivery.state, told(delivery)) == (302, state, [kind])
    again = body(operator.post(f"{DELIVERIES}{delivery.pk}/settle/", values))
    assert "It is not uncertain but" in again


@pytest.mark.parametrize("role", ["reporter", "leader", "inspector"])
@pytest.mark.parametrize("step", ["resend", "settle"])
def test_nobody_else_decides(role: str, step: str) -> None:
    delivery = in_state("uncertain")
    client = signed_in(role)
    values = {"seen": "uncertain", "outcome": "arrived", "reason": "x"}

    assert client.post(f"{DELIVERIES}{delivery.pk}/{step}/", values).status_code == 403
    chosen = {"action": "resend_many", "_selected_action": delivery.pk, "reason": "x"}
    client.post(DELIVERIES, {**chosen, "confirmed": "yes"})
    assert told(delivery) == []
    page = client.get(f"{DELIVERIES}{delivery.pk}/change/")
    assert "Send again…" not in body(page)
    # A reporter does not even see to whom the portal writes.
    assert page.status_code == (403 if role == "reporter" else 200)


@pytest.mark.parametrize("page", ["eml/", "change/", "resend/"])
def test_a_reporter_sees_no_delivery(page: str) -> None:
    delivery = in_state("failed")
    assert signed_in("reporter").get(f"{DELIVERIES}{delivery.pk}/{page}").status_code == 403


@pytest.mark.parametrize("page", ["html/", "file/", "change/"])
def test_a_reporter_sees_no_message(page: str) -> None:
    message = post("an@example.test")
    assert signed_in("reporter").get(f"{MESSAGES}{message.pk}/{page}").status_code == 403


def test_nobody_edits_or_deletes(operator: Client) -> None:
    delivery = in_state("failed")
    for address in (f"{DELIVERIES}{delivery.pk}", f"{MESSAGES}{delivery.message_id}"):
        assert operator.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
        operator.post(f"{address}/change/", {"state": "sent", "subject": "x"})
    delivery.refresh_from_db()
    assert (delivery.state, Message.objects.get().subject) == ("failed", delivery.message.subject)
