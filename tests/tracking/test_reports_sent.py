"""To whom does a scheduled report go, and with which files?"""

from typing import Any

import pytest
from django.contrib.auth.models import Group

from tests.tracking.report_rows import at, schedule, take_in_plan
from tracking.actions.report_recipients import recipients_of
from tracking.actions.reports import make_due_reports
from tracking.actions.roles import set_up_roles
from tracking.models import Department, Message, MessageFile, ReportSchedule, Task, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plan() -> None:
    take_in_plan()
    set_up_roles()


def person(name: str, role: str = "", department: str = "", **fields: Any) -> User:
    given = {"email": f"{name}@example.org", **fields}
    found = User.objects.create_user(name, **given)
    found.department = Department.objects.filter(code=department).first()
    found.save()
    found.groups.set(Group.objects.filter(name=role))
    return found


def reached(one: ReportSchedule) -> list[str]:
    return [recipient.address for recipient in recipients_of(one).reached]


def test_people_roles_departments_and_addresses_each_receive_it_once() -> None:
    named = person("a.named", "leader", last_name="Nguyễn Văn", first_name="An")
    person("b.leader", "leader")
    person("c.reporter", "reporter", "QLD")
    person("d.head", "", "QLD", heads_department=True)
    person("e.colleague", "", "QLD")
    person("f.elsewhere", "reporter", "KCB")
    one = schedule(roles=["leader"], addresses="B.Leader@example.org\n\n  x@example.org  ")
    one.people.add(named)
    one.departments.set(Department.objects.filter(code="QLD"))
    assert reached(one) == [
        "a.named@example.org",
        "b.leader@example.org",
        "c.reporter@example.org",
        "d.head@example.org",
        "x@example.org",
    ]
    assert recipients_of(one).reached[0].name == "Nguyễn Văn An"


def test_who_has_no_address_or_has_left_is_skipped_and_said() -> None:
    left = person("left", "leader", is_active=False)
    person("gone", "leader", is_active=False)
    person("mute", "leader", email="")
    one = schedule(roles=["leader"])
    one.people.add(left)
    found = recipients_of(one)
    assert [recipient.address for recipient in found.reached] == ["thu.truong@example.org"]
    assert [user.username for user in found.without_address] == ["mute"]
    assert [user.username for user in found.inactive] == ["left"]


def test_two_people_with_one_address_get_one_message() -> None:
    person("one", "leader", email="office@example.org")
    person("two", "leader", email="Office@Example.org")
    assert reached(schedule(roles=["leader"], addresses="")) == ["office@example.org"]


def test_the_files_are_those_of_the_list_under_its_name() -> None:
    schedule(formats=["docx", "json"])
    (run,) = make_due_reports(at("18 08:00"))
    word, json = MessageFile.objects.order_by("pk")
    assert (word.name, json.name) == ("DSTD-01-2025-11-18.docx", "DSTD-01-2025-11-18.json")
    assert word.content_type.endswith("wordprocessingml.document")
    assert bytes(word.content).startswith(b"PK")
    issued = run.progress_list
    assert issued is not None
    assert bytes(json.content).decode() == issued.content + "\n"


def secret_like(task: Task) -> Task:
    """A classified task that is not in the list, with a code that others begin with."""
    lead = task.first_lead
    return Task.objects.create(
        code="T", plan=task.plan, first_lead=lead, name_vi="Việc mật", classified=True
    )


def no_file(why: str) -> None:
    make_due_reports(at("18 08:00"))
    message = Message.objects.get()
    assert not MessageFile.objects.exists()
    assert why in message.text
    assert why in message.html


def test_no_file_leaves_when_the_list_names_a_classified_task() -> None:
    Task.objects.update(classified=True)
    schedule(formats=["docx"], language="en")
    no_file("they name tasks shown in the portal only")


def test_no_file_leaves_when_a_task_is_part_of_a_classified_one() -> None:
    (task,) = Task.objects.all()
    secret = secret_like(task)
    Task.objects.filter(pk=task.pk).update(parent=secret)
    schedule(formats=["docx"], language="en")
    no_file("they name tasks shown in the portal only")


def test_a_classified_task_that_is_not_in_the_list_keeps_no_file_back() -> None:
    (task,) = Task.objects.all()
    secret_like(task)
    schedule(formats=["json"])
    make_due_reports(at("18 08:00"))
    assert MessageFile.objects.count() == 1


def test_files_that_are_too_large_for_mail_stay_behind_a_link(settings: Any) -> None:
    settings.MAIL_FILES_MAX_BYTES = 1000
    schedule(formats=["json"], language="en")
    no_file("they are too large, and stand in the portal")
