"""What the commands share: reading their arguments and saying why something was refused."""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from django.core.management.base import BaseCommand
from django.db import OperationalError, ProgrammingError
from django.utils import timezone
from django.utils.translation import gettext as _

from tracking.actions.refusals import Refused
from tracking.actions.verification import NotAList
from tracking.plan_files.rows import FileRefused
from tracking.rules.instants import day_of, instant_from
from tracking.rules.progress_list import Policy, Scope

REFUSED, DIFFERENT = 1, 3

T = TypeVar("T")


class Door(BaseCommand):
    """A command that turns a refusal into sentences on standard error and exit status 1."""

    def end(self, sentences: Iterable[str], status: int) -> NoReturn:
        for sentence in sentences:
            self.stderr.write(sentence)
        sys.exit(status)

    def check_writable(self, output: Path | None) -> None:
        """Refuse before anything is done whose result could not be written there."""
        if output is None:
            return
        new = not output.exists()
        self.attempt(lambda: output.open("ab").close())
        if new:
            output.unlink()

    def hand_over(self, data: bytes, output: Path | None) -> None:
        """Write a rendered list to its file, or to standard output as the bytes it is."""
        if output is not None:
            self.attempt(lambda: output.write_bytes(data))
            return
        stream = getattr(self.stdout, "_out", sys.stdout)
        if hasattr(stream, "buffer"):
            stream.buffer.write(data)
            stream.buffer.flush()
        else:
            self.stdout.write(data.decode(), ending="")

    def attempt(self, call: Callable[[], T]) -> T:
        try:
            return call()
        except (Refused, FileRefused, NotAList) as error:
            self.end(getattr(error, "sentences", [str(error)]), REFUSED)
        except OSError as error:
            self.end([f"{error.filename}: {error.strerror}"], REFUSED)
        except (OperationalError, ProgrammingError) as error:
            first = str(error).strip().splitlines()[0]
            self.end([_("the database refuses: %s; is it migrated and running?") % first], REFUSED)


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(_('"%s" is not a day: write it as 2025-11-18') % text) from None


def instant(text: str) -> datetime:
    try:
        found = instant_from(text)
        found.astimezone(UTC)  # the database keeps UTC: the first and last hours do not fit
    except (ValueError, OverflowError):
        raise ArgumentTypeError(
            _('"%s" is not an instant: write it as 2025-11-18T17:00 or 2025-11-18') % text
        ) from None
    return found


def add_scope_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--as-of", type=day, metavar="DAY", help="the day judged; default today")
    parser.add_argument(
        "--known-at", type=instant, metavar="INSTANT", help="what was known then; default now"
    )
    parser.add_argument(
        "--plan", action="append", default=[], metavar="CODE", help="only this plan; repeatable"
    )
    parser.add_argument("--policy", choices=[str(p) for p in Policy], default=str(Policy.OVERDUE))


def scope_from(options: dict[str, Any]) -> Scope:
    """The scope asked for; this is where a command reads the clock."""
    known_at = options["known_at"] or timezone.now()
    return Scope(
        as_of=options["as_of"] or day_of(timezone.now()),
        known_at=known_at,
        policy=Policy(options["policy"]),
        plans=tuple(options["plan"]),
    )
