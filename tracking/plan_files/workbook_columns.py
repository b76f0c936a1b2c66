"""Which sheets and columns has the operators' workbook, and what stands in each?"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from tracking.plan_files.workbook_words import (
    CALENDAR_KINDS,
    CAUSES,
    EVENT_KINDS,
    FLAGS,
    PARTNER_KINDS,
    READINGS,
    Words,
)
from tracking.rules.vietnamese import folded


class Holds(Enum):
    TEXT = auto()
    DAY = auto()
    INSTANT = auto()
    NUMBER = auto()
    PERCENT = auto()
    WORD = auto()  # one of `words`
    CODES = auto()  # several codes in one cell
    JSON = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is a key of the plan file, "name.vi" and "payload.due_on" being inside another; `words`
    are written for the values of the key; `offers` is the section whose codes are offered."""

    key: str
    vi: str
    en: str
    width: int
    holds: Holds = Holds.TEXT
    needed: bool = False
    words: Words | None = None
    offers: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    section: str
    vi: str
    en: str
    columns: tuple[Column, ...]

    def place_of(self, key: str) -> int:
        return next(i for i, column in enumerate(self.columns) if column.key == key)


def folded_heading(text: str) -> str:
    """Headings, sheets and words are compared by their letters and digits only."""
    return "".join(character for character in folded(text) if character.isalnum())


def code_column() -> Column:
    return Column("code", "Mã", "Code", 16, needed=True)


def name_columns(
    key: str = "name", vi: str = "Tên", en: str = "Name", *, needed: bool = True
) -> tuple[Column, Column]:
    return (
        Column(f"{key}.vi", vi, en, 50, needed=needed),
        Column(f"{key}.en", f"{vi} (tiếng Anh)", f"{en} (English)", 40),
    )


def day_column(key: str, vi: str, en: str) -> Column:
    return Column(key, vi, en, 13, Holds.DAY)


def word_column(key: str, vi: str, en: str, words: Words, width: int = 16) -> Column:
    return Column(key, vi, en, width, Holds.WORD, words=words)


def named_column(key: str, vi: str, en: str, offers: str, needed: bool = False) -> Column:
    return Column(key, vi, en, 18, needed=needed, offers=offers)


def _codes(key: str, vi: str, en: str) -> Column:
    return Column(key, vi, en, 20, Holds.CODES, offers="departments")


_COLUMNS: Mapping[str, tuple[str, str, tuple[Column, ...]]] = {
    "departments": (
        "Đơn vị",
        "Departments",
        (
            code_column(),
            *name_columns(),
            Column("order", "Thứ tự", "Order", 9, Holds.NUMBER),
            day_column("valid_from", "Hiệu lực từ ngày", "Valid from"),
            day_column("valid_to", "Hiệu lực đến hết ngày", "Valid to"),
            _codes("succeeded_by", "Đơn vị kế thừa", "Succeeded by"),
        ),
    ),
    "partners": (
        "Đối tác",
        "Partners",
        (code_column(), *name_columns(), word_column("kind", "Loại", "Kind", PARTNER_KINDS, 26)),
    ),
    "plans": (
        "Kế hoạch",
        "Plans",
        (code_column(), *name_columns(), day_column("issued_on", "Ngày ban hành", "Issued on")),
    ),
    "documents": (
        "Văn bản",
        "Documents",
        (
            Column("number", "Số, ký hiệu", "Number", 24, needed=True),
            Column("kind", "Loại văn bản", "Kind", 22),
            day_column("issued_on", "Ngày ban hành", "Issued on"),
            Column("issuer", "Cơ quan ban hành", "Issued by", 28),
            *name_columns("title", "Trích yếu", "Title", needed=False),
        ),
    ),
    "calendar": (
        "Lịch làm việc",
        "Working calendar",
        (
            Column("day", "Ngày", "Day", 13, Holds.DAY, needed=True),
            Column("working", "Ngày làm việc", "Working", 12, Holds.WORD, True, FLAGS),
            word_column("kind", "Loại", "Kind", CALENDAR_KINDS),
            Column("reason", "Lý do", "Reason", 40),
            Column("reference", "Căn cứ", "Reference", 30),
        ),
    ),
    "tasks": (
        "Nhiệm vụ",
        "Tasks",
        (
            code_column(),
            named_column("plan", "Kế hoạch", "Plan", "plans", needed=True),
            named_column("document", "Văn bản giao", "Document", "documents"),
            Column("clause", "Mục, khoản", "Clause", 10),
            *name_columns("title", "Nhiệm vụ", "Task"),
            named_column("lead", "Đơn vị chủ trì", "Lead", "departments", needed=True),
            _codes("coordinating", "Đơn vị phối hợp", "Coordinating"),
            word_column("required", "Bắt buộc", "Required", FLAGS, 10),
            *name_columns("product", "Sản phẩm", "Product", needed=False),
            named_column("parent", "Thuộc nhiệm vụ", "Part of", "tasks"),
        ),
    ),
    "events": (
        "Sự kiện",
        "Events",
        (
            named_column("task", "Mã nhiệm vụ", "Task code", "tasks", needed=True),
            Column("kind", "Loại sự kiện", "Kind", 26, Holds.WORD, True, EVENT_KINDS),
            Column("effective_at", "Có hiệu lực lúc", "Effective at", 20, Holds.INSTANT, True),
            # In the order in which plan files name the keys of a payload.
            day_column("payload.due_on", "Hạn", "Due on"),
            word_column("payload.reading", "Cách hiểu", "Reading", READINGS, 14),
            Column("payload.wording", "Nguyên văn thời hạn", "Wording", 32),
            Column("payload.percent", "Tỷ lệ %", "Percent", 9, Holds.PERCENT),
            named_column("payload.on", "Chờ đơn vị, đối tác", "Waiting for", "partners"),
            named_column("payload.lead", "Đơn vị chủ trì mới", "New lead", "departments"),
            word_column("payload.required", "Bắt buộc", "Required", FLAGS, 10),
            Column("payload.reason", "Lý do", "Reason", 40),
            word_column("payload.cause", "Nguyên nhân", "Cause", CAUSES, 20),
            Column("payload.note", "Ghi chú", "Note", 40),
            named_column("payload.document", "Văn bản", "Document", "documents"),
            Column("actor", "Người thực hiện", "Actor", 18),
            named_column("on_behalf_of", "Thay mặt đơn vị", "On behalf of", "departments"),
            Column("recorded_at", "Ghi nhận lúc", "Recorded at", 20, Holds.INSTANT),
            Column("payload", "Khác (JSON)", "Other (JSON)", 30, Holds.JSON),
        ),
    ),
}

GUIDE_VI, GUIDE_EN = "Hướng dẫn", "Guide"
SHEETS = {section: Sheet(section, *content) for section, content in _COLUMNS.items()}
