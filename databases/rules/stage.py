"""Which stages can people declare for a connection, and do they add up?"""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum


class Stage(StrEnum):
    PLANNED = "planned"
    UPGRADING = "upgrading"
    UPGRADING_INTERFACES = "upgrading_interfaces"
    CONNECTED = "connected"
    SUSPENDED = "suspended"


# Vietnamese, English: issued lists hold both languages whatever the reader's.
STAGE_WORDS: dict[Stage, tuple[str, str]] = {
    Stage.PLANNED: ("chờ kết nối", "planned"),
    Stage.UPGRADING: ("đang nâng cấp", "upgrading"),
    Stage.UPGRADING_INTERFACES: ("đang nâng cấp giao diện", "upgrading interfaces"),
    Stage.CONNECTED: ("đã kết nối", "connected"),
    Stage.SUSPENDED: ("tạm dừng", "suspended"),
}
UNDECLARED = ("chưa khai báo", "not declared")


def stage_counts(stages: Iterable[Stage | None], total: int) -> dict[str, int]:
    """How many databases stand at each stage, `undeclared` and `total` included. ValueError when
    they do not add up to `total`."""
    found = Counter("undeclared" if stage is None else str(stage) for stage in stages)
    if found.total() != total:
        raise ValueError(f"{found.total()} databases have a stage, but there are {total}")
    names = [*map(str, Stage), "undeclared"]
    return {name: found[name] for name in names} | {"total": total}
