"""The layout of register files: what the first sheet says, and what the file holds."""

from django.utils.translation import gettext_lazy as _

from databases.register_files.register_columns import SHEETS
from databases.register_files.register_words import ROLES, STAGES, STEPS
from tracking.plan_files.guide_lines import FILLING, REFUSALS
from tracking.plan_files.layout import GuideText, Layout, WordTable
from tracking.plan_files.workbook_words import FLAGS

_LINES = (
    *FILLING,
    (
        "Đơn vị, đối tác, văn bản, nhiệm vụ phải có sẵn trên cổng: ghi mã, hoặc số và ký hiệu.",
        "Departments, partners, documents, tasks must be in the portal: give code or number.",
    ),
    *REFUSALS,
    (
        "Dòng đã xóa khỏi tệp vẫn còn trên cổng.",
        "A row that is deleted from the file stays in the portal.",
    ),
    (
        "Mã đã lưu là cố định; các đầu của một kết nối, kết nối của một giao diện cũng vậy.",
        "Saved codes are fixed; so are the ends of a connection, the connection of an interface.",
    ),
    (
        "Giai đoạn và bước đã có trên cổng được bỏ qua: tệp không sửa, không xóa được.",
        "Stages and steps that the portal knows are passed over: no file changes or deletes them.",
    ),
    (
        "Muốn đính chính thì thêm dòng mới, để trống “Người nhập” và “Ghi nhận lúc”.",
        "To correct one, add a row; leave “Entered by” and “Recorded at” empty.",
    ),
    (
        "“Có giá trị đến hết ngày” chỉ dùng, và bắt buộc, cho biên bản an toàn thông tin.",
        "“Holds until” is for security minutes only, and needed there.",
    ),
    (
        "Mỗi vai trò của một kết nối mỗi ngày chỉ có một bên: ghi ngày kết thúc của bên trước.",
        "In each role of a connection there is one party a day: end the one before.",
    ),
)

REGISTER = Layout(
    format="database-register/1",
    what=_("register"),
    split=_("check that it is the right file, or split it by database"),
    sheets=SHEETS,
    guide=GuideText(
        title=("Hướng dẫn điền sổ cơ sở dữ liệu", "How to fill this workbook in"),
        lines=_LINES,
        tables=(
            WordTable("Giai đoạn khai báo", "Declared stages", STAGES),
            WordTable("Bước chính thức", "Official steps", STEPS),
            WordTable("Vai trò", "Roles", ROLES),
            WordTable("Có hoặc không", "Yes or no", FLAGS),
        ),
    ),
)
