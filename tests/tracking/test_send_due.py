"""Does everything that is due leave, once, by the command and by the scheduler's job?"""

import fcntl
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.servers import free_port
from tests.tracking.reminder_people import people
from tests.tracking.report_rows import at, schedule, take_in_plan
from tests.tracking.ways_to_tell import HOST, mail_server, mails
from tracking import jobs
from tracking.actions.due import send_due, send_due_by_schedule, what_is_due
from tracking.models import Delivery, Message, ProgressList, Pulse, ReportRun
from tracking.rules.instants import in_zone

pytestmark = pytest.mark.django_db

EIGHT = at("18 08:00")


@pytest.fixture(autouse=True)
def server(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """The folder of what arrives."""
    settings.VAR_DIR = tmp_path
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = HOST, False, False
    take_in_plan()
    with mail_server(tmp_path / "mailbox") as port:
        settings.EMAIL_PORT = port
        yield tmp_path / "mailbox"


def due_a_moment_ago(**changes: Any) -> None:
    moment = timezone.now() - timedelta(minutes=2)
    schedule(
        at=in_zone(moment).time(),
        weekdays=list(range(7)),
        move_holidays=False,
        starts_at=moment - timedelta(minutes=1),
        **changes,
    )


def run(*arguments: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("send_due", *arguments, stdout=out, stderr=err)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def never() -> bool:
    return False


def test_when_nothing_is_due_that_is_said() -> None:
    assert run("--dry-run") == (0, "Nothing is due.\n", "")
    status, told, faults = run()
    assert (status, faults) == (0, "")
    assert told == "Messages: 0 sent, 0 put off, 0 refused for good, 0 uncertain.\n"


def test_a_dry_run_says_what_is_due_for_whom_and_writes_nothing(server: Path) -> None:
    due_a_moment_ago(addresses="a@example.org\nb@example.org")
    status, told, faults = run("--dry-run")
    assert (status, faults) == (0, "")
    heading, row = told.splitlines()
    assert heading.split() == ["What", "Due", "at", "About", "To", "whom"]
    assert row.startswith("report")
    assert row.endswith("Báo cáo sáng  a@example.org, b@example.org")
    assert not ProgressList.objects.exists()
    assert not Message.objects.exists()
    assert not ReportRun.objects.exists()
    assert mails(server) == []


def test_what_is_due_is_made_and_sent_once(server: Path) -> None:
    due_a_moment_ago(addresses="a@example.org\nb@example.org")
    status, told, faults = run()
    assert (status, faults) == (0, "")
    assert "List 01 is issued." in told
    assert "Messages: 2 sent, 0 put off" in told
    assert [mail.recipients for mail in mails(server)] == ["a@example.org", "b@example.org"]
    assert "0 sent" in run()[1]
    assert len(mails(server)) == 2


def test_what_waits_in_the_outbox_is_due_as_well(server: Path, settings: Any) -> None:
    due_a_moment_ago(addresses="a@example.org")
    port = settings.EMAIL_PORT
    settings.EMAIL_PORT = free_port()
    status, told, faults = run()
    assert (status, faults.count("\n")) == (1, 1)
    assert "The mail server takes nothing: " in faults
    assert "List 01 is issued." in told
    Delivery.objects.update(next_try_at=timezone.now())
    assert "a@example.org" in run("--dry-run")[1]
    settings.EMAIL_PORT = port
    assert "Messages: 1 sent" in run()[1]
    assert len(mails(server)) == 1


def test_a_report_that_is_refused_is_named_and_keeps_no_other_one(server: Path) -> None:
    due_a_moment_ago(name="Không có ai", addresses="")
    due_a_moment_ago(name="Có người", addresses="a@example.org")
    status, told, faults = run()
    assert status == 1
    assert "Messages: 1 sent" in told
    assert "Không có ai" in faults
    assert "Có người" not in faults


def test_a_part_that_breaks_keeps_no_other_one(server: Path, settings: Any) -> None:
    settings.REMINDERS_AT = "half past seven"
    due_a_moment_ago(addresses="a@example.org")
    status, told, faults = run()
    assert status == 1
    assert "Messages: 1 sent" in told
    assert "reminders: Invalid isoformat string" in faults
    assert "Traceback" not in told + faults


def test_what_was_missed_is_caught_up_once(server: Path) -> None:
    schedule()
    later = at("20 15:00")
    assert [slot.slot_at for slot in what_is_due(later).reports] == [at("20 08:00")]
    done = send_due(now=later, until=never)
    assert [run.slot_at for run in done.reports] == [at("20 08:00")]
    assert done.mail.sent == 1
    assert send_due(now=later, until=never).reports == []
    assert len(mails(server)) == 1


def test_reminders_are_due_as_well_and_are_sent(server: Path) -> None:
    people("QLD")
    due = what_is_due(EIGHT)
    assert "reporter@example.org" in {digest.person.email for digest in due.digests}
    done = send_due(now=EIGHT, until=never)
    assert len(done.digests) == len(due.digests) == done.mail.sent
    assert "reporter@example.org" in {mail.recipients for mail in mails(server)}
    assert what_is_due(EIGHT).digests == []


def test_the_rest_of_the_mail_is_left_to_whoever_comes_next(server: Path) -> None:
    schedule()
    done = send_due(now=EIGHT, until=lambda: True)
    assert (len(done.reports), done.mail.sent) == (1, 0)
    assert mails(server) == []
    assert send_due(now=EIGHT, until=never).mail.sent == 1


def test_the_scheduler_leaves_its_sign_and_does_not_pile_up(server: Path, settings: Any) -> None:
    schedule()
    with (settings.VAR_DIR / "send-due.lock").open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert send_due_by_schedule(now=EIGHT, until=never) is None
        assert Pulse.objects.get(name="scheduler").at == EIGHT
        assert mails(server) == []
    done = send_due_by_schedule(now=EIGHT + timedelta(minutes=1), until=never)
    assert done
    assert done.mail.sent == 1


def test_the_jobs_of_the_scheduler_do_what_the_command_does(server: Path, settings: Any) -> None:
    settings.SIGNS_OF_LIFE = []
    due_a_moment_ago(addresses="a@example.org")
    jobs.send_due()
    jobs.watch()
    assert len(mails(server)) == 1
    assert Pulse.objects.filter(name="scheduler").exists()
