"""What the first sheet of every workbook says, in Vietnamese and English."""

FILLING = (
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
)

REFUSALS = (
    (
        "Không dùng công thức, gộp ô, liên kết tệp khác hoặc macro: tệp sẽ bị từ chối.",
        "No formulas, merged cells, links to other files or macros: the file would be refused.",
    ),
    (
        "Tệp được nhận toàn bộ hoặc không nhận gì; mọi lỗi được nêu một lần, kèm tên ô.",
        "The file is taken in whole or not at all; every fault is told at once, with its cell.",
    ),
)
