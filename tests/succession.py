"""How do departments follow one another in a generated plan file?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]

NAMES = (
    ("QLD", "Cục Quản lý Dược", "Drug Administration of Viet Nam"),
    ("KCB", "Cục Quản lý Khám, chữa bệnh", "Medical Services Administration"),
    ("TTYQG", "Trung tâm Thông tin y tế Quốc gia", "National Health Information Center"),
    ("BHYT", "Vụ Bảo hiểm y tế", "Department of Health Insurance"),
)
TURNS = (-400, -2, 0, 1, 4, 9, 25)


@st.composite
def departments(draw: st.DrawFn, start: date) -> list[Json]:
    """One to four departments: unchanged, renamed, merged, split, chained or simply ended."""
    names = NAMES[: draw(st.integers(1, 4))]
    shape = draw(st.sampled_from(SHAPES[len(names)]))
    turn = start + timedelta(days=draw(st.sampled_from(TURNS)))
    orders = draw(st.permutations([10, 20, 30, 30][: len(names)]))
    rows = []
    for place, (code, vi, en) in enumerate(names):
        first, end, heirs = shape.get(place, (None, None, None))
        rows.append(
            {
                "code": code,
                "name": {"vi": vi, "en": en},
                "order": orders[place],
                "valid_from": None if first is None else shifted(turn, first),
                "valid_to": None if end is None else shifted(turn, end),
                "succeeded_by": heirs,
            }
        )
    return rows


def shifted(day: date, days: int) -> str:
    """The day so many days later, as text."""
    return (day + timedelta(days=days)).isoformat()


# place: (first day, last day, successors); days count from the turn, None is open, the last day of
# the old one is the eve of the turn.
Shape = dict[int, tuple[int | None, int | None, str | list[str] | None]]
SHAPES: dict[int, tuple[Shape, ...]] = {
    1: ({}, {0: (None, -1, None)}, {0: (0, None, None)}),
    2: (
        {},
        {0: (None, -1, "KCB"), 1: (0, None, None)},
        {0: (None, -1, ["KCB"])},
        {0: (-90, -1, None)},
    ),
    3: (
        {},
        {0: (None, -1, "TTYQG"), 1: (None, -1, "TTYQG"), 2: (0, None, None)},
        {0: (None, -1, ["KCB", "TTYQG"]), 1: (0, None, None), 2: (0, None, None)},
        {0: (None, -1, "KCB"), 1: (0, 5, "TTYQG"), 2: (6, None, None)},
        {0: (None, -1, ["KCB", "TTYQG"]), 1: (0, 5, None), 2: (3, None, None)},
        {0: (None, -1, "KCB"), 1: (3, None, None)},
    ),
    4: (
        {},
        {0: (None, -1, "KCB"), 1: (0, 5, ["TTYQG", "BHYT"]), 2: (6, None, None), 3: (6, 20, None)},
        {0: (None, -1, ["TTYQG"]), 1: (None, 2, ["TTYQG"]), 2: (0, None, None)},
        {0: (None, -1, ["BHYT", "KCB"]), 3: (0, 0, "TTYQG")},
    ),
}
