"""Everything that is due leaves: reports are made, reminders written, the outbox is emptied. What
was missed is caught up, since each part reads what is due off the database."""

import fcntl
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.utils.translation import gettext as _

from tracking.actions.faults import SCHEDULER
from tracking.actions.reminders import due_digests, make_due_digests
from tracking.actions.reports import Slot, due_reports, make_due_reports
from tracking.emails.reminded import Digest
from tracking.mail.sender import Tally, deliver
from tracking.models import Delivery, Message, Pulse, ReportRun

T = TypeVar("T")

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Done:
    """`left`: reports that are due still, refused or failed; `broken`: parts that did not come to
    their end, in words."""

    reports: list[ReportRun] = field(default_factory=list)
    left: list[Slot] = field(default_factory=list)
    digests: list[Message] = field(default_factory=list)
    mail: Tally = field(default_factory=Tally)
    broken: list[str] = field(default_factory=list)

    def part(self, name: str, work: Callable[[], T], otherwise: T) -> T:
        """One that fails stops no other one."""
        try:
            return work()
        except Exception as error:
            _log.exception("%s could not be done", name)
            said = " ".join(str(error).split())[:200] or type(error).__name__
            self.broken.append(_("%(part)s: %(said)s") % {"part": name, "said": said})
            return otherwise


@dataclass(frozen=True, slots=True)
class Due:
    reports: list[Slot]
    digests: list[Digest]
    deliveries: list[Delivery]


def what_is_due(now: datetime) -> Due:
    """What send_due would make and send at that instant; nothing is written."""
    deliveries = Delivery.objects.due(now).select_related("message").defer(*_LONG)
    return Due(due_reports(now), due_digests(now), list(deliveries))


_LONG = ("message__text", "message__html")


def send_due(*, now: datetime, until: Callable[[], bool]) -> Done:
    """`until`: when to leave the rest of the mail to whoever comes next."""
    done = Done()
    done.reports = done.part(_("reports"), lambda: make_due_reports(now), [])
    done.left = done.part(_("reports"), lambda: due_reports(now), [])
    done.digests = done.part(_("reminders"), lambda: make_due_digests(now), [])
    done.mail = done.part(_("mail"), lambda: deliver(until=until), Tally())
    return done


def send_due_by_schedule(*, now: datetime, until: Callable[[], bool]) -> Done | None:
    """As the scheduler asks every minute: with a sign that scheduler and worker are at work, and
    not while the one before is still at it on this machine (None). Two at once would do no harm,
    but minute by minute they would fill the worker."""
    Pulse.objects.beat(SCHEDULER, now)
    with _alone(settings.VAR_DIR / "send-due.lock") as alone:
        return send_due(now=now, until=until) if alone else None


@contextmanager
def _alone(path: Path) -> Iterator[bool]:
    """Whether nobody else on this machine is inside; the kernel frees what a killed one held."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
