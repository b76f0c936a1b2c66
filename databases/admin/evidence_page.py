"""What does a frozen bundle of evidence say, for a person to read?"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from databases.models import EvidenceProposal
from databases.pages.probe_words import (
    kind_name,
    reason_text,
    result_name,
    state_tag,
    to_the_second,
)
from databases.renderers.measures import lasting, milliseconds, percent, share_or_why_not
from tracking.models.bilingual import reader_language


@dataclass(frozen=True, slots=True)
class Witness:
    """An endpoint as the bundle froze it."""

    code: str
    name: str
    kind: str
    stand_in: bool
    state: str
    successes: int
    since: str
    share: str
    coverage: str
    down: str
    last: str
    took: str


class Bundle:
    """`readable` is false for a bundle of another format: its text is shown as it is."""

    def __init__(self, proposal: EvidenceProposal) -> None:
        self.text = json.dumps(json.loads(proposal.bundle), ensure_ascii=False, indent=2)
        self._content: dict[str, Any] = json.loads(proposal.bundle)

    @property
    def readable(self) -> bool:
        return self._content.get("format") == "probe-evidence/1"

    @property
    def rule(self) -> Any:
        return self._content["rule"]

    @property
    def stand_ins(self) -> bool:
        return bool(self._content["stand_ins"])

    @property
    def stage(self) -> str:
        stage = self._content["stage"]
        return str(stage["name"][reader_language()]) if stage else ""

    @property
    def period(self) -> tuple[str, str]:
        period = self._content["period"]
        return _instant(period["from"]), _instant(period["to"])

    @property
    def length(self) -> str:
        ends = [datetime.fromisoformat(self._content["period"][name]) for name in ("from", "to")]
        return lasting(ends[1] - ends[0])

    @property
    def witnesses(self) -> list[Witness]:
        return [_witness(row) for row in self._content["endpoints"]]

    @property
    def sentinels(self) -> list[tuple[str, str, str, str]]:
        """Code, owner, state, last answer."""
        return [
            (row["code"], row["owner"], state_tag(row["state"]), _instant(row["last_answer_at"]))
            for row in self._content["sentinels"]
        ]


def _witness(row: dict[str, Any]) -> Witness:
    times, last = row["uptime"], row["last"]
    result = filter(None, [result_name(last["result"]), reason_text(last["reason"])])
    down = timedelta(seconds=times["down_seconds"])
    return Witness(
        code=row["code"],
        name=row["name"][reader_language()],
        kind=kind_name(row["kind"]),
        stand_in=row["stand_in"],
        state=state_tag(row["state"]),
        successes=row["run"]["successes"],
        since=_instant(row["run"]["since"]),
        share=share_or_why_not(times["share"]),
        coverage=percent(times["coverage"]),
        down=lasting(down) if down else "–",
        last=": ".join(result),
        took=milliseconds(last["took_microseconds"]),
    )


def _instant(text: str | None) -> str:
    return to_the_second(datetime.fromisoformat(text) if text else None)
