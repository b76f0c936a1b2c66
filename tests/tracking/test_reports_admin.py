"""Operators keep the schedules of reports, and see what comes, to whom, and what became of it."""

from datetime import date, datetime, time
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.tracking.admin_people import signed_in
from tests.tracking.report_rows import EARLY, at, schedule, take_in_plan
from tracking.actions.illustrative_schedules import illustrate_schedules
from tracking.actions.reports import due_reports, make_due_reports
from tracking.models import CalendarDay, Delivery, Meeting, ReportRun, ReportSchedule, User

pytestmark = pytest.mark.django_db
ADD = "/admin/tracking/reportschedule/add/"
SOUND = {
    "name": "Morning",
    "active": "on",
    "policy": "overdue",
    "language": "vi",
    "formats": ["pdf", "docx"],
    "rhythm": "weekdays",
    "weekdays": ["0", "4"],
    "days_before": "1",
    "at": "08:00",
    "move_holidays": "on",
    "starts_at": "",
    "roles": ["leader"],
    "addresses": "a@example.org\r\n  b@example.org \r\n",
}


@pytest.fixture
def operator() -> Client:
    return signed_in("operator")


def page_of(one: ReportSchedule) -> str:
    return f"/admin/tracking/reportschedule/{one.pk}/change/"


def refused(operator: Client, **changes: Any) -> str:
    page = operator.post(ADD, {**SOUND, **changes})
    assert page.status_code == 200
    assert not ReportSchedule.objects.exists()
    return page.content.decode()


def test_a_schedule_is_kept_as_it_was_asked_for_and_counts_from_now(operator: Client) -> None:
    before = timezone.now()
    assert operator.post(ADD, SOUND).status_code == 302
    kept = ReportSchedule.objects.get()
    assert (kept.weekdays, kept.formats, kept.roles) == ([0, 4], ["pdf", "docx"], ["leader"])
    assert (kept.at, kept.addresses) == (time(8), "a@example.org\nb@example.org")
    assert before < kept.starts_at
    assert due_reports(timezone.now()) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"roles": [], "addresses": ""}, "Nobody receives this report"),
        ({"weekdays": []}, "Choose at least one day of the week."),
        ({"addresses": "a@b.vn\nhay lam"}, "Line 2: hay lam is not an e-mail address"),
        ({"addresses": "a@b.vn, c@d.vn"}, "Line 1: a@b.vn, c@d.vn is not an e-mail address"),
        ({"at": "8 giờ"}, "This is not a time of day: write it as 08:00."),
        ({"days_before": "61"}, "Ensure this value is less than or equal to 60."),
        ({"starts_at": "mai"}, "This is not an instant"),
        ({"formats": ["papyrus"]}, "papyrus is not one of the available choices"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_and_not_kept(
    operator: Client, changes: dict[str, Any], sentence: str
) -> None:
    assert sentence in refused(operator, **changes)


def test_a_header_cannot_be_smuggled_in_by_an_address(operator: Client) -> None:
    text = refused(operator, addresses="a@example.org%0aBcc: x@example.org")
    assert "is not an e-mail address" in text


def test_other_rhythms_need_no_weekday(operator: Client) -> None:
    operator.post(ADD, {**SOUND, "rhythm": "last_working_day", "weekdays": []})
    assert ReportSchedule.objects.get().weekdays == []


def sent_again(operator: Client, one: ReportSchedule, **changes: Any) -> datetime:
    """When it begins after its form was sent with only these changes."""
    form = operator.get(page_of(one)).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    values |= {"starts_at": form["starts_at"].field.prepare_value(one.starts_at), "active": "on"}
    values |= {"at": f"{one.at:%H:%M}", "move_holidays": "on", **changes}
    assert operator.post(page_of(one), values).status_code == 302
    one.refresh_from_db()
    return one.starts_at


def test_a_time_that_is_due_stays_due_unless_the_times_are_changed(operator: Client) -> None:
    one = schedule()
    assert sent_again(operator, one, name="Other", addresses="x@example.org") == EARLY
    assert len(due_reports(timezone.now())) == 1
    assert sent_again(operator, one, at="09:15") > timezone.now()
    assert due_reports(timezone.now()) == []


def test_a_schedule_that_is_set_going_again_makes_up_for_nothing(operator: Client) -> None:
    one = schedule(active=False)
    assert sent_again(operator, one) > timezone.now()
    assert one.active
    assert due_reports(timezone.now()) == []


def test_the_next_ten_runs_say_where_a_holiday_moved_them(operator: Client) -> None:
    ahead = timezone.localdate().replace(month=12, day=31)  # a day in which no year ends early
    monday = date.fromordinal(ahead.toordinal() + 7 - ahead.weekday())
    CalendarDay.objects.create(day=monday, working=False)
    begins = f"{ahead.isoformat()}T23:00:00+07:00"
    one = schedule(weekdays=[0], starts_at=datetime.fromisoformat(begins))
    page = operator.get(page_of(one)).content.decode()
    runs = page.split('id="ahead"')[1].split("</section>")[0]
    assert runs.count('<th scope="row">') == 10
    assert f"{date.fromordinal(monday.toordinal() + 1):%d/%m/%Y} 08:00" in runs
    assert "Tuesday" in runs
    assert f"Monday {monday:%d/%m/%Y}" in " ".join(runs.split())


def test_a_schedule_by_meetings_says_that_none_is_planned(operator: Client) -> None:
    one = schedule(rhythm="before_meeting")
    assert "No meeting is planned" in operator.get(page_of(one)).content.decode()
    Meeting.objects.create(title="Giao ban", held_at=datetime.fromisoformat("2099-03-05T14:00Z"))
    assert "No meeting is planned" in operator.get(page_of(one)).content.decode()


def test_who_would_receive_it_and_who_would_not_is_said(operator: Client) -> None:
    User.objects.create_user("mute", last_name="Trần", first_name="Bình")
    one = schedule()
    one.people.add(User.objects.get(username="mute"))
    text = " ".join(operator.get(page_of(one)).content.decode().split())
    assert "1 recipient." in text
    assert "without an e-mail address" in text
    assert "Trần Bình (mute)" in text
    ReportSchedule.objects.update(addresses="")
    assert "Nobody can be reached" in operator.get(page_of(one)).content.decode()


def test_a_run_leads_to_its_list_and_to_its_deliveries(operator: Client) -> None:
    take_in_plan()
    one = schedule(addresses="a@example.org\nb@example.org\nc@example.org")
    make_due_reports(at("19 08:00"))
    first = Delivery.objects.order_by("pk")[0]
    Delivery.objects.filter(pk=first.pk).update(state="uncertain")
    passed_over, made = ReportRun.objects.order_by("slot_at")
    links = (
        f'href="/admin/tracking/progresslist/{made.progress_list_id}/change/"',
        f"message__id__exact={first.message_id}&amp;state__exact=queued",
    )
    runs = "/admin/tracking/reportrun/"
    for page in (page_of(one), runs, f"{runs}{made.pk}/change/"):
        text = operator.get(page).content.decode()
        assert all(link in text for link in links), page
        assert "Queued: 2" in text
        assert "Uncertain: 1" in text
    page = f"/admin/tracking/reportrun/{passed_over.pk}/change/"
    assert "passed over: a later one was due as well" in operator.get(page).content.decode()
    found = operator.get(
        f"/admin/tracking/delivery/?message__id__exact={first.message_id}&state__exact=queued"
    )
    assert found.context["cl"].result_count == 2


def test_the_list_of_schedules_says_when_each_comes_next_and_came_last(operator: Client) -> None:
    take_in_plan()
    schedule()
    make_due_reports(at("18 08:00"))
    text = operator.get("/admin/tracking/reportschedule/").content.decode()
    assert "Monday to Friday at 08:00" in text
    assert "Tue 18/11/2025 08:00" in text


def test_pages_cost_the_same_however_many_there_are(
    operator: Client, django_assert_max_num_queries: Any
) -> None:
    take_in_plan()
    for number in range(6):
        schedule(f"{number}", rhythm="before_meeting" if number else "weekdays")
    make_due_reports(at("20 08:00"))
    with django_assert_max_num_queries(10):
        operator.get("/admin/tracking/reportschedule/")
    with django_assert_max_num_queries(10):
        operator.get("/admin/tracking/reportrun/")
    with django_assert_max_num_queries(25):
        operator.get(page_of(ReportSchedule.objects.get(name="0")))


def test_those_who_only_look_read_words_and_change_nothing() -> None:
    one = schedule(formats=["docx"], roles=["leader"])
    inspector = signed_in("inspector")
    text = inspector.get(page_of(one)).content.decode()
    assert "Monday, Tuesday, Wednesday, Thursday, Friday" in text
    assert "Word" in text
    assert inspector.post(page_of(one), SOUND).status_code == 403
    assert signed_in("reporter").get(page_of(one)).status_code == 403


def test_the_illustrative_schedules_say_so_and_make_nothing_due_at_once() -> None:
    illustrate_schedules(EARLY)
    illustrate_schedules(EARLY)
    names = ReportSchedule.objects.values_list("name", "active")
    assert sorted(active for _name, active in names) == [False, True]
    assert all("minh họa, illustrative" in name for name, _active in names)
    assert due_reports(EARLY) == due_reports(at("18 07:59")) == []
    assert len(due_reports(at("18 08:00"))) == 1
