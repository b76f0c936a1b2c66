"""Does a PostgreSQL server answer one of a few fixed statements, read only?

Whoever writes an endpoint names a statement, and never writes one.
"""

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

from databases.probes.fields import Fields
from databases.probes.judging import instant_of, judge_age, judge_time
from databases.probes.line import Line
from databases.probes.reading import Failed
from databases.probes.surroundings import Given
from databases.rules.track import Blame, Depth

DEPTH = Depth.CONTENT
STATEMENTS = MappingProxyType(
    {
        "alive": b"select 1",
        "clock": b"select extract(epoch from now())",
        "newest": b"select extract(epoch from max(updated_at)) from sync_log",
    }
)
_CLOCKS_DIFFER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Login:
    """`tls`: verify-full, require (no look at the certificate) or disable."""

    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)
    tls: str
    authorities: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Spec:
    login: Login
    statement: str
    max_age: int | None  # s
    slow: int | None  # ms

    @property
    def host(self) -> str:
        return self.login.host

    @property
    def port(self) -> int:
        return self.login.port


def read(fields: Fields, given: Given) -> Spec:
    """host, port (5432), database, user, tls (verify-full, require or disable), statement (alive,
    clock or newest), max_age (seconds), slow (milliseconds); the password is a credential."""
    host = fields.host("host")
    login = Login(
        host=host,
        port=fields.port(5_432),
        database=fields.text("database", needed=True),
        user=fields.text("user", needed=True),
        password=_password(given, host),
        tls=fields.one_of("tls", ("verify-full", "require", "disable")),
        authorities=given.authorities,
    )
    spec = Spec(
        login=login,
        statement=fields.one_of("statement", tuple(STATEMENTS)),
        max_age=fields.number("max_age", None, 1, 366 * 86_400),
        slow=fields.number("slow", None, 1, 60_000),
    )
    if spec.max_age is not None and spec.statement != "newest":
        fields.fault("max_age", "chỉ dùng với newest", "goes with the statement newest only")
    return spec


def _password(given: Given, host: str) -> str:
    if given.secret is None or not host:
        return ""
    given.secret.require(host, "database")
    return given.secret.word()


async def probe(line: Line, spec: Spec) -> None:
    # Twenty megabytes that only this kind needs.
    from databases.probes.libpq import connect, first_value

    with ExitStack() as stack:
        connection = await connect(line, spec.login, stack)
        value = await first_value(line, connection, STATEMENTS[spec.statement])
    line.reading.first_byte = line.lap()
    line.reading.depth = line.depth = DEPTH
    _judge(line, spec, value)
    judge_time(line, spec.slow)


def _judge(line: Line, spec: Spec, value: str | None) -> None:
    if value is None:
        raise Failed("value_missing", Blame.THEIRS, DEPTH)
    if spec.statement == "alive":
        return
    try:
        told = instant_of(float(value))
    except ValueError:
        raise Failed("age_unreadable", Blame.THEIRS, DEPTH) from None
    if spec.statement == "newest":
        judge_age(line, told, spec.max_age)
    elif abs(told - line.now) > _CLOCKS_DIFFER + timedelta(microseconds=line.elapsed()):
        line.reading.warn("clock_differs")
