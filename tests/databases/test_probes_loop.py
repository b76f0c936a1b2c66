"""The loop: who may start, what a time-out is worth, and that nothing ends it."""

import errno
import os
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from time import monotonic
from types import MappingProxyType, SimpleNamespace
from typing import Any

import pytest

from databases.probes import line as line_module, loop as loop_module, prober as prober_module
from databases.probes.line import Line
from databases.probes.loop import READ, WRITE, Loop, OutOfPatience, Run, TimedOut, ready
from databases.probes.prober import Prepared, Way
from databases.probes.surroundings import Given
from databases.rules.track import Depth
from tests.databases.probe_attempts import NAMES, SOON, TESTS, a_prober, prepared, probed, said
from tests.databases.probe_servers import (
    Serving,
    Socket,
    full,
    hangs,
    http,
    request_of,
    says,
    until,
)

WAY = Way(TESTS, NAMES)
OK = says(http("ok"))
_LIMITS = "EMFILE ENFILE ENOBUFS ENOMEM ENOSPC EADDRNOTAVAIL EAFNOSUPPORT"


class Clock:
    """A clock that can be set on, as if the whole process had been stopped meanwhile."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return monotonic() + self.ahead


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(loop_module, "monotonic", made)
    monkeypatch.setattr(line_module, "monotonic", made)
    return made


@pytest.fixture
def loop() -> Iterator[Loop]:
    made = Loop()
    yield made
    made.close()


def started(loop: Loop, coroutine: Coroutine[Any, None, None], timeout: float = 5.0) -> list[bool]:
    """Put it in; the list has an element when it has ended."""
    ended: list[bool] = []
    loop.add(Run(timeout), coroutine, lambda: ended.append(True))
    return ended


def turned(loop: Loop, until: Callable[[], object], seconds: float = 5.0) -> None:
    deadline = monotonic() + seconds
    while not until():
        assert monotonic() < deadline, "the loop did not come so far"
        loop.turn(0.01)


def test_a_coroutine_that_fails_ends_itself_and_nobody_else(
    loop: Loop, caplog: pytest.LogCaptureFixture
) -> None:
    async def bad() -> None:
        raise KeyError("a secret")

    async def good() -> None:
        one, two = socket.socketpair()
        with one, two:
            await ready(one.fileno(), WRITE)

    ends = [started(loop, made()) for made in (good, bad, good, bad)]
    turned(loop, lambda: not len(loop))
    assert all(ends)
    assert "ended with KeyError" in caplog.text
    assert "a secret" not in caplog.text


def test_who_waits_for_a_closed_descriptor_is_told(loop: Loop) -> None:
    told: list[int | None] = []

    async def waits() -> None:
        for descriptor in (10**6, -1):
            try:
                await ready(descriptor, READ)
            except (OSError, ValueError) as error:
                told.append(getattr(error, "errno", None))
        one, two = socket.socketpair()
        with one, two:
            await ready(one.fileno(), WRITE)
            one.close()
            try:
                await ready(9**6, READ)
            except OSError as error:
                told.append(error.errno)

    ended = started(loop, waits())
    turned(loop, lambda: ended)
    assert told[0] == told[2] == errno.EBADF
    assert len(told) == 3


def test_a_descriptor_that_is_given_out_again_belongs_to_its_new_owner(loop: Loop) -> None:
    heard: list[bytes] = []

    async def again() -> None:
        """Closes its socket and opens another, which gets the same number."""
        numbers = set()
        for word in (b"a", b"b", b"c"):
            one, two = socket.socketpair()
            with one, two:
                numbers.add(one.fileno())
                two.send(word)
                await ready(one.fileno(), READ)
                heard.append(one.recv(1))
        assert len(numbers) == 1

    ended = started(loop, again())
    turned(loop, lambda: ended)
    assert heard == [b"a", b"b", b"c"]


def test_a_descriptor_that_is_left_open_makes_nobody_busy(loop: Loop) -> None:
    """It could be read all the time, but nobody waits for it any more."""
    steps: list[str] = []

    async def two_at_a_time() -> None:
        one, two = socket.socketpair()
        three, four = socket.socketpair()
        with one, two, three, four:
            two.send(b"x")
            await ready(one.fileno(), READ)
            steps.append("one")
            try:
                await ready(three.fileno(), READ)
            except TimedOut:
                steps.append("late")
            await ready(one.fileno(), READ)
            steps.append("one again")

    ended = started(loop, two_at_a_time(), timeout=0.3)
    turned(loop, lambda: steps)
    before, turns = os.times(), 0
    while not ended:
        loop.turn(0.1)
        turns += 1
    assert steps == ["one", "late", "one again"]
    assert turns < 15
    assert os.times().user - before.user < 0.2


def test_a_time_out_is_told_once_it_is_over_and_to_nobody_else(loop: Loop) -> None:
    told: list[str] = []

    async def waits(name: str) -> None:
        one, two = socket.socketpair()
        with one, two:
            try:
                await ready(one.fileno(), READ)
            except TimedOut as over:
                told.append(f"{name} {over.late}")

    started(loop, waits("short"), timeout=0.2)
    started(loop, waits("long"), timeout=60)
    began = monotonic()
    turned(loop, lambda: told)
    assert told == ["short False"]
    assert 0.2 <= monotonic() - began < 1.0
    assert len(loop) == 1


def test_closing_drops_what_is_under_way_and_what_waits() -> None:
    before = len(os.listdir("/proc/self/fd"))
    closed: list[str] = []

    async def waits(name: str) -> None:
        one, two = socket.socketpair()
        with one, two:
            try:
                await ready(one.fileno(), READ)
            finally:
                closed.append(name)

    loop = Loop(at_once=2)
    ends = [started(loop, waits(name)) for name in "abcd"]
    loop.turn(0)
    assert len(loop) == 4
    loop.close()
    assert sorted(closed) == ["a", "b"]
    assert not any(ends)
    assert len(loop) == 0
    assert len(os.listdir("/proc/self/fd")) == before


def test_no_more_than_are_allowed_are_under_way() -> None:
    with Serving(hangs) as server, a_prober(Loop(at_once=3)) as prober:
        endpoint = prepared("http", {"url": server.url}, timeout=20)
        for number in range(5):
            prober.hand_in(number, endpoint, WAY, datetime.now(UTC))
        turned(prober.loop, lambda: server.accepted >= 3)
        for _ in range(20):
            prober.loop.turn(0.005)
        assert prober.loop.waiting == 2
        assert server.accepted == 3


def test_who_connects_keeps_others_waiting_and_who_merely_waits_does_not() -> None:
    with ExitStack() as stack:
        port = stack.enter_context(full())
        server = stack.enter_context(Serving(hangs))
        prober = stack.enter_context(a_prober(Loop(busy=2, hold=0.3)))
        stuck = prepared("tcp", {"host": "127.0.0.1", "port": port}, timeout=20)
        waiting = prepared("http", {"url": server.url}, timeout=20)
        for number in range(20):
            prober.hand_in(number, waiting, WAY, datetime.now(UTC))
        turned(prober.loop, lambda: server.accepted == 20)
        for number in range(4):
            prober.hand_in(number, stuck, WAY, datetime.now(UTC))
        prober.loop.turn(0)
        assert prober.loop.waiting == 2
        began = monotonic()
        turned(prober.loop, lambda: not prober.loop.waiting)
        assert 0.2 < monotonic() - began < 2


def test_many_that_end_at_once_leave_the_others_their_turn() -> None:
    """A thousand that need no socket do not keep one from hearing its answer."""
    with Serving(OK) as server, a_prober(Loop(busy=5_000)) as prober:
        prober.hand_in("it", prepared("http", {"url": server.url}), WAY, datetime.now(UTC))
        quick = prepared("heartbeat", {}, Given())
        for number in range(1_000):
            prober.hand_in(number, quick, WAY, datetime.now(UTC))
        prober.loop.turn(0)
        assert len(prober.done) <= 64
        prober.run_all()
        assert len(prober.taken()) == 1_001


def test_who_sends_faster_than_it_is_read_keeps_nobody_from_his_turn() -> None:
    read: list[bytes] = []

    async def reads(line: Line, spec: Any) -> None:
        await line.connect("127.0.0.1", server.port)
        await line.send(b"x")
        while piece := await line.receive(1):
            read.append(piece)

    def pours(serving: Serving, connection: Socket) -> None:
        connection.recv(1)
        connection.sendall(b"y" * 1_000)

    with Serving(pours) as server, a_prober() as prober:
        prober.hand_in(1, kind(reads), WAY, datetime.now(UTC))
        most = 0
        while len(prober.loop):
            before = len(read)
            prober.loop.turn(0.05)
            most = max(most, len(read) - before)
    assert len(read) == 1_000
    assert most <= 64


# A prober that is slow itself.


def test_a_time_out_while_we_were_stopped_says_nothing_of_the_other_side(clock: Clock) -> None:
    with Serving(hangs) as server, a_prober() as prober:
        prober.hand_in(1, prepared("http", {"url": server.url}), WAY, datetime.now(UTC))
        turned(prober.loop, lambda: server.accepted)
        clock.ahead += 60
        prober.run_all()
        ((_, reading),) = prober.taken()
    assert said(reading) == "blind prober_late - request"


def test_an_answer_that_came_while_we_were_stopped_is_an_answer(clock: Clock) -> None:
    """Many more than are handled in one turn."""
    gate = threading.Event()

    def talk(serving: Serving, connection: Socket) -> None:
        serving.heard.append(request_of(connection))
        gate.wait(10)
        connection.sendall(http("ok"))

    with Serving(talk) as server, a_prober(Loop(busy=1_000)) as prober:
        endpoint = prepared("http", {"url": server.url})
        for number in range(300):
            prober.hand_in(number, endpoint, WAY, datetime.now(UTC))
        turned(prober.loop, lambda: len(server.heard) == 300)
        gate.set()
        until(lambda: server.open == 0)
        clock.ahead += 60
        prober.run_all()
        results = {said(reading) for _, reading in prober.taken()}
    assert results == {"ok - - request"}


def test_lateness_of_before_it_began_is_no_excuse(clock: Clock) -> None:
    with Serving(hangs) as server, a_prober() as prober:
        early = prepared("http", {"url": server.url}, timeout=3)
        prober.hand_in("early", early, WAY, datetime.now(UTC))
        turned(prober.loop, lambda: server.accepted)
        clock.ahead += 1
        prober.loop.turn(0)
        assert prober.loop.lag > 0.9
        prober.hand_in(
            "after", prepared("http", {"url": server.url}, timeout=0.2), WAY, datetime.now(UTC)
        )
        prober.run_all()
        results = {key: said(reading) for key, reading in prober.taken()}
    assert results == {
        "early": "blind prober_late - request",
        "after": "fail timed_out theirs request",
    }


def test_a_prober_that_had_nothing_to_do_was_not_late(clock: Clock) -> None:
    with Serving(hangs) as server, a_prober() as prober:
        for _ in range(2):
            clock.ahead += 3_600
            endpoint = prepared("http", {"url": server.url}, timeout=SOON)
            prober.hand_in(1, endpoint, WAY, datetime.now(UTC))
            prober.run_all()
            ((_, reading),) = prober.taken()
            assert said(reading) == "fail timed_out theirs request"


def test_who_is_late_calls_nobody_slow(clock: Clock) -> None:
    with Serving(says(b"", http("ok"), pause=0.2)) as server, a_prober() as prober:
        endpoint = prepared("http", {"url": server.url, "slow": 50})
        prober.hand_in(1, endpoint, WAY, datetime.now(UTC))
        turned(prober.loop, lambda: server.accepted)
        clock.ahead += 1
        prober.run_all()
        ((_, reading),) = prober.taken()
    assert said(reading) == "ok - - request"


def test_impatience_with_one_step_is_not_the_end_of_the_attempt(loop: Loop) -> None:
    told: list[str] = []

    async def steps(line: Line) -> None:
        line.begin()
        one, two = socket.socketpair()
        with one, two:
            for seconds in (0.1, 30.0):
                try:
                    await line.ready_within(seconds, one.fileno(), READ)
                except OutOfPatience:
                    told.append("impatient")
                except TimedOut:
                    told.append("over")

    line = Line(loop, TESTS, NAMES, now=datetime.now(UTC), timeout=0.4)
    loop.add(line, steps(line), lambda: None)
    turned(loop, lambda: len(told) == 2)
    assert told == ["impatient", "over"]


# Faults of our own.


def kind(probe: Callable[[Line, Any], Coroutine[Any, None, None]]) -> Prepared:
    return Prepared(SimpleNamespace(DEPTH=Depth.NAME, read=None, probe=probe), None, 5.0)


@pytest.mark.parametrize(
    "fault",
    [
        ZeroDivisionError("Tuyet-Mat"),
        KeyError("Tuyet-Mat"),
        RecursionError("Tuyet-Mat"),
        MemoryError("Tuyet-Mat"),
        UnicodeDecodeError("utf-8", b"Tuyet-Mat", 0, 1, "Tuyet-Mat"),
        AssertionError("Tuyet-Mat"),
        StopAsyncIteration("Tuyet-Mat"),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_a_fault_in_a_probe_is_blind_and_logged_and_ends_nothing(
    fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    async def faulty(line: Line, spec: Any) -> None:
        line.reading.warn("stale")
        raise fault

    with Serving(OK) as server, a_prober() as prober:
        good = prepared("http", {"url": server.url})
        for key, endpoint in (("a", good), ("b", kind(faulty)), ("c", good)):
            prober.hand_in(key, endpoint, WAY, datetime.now(UTC))
        prober.run_all()
        results = {key: said(reading) for key, reading in prober.taken()}
    assert results == {
        "a": "ok - - request",
        "b": "blind prober_fault - name",
        "c": "ok - - request",
    }
    assert f"{type(fault).__name__} at test_probes_loop.py:" in caplog.text
    assert "Tuyet-Mat" not in caplog.text


def test_a_fault_after_the_connection_leaves_no_socket_open() -> None:
    async def faulty(line: Line, spec: Any) -> None:
        await line.connect("127.0.0.1", server.port)
        raise ZeroDivisionError

    before = len(os.listdir("/proc/self/fd"))
    with Serving(hangs) as server, a_prober() as prober:
        prober.hand_in(1, kind(faulty), WAY, datetime.now(UTC))
        prober.run_all()
        ((_, reading),) = prober.taken()
    assert said(reading) == "blind prober_fault - connect"
    assert reading.total > 0
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_kind_that_asks_before_it_connects_is_at_fault_itself() -> None:
    async def hasty(line: Line, spec: Any) -> None:
        await line.send(b"hello")

    with a_prober() as prober:
        prober.hand_in(1, kind(hasty), WAY, datetime.now(UTC))
        prober.run_all()
        ((_, reading),) = prober.taken()
    assert said(reading) == "config nothing_connected - request"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        *((getattr(errno, name), "blind our_limits") for name in _LIMITS.split()),
        (errno.EPERM, "config our_firewall"),
        (errno.EACCES, "config our_firewall"),
    ],
)
def test_our_own_limits_say_nothing_of_the_other_side(
    code: int, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_up(*_: object) -> socket.socket:
        raise OSError(code, "")

    with a_prober() as prober:
        endpoint = prepared("tcp", {"host": "127.0.0.1", "port": 1})
        prober.hand_in(1, endpoint, WAY, datetime.now(UTC))
        with monkeypatch.context() as patched:
            patched.setattr(socket, "socket", full_up)
            prober.run_all()
        ((_, reading),) = prober.taken()
    assert said(reading) == f"{expected} - connect"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (errno.EHOSTUNREACH, "fail unreachable network connect"),
        (errno.ENETUNREACH, "fail unreachable network connect"),
        (errno.ETIMEDOUT, "fail unreachable network connect"),
        (errno.ECONNREFUSED, "fail refused theirs connect"),
        (errno.ENOTCONN, "fail reset theirs connect"),
    ],
)
def test_what_the_kernel_says_is_blamed(code: int, expected: str) -> None:
    async def refused(line: Line, spec: Any) -> None:
        line.depth = Depth.CONNECT
        raise OSError(code, "")

    with a_prober() as prober:
        prober.hand_in(1, kind(refused), WAY, datetime.now(UTC))
        prober.run_all()
        ((_, reading),) = prober.taken()
    assert said(reading) == expected


def test_a_specification_that_cannot_be_read_is_our_own_affair(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(fields: Any, given: Any) -> Any:
        raise ZeroDivisionError("Tuyet-Mat")

    faulty = SimpleNamespace(DEPTH=Depth.NAME, read=read, probe=None)
    monkeypatch.setattr(prober_module, "KINDS", MappingProxyType({"faulty": faulty}))
    specs: list[Any] = [{}, None, [1], "text"]
    for name in ("faulty", "unheard of"):
        for spec in specs:
            assert said(probed(name, spec)) == "config bad_specification - name"
    assert "faulty cannot be read: ZeroDivisionError" in caplog.text
    assert "Tuyet-Mat" not in caplog.text
