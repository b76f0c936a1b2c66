"""Every report and reminder due now, catching up what was missed."""

import signal
import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from types import FrameType
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tracking.actions.due import Done, Due, send_due, what_is_due
from tracking.actions.report_recipients import recipients_of
from tracking.management.commands._doors import REFUSED, Door
from tracking.rules.instants import in_zone


class Command(Door):
    help = (
        "Makes every report and reminder that is due now, catching up what was missed, and sends "
        "what waits in the outbox. Safe to repeat, and safe beside the scheduler."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="only print what is due; nothing is written"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["dry_run"]:
            due = self.attempt(lambda: what_is_due(now))
            self._print(_rows(due))
            return
        ending = _told_to_end()
        done = self.attempt(lambda: send_due(now=now, until=ending.is_set))
        for sentence in _sentences(done):
            self.stdout.write(sentence)
        if faults := list(_faults(done)):
            self.end(faults, REFUSED)

    def _print(self, rows: list[tuple[str, str, str, str]]) -> None:
        if not rows:
            self.stdout.write(_("Nothing is due."))
            return
        rows.insert(0, (_("What"), _("Due at"), _("About"), _("To whom")))
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        for row in rows:
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
            self.stdout.write("  ".join([*cells, row[3]]).rstrip())


def _told_to_end() -> threading.Event:
    """Set by Ctrl-C or SIGTERM: the message under way is finished, the rest stays in the outbox."""
    ending = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        ending.set()

    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
    return ending


def _rows(due: Due) -> list[tuple[str, str, str, str]]:
    rows = []
    for slot in due.reports:
        to = ", ".join(one.address for one in recipients_of(slot.schedule).reached)
        rows.append((_("report"), _moment(slot.slot_at), slot.schedule.name, to))
    for digest in due.digests:
        rows.append((_("reminders"), "", str(digest), digest.person.email))
    for delivery in due.deliveries:
        subject = delivery.message.subject
        rows.append((_("mail"), _moment(delivery.next_try_at), subject, delivery.address))
    return rows


def _moment(instant: Any) -> str:
    return date_format(in_zone(instant), "SHORT_DATETIME_FORMAT")


def _sentences(done: Done) -> Iterator[str]:
    for run in done.reports:
        words = {"report": run, "list": run.progress_list}
        yield _("Report %(report)s: %(list)s is issued.") % words
    for message in done.digests:
        yield _("Reminders: %(subject)s.") % {"subject": message.subject}
    mail = done.mail
    counts = {
        "sent": mail.sent,
        "put_off": mail.put_off,
        "failed": mail.failed,
        "uncertain": mail.uncertain,
    }
    yield (
        _(
            "Messages: %(sent)d sent, %(put_off)d put off, %(failed)d refused for good, "
            "%(uncertain)d uncertain."
        )
        % counts
    )


def _faults(done: Done) -> Iterator[str]:
    for slot in done.left:
        yield _("The report %(report)s could not be made and stays due: the log says why.") % {
            "report": slot
        }
    if done.mail.trouble:
        yield _("The mail server takes nothing: %(said)s") % {"said": done.mail.trouble}
    yield from done.broken
