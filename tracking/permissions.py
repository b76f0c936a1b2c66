"""Who may do what: the roles, and the questions that every door asks."""

from collections.abc import Mapping
from datetime import date

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tracking.models import User

Visitor = AbstractBaseUser | AnonymousUser


class Role(TextChoices):
    """Names of the groups; the label is what people read."""

    OPERATOR = "operator", _("operator")
    REPORTER = "reporter", _("department reporter")
    LEADER = "leader", _("leader")
    INSPECTOR = "inspector", _("inspector")
    CLERK = "clerk", _("records clerk")


_REGISTERS = (
    "tracking.department",
    "tracking.succession",
    "tracking.partner",
    "tracking.plan",
    "tracking.document",
    "tracking.task",
    "tracking.calendarday",
    "tracking.user",
    "tracking.deputation",
    "tracking.reportschedule",
    "tracking.reminderstep",
    "tracking.lettertemplate",
    "databases.counterpartsystem",
    "databases.database",
    "databases.connection",
    "databases.interface",
    "databases.party",
    "databases.evidencerule",
)
# What is probed and how; written by those who know the networks.
_PROBES = (
    "databases.zone",
    "databases.zonenetwork",
    "databases.endpoint",
    "databases.credential",
    "databases.maintenance",
)
_SEEN = (
    "databases.endpointstate",
    "databases.transition",
    "databases.check",
    "databases.outage",
    "databases.outageentry",
    "databases.contradiction",
    "databases.contradictionentry",
    "databases.endpointchange",
    "databases.proberequest",
    "databases.evidenceproposal",
    "databases.evidencedecision",
    "databases.pumpsign",
)
_WORK = (
    *_REGISTERS,
    "tracking.event",
    "tracking.evidence",
    "tracking.remark",
    "tracking.waitanswer",
    "tracking.calendarversion",
    "tracking.progresslist",
    "tracking.listregistration",
    "tracking.meeting",
    "tracking.meetingitem",
    "tracking.conclusion",
    "databases.stagechange",
    "databases.steprecord",
    *_SEEN,
)
# Who was sent what, and the letters: addresses of people, and words that nobody has signed yet.
_POST = (
    "tracking.message",
    "tracking.delivery",
    "tracking.deliveryentry",
    "tracking.reportrun",
    "tracking.reminder",
    "tracking.alarm",
    "tracking.alarmtelling",
    "tracking.letter",
    "tracking.letterentry",
)
_EVERYTHING = (*_WORK, *_PROBES, *_POST, "auth.group", "admin.logentry")
_REPORTING = (
    "tracking.add_event",
    "tracking.add_evidence",
    "tracking.add_remark",
    "tracking.add_waitanswer",
)


def _named(action: str, models: tuple[str, ...]) -> tuple[str, ...]:
    """The full names of one permission of each model, such as tracking.view_task."""
    return tuple(name.replace(".", f".{action}_") for name in models)


_OF_PEOPLE = ("tracking.view_user", "tracking.view_deputation", "tracking.view_reportschedule")

# No role deletes anything.
PERMISSIONS: Mapping[Role, tuple[str, ...]] = {
    Role.OPERATOR: (
        *_named("view", _EVERYTHING),
        *_named("add", _REGISTERS),
        *_named("change", _REGISTERS),
        *_named("add", _PROBES),
        *_named("change", _PROBES),
        *_REPORTING,
        "databases.add_stagechange",
        "databases.add_steprecord",
        "databases.add_proberequest",
        "databases.add_outageentry",
        "databases.add_contradictionentry",
        "databases.add_evidencedecision",
        "tracking.decide_task",
        "tracking.issue_progresslist",
        "tracking.resend_delivery",
        "tracking.add_letter",
        "tracking.change_letter",
        "tracking.add_meeting",
        "tracking.change_meeting",
        "tracking.lead_meeting",
    ),
    Role.REPORTER: (
        *(name for name in _named("view", _WORK) if name not in _OF_PEOPLE),
        *_REPORTING,
    ),
    Role.LEADER: (
        *_named("view", _EVERYTHING),
        "tracking.decide_task",
        "databases.add_contradictionentry",
    ),
    Role.INSPECTOR: _named("view", _EVERYTHING),
    Role.CLERK: (
        "tracking.view_progresslist",
        "tracking.view_listregistration",
        "tracking.number_progresslist",
        "tracking.view_letter",
        "tracking.view_letterentry",
        "tracking.issue_letter",
    ),
}


def may_decide(user: Visitor) -> bool:
    """Grant, refuse, accept, return, reopen, suspend, resume, reassign, cancel."""
    return _may(user, "tracking.decide_task")


def may_report(user: Visitor, lead_code: str, today: date) -> bool:
    """Record progress, submissions, requests and evidence for a task led by that department:
    its own reporters, their deputies of that day, and the operators for every department."""
    if not (isinstance(user, User) and user.has_perm("tracking.add_event")):
        return False
    return may_keep_registers(user) or lead_code in reports_for(user, today)


def reports_for(user: Visitor, today: date) -> dict[str, str]:
    """Code of each department that this person writes for on that day -> the user name in whose
    place, "" for their own; one query."""
    if not (isinstance(user, User) and user.has_perm("tracking.add_event")):
        return {}
    rows = user.deputations.in_force(today)
    found = dict(rows.values_list("department__code", "in_place_of__username"))
    if user.department:
        found[user.department.code] = ""
    return found


def may_view_work(user: Visitor) -> bool:
    """The pages about tasks and departments."""
    return _may(user, "tracking.view_task")


def has_own_work(user: Visitor) -> bool:
    """Somebody who writes for a department, their own or as a deputy."""
    return isinstance(user, User) and user.has_perm("tracking.add_event")


def may_keep_views(user: Visitor) -> bool:
    """Keep questions to the list of tasks; whoever only reads leaves nothing behind."""
    return may_decide(user) or has_own_work(user)


def may_view_databases(user: Visitor) -> bool:
    """The pages about databases, what is declared of them and what is seen."""
    return _may(user, "databases.view_database")


def may_keep_registers(user: Visitor) -> bool:
    return _may(user, "tracking.change_task")


def may_import(user: Visitor) -> bool:
    """Take in and write out plan files."""
    return _may(user, "tracking.add_task")


def may_issue(user: Visitor) -> bool:
    """Issue and supersede progress lists."""
    return _may(user, "tracking.issue_progresslist")


def may_number(user: Visitor) -> bool:
    """Enter the number and date that the records office gave the document of a list."""
    return _may(user, "tracking.number_progresslist")


def may_declare_stage(user: Visitor) -> bool:
    """Declare that a connection of a database has reached a stage."""
    return _may(user, "databases.add_stagechange")


def may_record_step(user: Visitor) -> bool:
    """Record that a connection took one of its official steps."""
    return _may(user, "databases.add_steprecord")


def may_keep_endpoints(user: Visitor) -> bool:
    """Say what is probed and how: zones, endpoints, credentials, maintenance."""
    return _may(user, "databases.change_endpoint")


def may_probe(user: Visitor) -> bool:
    """Have an endpoint probed out of turn."""
    return _may(user, "databases.add_proberequest")


def may_follow_outages(user: Visitor) -> bool:
    """Acknowledge outages, note, judge and close them."""
    return _may(user, "databases.add_outageentry")


def may_waive(user: Visitor) -> bool:
    """Accept a contradiction for a while."""
    return _may(user, "databases.add_contradictionentry")


def may_take_evidence(user: Visitor) -> bool:
    """Submit a task on the evidence of probes, or decline to."""
    return _may(user, "databases.add_evidencedecision")


def may_resend(user: Visitor) -> bool:
    """Send a message again, or settle what became of it."""
    return _may(user, "tracking.resend_delivery")


def may_view_mailbox(user: Visitor) -> bool:
    """The mailbox of a portal without a mail server: whatever was sent to whom."""
    return _may(user, "tracking.view_message")


def may_view_letters(user: Visitor) -> bool:
    return _may(user, "tracking.view_letter")


def may_draft_letters(user: Visitor) -> bool:
    """Draft letters, and send them for signature."""
    return _may(user, "tracking.add_letter")


def may_issue_letters(user: Visitor) -> bool:
    """Enter the number, the date and the signed scan of a letter, and its answer."""
    return _may(user, "tracking.issue_letter")


def may_view_meetings(user: Visitor) -> bool:
    return _may(user, "tracking.view_meeting")


def may_lead_meetings(user: Visitor) -> bool:
    """Prepare meetings, and record what they concluded."""
    return _may(user, "tracking.lead_meeting")


def may_view_lists(user: Visitor) -> bool:
    return _may(user, "tracking.view_progresslist")


def _may(user: Visitor, permission: str) -> bool:
    return isinstance(user, User) and user.has_perm(permission)
