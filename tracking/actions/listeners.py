"""Who is there to be reminded, and of whose tasks?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tracking.models import Deputation, User
from tracking.permissions import Role
from tracking.rules.reminders import Audience

_DECIDES = "tracking.decide_task"
_BACKEND = "django.contrib.auth.backends.ModelBackend"
_NOBODY: frozenset[Audience] = frozenset()


@dataclass(frozen=True, slots=True)
class Listener:
    """`everywhere`: what they are for every department; `places`: what they are for some."""

    user: User
    everywhere: frozenset[Audience]
    places: Mapping[str, frozenset[Audience]]

    @property
    def key(self) -> int:
        return int(self.user.pk)

    @property
    def name(self) -> str:
        return self.user.get_username()

    @property
    def operator(self) -> bool:
        return Audience.NHIC in self.everywhere

    @property
    def heard_as(self) -> tuple[Any, ...]:
        """All of them that says what they are told of."""
        return self.key, self.name, self.everywhere, frozenset(self.places.items())

    def audiences(self, place: str) -> frozenset[Audience]:
        return self.everywhere | self.places.get(place, _NOBODY)


@dataclass(slots=True)
class Crowd:
    """The listeners, and those of them who are told of the tasks of a department."""

    everybody: Sequence[Listener]
    _at: dict[str, list[tuple[Listener, frozenset[Audience]]]] = field(default_factory=dict)

    def of(self, place: str) -> list[tuple[Listener, frozenset[Audience]]]:
        if place not in self._at:
            heard = ((listener, listener.audiences(place)) for listener in self.everybody)
            self._at[place] = [(listener, as_what) for listener, as_what in heard if as_what]
        return self._at[place]


def listeners(day: date) -> list[Listener]:
    """Active people with an address who are to be told of anything; four queries."""
    people = User.objects.filter(is_active=True).exclude(email="").order_by("pk")
    deciding = set(User.objects.with_perm(_DECIDES, backend=_BACKEND).values_list("pk", flat=True))
    deputies = _deputies(day)
    found = (
        _listener(user, deputies.get(user.pk, frozenset()), decides=user.pk in deciding)
        for user in people.select_related("department").prefetch_related("groups")
    )
    return [one for one in found if one.everywhere or one.places]


def _deputies(day: date) -> dict[int, frozenset[str]]:
    """Key of a person -> codes of the departments that they write for in another's place."""
    rows = Deputation.objects.in_force(day).order_by()
    found: dict[int, frozenset[str]] = {}
    for key, code in rows.values_list("deputy_id", "department__code"):
        found[key] = found.get(key, frozenset()) | {code}
    return found


def _listener(user: User, deputises: frozenset[str], *, decides: bool) -> Listener:
    roles = {group.name for group in user.groups.all()}
    own = {user.department.code} if user.department else set()
    reports = own if Role.REPORTER in roles else set()
    if roles & {Role.REPORTER, Role.OPERATOR}:  # others may not write for anybody
        reports = reports | deputises
    heads = own if user.heads_department else set()
    everywhere = {Audience.NHIC: Role.OPERATOR in roles, Audience.VERIFIER: decides}
    return Listener(
        user=user,
        everywhere=frozenset(who for who, fits in everywhere.items() if fits),
        places={
            code: frozenset(
                who
                for who, codes in ((Audience.REPORTER, reports), (Audience.HEAD, heads))
                if code in codes
            )
            for code in reports | heads
        },
    )
