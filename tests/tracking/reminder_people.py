"""Who is reminded in the tests, and instants at which they are."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import Group

from tracking.actions.roles import set_up_roles
from tracking.models import Department, Letter, Message, Reminder, ReminderStep, Task, User
from tracking.rules.instants import instant_from

# A reporter and the head of QLD, and two who look at every department.
REPORTER, HEAD, OPERATOR, LEADER = "reporter", "head", "operator", "leader"


def at(written: str) -> datetime:
    """ "11-18" is 08:00 of that day of 2025; "11-18T17:30" an instant of it."""
    return instant_from(f"2025-{written}" if "T" in written else f"2025-{written}T08:00:00")


def person(
    name: str, role: str = "", department: str = "", *, head: bool = False, **fields: Any
) -> User:
    """With an address, unless one is given."""
    place = Department.objects.get(code=department) if department else None
    given = {"email": f"{name}@example.org", "language": "en", **fields}
    user = User.objects.create_user(name, department=place, heads_department=head, **given)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def people(department: str = "QLD") -> dict[str, User]:
    set_up_roles()
    return {
        REPORTER: person(REPORTER, "reporter", department),
        HEAD: person(HEAD, "", department, head=True),
        OPERATOR: person(OPERATOR, "operator"),
        LEADER: person(LEADER, "leader"),
    }


def fill_reminders(now: datetime) -> None:
    """A row of what the operators' pages of reminders show."""
    ReminderStep.objects.create(measure="share", amount=75, to=["reporter"])
    Reminder.objects.create(
        task=Task.objects.earliest("pk"),
        deadline=f"{now.date().isoformat()}/1",
        rung="share:75",
        person=REPORTER,
        message=Message.objects.first(),
        at=now,
    )


def letter(due: str, **fields: Any) -> Letter:
    """Issued, its answer asked for by that day of 2025."""
    given = {
        "kind": "to_department",
        "subject": "Về tiến độ thực hiện",
        "content": {},
        "drafted_at": at("10-01"),
        "drafted_by": "an",
        "state": "issued",
        "answer_due_on": date.fromisoformat(f"2025-{due}"),
        **fields,
    }
    return Letter.objects.create(**given)
