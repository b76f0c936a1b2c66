"""Which Vietnamese and English words stand in the workbook for the values of the plan file?"""

from collections.abc import Mapping
from typing import Any

from tracking.rules.deadline import Reading
from tracking.rules.events import Kind

# Value of the plan file -> (Vietnamese, English).
Words = Mapping[Any, tuple[str, str]]

FLAGS: Words = {True: ("Có", "Yes"), False: ("Không", "No")}

READINGS: Words = {
    str(Reading.BY): ("đến hết ngày", "by"),
    str(Reading.BEFORE): ("trước ngày", "before"),
}

CAUSES: Words = {
    "verifier": ("Người xác nhận", "Verifier"),
    "regression": ("Kết quả không còn", "Regression"),
}

PARTNER_KINDS: Words = {
    "ministry": ("Bộ, cơ quan ngang Bộ", "Ministry"),
    "agency": ("Cơ quan khác", "Agency"),
    "hospital": ("Bệnh viện", "Hospital"),
    "province": ("Tỉnh, thành phố", "Province"),
    "other": ("Khác", "Other"),
}

CALENDAR_KINDS: Words = {
    "holiday": ("Nghỉ lễ, tết", "Public holiday"),
    "in_lieu": ("Nghỉ bù", "In lieu"),
    "swapped_off": ("Nghỉ hoán đổi", "Swapped: off"),
    "swapped_working": ("Làm bù", "Swapped: worked"),
    "other": ("Khác", "Other"),
}

EVENT_KINDS: Words = {
    str(Kind.ASSIGNED): ("Giao nhiệm vụ", "Assigned"),
    str(Kind.DEADLINE_SET): ("Ấn định thời hạn", "Deadline set"),
    str(Kind.EXTENSION_REQUESTED): ("Đề nghị gia hạn", "Extension requested"),
    str(Kind.EXTENSION_GRANTED): ("Quyết định thời hạn mới", "Extension granted"),
    str(Kind.EXTENSION_REFUSED): ("Không đồng ý gia hạn", "Extension refused"),
    str(Kind.PROGRESS_REPORTED): ("Báo cáo tiến độ", "Progress reported"),
    str(Kind.SUBMITTED): ("Nộp kết quả", "Submitted"),
    str(Kind.RETURNED): ("Trả lại kết quả", "Returned"),
    str(Kind.ACCEPTED): ("Xác nhận hoàn thành", "Accepted"),
    str(Kind.REOPENED): ("Mở lại", "Reopened"),
    str(Kind.PAUSED): ("Tạm dừng", "Paused"),
    str(Kind.RESUMED): ("Tiếp tục", "Resumed"),
    str(Kind.BLOCKED): ("Chờ cơ quan khác", "Blocked"),
    str(Kind.UNBLOCKED): ("Hết chờ", "Unblocked"),
    str(Kind.REASSIGNED): ("Chuyển đơn vị chủ trì", "Reassigned"),
    str(Kind.REQUIREMENT_CHANGED): ("Đổi tính bắt buộc", "Requirement changed"),
    str(Kind.CANCELLED): ("Hủy nhiệm vụ", "Cancelled"),
    str(Kind.EVIDENCE_RECORDED): ("Ghi nhận minh chứng", "Evidence recorded"),
}
