"""What became of the times of reports: each with its message, and how that fared."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracking.models import Message, ReportRun
from tracking.pages.outbox import Fared, fared


@dataclass(frozen=True, slots=True)
class RunRow:
    """Without a message where the time was passed over."""

    run: ReportRun
    message: int | None
    fared: list[Fared]


def run_rows(runs: Iterable[ReportRun]) -> list[RunRow]:
    """Two queries for all of them."""
    by_occasion = {run.occasion: run for run in runs}
    messages = Message.objects.filter(key__in=list(by_occasion)).only("key")
    keys = {message.key: message.pk for message in messages}
    found = fared(messages)
    return [
        RunRow(run, key := keys.get(occasion), found.get(key, []) if key else [])
        for occasion, run in by_occasion.items()
    ]
