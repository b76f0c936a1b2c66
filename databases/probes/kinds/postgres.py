"""Does a PostgreSQL server answer one of a few fixed statements, read only?

libpq speaks; the loop waits. Whoever writes an endpoint names a statement, and never writes one.
"""

from dataclasses import dataclass
from types import MappingProxyType

from psycopg import pq

from databases.probes.fields import Fields
from databases.probes.judging import instant_of, judge_age, judge_time
from databases.probes.line import Line
from databases.probes.loop import READ, WRITE
from databases.probes.reading import Failed, Misconfigured
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


@dataclass(frozen=True, slots=True)
class Spec:
    host: str
    port: int
    database: str
    user: str
    password: str
    tls: str
    statement: str
    max_age: int | None
    slow: int | None


def read(fields: Fields, given: Given) -> Spec:
    """host, port (5432), database, user, tls (verify-full, require or disable), statement (alive,
    clock or newest), max_age (seconds), slow (milliseconds); the password is a credential."""
    host = fields.host("host")
    secret = given.secret
    if secret is not None and secret.host.lower() != host.lower():
        raise Misconfigured("credential_for_another_host")
    return Spec(
        host=host,
        port=fields.number("port", 5_432, 1, 65_535) or 0,
        database=fields.text("database", needed=True),
        user=fields.text("user", needed=True),
        password=secret.text.decode() if secret and secret.kind == "database" else "",
        tls=fields.one_of("tls", ("verify-full", "require", "disable")),
        statement=fields.one_of("statement", tuple(STATEMENTS)),
        max_age=fields.number("max_age", None, 1, 366 * 86_400),
        slow=fields.number("slow", None, 1, 60_000),
    )


async def probe(line: Line, spec: Spec) -> None:
    addresses = await line.addresses(spec.host, spec.port)
    line.depth = Depth.CONNECT
    connection: pq.abc.PGconn = pq.PGconn.connect_start(_conninfo(spec, addresses[0], line.timeout))
    try:
        await _connected(line, connection)
        line.reading.connect = line.lap()
        line.depth = Depth.REQUEST
        line.loop.settle(line)
        value = await _answer(line, connection, STATEMENTS[spec.statement])
    finally:
        connection.finish()
    line.reading.first_byte = line.lap()
    line.reading.depth = line.depth = DEPTH
    if spec.statement == "newest":
        _judge_newest(line, spec, value)
    judge_time(line, spec.slow)


def _conninfo(spec: Spec, address: str, timeout: float) -> bytes:
    """hostaddr is the address that was judged; host is only for the certificate."""
    milliseconds = max(100, int(timeout * 1000))
    options = f"-c default_transaction_read_only=on -c statement_timeout={milliseconds}"
    words = {
        "host": spec.host,
        "hostaddr": address,
        "port": str(spec.port),
        "dbname": spec.database,
        "user": spec.user,
        "password": spec.password,
        "sslmode": spec.tls,
        "options": options,
        "application_name": "progress-portal-probe",
    }
    quoted = ((k, v.replace("\\", "\\\\").replace("'", "\\'")) for k, v in words.items() if v)
    return " ".join(f"{name}='{value}'" for name, value in quoted).encode()


async def _connected(line: Line, connection: pq.abc.PGconn) -> None:
    while connection.status != pq.ConnStatus.BAD:
        status = connection.connect_poll()
        if status == pq.PollingStatus.OK:
            return
        if status == pq.PollingStatus.FAILED:
            break
        event = READ if status == pq.PollingStatus.READING else WRITE
        await line.ready_within(line.timeout, connection.socket, event)
    raise _refusal(connection.get_error_message())


def _refusal(said: str) -> Failed:
    """libpq gives no code for a failed connection, only words."""
    text = said.lower()
    if "authentication" in text or "no pg_hba.conf" in text or "password" in text:
        return Failed("login_refused", Blame.CONTRACT, Depth.REQUEST)
    if "refused" in text:
        return Failed("refused", Blame.THEIRS, Depth.CONNECT)
    if "certificate" in text or "ssl" in text:
        return Failed("tls_failed", Blame.THEIRS, Depth.TLS)
    if "timeout" in text or "unreachable" in text:
        return Failed("unreachable", Blame.NETWORK, Depth.CONNECT)
    return Failed("database_refused", Blame.THEIRS, Depth.REQUEST)


async def _answer(line: Line, connection: pq.abc.PGconn, statement: bytes) -> str:
    connection.nonblocking = 1
    connection.send_query(statement)
    while connection.flush():
        await line.ready_within(line.timeout, connection.socket, WRITE)
    value = None
    while True:
        while connection.is_busy():
            await line.ready_within(line.timeout, connection.socket, READ)
            connection.consume_input()
        result = connection.get_result()
        if result is None:
            break
        if result.status != pq.ExecStatus.TUPLES_OK:
            raise _fault(result)
        value = result.get_value(0, 0) if result.ntuples else None
    return value.decode() if value is not None else ""


def _fault(result: pq.abc.PGresult) -> Failed:
    state = (result.error_field(pq.DiagnosticField.SQLSTATE) or b"").decode()
    blame = Blame.CONTRACT if state.startswith("42") else Blame.THEIRS
    return Failed("statement_failed", blame, Depth.CONTENT)


def _judge_newest(line: Line, spec: Spec, value: str) -> None:
    if not value:
        raise Failed("value_missing", Blame.THEIRS, Depth.CONTENT)
    judge_age(line, instant_of(float(value)), spec.max_age)
