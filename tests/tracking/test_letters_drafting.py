"""What a letter says when it is drafted, and that it says so for ever."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, OperationalError, transaction

from tests.tracking.letter_desk import (
    ANSWER_DUE_ON,
    DAY,
    KINDS,
    NOW,
    department,
    drafted,
    meeting,
    set_up,
    text_of,
)
from tracking.actions.letter_course import issue_letter, record_answer, send_for_signature
from tracking.actions.letters import draft_letter
from tracking.actions.refusals import Refused
from tracking.actions.registration import register
from tracking.models import (
    Department,
    Letter,
    LetterEntry,
    LetterTemplate,
    Meeting,
    Partner,
    ProgressList,
    Task,
)
from tracking.renderers.letter import render

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued() -> ProgressList:
    return set_up()


def refused(**asked: Any) -> str:
    with pytest.raises(Refused) as error:
        draft_letter(**{"now": NOW, "by": "operator", **asked})
    assert not Letter.objects.exists()
    return "\n".join(error.value.sentences)


def sent(letter: Letter, number: str, *, days: int = 0) -> Letter:
    send_for_signature(letter=letter, now=NOW, by="operator")
    day = NOW + days * DAY
    return issue_letter(letter=letter, number=number, dated=day.date(), now=day, by="clerk")


def test_a_letter_to_a_department_cites_the_list_and_what_is_overdue(issued: ProgressList) -> None:
    letter = drafted("to_department", issued, answer_due_on=ANSWER_DUE_ON)
    text = text_of(letter)
    assert "Theo Danh sách tiến độ số 01, Cục Quản lý Dược chủ trì 02 nhiệm vụ" in text
    assert "02 nhiệm vụ đã quá hạn, chậm nhất 17 ngày (12 ngày làm việc)" in text
    rows = [line for line in text.splitlines() if line.count(" | ") == 6]
    assert rows == [
        (
            "1 | T3. Nhiệm vụ T3 | 01/10/2025 | 01 lần | 01/11/2025 | Quá hạn 17\xa0ngày | "
            "Chờ Bộ Nội vụ từ 20/10/2025; gia hạn khi đã quá hạn 5 ngày"
        ),
        "2 | T1. Nhiệm vụ T1 | 10/11/2025 | Không | 10/11/2025 | Quá hạn 8\xa0ngày | ",
    ]
    assert "chậm nhất ngày 25/11/2025" in text
    assert letter.content["addressees"] == ["Cục Quản lý Dược"]
    assert set(letter.tasks.values_list("code", flat=True)) == {"T1", "T3"}
    assert (letter.state, letter.number, letter.dated) == ("drafted", "", None)


def test_a_list_is_cited_by_the_number_of_its_document_too(issued: ProgressList) -> None:
    register(issued, number="12/BC-TTYQG", dated=date(2025, 11, 18), now=NOW, by="clerk")
    said = text_of(drafted("to_department", ProgressList.objects.get()))
    assert "số 01 (văn bản số 12/BC-TTYQG ngày 18/11/2025)" in said


def test_a_second_click_drafts_no_second_letter(issued: ProgressList) -> None:
    asked: Any = {"kind": "to_department", "by": "operator", "department": department("QLD")}
    first = draft_letter(**asked, progress_list=issued, now=NOW)
    second = draft_letter(**asked, progress_list=issued, now=NOW + timedelta(seconds=20))
    later = draft_letter(**asked, progress_list=issued, now=NOW + timedelta(minutes=5))
    assert second == first
    assert later != first


def test_without_a_list_it_says_how_things_stand_today(issued: ProgressList) -> None:
    letter = drafted("to_department", issued, progress_list=None, now=NOW + 2 * DAY)
    assert "tính đến hết ngày 20/11/2025" in text_of(letter)
    assert "Quá hạn 19\xa0ngày" in text_of(letter)
    assert letter.progress_list is None


def test_who_has_nothing_overdue_is_written_to_about_what_is_open(issued: ProgressList) -> None:
    text = text_of(drafted("to_department", issued, department=department("KCB")))
    assert "01 nhiệm vụ chưa hoàn thành" in text
    assert "đã quá hạn" not in text
    assert "Trong hạn" in text


def test_chosen_tasks_are_those_it_names(issued: ProgressList) -> None:
    chosen = [Task.objects.get(code="T2")]
    letter = drafted("to_department", issued, tasks=chosen)
    assert "T2. Nhiệm vụ T2" in text_of(letter)
    assert "T1. " not in text_of(letter)


def test_a_line_without_an_answer_asked_for_is_left_out(issued: ProgressList) -> None:
    assert "Văn bản trả lời" not in text_of(drafted("to_department", issued))


def test_earlier_letters_on_the_same_tasks_are_cited_with_their_answers(
    issued: ProgressList,
) -> None:
    first = drafted("to_department", issued, answer_due_on=ANSWER_DUE_ON)
    drafted("to_department", issued)  # never issued: nothing to cite
    sent(first, "31/TTYQG-DA")
    sent(drafted("to_department", issued, tasks=[Task.objects.get(code="T2")]), "32/TTYQG-DA")
    second = drafted("to_department", issued, now=NOW + DAY)
    cited = "trước đây đã có văn bản số 31/TTYQG-DA ngày 18/11/2025 (chưa có trả lời)."
    assert cited in text_of(second)
    record_answer(letter=first, answered_on=NOW.date(), now=NOW + DAY, by="clerk")
    third = text_of(drafted("to_department", issued, now=NOW + DAY))
    assert "(đã trả lời ngày 18/11/2025)" in third


def test_advice_tells_what_waits_for_the_partner_and_since_when(issued: ProgressList) -> None:
    letter = drafted("advice", issued)
    text = text_of(letter)
    assert "01 nhiệm vụ do Cục Quản lý Dược chủ trì cần Bộ Nội vụ" in text
    assert "dài nhất đến nay là 29 ngày (nhiệm vụ T3, từ ngày 20/10/2025)" in text
    assert "20/10/2025 (29\xa0ngày) | chờ bàn giao" in text
    assert letter.content["title"] == "TỜ TRÌNH"


def test_advice_may_be_about_tasks_that_declare_no_wait(issued: ProgressList) -> None:
    text = text_of(drafted("advice", issued, tasks=[Task.objects.get(code="T1")]))
    assert "T1. Nhiệm vụ T1 | Cục Quản lý Dược | 10/11/2025 | Chưa ghi nhận" in text
    assert "Thời gian chờ dài nhất" not in text


def test_the_cover_report_says_what_the_list_says(issued: ProgressList) -> None:
    letter = drafted("cover_report", issued)
    marked = [p for p in letter.content["passages"] if p.get("name")]
    assert [(p["name"], p["mark"]) for p in marked] == [
        ("Cục Quản lý Dược", " - QUÁ HẠN: 2 nhiệm vụ, chậm nhất 17 ngày (12 ngày làm việc).")
    ]
    assert "chỉ đạo 01 đơn vị" in text_of(letter)
    assert letter.content["annexed"] == {"number": 1, "sha256": issued.sha256}


def test_an_invitation_says_when_where_and_who_speaks(issued: ProgressList) -> None:
    letter = drafted("invitation", issued)
    text = text_of(letter)
    assert "Thời gian: 08 giờ 30, thứ Sáu, ngày 05 tháng 12 năm 2025." in text
    assert "Địa điểm: Phòng họp tầng 2." in text
    assert "1. Cục Quản lý Dược: báo cáo về các nhiệm vụ T1, T3." in text
    assert "2. Văn phòng Bộ." in text
    assert letter.progress_list == issued


def test_a_notice_tells_the_conclusions_in_general_first(issued: ProgressList) -> None:
    lines = text_of(drafted("conclusions", issued)).splitlines()
    first = lines.index("1. Kết luận chung")
    assert lines[first : first + 5] == [
        "1. Kết luận chung",
        "- Không để phát sinh nhiệm vụ quá hạn mới.",
        "2. Đối với Cục Quản lý Dược",
        "- Trình phương án xử lý (nhiệm vụ T2, Cục Quản lý Dược chủ trì, thời hạn: 31/12/2025).",
        "- Không gia hạn thêm (nhiệm vụ T3).",
    ]


def test_a_letter_says_which_of_its_tasks_are_classified(issued: ProgressList) -> None:
    letter = drafted("to_department", issued, department=department("KCB"))
    assert letter.content["classified"] == ["K1"]
    assert "K1. Nhiệm vụ K1 (nhiệm vụ mật)" in text_of(letter)
    assert drafted("cover_report", issued).content["classified"] == ["K1"]
    assert drafted("to_department", issued).content["classified"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_is_changed_later_changes_a_letter(issued: ProgressList, kind: str) -> None:
    letter = drafted(kind, issued)
    content = issued.as_content() if letter.content["annexed"] else None
    before = render(letter.content, format="docx", annexed=content)
    Department.objects.filter(code="QLD").update(name_vi="Cục khác")
    Task.objects.update(name_vi="Việc khác", classified=True)
    Meeting.objects.update(title="Họp khác", place="")
    LetterTemplate.objects.create(kind=kind, subject="Khác", body="Khác", position="KHÁC")
    letter.refresh_from_db()
    assert render(letter.content, format="docx", annexed=content) == before


def test_what_cannot_be_written_about_is_refused_with_a_sentence(issued: ProgressList) -> None:
    here = {"kind": "to_department", "progress_list": issued}
    assert "is missing: choose one" in refused(**here)
    assert "has no task that is not completed in List 01" in refused(
        **here, department=department("VPB")
    )
    strange = refused(**here, department=department(), tasks=[Task.objects.get(code="K1")])
    assert "K1 does not stand under" in strange
    past = refused(**here, department=department(), answer_due_on=NOW.date() - timedelta(days=1))
    assert "a day that is past" in past
    nobody = Partner.objects.create(code="VPCP", name_vi="Văn phòng Chính phủ")
    waits = refused(kind="advice", progress_list=issued, partner=nobody)
    assert waits.startswith("no task waits for Văn phòng Chính phủ")
    assert "the kinds are to_department" in refused(kind="poem")


def test_a_meeting_without_agenda_or_conclusions_gives_no_letter(issued: ProgressList) -> None:
    empty = Meeting.objects.create(title="Họp", held_at=NOW)
    assert "the agenda is empty" in refused(kind="invitation", meeting=empty)
    assert "nothing was concluded yet" in refused(kind="conclusions", meeting=empty)
    called_off = meeting(issued)
    called_off.state = Meeting.State.CANCELLED
    called_off.save()
    assert "cancelled" in refused(kind="invitation", meeting=called_off)


def test_the_words_of_the_administrators_are_used_and_unsound_ones_refused(
    issued: ProgressList,
) -> None:
    row = LetterTemplate.objects.create(
        kind="to_department",
        subject="nhắc {department}",
        addressee="{department}; Văn phòng Bộ",
        body="Gửi {department}:\n{tasks}\nHết.",
        recipients="- Như trên;",
        position="KT. GIÁM ĐỐC",
    )
    letter = drafted("to_department", issued)
    assert letter.subject == "nhắc Cục Quản lý Dược"
    assert letter.content["addressees"] == ["Cục Quản lý Dược", "Văn phòng Bộ"]
    assert letter.content["passages"][-1]["text"] == "Hết./."
    row.body = "Gửi {nobody}"
    row.save()
    with pytest.raises(Refused, match=r"text, line 1: there is no field \{nobody\}"):
        drafted("to_department", issued)


def test_entries_of_letters_are_never_changed(issued: ProgressList) -> None:
    drafted("to_department", issued)
    for change in (lambda: LetterEntry.objects.update(text="x"), LetterEntry.objects.all().delete):
        with (
            pytest.raises((IntegrityError, InternalError, OperationalError)),
            transaction.atomic(),
        ):
            change()
