"""What does a letter say beside the words of its template? In Vietnamese: letters are official."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

BLANK = " " * 6  # number and day belong to the records clerk
STAMP = "DỰ THẢO"
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of document: what stands after the number, its title on the page ("" for an official
    letter, whose subject stands under the number), and what an annex calls it."""

    symbol: str
    title: str
    named: str


FORMS: Mapping[str, Form] = {
    "to_department": Form(f"/TTYQG-{BLANK}", "", "Công văn"),
    "advice": Form("/TTr-TTYQG", "TỜ TRÌNH", "Tờ trình"),
    "cover_report": Form("/BC-TTYQG", "BÁO CÁO", "Báo cáo"),
    "invitation": Form("/GM-TTYQG", "GIẤY MỜI", "Giấy mời"),
    "conclusions": Form("/TB-TTYQG", "THÔNG BÁO", "Thông báo"),
}

TASK_COLUMNS = (
    "TT", "Nhiệm vụ", "Thời hạn ban đầu", "Gia hạn", "Thời hạn hiện tại", "Tình trạng", "Ghi chú",
)  # fmt: skip
WAIT_COLUMNS = ("TT", "Nhiệm vụ", "Đơn vị chủ trì", "Thời hạn", "Chờ từ ngày", "Nội dung chờ")
TASK_ANNEX = "Danh sách nhiệm vụ chưa hoàn thành"
WAIT_ANNEX = "Danh sách nhiệm vụ cần phối hợp"
SEE_ANNEX = "(Danh sách {count} nhiệm vụ tại Phụ lục kèm theo.)"
ANNEX_LABEL = "Phụ lục"

NOT_EXTENDED = "Không"
EXTENDED = "{count:02d} lần"
OVERDUE = "Quá hạn {days}\u00a0ngày"
WITHIN = "Trong hạn"
CLASSIFIED = "nhiệm vụ mật"
NO_DATE = "Chưa có thời hạn"
WAITED = "{since} ({days}\u00a0ngày)"
LONGEST = "{days} ngày (nhiệm vụ {code}, từ ngày {since})"
NO_WAIT = "Chưa ghi nhận"

REFERENCE = "Danh sách tiến độ số {number}"
REGISTERED = "{reference} (văn bản số {symbol} ngày {day})"
FROM_PORTAL = "kết quả theo dõi trên Cổng theo dõi tiến độ"
EARLIER = "văn bản số {number} ngày {day} ({answer})"
ANSWERED = "đã trả lời ngày {day}"
UNANSWERED = "chưa có trả lời"
NO_ANSWER_ASKED = "không yêu cầu trả lời"

SPEAKS_ON = "{place}. {name}: báo cáo về các nhiệm vụ {codes}."
SPEAKS = "{place}. {name}."
INVITED = "- {name};"
NOBODY_SPEAKS = "Các đơn vị phát biểu theo đề nghị của chủ trì cuộc họp."
HELD_AT = "{hour} giờ {minute}, {weekday}, ngày {day} tháng {month} năm {year}"
HELD_AT_FULL_HOUR = "{hour} giờ, {weekday}, ngày {day} tháng {month} năm {year}"

IN_GENERAL = "Kết luận chung"
OF_DEPARTMENT = "Đối với {name}"
NEW_TASK = "{text} (nhiệm vụ {code}, {lead} chủ trì, thời hạn: {due})"
DECIDED = "{text} (nhiệm vụ {code})"


def number_line(form: Form) -> str:
    return f"Số:{BLANK}{form.symbol}"


def month_text(month: int) -> str:
    """Months 1 and 2 carry a zero, the others do not (Decree 30)."""
    return f"{month:02d}" if month < 3 else str(month)


def dated(day: date) -> str:
    """ "ngày 05 tháng 01 năm 2026"."""
    return f"ngày {day:%d} tháng {month_text(day.month)} năm {day.year}"
