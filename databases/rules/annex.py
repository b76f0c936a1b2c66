"""What does the annex of the twelve databases say, and does it add up?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from databases.rules.stage import STAGE_WORDS, UNDECLARED, Stage, stage_counts
from tracking.rules.departments import Name

# "4 connected, 7 upgrading, 1 upgrading two interfaces": the order in which it was reported.
_AS_REPORTED = (
    Stage.CONNECTED,
    Stage.UPGRADING,
    Stage.UPGRADING_INTERFACES,
    Stage.PLANNED,
    Stage.SUSPENDED,
)


@dataclass(frozen=True, slots=True)
class ConnectionFacts:
    stage: Stage | None  # None: nothing was declared by then
    since: date | None
    interfaces: int


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    code: str
    name: Name
    owner: Name
    placeholder: bool = False
    connections: Mapping[str, ConnectionFacts] = field(default_factory=dict)  # by counterpart


def stages_annex(
    databases: Sequence[DatabaseFacts], *, counterparts: Mapping[str, Name], counted: str
) -> dict[str, Any]:
    """The annex as the list holds it. The summary counts the connections to `counted`; ValueError
    when a database has none, or is said to upgrade interfaces without having two."""
    for database in databases:
        _check(database, counted)
    summary = stage_counts((d.connections[counted].stage for d in databases), len(databases))
    used = [c for c in sorted(counterparts) if any(c in d.connections for d in databases)]
    used.sort(key=lambda code: code != counted)
    return {
        "code": "databases",
        "title": _both("Các cơ sở dữ liệu theo giai đoạn kết nối", "Databases by declared stage"),
        "columns": _columns([counterparts[code] for code in used]),
        "rows": [_row(number, d, used) for number, d in enumerate(databases, start=1)],
        "summary": summary,
        "summary_text": _summary_text(summary, counterparts.get(counted)),
        "note": _note(databases),
    }


def _check(database: DatabaseFacts, counted: str) -> None:
    connection = database.connections.get(counted)
    if connection is None:
        raise ValueError(
            f"{database.code} has no connection to {counted}, so the stages do not add up to the "
            "number of databases: add the connection and declare its stage"
        )
    if connection.stage is Stage.UPGRADING_INTERFACES and connection.interfaces < 2:
        raise ValueError(
            f"{database.code} is declared to upgrade its interfaces but has {connection.interfaces}"
            ": add the interfaces, or declare another stage"
        )


def _columns(counterparts: Sequence[Name]) -> list[dict[str, Any]]:
    fixed = [
        ("number", "number", _both("TT", "No.")),
        ("code", "text", _both("Mã", "Code")),
        ("database", "text", _both("Cơ sở dữ liệu", "Database")),
        ("owner", "text", _both("Đơn vị chủ quản", "Owner")),
    ]
    stages = [(f"stage_{n}", "text", dict(name)) for n, name in enumerate(counterparts, start=1)]
    last = ("interfaces", "number", _both("Số giao diện", "Interfaces"))
    columns = [*fixed, *stages, last]
    return [{"code": code, "kind": kind, "title": title} for code, kind, title in columns]


def _row(number: int, database: DatabaseFacts, counterparts: Sequence[str]) -> list[Any]:
    found = [database.connections.get(code) for code in counterparts]
    interfaces = sum(connection.interfaces for connection in found if connection)
    cells: list[Any] = [number, database.code, dict(database.name), dict(database.owner)]
    return [*cells, *(_stage(connection) for connection in found), interfaces]


def _stage(connection: ConnectionFacts | None) -> dict[str, str] | None:
    if connection is None:
        return None
    vi, en = STAGE_WORDS[connection.stage] if connection.stage else UNDECLARED
    if connection.since:
        day = connection.since.strftime("%d/%m/%Y")
        return _both(f"{vi} (từ {day})", f"{en} (since {day})")
    return _both(vi, en)


def _summary_text(summary: Mapping[str, int], counterpart: Name | None) -> dict[str, str]:
    words = {str(stage): STAGE_WORDS[stage] for stage in _AS_REPORTED} | {"undeclared": UNDECLARED}
    present = [name for name in words if summary[name]]
    sums = [" + ".join(f"{summary[n]} {words[n][i]}" for n in present) or "0" for i in (0, 1)]
    vi, en = (counterpart["vi"], counterpart["en"]) if counterpart else ("—", "—")
    total = summary["total"]
    return _both(
        f"Kết nối với {vi}: {total} cơ sở dữ liệu = {sums[0]}.",
        f"Connection to {en}: {total} databases = {sums[1]}.",
    )


def _note(databases: Sequence[DatabaseFacts]) -> dict[str, str] | None:
    if not any(database.placeholder for database in databases):
        return None
    return _both(
        "Danh mục tên các cơ sở dữ liệu chưa được công bố: tên, đơn vị chủ quản và việc xếp vào "
        "từng giai đoạn trong bảng là giả định, chờ số liệu chính thức.",
        "The names of the databases are not published: names, owners and which database stands at "
        "which stage are placeholders until the official data is entered.",
    )


def _both(vi: str, en: str) -> dict[str, str]:
    return {"vi": vi, "en": en}
