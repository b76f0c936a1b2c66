"""Whose calendar address is this? A key that needs no login and ends with its person's password.

The signature covers the hash of the password, which nobody outside the database knows: a new
password, or a closed account, ends every address given out before."""

from django.core.signing import BadSignature, Signer

from tracking.models import Department, User
from tracking.permissions import may_view_work

_NOBODY = "!"  # no password has this hash


def feed_key(user: User, department: Department) -> str:
    signature = _signer().signature(_bound(user.pk, department.pk, user.password))
    return f"{user.pk}.{department.pk}.{signature}"


def feed_of(key: str) -> Department | None:
    """The department whose deadlines this key opens; two queries for a key of ours, and nothing
    told by the time that a wrong one takes but whether such a person may exist."""
    user_pk, department_pk, signature = _parts(key)
    user = User.objects.filter(pk=user_pk, is_active=True).first()
    bound = _bound(user_pk, department_pk, user.password if user else _NOBODY)
    try:
        _signer().unsign(f"{bound}:{signature}")
    except BadSignature:
        return None
    if user is None or not may_view_work(user):
        return None
    return Department.objects.filter(pk=department_pk).first()


def _signer() -> Signer:
    return Signer(salt="tracking.deadline-feed", sep=":")


def _bound(user: int, department: int, password: str) -> str:
    return f"{user}.{department}.{password}"


def _parts(key: str) -> tuple[int, int, str]:
    """Zeros, which nobody has, for what is not of that form."""
    user, _, rest = key.partition(".")
    department, _, signature = rest.partition(".")
    numbers = [int(part) if _is_number(part) else 0 for part in (user, department)]
    return numbers[0], numbers[1], signature


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
