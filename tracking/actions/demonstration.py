"""The demonstration accounts: at least one per role, one password made for this installation."""

import secrets
from datetime import datetime, timedelta
from pathlib import Path

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tracking.models import Department, Deputation, User
from tracking.permissions import Role
from tracking.rules.instants import day_of

ACCOUNTS = [
    ("nhic.operator", _("NHIC operator: registers, decisions, import, lists")),
    ("nhic.verifier", _("second NHIC operator: nobody decides on what they handed in")),
    ("kcb.reporter", _("reporter of a department: reports, submits, asks")),
    ("qld.reporter", _("reporter of a department that others wait for")),
    ("pb.reporter", _("reporter of a marked department, and deputy for another")),
    ("pb.head", _("head of that department: told when reminders did not help")),
    ("leader", _("leader: reads everything, decides")),
    ("inspector", _("inspector: reads everything, writes nothing")),
    ("clerk", _("records clerk: numbers the documents")),
]
_ROLES = {
    "nhic.operator": (Role.OPERATOR, "TTYQG"),
    "nhic.verifier": (Role.OPERATOR, "TTYQG"),
    "kcb.reporter": (Role.REPORTER, "KCB"),
    "qld.reporter": (Role.REPORTER, "QLD"),
    "pb.reporter": (Role.REPORTER, "PB"),
    "pb.head": (Role.REPORTER, "PB"),
    "leader": (Role.LEADER, None),
    "inspector": (Role.INSPECTOR, None),
    "clerk": (Role.CLERK, "VPB"),
}
_HEADS = {"pb.head"}
_DEPUTY, _IN_PLACE_OF = "pb.reporter", "qld.reporter"


def password_file(var_dir: Path) -> Path:
    return var_dir / "demonstration-password"


@transaction.atomic
def make_accounts(var_dir: Path, *, now: datetime) -> None:
    """Make the accounts that do not exist yet, with the password in var/demonstration-password,
    which is made on first use and readable by its owner only; and one deputy around today."""
    path = password_file(var_dir)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(9), encoding="ascii")
    password = path.read_text(encoding="ascii")
    for name in _ROLES:
        _make(name, password)
    _appoint_a_deputy(now)


def _make(name: str, password: str) -> None:
    role, department = _ROLES[name]
    user, new = User.objects.get_or_create(
        username=name, defaults={"is_staff": True, "heads_department": name in _HEADS}
    )
    if not user.email:
        # A domain that is nobody's (RFC 2606): what is sent stays in the mailbox of the portal.
        user.email = f"{name}@portal.example"
        user.save(update_fields=["email"])
    if new:
        user.set_password(password)
        user.department = Department.objects.filter(code=department or "").first()
        user.save()
        user.groups.set([Group.objects.get(name=role.value)])


def _appoint_a_deputy(now: datetime) -> None:
    """For two weeks, once: a later seeding appoints nobody anew."""
    absent = User.objects.get(username=_IN_PLACE_OF)
    if absent.department is None or Deputation.objects.exists():
        return
    today = day_of(now)
    Deputation.objects.create(
        deputy=User.objects.get(username=_DEPUTY),
        department=absent.department,
        in_place_of=absent,
        valid_from=today - timedelta(days=3),
        valid_to=today + timedelta(days=11),
        document="Minh họa (illustrative)",
    )
