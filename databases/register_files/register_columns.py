"""Which sheets and columns has the workbook of the register, and what stands in each?"""

from collections.abc import Mapping

from databases.register_files.register_words import ROLES, STAGES, STEPS
from tracking.plan_files.workbook_columns import (
    Column,
    Holds,
    Sheet,
    code_column,
    day_column,
    name_columns,
    named_column,
    word_column,
)
from tracking.plan_files.workbook_words import FLAGS

_CONNECTION = named_column("connection", "Kết nối", "Connection", "connections", needed=True)
_ENTERED = (
    Column("document", "Văn bản", "Document", 22),
    Column("note", "Ghi chú", "Note", 40),
    Column("actor", "Người nhập", "Entered by", 18),
    Column("recorded_at", "Ghi nhận lúc", "Recorded at", 22, Holds.INSTANT),
)


def _needed_day(key: str, vi: str, en: str) -> Column:
    return Column(key, vi, en, 13, Holds.DAY, needed=True)


_COLUMNS: Mapping[str, tuple[str, str, tuple[Column, ...]]] = {
    "counterparts": (
        "Hệ thống đối tác",
        "Counterpart systems",
        (
            code_column(),
            *name_columns(),
            named_column("owner", "Cơ quan chủ quản", "Owner", "partners"),
        ),
    ),
    "databases": (
        "Cơ sở dữ liệu",
        "Databases",
        (
            code_column(),
            *name_columns(),
            named_column("owner", "Đơn vị chủ quản", "Owner", "departments", needed=True),
            Column("operator", "Đơn vị vận hành", "Operated by", 28),
            Column("host", "Nơi đặt hệ thống", "Hosted by", 28),
            Column("security_level", "Cấp độ an toàn", "Security level", 10, Holds.NUMBER),
            word_column("placeholder", "Tên giả định", "Placeholder", FLAGS, 10),
            Column("note", "Ghi chú", "Note", 40),
        ),
    ),
    "connections": (
        "Kết nối",
        "Connections",
        (
            code_column(),
            named_column("database", "Cơ sở dữ liệu", "Database", "databases", needed=True),
            named_column(
                "counterpart", "Hệ thống đối tác", "Counterpart system", "counterparts", needed=True
            ),
            Column("task", "Mã nhiệm vụ", "Task code", 18),
        ),
    ),
    "interfaces": (
        "Giao diện",
        "Interfaces",
        (code_column(), _CONNECTION, *name_columns()),
    ),
    "stages": (
        "Giai đoạn khai báo",
        "Declared stages",
        (
            _CONNECTION,
            Column("stage", "Giai đoạn", "Stage", 26, Holds.WORD, True, STAGES),
            _needed_day("effective_on", "Có hiệu lực từ ngày", "Effective on"),
            *_ENTERED,
        ),
    ),
    "steps": (
        "Bước chính thức",
        "Official steps",
        (
            _CONNECTION,
            Column("step", "Bước", "Step", 32, Holds.WORD, True, STEPS),
            _needed_day("done_on", "Ngày thực hiện", "Done on"),
            day_column("expires_on", "Có giá trị đến hết ngày", "Holds until"),
            *_ENTERED,
        ),
    ),
    "parties": (
        "Các bên chịu trách nhiệm",
        "Parties",
        (
            _CONNECTION,
            Column("role", "Vai trò", "Role", 16, Holds.WORD, True, ROLES),
            named_column("department", "Đơn vị", "Department", "departments"),
            named_column("partner", "Đối tác", "Partner", "partners"),
            _needed_day("valid_from", "Từ ngày", "From"),
            day_column("valid_to", "Đến hết ngày", "Until"),
            Column("document", "Văn bản", "Document", 30),
        ),
    ),
}

SHEETS = {section: Sheet(section, *content) for section, content in _COLUMNS.items()}
