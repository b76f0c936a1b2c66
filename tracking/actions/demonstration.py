"""The demonstration accounts: one per role, one password made for this installation."""

import secrets
from pathlib import Path

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tracking.models import Department, User
from tracking.permissions import Role

ACCOUNTS = [
    ("nhic.operator", _("NHIC operator: registers, decisions, import, lists")),
    ("kcb.reporter", _("reporter of a department: reports, submits, asks")),
    ("leader", _("leader: reads everything, decides")),
    ("inspector", _("inspector: reads everything, writes nothing")),
    ("clerk", _("records clerk: numbers the documents")),
]
_ROLES = {
    "nhic.operator": (Role.OPERATOR, "TTYQG"),
    "kcb.reporter": (Role.REPORTER, "KCB"),
    "leader": (Role.LEADER, None),
    "inspector": (Role.INSPECTOR, None),
    "clerk": (Role.CLERK, "VPB"),
}


def password_file(var_dir: Path) -> Path:
    return var_dir / "demonstration-password"


@transaction.atomic
def make_accounts(var_dir: Path) -> None:
    """Make the accounts that do not exist yet, with the password in var/demonstration-password,
    which is made on first use and readable by its owner only."""
    path = password_file(var_dir)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(9), encoding="ascii")
    password = path.read_text(encoding="ascii")
    for name, (role, department) in _ROLES.items():
        user, new = User.objects.get_or_create(username=name, defaults={"is_staff": True})
        if new:
            user.set_password(password)
            user.department = Department.objects.filter(code=department or "").first()
            user.save()
            user.groups.set([Group.objects.get(name=role.value)])
