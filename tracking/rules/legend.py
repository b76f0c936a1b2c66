"""What do the words and marks of a list mean? Printed in every list, both languages."""

from typing import Any

_LEGEND: dict[str, tuple[str, str]] = {
    "mark": (
        (
            "Đơn vị in đậm, gạch chân và ghi QUÁ HẠN hoặc CHƯA HOÀN THÀNH là đơn vị chủ trì ít "
            "nhất một nhiệm vụ bắt buộc nêu tại phần lý do."
        ),
        (
            "A department in bold and underlined, with the word OVERDUE or NOT COMPLETED, leads at "
            "least one required task that is given under it as a reason."
        ),
    ),
    "optional": (
        (
            "Nhiệm vụ không bắt buộc được tính vào các con số nhưng không bao giờ làm đơn vị bị "
            "đánh dấu; đối tác ngoài Bộ chỉ được nêu là bên đang chờ."
        ),
        (
            "Optional tasks are counted but never mark a department; partners outside the ministry "
            "appear only as waited for."
        ),
    ),
    "overdue": (
        (
            "Quá hạn: chưa hoàn thành và đã sang ngày sau ngày cuối cùng còn trong hạn; nhiệm vụ "
            "đến hạn hôm nay chưa phải là quá hạn."
        ),
        (
            "Overdue: not completed once the day after the last day in time has begun; a task due "
            "today is not overdue today."
        ),
    ),
    "completion": (
        "Ngày hoàn thành là ngày đơn vị nộp sản phẩm đã được chấp nhận, không phải ngày xác nhận.",
        "The completion date is that of the accepted submission, never that of its acceptance.",
    ),
    "extension": (
        "Gia hạn không xóa việc đã quá hạn: số lần quá hạn được giữ mãi.",
        "Moving a deadline never hides lateness: breaches are kept for ever.",
    ),
    "pending": (
        "Nộp trong hạn và đang chờ xác nhận thì không tính là quá hạn.",
        "A submission made in time that awaits verification is not overdue.",
    ),
    "rates": (
        "Tỷ lệ tính trên số nhiệm vụ đã đến hạn; nhiệm vụ không thời hạn và tạm dừng để riêng.",
        (
            "Rates are counted over the tasks that are due; tasks without a deadline and suspended "
            "ones stand apart."
        ),
    ),
    "working_days": (
        "Ngày làm việc tính theo lịch làm việc có phiên bản ghi trong danh sách.",
        "Working days follow the working calendar whose version is stated in the list.",
    ),
}


def legend() -> list[dict[str, Any]]:
    """[{"code", "text": {"vi", "en"}}], in the order of printing."""
    return [{"code": code, "text": {"vi": vi, "en": en}} for code, (vi, en) in _LEGEND.items()]
