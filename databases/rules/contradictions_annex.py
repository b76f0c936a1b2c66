"""What does the annex of contradictions say: what is declared against what was seen by (T, K)?"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from databases.rules.contradictions import RULE_WORDS, Contradiction, Rule, days_since
from databases.rules.stage import STAGE_WORDS, UNDECLARED, Stage
from databases.rules.track import State
from tracking.rules.departments import Name
from tracking.rules.instants import day_of

Words = tuple[str, str]  # Vietnamese, English


class Seen(StrEnum):
    """What the probes say of a connection as a whole."""

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"
    UNKNOWN = "unknown"  # not probed, not seen lately, or not confirmed


SEEN_WORDS: dict[Seen, Words] = {
    Seen.UP: ("hoạt động", "up"),
    Seen.DEGRADED: ("hoạt động kém", "degraded"),
    Seen.DOWN: ("không hoạt động", "down"),
    Seen.UNKNOWN: ("chưa rõ", "unknown"),
}
STAND_IN: Words = ("hệ thống giả lập, minh họa", "stand-in, illustrative")
_COLUMNS: tuple[tuple[str, str, Words], ...] = (
    ("connection", "text", ("Kết nối", "Connection")),
    ("database", "text", ("Cơ sở dữ liệu", "Database")),
    ("counterpart", "text", ("Hệ thống kết nối", "Counterpart")),
    ("stage", "text", ("Giai đoạn khai báo", "Declared stage")),
    ("seen", "text", ("Kết quả kiểm tra tự động", "What is seen")),
    ("contradiction", "text", ("Mâu thuẫn", "Contradiction")),
    ("since", "date", ("Từ ngày", "Since")),
    ("age", "number", ("Số ngày", "Days")),
    ("acts", "text", ("Đơn vị phải xử lý", "Who has to act")),
    ("waived_until", "date", ("Chấp nhận đến", "Accepted until")),
)


@dataclass(frozen=True, slots=True)
class EndpointThen:
    """An endpoint that something was known of by (T, K), in its state of then."""

    code: str
    state: State
    stand_in: bool = False


@dataclass(frozen=True, slots=True)
class ConnectionThen:
    """`acts`: who has to act, by databases.rules.contradictions.Party."""

    code: str
    database: Name
    counterpart: Name
    stage: Stage | None  # None: nothing was declared by then
    acts: Mapping[str, Name]
    endpoints: Sequence[EndpointThen] = ()

    @property
    def seen(self) -> Seen:
        """Down when an endpoint is; otherwise only as good as what is known of all of them."""
        states = {endpoint.state for endpoint in self.endpoints}
        if State.DOWN in states:
            return Seen.DOWN
        if not states or states - {State.UP, State.DEGRADED}:
            return Seen.UNKNOWN
        return Seen.DEGRADED if State.DEGRADED in states else Seen.UP

    @property
    def stand_in(self) -> bool:
        return any(endpoint.stand_in for endpoint in self.endpoints)


def contradictions_annex(
    connections: Iterable[ConnectionThen], told: Iterable[Contradiction], *, at: datetime
) -> dict[str, Any]:
    """The annex as the list holds it, whatever the order in which its facts come. `told`: the
    contradictions as known at K; those that stand open are printed, by connection and rule."""
    known = {connection.code: connection for connection in connections}
    standing = sorted(
        (found for found in told if found.open), key=lambda found: (found.connection, found.rule)
    )
    declared = [known[code] for code in sorted(known) if known[code].stage is not None]
    summary = _summary(declared, standing, at)
    return {
        "code": "contradictions",
        "title": _both(
            "Mâu thuẫn giữa khai báo và kết quả kiểm tra tự động",
            "Contradictions between what is declared and what is seen",
        ),
        "columns": [
            {"code": code, "kind": kind, "title": _both(*words)} for code, kind, words in _COLUMNS
        ],
        "rows": [_row(found, known[found.connection], at) for found in standing],
        "summary": summary,
        "summary_text": _both(*(_told(summary, language) for language in (0, 1))),
        "note": _note([known[code] for code in sorted(known)]),
    }


def _row(found: Contradiction, connection: ConnectionThen, at: datetime) -> list[Any]:
    waived = found.waived_until if found.waived(at) else None
    return [
        connection.code,
        dict(connection.database),
        dict(connection.counterpart),
        _both(*(STAGE_WORDS[connection.stage] if connection.stage else UNDECLARED)),
        _seen(connection, found.endpoints),
        _both(*RULE_WORDS[found.rule]),
        day_of(found.since).isoformat(),
        days_since(found.since, at),
        dict(connection.acts[found.party]),
        day_of(waived).isoformat() if waived else None,
    ]


def _seen(connection: ConnectionThen, guilty: Sequence[str]) -> dict[str, str]:
    words = [SEEN_WORDS[connection.seen]]
    if guilty:
        words.append((", ".join(guilty),) * 2)
    if connection.stand_in:
        words.append(STAND_IN)
    return _both(*("; ".join(word[language] for word in words) for language in (0, 1)))


def _summary(
    declared: Sequence[ConnectionThen], standing: Sequence[Contradiction], at: datetime
) -> dict[str, int]:
    """`up`, `degraded`, `down` and `unknown` add up to `connections`, those with a declared stage;
    the rules add up to `open`; `waived` ones are counted apart."""
    seen = Counter(connection.seen for connection in declared)
    waived = sum(found.waived(at) for found in standing)
    rules = Counter(found.rule for found in standing if not found.waived(at))
    return {
        "connections": len(declared),
        "probed": sum(bool(connection.endpoints) for connection in declared),
        **{state.value: seen[state] for state in Seen},
        "open": len(standing) - waived,
        **{rule.value: rules[rule] for rule in Rule},
        "waived": waived,
    }


_SENTENCES: dict[str, Words] = {
    "probed": (
        (
            "Kết quả kiểm tra tự động: {connections} kết nối đã khai báo giai đoạn = {states}; "
            "{probed}/{connections} kết nối đã được kiểm tra."
        ),
        (
            "Seen by probes: {connections} connections with a declared stage = {states}; "
            "{probed} of {connections} were probed."
        ),
    ),
    "not_probed": (
        (
            "Đến ngày đó chưa có kết nối nào được kiểm tra tự động, nên chưa thể kết luận khai "
            "báo có đúng với thực tế hay không."
        ),
        "Nothing was probed by that day, so that it cannot be said whether what is declared holds.",
    ),
    "open": ("Mâu thuẫn đang mở: {open} = {rules}.", "Open contradictions: {open} = {rules}."),
    "not_open": (
        "Không có mâu thuẫn nào đang mở trong phạm vi đã được kiểm tra.",
        "No contradiction is open among what was probed.",
    ),
    "waived": (
        "Tính riêng: {waived} mâu thuẫn được tạm chấp nhận có thời hạn.",
        "Counted apart: {waived} accepted for a while.",
    ),
}


def _told(summary: Mapping[str, int], language: int) -> str:
    said = ["probed" if summary["probed"] else "not_probed"]
    if summary["open"]:
        said.append("open")
    elif summary["probed"]:
        said.append("not_open")
    if summary["waived"]:
        said.append("waived")
    states = _sum({seen.value: SEEN_WORDS[seen] for seen in Seen}, summary, language)
    rules = _sum({rule.value: RULE_WORDS[rule] for rule in Rule}, summary, language)
    text = " ".join(_SENTENCES[sentence][language] for sentence in said)
    return text.format(**summary, states=states, rules=rules)


def _sum(words: Mapping[str, Words], summary: Mapping[str, int], language: int) -> str:
    present = [name for name in words if summary[name]]
    return " + ".join(f"{summary[name]} {words[name][language]}" for name in present) or "0"


def _note(connections: Sequence[ConnectionThen]) -> dict[str, str] | None:
    count = sum(connection.stand_in for connection in connections)
    if not count:
        return None
    return _both(
        f"{count} kết nối được kiểm tra trên hệ thống giả lập chạy tại chỗ, không phải hệ thống "
        f"thật; các dòng đó ghi “{STAND_IN[0]}”.",
        f"{count} connections are probed on local stand-ins, not on the real systems; their rows "
        f"say “{STAND_IN[1]}”.",
    )


def _both(vi: str, en: str) -> dict[str, str]:
    return {"vi": vi, "en": en}
