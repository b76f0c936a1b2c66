"""A meeting is planned, prepared from a list, put in order, noted down, closed."""

from datetime import date, timedelta

import pytest

from tests.tracking.department_work import NOW, take_in_work
from tests.tracking.meeting_rows import (
    HELD,
    codes,
    department,
    item_of,
    items,
    later,
    listed,
    numbered,
    planned,
    prepared,
)
from tracking.actions.ledger import record
from tracking.actions.meeting_agenda import add_department, move, prepare, remove_department
from tracking.actions.meeting_conclusions import conclude_noted
from tracking.actions.meeting_notes import OffTheAgenda, Overtaken, has_not_spoken, save_notes
from tracking.actions.meetings import (
    cancel_meeting,
    change_meeting,
    close_meeting,
    number_notice,
    plan_meeting,
)
from tracking.actions.refusals import Refused
from tracking.actions.replies import give_remark
from tracking.models import Document, Meeting, MeetingItem, Task
from tracking.rules.agenda import merged, order_of, plain
from tracking.rules.events import Kind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def work() -> None:
    take_in_work()


def completed(code: str) -> None:
    """Handed in and accepted after the first list."""
    said = {"note": "trình", "product": "báo cáo"}
    for kind, by, payload in ((Kind.SUBMITTED, "an", said), (Kind.ACCEPTED, "binh", {})):
        record(
            task=Task.objects.get(code=code),
            kind=kind,
            effective_at=later(),
            recorded_at=later(),
            by=by,
            payload=payload,
        )


# The agenda


def test_those_who_stay_keep_their_order_and_new_ones_come_where_the_list_has_them() -> None:
    assert order_of([], ["A", "B"]) == ["A", "B"]
    assert order_of(["C", "A"], ["A", "B", "C"]) == ["C", "A", "B"]
    assert order_of(["B", "X"], ["A", "B", "C"]) == ["A", "B", "C", "X"]
    assert order_of(["X"], []) == ["X"]


def test_the_agenda_holds_the_marked_departments_in_the_order_of_the_list() -> None:
    meeting = prepared()
    assert codes(meeting) == ["QLD", "KCB"]
    assert numbered(meeting) == [1, 2]
    assert [item.reasons for item in items(meeting)] == [["Q1"], ["O1"]]
    assert meeting.progress_list is not None
    assert meeting.progress_list.number == 1


def test_the_right_of_reply_comes_with_the_list() -> None:
    give_remark(department=department("QLD"), tasks=["Q1"], text="đang chờ", now=NOW, by="binh")
    meeting = planned()
    prepare(meeting=meeting, issued=listed(known_at=NOW + timedelta(minutes=1)))
    assert item_of(meeting, "QLD").remark == "Ngày 18/11/2025, về Q1: “đang chờ”"
    assert item_of(meeting, "KCB").remark == ""


def test_preparing_again_keeps_notes_and_order_and_takes_off_whoever_is_marked_no_longer() -> None:
    meeting = prepared()
    assert move(item=item_of(meeting, "KCB"), seen=2, up=True)
    save_notes(meeting=meeting, item=item_of(meeting, "KCB").pk, seen="", text="chờ giải trình")
    add_department(meeting=meeting, department=department("VPB"), why="phối hợp")
    completed("Q1")
    found = prepare(meeting=meeting, issued=listed("2025-11-26"))
    assert (found.whole, found.fresh, found.gone) == (2, 0, 1)
    assert codes(meeting) == ["KCB", "VPB"]
    assert numbered(meeting) == [1, 2]
    kcb = item_of(meeting, "KCB")
    assert (kcb.notes, kcb.reasons) == ("chờ giải trình", ["K1", "K2", "O1"])


def test_a_department_of_which_something_is_written_stays_when_it_is_marked_no_longer() -> None:
    meeting = prepared()
    save_notes(meeting=meeting, item=item_of(meeting, "QLD").pk, seen="", text="đã hứa")
    completed("Q1")
    prepare(meeting=meeting, issued=listed("2025-11-26"))
    qld = item_of(meeting, "QLD")
    assert (qld.notes, qld.reasons, qld.remark) == ("đã hứa", [], "")


def test_a_list_that_somebody_broke_prepares_nothing() -> None:
    meeting, issued = planned(), listed()
    issued.content = "{"
    with pytest.raises(Refused, match="List 01 cannot be read"):
        prepare(meeting=meeting, issued=issued)
    assert not MeetingItem.objects.exists()


def test_departments_are_added_and_removed_by_hand() -> None:
    meeting = prepared()
    item = add_department(meeting=meeting, department=department("VPB"), why="mâu thuẫn số liệu")
    assert (item.place, item.notes, item.reasons) == (3, "mâu thuẫn số liệu", [])
    again = add_department(meeting=meeting, department=department("VPB"), why="mâu thuẫn số liệu")
    assert (again.pk, again.notes) == (item.pk, item.notes)
    with pytest.raises(Refused, match="it stays on the agenda"):
        remove_department(item=item)
    remove_department(item=item_of(meeting, "QLD"))
    assert codes(meeting) == ["KCB", "VPB"]
    assert numbered(meeting) == [1, 2]


def test_a_second_click_moves_nothing_further() -> None:
    meeting = prepared()
    add_department(meeting=meeting, department=department("VPB"))
    vpb = item_of(meeting, "VPB")
    assert move(item=vpb, seen=3, up=True)
    assert not move(item=vpb, seen=3, up=True)
    assert codes(meeting) == ["QLD", "VPB", "KCB"]
    assert not move(item=item_of(meeting, "QLD"), seen=1, up=True)
    assert move(item=item_of(meeting, "QLD"), seen=1, up=False)
    assert codes(meeting) == ["VPB", "QLD", "KCB"]


# Notes


def test_notes_of_two_people_lose_no_line() -> None:
    assert merged("a", "a\nb", "a\nc") == "a\nb\nc"
    assert merged("a", "b", "a") == "b"
    assert merged("", "b", "b") == "b"
    assert plain("a\x00\r\nb\rc \n\n") == "a\nb\nc"


def test_the_second_of_two_writers_is_told_and_nothing_is_lost() -> None:
    meeting = prepared()
    item = item_of(meeting, "QLD")
    save_notes(meeting=meeting, item=item.pk, seen="", text="một")
    with pytest.raises(Overtaken, match="Somebody else has changed") as told:
        save_notes(meeting=meeting, item=item.pk, seen="", text="hai", spoken=True)
    assert (told.value.stored, told.value.both) == ("một", "một\nhai")
    item.refresh_from_db()
    assert (item.notes, item.spoken) == ("một", False)
    save_notes(meeting=meeting, item=item.pk, seen=told.value.stored, text=told.value.both)
    item.refresh_from_db()
    assert item.notes == "một\nhai"


def test_the_same_notes_twice_and_other_line_ends_are_no_conflict() -> None:
    meeting = prepared()
    item = item_of(meeting, "QLD")
    for seen in ("", "", "một\r\nhai"):
        save_notes(meeting=meeting, item=item.pk, seen=seen, text="một\r\nhai\r\n", spoken=True)
    item.refresh_from_db()
    assert (item.notes, item.spoken) == ("một\nhai", True)


def test_saving_notes_never_takes_back_that_a_department_has_spoken() -> None:
    meeting = prepared()
    item = item_of(meeting, "QLD")
    save_notes(meeting=meeting, item=item.pk, seen="", text="", spoken=True)
    save_notes(meeting=meeting, item=item.pk, seen="", text="thêm")
    item.refresh_from_db()
    assert item.spoken
    has_not_spoken(meeting=meeting, item=item.pk)
    item.refresh_from_db()
    assert not item.spoken


def test_notes_that_are_too_long_or_of_nobody_are_refused() -> None:
    meeting = prepared()
    item = item_of(meeting, "QLD")
    with pytest.raises(Refused, match="20001 characters"):
        save_notes(meeting=meeting, item=item.pk, seen="", text="a" * 20_001)
    remove_department(item=item)
    with pytest.raises(OffTheAgenda):
        save_notes(meeting=meeting, item=item.pk, seen="", text="a")


# Planning and the end


def test_a_meeting_planned_twice_is_planned_once() -> None:
    assert planned() == planned()
    assert planned(title="Họp khác") != planned()
    with pytest.raises(Refused, match="no title"):
        plan_meeting(title="  ", held_at=HELD)


def test_the_day_stays_once_something_is_concluded() -> None:
    meeting = prepared()
    change_meeting(meeting=meeting, title="Tên mới", held_at=HELD + timedelta(hours=1))
    conclude_noted(meeting=meeting, item=None, text="chung", now=later(), by="an")
    with pytest.raises(Refused, match="the day stays"):
        change_meeting(meeting=meeting, title="Tên mới", held_at=HELD + timedelta(days=1))
    meeting.refresh_from_db()
    assert (meeting.title, meeting.held_on) == ("Tên mới", date(2025, 11, 18))


def test_a_cancelled_meeting_keeps_its_reason_and_takes_nothing_more() -> None:
    meeting = prepared()
    with pytest.raises(Refused, match="the text is empty"):
        cancel_meeting(meeting=meeting, reason=" ", now=NOW, by="an")
    for _twice in range(2):
        meeting = cancel_meeting(meeting=meeting, reason="lùi sang tuần sau", now=NOW, by="an")
    assert meeting.cancelled is not None
    assert (meeting.cancelled.text, meeting.cancelled.actor) == ("lùi sang tuần sau", "an")
    assert meeting.conclusions.count() == 1
    with pytest.raises(Refused, match="cancelled"):
        prepare(meeting=meeting, issued=listed("2025-11-26"))
    with pytest.raises(Refused, match="no notice to number"):
        number_notice(meeting=meeting, number="1", dated=date(2025, 11, 18), now=HELD)


def test_what_has_concluded_something_is_not_cancelled() -> None:
    meeting = prepared()
    conclude_noted(meeting=meeting, item=None, text="chung", now=later(), by="an")
    with pytest.raises(Refused, match="close it instead"):
        cancel_meeting(meeting=meeting, reason="x", now=NOW, by="an")
    assert Meeting.objects.get().open


def test_closed_is_final() -> None:
    meeting = prepared()
    item = item_of(meeting, "QLD")
    for _twice in range(2):
        meeting = close_meeting(meeting=meeting, now=later(), by="qld")
    assert meeting.document is not None
    assert meeting.document.number == "Kết luận họp 18/11/2025"
    assert (meeting.closed_by, meeting.closed_at) == ("qld", later())
    refused = (
        lambda: save_notes(meeting=meeting, item=item.pk, seen="", text="a"),
        lambda: add_department(meeting=meeting, department=department("VPB")),
        lambda: move(item=item, seen=1, up=False),
        lambda: remove_department(item=item),
        lambda: prepare(meeting=meeting, issued=listed("2025-11-26")),
        lambda: change_meeting(meeting=meeting, title="x", held_at=HELD),
        lambda: cancel_meeting(meeting=meeting, reason="x", now=NOW, by="an"),
        lambda: conclude_noted(meeting=meeting, item=item, text="x", now=later(), by="an"),
    )
    for write in refused:
        with pytest.raises(Refused, match="closed, which is final"):
            write()


def test_nothing_is_closed_or_concluded_before_the_day() -> None:
    meeting = prepared(HELD + timedelta(days=1))
    with pytest.raises(Refused, match="planned for 19/11/2025"):
        close_meeting(meeting=meeting, now=HELD, by="qld")
    with pytest.raises(Refused, match="planned for 19/11/2025"):
        conclude_noted(meeting=meeting, item=None, text="x", now=HELD, by="an")


def test_two_meetings_of_one_day_have_two_notices() -> None:
    first = close_meeting(meeting=planned(), now=later(), by="qld")
    second = close_meeting(meeting=planned(title="Họp khác"), now=later(), by="qld")
    assert first.document
    assert second.document
    assert second.document.number == f"{first.document.number} (2)"


def test_the_number_of_the_records_office_takes_the_place_of_the_provisional_one() -> None:
    meeting = close_meeting(meeting=planned(), now=later(), by="qld")
    Document.objects.create(number="12/TB-BYT", name_vi="Khác")
    for number, dated, told in (
        (" ", date(2025, 11, 18), "number is empty"),
        ("1/TB-BYT", date(2025, 11, 19), "in the future"),
        ("1/TB-BYT", date(2025, 11, 17), "before the meeting"),
        ("12/TB-BYT", date(2025, 11, 18), "number of another document"),
    ):
        with pytest.raises(Refused, match=told):
            number_notice(meeting=meeting, number=number, dated=dated, now=HELD)
    for number in ("99/TB-BYT", "100/TB-BYT"):
        number_notice(meeting=meeting, number=number, dated=date(2025, 11, 18), now=HELD)
    meeting.refresh_from_db()
    assert meeting.document is not None
    assert meeting.document.number == "100/TB-BYT"
    assert meeting.document.name_vi.count("số tạm: Kết luận họp 18/11/2025") == 1
