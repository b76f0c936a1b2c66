"""Does an operator see that the portal stands still, when nothing but the page is alive?"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.tracking.admin_people import signed_in
from tracking.models import Alarm, AlarmTelling, Pulse

pytestmark = pytest.mark.django_db

SILENT = "The scheduler or its worker has not been at work since"


@pytest.fixture
def silent_scheduler(settings: Any) -> None:
    settings.SIGNS_OF_LIFE = []
    Pulse.objects.beat("scheduler", timezone.now() - timedelta(minutes=10))


def noticed() -> Alarm:
    at = timezone.now()
    since = Pulse.objects.get(name="scheduler").at
    return Alarm.objects.create(kind="stopped", subject="scheduler", since=since, opened_at=at)


def words(client: Client, path: str = "/admin/") -> str:
    return " ".join(client.get(path).content.decode().split())


def test_the_first_page_of_the_admin_begins_with_what_stands_still(silent_scheduler: None) -> None:
    page = words(signed_in("operator"))
    assert page.index(SILENT) < page.index("Submissions awaiting verification")
    assert "Start the worker with the scheduler again" in page
    assert "no watch has noticed it yet" in page
    assert "Nobody is told: the settings give neither" in page


def test_it_says_who_was_told_and_when(silent_scheduler: None, settings: Any) -> None:
    settings.ALARM_ADDRESSES = ["a@example.vn"]
    alarm, at = noticed(), timezone.now()
    for way, taken, said in (("mail", False, "no route"), ("mail", True, ""), ("hook", False, "x")):
        AlarmTelling.objects.create(alarm=alarm, way=way, at=at, taken=taken, said=said)
    page = words(signed_in("operator"))
    assert "Told by e-mail at" in page
    assert "no route" not in page
    assert "Could not be told by hook" in page
    assert "Nobody is told" not in page
    assert f"/admin/tracking/alarm/{alarm.pk}/change/" in page


def test_what_is_over_is_not_shown_even_if_no_watch_lives_to_close_it(
    silent_scheduler: None,
) -> None:
    noticed()
    Pulse.objects.beat("scheduler", timezone.now())
    assert SILENT not in words(signed_in("operator"))


def test_who_may_not_see_alarms_sees_none(silent_scheduler: None) -> None:
    assert SILENT not in words(signed_in("reporter"))
    assert SILENT in words(signed_in("leader"))


def test_more_alarms_cost_no_more_queries(silent_scheduler: None) -> None:
    client = signed_in("operator")
    noticed()
    client.get("/admin/")
    counts = []
    for name in ("scheduler", "watch"):
        Pulse.objects.beat(name, timezone.now() - timedelta(minutes=10))
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_monitor_without_an_account_can_ask(silent_scheduler: None) -> None:
    client = Client()
    assert client.get("/healthz").content == b"ok\n"
    answer = client.get("/healthz?alarms")
    assert answer.status_code == 503
    assert answer.content.startswith(b"stopped scheduler since 2")
    Pulse.objects.beat("scheduler", timezone.now())
    assert client.get("/healthz?alarms").content == b"ok\n"


def test_an_alarm_is_read_in_the_admin_with_every_telling(silent_scheduler: None) -> None:
    alarm = noticed()
    AlarmTelling.objects.create(alarm=alarm, way="mail", at=timezone.now(), taken=True, over=True)
    client = signed_in("operator")
    assert SILENT in words(client, "/admin/tracking/alarm/")
    page = words(client, f"/admin/tracking/alarm/{alarm.pk}/change/")
    assert "Told by e-mail at" in page
    assert "that it is over." in page
    assert client.get("/admin/tracking/alarm/add/").status_code == 403


def test_a_long_history_of_tellings_says_how_many_are_not_shown(silent_scheduler: None) -> None:
    alarm, at = noticed(), timezone.now()
    AlarmTelling.objects.bulk_create(
        AlarmTelling(alarm=alarm, way="webhook", at=at, taken=False, said="503") for _ in range(53)
    )
    page = words(signed_in("operator"), f"/admin/tracking/alarm/{alarm.pk}/change/")
    assert page.count("Could not be told by webhook") == 50
    assert "and 3 earlier times" in page


def test_the_first_page_leads_to_the_mailbox_where_there_is_one(settings: Any) -> None:
    client = signed_in("operator")
    settings.HAS_MAILBOX = True
    assert 'href="/mailbox/"' in words(client)
    settings.HAS_MAILBOX = False
    assert 'href="/mailbox/"' not in words(client)
