"""Has the other side reported to us, and how new is the newest data it told of?

It cannot be asked; it calls POST /heartbeats/CODE, signed, with a sequence number and a watermark.
"""

from dataclasses import dataclass

from databases.probes.fields import Fields
from databases.probes.judging import judge_age
from databases.probes.line import Line
from databases.probes.reading import Failed
from databases.probes.surroundings import Given, Heard
from databases.rules.track import Blame, Depth

DEPTH = Depth.CONTENT


@dataclass(frozen=True, slots=True)
class Spec:
    every: int  # s
    grace: int  # s
    max_age: int | None  # s
    heard: Heard | None


def read(fields: Fields, given: Given) -> Spec:
    """every (seconds), grace (seconds), max_age (seconds, of the watermark)."""
    return Spec(
        every=fields.number("every", 3_600, 1, 31 * 86_400) or 0,
        grace=fields.number("grace", 60, 0, 86_400) or 0,
        max_age=fields.number("max_age", None, 1, 366 * 86_400),
        heard=given.heard,
    )


async def probe(line: Line, spec: Spec) -> None:
    line.depth = Depth.REQUEST
    if spec.heard is None:
        raise Failed("never_reported", Blame.THEIRS, Depth.REQUEST)
    silent = (line.now - spec.heard.at).total_seconds()
    if silent > spec.every + spec.grace:
        raise Failed("report_overdue", Blame.THEIRS, Depth.REQUEST)
    if spec.heard.watermark is not None:
        judge_age(line, spec.heard.watermark, spec.max_age)
    elif spec.max_age is not None:
        raise Failed("watermark_missing", Blame.CONTRACT, DEPTH)
