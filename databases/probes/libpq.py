"""How does libpq wait in our loop, and know of nothing but what it is told?

It would take what it is not told from the environment and the home of whoever runs us: passwords
and certificates that are meant for the portal's own database, and must not go anywhere else.
"""

import os
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from psycopg import OperationalError, pq

from databases.probes.line import CONNECT_PATIENCE, Line
from databases.probes.loop import READ, WRITE, OutOfPatience, ready
from databases.probes.reading import Failed, Misconfigured, Unseen
from databases.probes.tls import in_memory
from databases.rules.track import Blame, Depth

if TYPE_CHECKING:
    from databases.probes.kinds.postgres import Login

_PIECES_MOST = 16  # read from one answer
_WINDOW = 32_768  # bytes under way to us at most: libpq takes whatever has come
_VALUE_MOST = 1_000  # bytes
_NOTHING = "/dev/null/none"  # a file that cannot be
_OUR_LIMITS = ("too many open files", "cannot assign requested address", "no buffer space")
# Words of libpq or of the server; the first that is found counts.
_REFUSALS = (
    ("does not match host name", "certificate_name", Blame.THEIRS, Depth.TLS),
    ("certificate verify failed", "certificate_untrusted", Blame.THEIRS, Depth.TLS),
    ("does not support ssl", "not_tls", Blame.THEIRS, Depth.TLS),
    ("no password supplied", "login_refused", Blame.CONTRACT, Depth.REQUEST),
    ("authentication failed", "login_refused", Blame.CONTRACT, Depth.REQUEST),
    ("pg_hba.conf", "login_refused", Blame.CONTRACT, Depth.REQUEST),
    ("role does not exist", "login_refused", Blame.CONTRACT, Depth.REQUEST),
    ("database does not exist", "database_unknown", Blame.CONTRACT, Depth.REQUEST),
    ("fatal:", "database_refused", Blame.THEIRS, Depth.REQUEST),
    ("expected authentication request", "not_postgres", Blame.THEIRS, Depth.REQUEST),
    ("invalid response", "not_postgres", Blame.THEIRS, Depth.REQUEST),
    ("reset by peer", "reset", Blame.THEIRS, Depth.REQUEST),
    ("closed the connection", "closed_without_answer", Blame.THEIRS, Depth.REQUEST),
    ("ssl error", "tls_failed", Blame.THEIRS, Depth.TLS),
)


async def connect(line: Line, login: "Login", stack: ExitStack) -> pq.abc.PGconn:
    """A session that is told to read only, until the stack is closed. Failed, OutOfPatience."""
    first, *others = await line.addresses(login.host, login.port)
    try:
        return await _connected(line, login, first, stack)
    except (Failed, OutOfPatience):
        if line.depth is Depth.CONNECT:
            for address in others:
                with suppress(Failed, OutOfPatience):
                    return await _connected(line, login, address, stack)
        raise


async def _connected(line: Line, login: "Login", address: str, stack: ExitStack) -> pq.abc.PGconn:
    line.depth = Depth.CONNECT
    told = _conninfo(login, address, stack, line.timeout)
    connection: pq.abc.PGconn = pq.PGconn.connect_start(told)
    stack.callback(connection.finish)
    status: int = pq.PollingStatus.WRITING
    while status != pq.PollingStatus.OK:
        if status == pq.PollingStatus.FAILED or connection.status == pq.ConnStatus.BAD:
            raise _refusal(connection.get_error_message(), line.depth)
        event = READ if status == pq.PollingStatus.READING else WRITE
        patience = CONNECT_PATIENCE if line.depth is Depth.CONNECT else line.timeout
        await line.ready_within(patience, connection.socket, event)
        status = connection.connect_poll()
        if line.depth is Depth.CONNECT and status != pq.PollingStatus.FAILED:
            _reached(line, connection)
            line.depth = Depth.REQUEST if login.tls == "disable" else Depth.TLS
    if connection.ssl_in_use:
        # With the login, which libpq does not part from it.
        line.reading.tls = line.lap()
    line.depth = Depth.REQUEST
    if connection.parameter_status(b"default_transaction_read_only") == b"off":
        raise Misconfigured("not_read_only")
    return connection


def _reached(line: Line, connection: pq.abc.PGconn) -> None:
    """The address that was judged is the one that answers."""
    with socket.socket(fileno=os.dup(connection.socket)) as opened:
        line.reach.require(*opened.getpeername()[:2])
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _WINDOW)
    line.reading.connect = line.lap()


def _conninfo(login: "Login", address: str, stack: ExitStack, timeout: float) -> bytes:
    """hostaddr is the address that was judged; host is only for the certificate."""
    # Ended by the server before we give up, so that it says so.
    milliseconds = max(50, int(timeout * 800))
    words = {
        "host": login.host,
        "hostaddr": address,
        "port": str(login.port),
        "dbname": login.database,
        "user": login.user,
        "password": login.password,
        "passfile": _NOTHING,
        "sslmode": login.tls,
        "sslnegotiation": "postgres",
        "sslrootcert": _authorities(login, stack),
        "sslcertmode": "disable",
        "gssencmode": "disable",
        "target_session_attrs": "any",
        "client_encoding": "UTF8",
        "options": f"-c default_transaction_read_only=on -c statement_timeout={milliseconds}",
        "application_name": "progress-portal-probe",
    }
    quoted = ((k, v.replace("\\", "\\\\").replace("'", "\\'")) for k, v in words.items())
    return " ".join(f"{name}='{value}'" for name, value in quoted).encode()


def _authorities(login: "Login", stack: ExitStack) -> str:
    if login.tls != "verify-full":
        return _NOTHING
    if login.authorities:
        return in_memory(login.authorities.encode(), stack)
    # The wheel's OpenSSL does not know where this system keeps its authorities; Python's does.
    return ssl.get_default_verify_paths().cafile or "system"


def _refusal(said: str, depth: Depth) -> Failed | Unseen:
    """libpq gives no code for a failed connection, only words; names in them are not ours."""
    text = re.sub(r'"[^"]*" ?', "", said.lower())
    if any(limit in text for limit in _OUR_LIMITS):
        return Unseen("our_limits")
    if depth is Depth.CONNECT:
        if "connection refused" in text:
            return Failed("refused", Blame.THEIRS, depth)
        return Failed("unreachable", Blame.NETWORK, depth)
    for words, reason, blame, at in _REFUSALS:
        if words in text:
            return Failed(reason, blame, at)
    return Failed("database_refused", Blame.THEIRS, depth)


async def first_value(line: Line, connection: pq.abc.PGconn, statement: bytes) -> str | None:
    """What stands first in the first row that the statement gives; None for nothing."""
    with _ended_early():
        connection.nonblocking = 1
        connection.send_query(statement)
        # A row at a time, so that no table of theirs becomes memory of ours.
        connection.set_single_row_mode()
        while connection.flush():
            await ready(connection.socket, WRITE)
        line.loop.settle(line)
        for _ in range(_PIECES_MOST):
            if not connection.is_busy():
                return _value(connection.get_result())
            await ready(connection.socket, READ)
            connection.consume_input()
    raise Failed("too_large", Blame.THEIRS, Depth.CONTENT)


@contextmanager
def _ended_early() -> Iterator[None]:
    try:
        yield
    except OperationalError:
        raise Failed("answer_cut_off", Blame.THEIRS, Depth.REQUEST) from None


def _value(result: pq.abc.PGresult | None) -> str | None:
    if result is None or result.status not in {
        pq.ExecStatus.SINGLE_TUPLE,
        pq.ExecStatus.TUPLES_OK,
    }:
        raise _fault(result)
    value = result.get_value(0, 0) if result.ntuples and result.nfields else None
    if value is None:
        return None
    if len(value) > _VALUE_MOST:
        raise Failed("too_large", Blame.THEIRS, Depth.CONTENT)
    return value.decode("utf-8", "replace")


def _fault(result: pq.abc.PGresult | None) -> Failed:
    found = result.error_field(pq.DiagnosticField.SQLSTATE) if result else None
    state = (found or b"").decode("ascii", "replace")
    if state == "57014":
        return Failed("statement_timed_out", Blame.THEIRS, Depth.CONTENT)
    blame = Blame.CONTRACT if state.startswith("42") else Blame.THEIRS
    return Failed("statement_failed", blame, Depth.CONTENT)
