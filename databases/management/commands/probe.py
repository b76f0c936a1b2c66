"""Probe now: named endpoints, all of them, or what is due."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from databases.models import Endpoint
from databases.models.endpoint import RESULT_NAMES, STATE_NAMES
from databases.probes.reasons import reason_words
from databases.pump.claim import claim, claim_these, database_clock
from databases.pump.judged import Judged
from databases.pump.once import probe_once
from tracking.management.commands._doors import REFUSED, Door
from tracking.models.bilingual import reader_language
from tracking.rules.instants import in_zone

_BAR = 40  # columns
_ALL = 100_000


class Command(Door):
    help = "Probes endpoints now and prints what was seen; what is seen counts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("codes", nargs="*", metavar="CODE")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--all", action="store_true", help="every endpoint that is not paused")
        which.add_argument("--due", action="store_true", help="what is due")
        parser.add_argument("--format", choices=["table", "json"], default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        codes: list[str] = options["codes"]
        if bool(codes) + options["all"] + options["due"] != 1:
            self.end([_("Say which: codes, or --all, or --due.")], 2)
        rows = self.attempt(lambda: self._probed(codes, due=options["due"]))
        if options["format"] == "json":
            told = [_plain(row) for row in rows]
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
        else:
            self._print_table(rows)

    def _probed(self, codes: list[str], *, due: bool) -> list[Judged]:
        now = database_clock()
        if due:
            claimed = claim(_ALL, now)
        else:
            claimed = claim_these(self._wanted(codes), now)
        with_bar = _progress(len(claimed), sys.stderr) if sys.stderr.isatty() else lambda n: None
        return probe_once(claimed, database_clock, with_bar)

    def _wanted(self, codes: list[str]) -> list[int]:
        rows = Endpoint.objects.filter(code__in=codes) if codes else Endpoint.objects.all()
        known = {row.code: row for row in rows}
        faults = [
            _("%s: there is no such endpoint: check the code") % code
            for code in codes
            if code not in known
        ]
        faults += [
            _("%s is paused: resume it first") % row.code
            for row in known.values()
            if codes and row.paused
        ]
        if faults:
            self.end(faults, REFUSED)
        return [row.pk for row in known.values() if not row.paused]

    def _print_table(self, rows: list[Judged]) -> None:
        if not rows:
            self.stdout.write(
                _("Nothing was probed: nothing is due, or a pump is at work on it already.")
            )
            return
        heads = (_("endpoint"), _("result"), _("took"), _("state"), _("since"), _("reason"))
        lines = [tuple(str(head) for head in heads), *(_line(row) for row in rows)]
        widths = [max(len(line[n]) for line in lines) for n in range(len(heads))]
        for line in lines:
            cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())


def _progress(whole: int, stream: Any) -> Callable[[int], object]:
    def told(ended: int) -> None:
        filled = _BAR * ended // whole if whole else _BAR
        bar = "#" * filled + "." * (_BAR - filled)
        stream.write(f"\r[{bar}] {ended}/{whole}" + ("\n" if ended >= whole else ""))
        stream.flush()

    return told


def _line(row: Judged) -> tuple[str, ...]:
    language = reader_language()
    reason = reason_words(row.outcome.reason)[language] if row.outcome.reason else ""
    return (
        row.ended.configured.code,
        str(RESULT_NAMES[row.outcome.result]),
        f"{row.ended.reading.total / 1000:.1f} ms",
        str(STATE_NAMES[row.track.state]),
        f"{timezone.localtime(row.track.since):%d/%m/%Y %H:%M:%S}",
        reason,
    )


def _plain(row: Judged) -> dict[str, Any]:
    reading = row.ended.reading
    phases = ("names", "connect", "tls", "first_byte", "total")
    return {
        "endpoint": row.ended.configured.code,
        "slot_at": in_zone(row.ended.slot.at).isoformat(),
        "started_at": in_zone(row.ended.started_at).isoformat(),
        "result": row.outcome.result.value,
        "reason": row.outcome.reason,
        "blame": row.outcome.blame.value if row.outcome.blame else None,
        "state": row.track.state.value,
        "since": in_zone(row.track.since).isoformat(),
        "status": reading.status,
        "days_left": reading.days_left,
        "age": reading.age,
        "microseconds": {phase: getattr(reading, phase) for phase in phases},
    }
