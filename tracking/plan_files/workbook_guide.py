"""The first sheet: how to fill the workbook in, in both languages, and the words it knows."""

from typing import Any

from tracking.plan_files.workbook_columns import GUIDE_VI, SHEETS
from tracking.plan_files.workbook_words import (
    CALENDAR_KINDS,
    CAUSES,
    EVENT_KINDS,
    FLAGS,
    PARTNER_KINDS,
    READINGS,
    Words,
)

FONT = "Times New Roman"
TITLE = ("Hướng dẫn điền sổ kế hoạch", "How to fill this workbook in")

LINES = (
    (
        "Mỗi trang tính là một danh mục, mỗi dòng là một mục; điền từ dòng thứ ba trở xuống.",
        "Each sheet is a register, each row one entry; fill in from the third row on.",
    ),
    (
        "Trang hoặc cột không dùng có thể xóa; thứ tự cột tùy ý.",
        "Sheets or columns that are not used may be deleted; columns stand in any order.",
    ),
    (
        "Giữ nguyên tên cột ở dòng 1 (tiếng Việt) và dòng 2 (tiếng Anh).",
        "Keep the headings in row 1 (Vietnamese) and row 2 (English).",
    ),
    (
        "Ô để trống trong một cột có mặt nghĩa là không có giá trị.",
        "An empty cell in a column that is there means that there is no value.",
    ),
    (
        "Ngày viết ngày/tháng/năm, ví dụ 18/11/2025.",
        "Dates are written day/month/year, as in 18/11/2025.",
    ),
    (
        "Thời điểm viết 18/11/2025 08:00, giờ Hà Nội; chỉ ghi ngày nghĩa là 00:00 ngày đó.",
        "Instants are written 18/11/2025 08:00, Hà Nội time; a date alone is its 00:00.",
    ),
    (
        "Nhiều đơn vị trong một ô: ngăn cách mã bằng dấu chấm phẩy, ví dụ QLD; KCB.",
        "Several departments in one cell: separate their codes by semicolons, as in QLD; KCB.",
    ),
    (
        "Không dùng công thức, gộp ô, liên kết tệp khác hoặc macro: tệp sẽ bị từ chối.",
        "No formulas, merged cells, links to other files or macros: the file would be refused.",
    ),
    (
        "Tệp được nhận toàn bộ hoặc không nhận gì; mọi lỗi được nêu một lần, kèm tên ô.",
        "The file is taken in whole or not at all; every fault is told at once, with its cell.",
    ),
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

DUE = "payload.due_on"
REASON, NOTE = "payload.reason", "payload.note"
# Kind of event -> the columns of the sheet of events that say what happened.
USED = {
    "assigned": (),
    "deadline_set": (DUE, "payload.reading", "payload.wording"),
    "extension_requested": (DUE, REASON),
    "extension_granted": (DUE, "payload.reading", REASON, "payload.document"),
    "extension_refused": (REASON,),
    "progress_reported": ("payload.percent", NOTE),
    "submitted": (NOTE,),
    "returned": (REASON,),
    "accepted": (NOTE,),
    "reopened": (REASON, "payload.cause"),
    "paused": (REASON, "payload.document"),
    "resumed": (),
    "blocked": ("payload.on", REASON),
    "unblocked": ("payload.on",),
    "reassigned": ("payload.lead", REASON),
    "requirement_changed": ("payload.required", REASON),
    "cancelled": (REASON, "payload.document"),
    "evidence_recorded": ("payload",),
}

TABLES: tuple[tuple[str, str, Words], ...] = (
    ("Loại sự kiện", "Kinds of event", EVENT_KINDS),
    ("Có hoặc không", "Yes or no", FLAGS),
    ("Cách hiểu thời hạn", "Readings of a deadline", READINGS),
    ("Nguyên nhân mở lại", "Causes of reopening", CAUSES),
    ("Loại đối tác", "Kinds of partner", PARTNER_KINDS),
    ("Loại ngày", "Kinds of day", CALENDAR_KINDS),
)


class Guide:
    """Writes itself when made. `ranges`: id of a table of words -> where its words stand, as the
    source of a drop-down."""

    def __init__(self, book: Any) -> None:
        self.page = book.add_worksheet(GUIDE_VI)
        base = {"font_name": FONT, "font_size": 11, "valign": "top", "text_wrap": True}
        self.body = book.add_format(base)
        self.head = book.add_format({**base, "bold": True, "font_size": 12})
        self.ranges: dict[int, str] = {}
        self.row = 0
        for place, width in enumerate((62, 62, 24, 50)):
            self.page.set_column(place, place, width)
        self.page.set_landscape()
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 0)
        self._line(TITLE, self.head)
        for line in LINES:
            self._line(line, self.body)
        for vi, en, words in TABLES:
            self._table(vi, en, words)

    def _line(self, texts: tuple[str, ...], form: Any) -> None:
        for place, text in enumerate(texts):
            self.page.write_string(self.row, place, text, form)
        self.row += 1

    def _table(self, vi: str, en: str, words: Words) -> None:
        self.row += 1
        used = "Điền các cột" if words is EVENT_KINDS else ""
        self._line((vi, en, "JSON", used), self.head)
        first = self.row + 1
        for value, names in words.items():
            self._line((*names, str(value).lower(), _columns_of(value)), self.body)
        self.ranges[id(words)] = f"='{GUIDE_VI}'!$A${first}:$A${self.row}"


def _columns_of(kind: Any) -> str:
    names = {column.key: column.vi for column in SHEETS["events"].columns}
    return ", ".join(names[key] for key in USED.get(kind, ()))
