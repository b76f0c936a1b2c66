"""What the first sheet of a plan's workbook says, in both languages."""

from tracking.plan_files.guide_lines import FILLING, REFUSALS
from tracking.plan_files.layout import GuideText, WordTable
from tracking.plan_files.workbook_columns import SHEETS
from tracking.plan_files.workbook_words import (
    CALENDAR_KINDS,
    CAUSES,
    EVENT_KINDS,
    FLAGS,
    PARTNER_KINDS,
    READINGS,
)

_TITLE = ("Hướng dẫn điền sổ kế hoạch", "How to fill this workbook in")

_LINES = (
    *FILLING,
    (
        "Thời điểm viết 18/11/2025 08:00, giờ Hà Nội; chỉ ghi ngày nghĩa là 00:00 ngày đó.",
        "Instants are written 18/11/2025 08:00, Hà Nội time; a date alone is its 00:00.",
    ),
    (
        "Nhiều đơn vị trong một ô: ngăn cách mã bằng dấu chấm phẩy, ví dụ QLD; KCB.",
        "Several departments in one cell: separate their codes by semicolons, as in QLD; KCB.",
    ),
    *REFUSALS,
    (
        "Sự kiện đã có trên cổng được bỏ qua: nhập một tệp hai lần không thay đổi gì.",
        "Events that the portal knows are passed over: importing twice changes nothing.",
    ),
    (
        "Sự kiện không sửa, không xóa: muốn đính chính thì thêm sự kiện mới.",
        "Events are never edited or deleted: to correct one, add another.",
    ),
    (
        "“Có hiệu lực lúc” là lúc việc xảy ra; “Ghi nhận lúc” để trống nếu cùng lúc đó.",
        "“Effective at” is when it happened; leave “Recorded at” empty if it is the same.",
    ),
    (
        "“Ghi nhận lúc” không sau lúc nhập tệp, không trước một danh sách đã phát hành.",
        "“Recorded at” lies neither after the import nor before a list that was issued.",
    ),
)

_DUE = "payload.due_on"
_REASON, _NOTE = "payload.reason", "payload.note"
# Kind of event -> the columns of the sheet of events that say what happened.
_USED = {
    "assigned": (),
    "deadline_set": (_DUE, "payload.reading", "payload.wording"),
    "extension_requested": (_DUE, _REASON),
    "extension_granted": (_DUE, "payload.reading", _REASON, "payload.document"),
    "extension_refused": (_REASON,),
    "progress_reported": ("payload.percent", _NOTE),
    "submitted": (_NOTE,),
    "returned": (_REASON,),
    "accepted": (_NOTE,),
    "reopened": (_REASON, "payload.cause"),
    "paused": (_REASON, "payload.document"),
    "resumed": (),
    "blocked": ("payload.on", _REASON),
    "unblocked": ("payload.on",),
    "reassigned": ("payload.lead", _REASON),
    "requirement_changed": ("payload.required", _REASON),
    "cancelled": (_REASON, "payload.document"),
    "evidence_recorded": ("payload",),
}


def _columns_of(kind: str) -> str:
    names = {column.key: column.vi for column in SHEETS["events"].columns}
    return ", ".join(names[key] for key in _USED[kind])


_KINDS = WordTable(
    "Loại sự kiện",
    "Kinds of event",
    EVENT_KINDS,
    "Điền các cột",
    {kind: _columns_of(kind) for kind in EVENT_KINDS},
)

PLAN_GUIDE = GuideText(
    title=_TITLE,
    lines=_LINES,
    tables=(
        _KINDS,
        WordTable("Có hoặc không", "Yes or no", FLAGS),
        WordTable("Cách hiểu thời hạn", "Readings of a deadline", READINGS),
        WordTable("Nguyên nhân mở lại", "Causes of reopening", CAUSES),
        WordTable("Loại đối tác", "Kinds of partner", PARTNER_KINDS),
        WordTable("Loại ngày", "Kinds of day", CALENDAR_KINDS),
    ),
)
