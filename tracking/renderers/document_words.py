"""What does an official document say beyond the list it carries, in Vietnamese and in English?

Blanks are six spaces wide: number and day belong to the records clerk, the signature to the signer.
"""

DOCUMENT_WORDS: dict[str, tuple[str, str]] = {
    "country": ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SOCIALIST REPUBLIC OF VIET NAM"),
    "motto": ("Độc lập - Tự do - Hạnh phúc", "Independence - Freedom - Happiness"),
    "governing": ("BỘ Y TẾ", "MINISTRY OF HEALTH"),
    "agency": ("TRUNG TÂM THÔNG TIN Y TẾ QUỐC GIA", "NATIONAL HEALTH INFORMATION CENTRE"),
    "agency_name": (
        "Trung tâm Thông tin y tế Quốc gia",
        "National Health Information Centre",
    ),
    "number": ("Số:      /BC-TTYQG", "No.:      /BC-TTYQG"),
    "place_date": (
        "Hà Nội, ngày      tháng      năm      ",
        "Hà Nội, day      month      year      ",
    ),
    "translation": (
        "",
        "Courtesy translation. The official text is the Vietnamese one.",
    ),
    "kind": ("BÁO CÁO", "REPORT"),
    "subject": (
        "Về tiến độ thực hiện nhiệm vụ, tính đến hết ngày {day}",
        "On the progress of assigned tasks, as of the end of {day}",
    ),
    "addressee": ("Kính gửi: Bộ trưởng Bộ Y tế", "To: the Minister of Health"),
    "opening": (
        (
            "{agency} kính báo cáo Bộ trưởng tiến độ thực hiện các nhiệm vụ được giao, "
            "tính đến hết ngày {day}, như sau:"
        ),
        (
            "The {agency} respectfully reports to the Minister the progress of the assigned "
            "tasks as of the end of {day}, as follows:"
        ),
    ),
    "scope_heading": ("PHẠM VI VÀ THỜI ĐIỂM SỐ LIỆU", "SCOPE AND DATE OF THE DATA"),
    "totals_heading": ("KẾT QUẢ CHUNG", "OVERALL RESULT"),
    "marked_heading": ("ĐƠN VỊ ĐƯỢC ĐÁNH DẤU", "DEPARTMENTS MARKED"),
    "movements_heading": ("THAY ĐỔI SO VỚI DANH SÁCH TRƯỚC", "CHANGES SINCE THE LIST BEFORE"),
    "marked_intro": (
        (
            "Tên các đơn vị dưới đây được in đậm, gạch chân theo chỉ đạo, "
            "kèm số nhiệm vụ, mức độ chậm và lý do:"
        ),
        (
            "The names of the following departments are in bold and underlined as directed, "
            "with the number of tasks, how late they are and the reasons:"
        ),
    ),
    "nothing_marked": (
        "Không có đơn vị nào thuộc diện đánh dấu.",
        "No department is marked.",
    ),
    "closing": (
        (
            "Danh sách chi tiết tại {annexes} kèm theo. "
            "{agency} kính báo cáo Bộ trưởng xem xét, chỉ đạo./."
        ),
        (
            "The details are in {annexes} attached. The {agency} respectfully submits this "
            "report to the Minister for consideration and direction./."
        ),
    ),
    "annex_only": ("Phụ lục", "Annex"),
    "annexes_one": ("Phụ lục", "the Annex"),
    "annexes_range": ("các Phụ lục từ {first} đến {last}", "Annexes {first} to {last}"),
    "annex_reference": (
        "(Kèm theo Báo cáo số      /BC-TTYQG ngày      tháng      năm      của {agency})",
        "(Attached to Report No.      /BC-TTYQG of day      month      year      of the {agency})",
    ),
    "abridged": (
        (
            "Danh sách có {tasks} nhiệm vụ; phụ lục của bản PDF này chỉ in {kept} nhiệm vụ là "
            "lý do đánh dấu. {left_out} nhiệm vụ còn lại chỉ có trong số tổng hợp; danh sách "
            "đầy đủ có ở bản Word và Excel."
        ),
        (
            "The list holds {tasks} tasks; the annex of this PDF prints only the {kept} tasks "
            "that are reasons of a mark. The other {left_out} tasks are in the totals only; the "
            "full list is in the Word and Excel versions."
        ),
    ),
    "recipients": ("Nơi nhận:", "Recipients:"),
    "recipient_lines": (
        "- Như trên;\n- Các đơn vị có tên trong danh sách;\n- Lưu: VT.",
        "- As above;\n- The departments in the list;\n- Archived: VT.",
    ),
    "position": ("GIÁM ĐỐC", "DIRECTOR"),
}


def document_word(key: str, language: str) -> str:
    """One label of a document; KeyError for an unknown key."""
    return DOCUMENT_WORDS[key][language == "en"]
