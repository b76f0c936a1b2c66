"""Descriptors, memory and time: none is lost, however the attempts end, and nobody is kept."""

import os
import resource
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import pytest

from databases.probes import line as line_module, loop as loop_module, names as names_module
from databases.probes.loop import Loop
from databases.probes.names import Names
from databases.probes.prober import Prepared, Prober, Way
from databases.probes.surroundings import Given
from tests.databases.probe_attempts import HOSTS, INTERNET, NAMES, TESTS, a_prober, prepared, said
from tests.databases.probe_authority import HERE, leaf
from tests.databases.probe_name_server import NameServer, silent
from tests.databases.probe_servers import (
    Serving,
    full,
    http,
    nobody,
    resets,
    says,
    server_context,
    until,
)

WAY = Way(TESTS, NAMES)


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


@pytest.fixture
def listening() -> Iterator[list[tuple[str, int]]]:
    """Where the kernel takes connections, and nobody ever says a word."""
    with open("/proc/sys/net/core/somaxconn", encoding="ascii") as file:
        deep = min(4_096, int(file.read()))
    with ExitStack() as stack:
        found = []
        for number in range(12_000 // deep + 1):
            listener = stack.enter_context(socket.socket())
            listener.bind((f"127.0.0.{number + 1}", 0))
            listener.listen(deep)
            found.append(listener.getsockname())
        yield found


def silence(listening: list[tuple[str, int]], number: int, timeout: float) -> Prepared:
    host, port = listening[number % len(listening)]
    return prepared("http", {"url": f"http://{host}:{port}/{number}"}, Given(), timeout=timeout)


def run(prober: Prober, endpoints: list[tuple[Prepared, Way]]) -> Counter[str]:
    for number, (endpoint, way) in enumerate(endpoints):
        prober.hand_in(number, endpoint, way, datetime.now(UTC))
    prober.run_all()
    return Counter(said(reading) for _, reading in prober.taken())


@pytest.mark.slow
def test_two_thousand_attempts_leave_as_many_descriptors_as_before(
    listening: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names_module, "PATIENCE", 0.2)
    # How the attempts end is not to depend on how busy this machine is.
    monkeypatch.setattr(loop_module, "LATE", 60.0)
    with ExitStack() as stack:
        enter = stack.enter_context
        ok = enter(Serving(says(http("ok")), tls=server_context()))
        expired = enter(Serving(says(http("ok")), tls=server_context(leaf(*HERE, ends=-0.5))))
        reset, name_server = enter(Serving(resets)), enter(NameServer(silent))
        refused, stuck = enter(nobody()), enter(full())
        quiet = listening[0][1]
        nameless = Way(TESTS, name_server.names())
        many = Way(TESTS, Names((), hosts={"many.test": ("127.0.0.200", "127.0.0.201")}))
        ways: list[tuple[str, dict[str, Any], Way, str]] = [
            ("http", {"url": ok.url}, WAY, "ok - - request"),
            ("http", {"url": expired.url}, WAY, "fail certificate_expired theirs tls"),
            ("http", {"url": reset.url}, WAY, "fail reset theirs request"),
            ("tcp", _at(refused), WAY, "fail refused theirs connect"),
            ("tcp", _at(stuck), WAY, "fail connect_timed_out network connect"),
            ("tcp", _at(refused, "many.test"), many, "fail refused theirs connect"),
            ("tcp", _at(quiet, "it.test"), nameless, "fail name_timed_out network name"),
            ("tls", _at(quiet), WAY, "fail tls_timed_out theirs tls"),
            ("postgres", _database(quiet), WAY, "fail timed_out theirs request"),
            ("postgres", _database(refused), WAY, "fail refused theirs connect"),
            ("http", {"url": f"http://127.0.0.1:{quiet}/"}, WAY, "fail timed_out theirs request"),
            ("tcp", _at(80), Way(INTERNET, NAMES), "config egress_loopback - name"),
        ]
        endpoints = [
            (prepared(kind, spec, timeout=1.0), way)
            for _ in range(170)
            for kind, spec, way, _ in ways
        ]
        with a_prober() as prober:
            run(prober, endpoints[:24])
            until(lambda: not _serving(ok, expired, reset))
            before = descriptors()
            results = run(prober, endpoints)
            until(lambda: not _serving(ok, expired, reset))
            assert descriptors() == before
    expected = Counter(said for *_, said in ways)
    assert results == Counter({said: 170 * count for said, count in expected.items()})
    assert sum(results.values()) >= 2_000


def _at(port: int, host: str = "127.0.0.1") -> dict[str, Any]:
    return {"host": host, "port": port}


def _database(port: int) -> dict[str, Any]:
    return _at(port) | {"database": "d", "user": "u", "tls": "disable"}


def _serving(*servers: Serving) -> int:
    """Connections that a server has not closed yet: its descriptors are in our process too."""
    return sum(server.open for server in servers)


@pytest.mark.parametrize("stage", ["connect", "names", "answer"])
def test_targets_that_hang_delay_no_other(
    stage: str, listening: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as may be busy at once, and more, hang for much longer than the test lasts."""
    monkeypatch.setattr(line_module, "CONNECT_PATIENCE", 30)
    monkeypatch.setattr(names_module, "PATIENCE", 30)
    with ExitStack() as stack:
        server = stack.enter_context(Serving(says(http("ok"))))
        port = stack.enter_context(full())
        name_server = stack.enter_context(NameServer(silent))
        prober = stack.enter_context(a_prober())
        nameless = Way(TESTS, name_server.names())
        hanging = {
            "connect": (prepared("tcp", _at(port), timeout=30), WAY),
            "names": (prepared("tcp", _at(1, "it.test"), timeout=30), nameless),
            "answer": (silence(listening, 0, 30), WAY),
        }[stage]
        now = datetime.now(UTC)
        for number in range(150):
            prober.hand_in(number, *hanging, now)
        healthy = prepared("http", {"url": server.url})
        for _ in range(100):
            prober.hand_in("healthy", healthy, WAY, now)
        began = monotonic()
        ended: list[str] = []
        while len(ended) < 100:
            prober.loop.turn(0.05)
            ended += [said(reading) for key, reading in prober.taken() if key == "healthy"]
            assert monotonic() - began < 5, "they wait for those that hang"
        assert set(ended) == {"ok - - request"}
        assert len(prober.loop) == 150


def test_one_target_of_sixty_seconds_delays_no_other(listening: list[tuple[str, int]]) -> None:
    with Serving(says(http("ok"))) as server, a_prober(Loop(busy=1)) as prober:
        now = datetime.now(UTC)
        prober.hand_in("slow", silence(listening, 0, 60), WAY, now)
        for number in range(200):
            prober.hand_in(number, prepared("http", {"url": server.url}), WAY, now)
        began = monotonic()
        while len(prober.done) < 200:
            prober.loop.turn(0.05)
            assert monotonic() - began < 10
        assert {said(reading) for _, reading in prober.taken()} == {"ok - - request"}
        assert len(prober.loop) == 1


def resident() -> int:
    """kB of this process that lie in memory now."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize() // 1024


@pytest.mark.slow
def test_ten_thousand_that_wait_at_once_need_little_memory(
    listening: list[tuple[str, int]],
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 11_000:
        pytest.skip(f"only {hard} descriptors are allowed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 11_000), hard))
    before, open_before = resident(), descriptors()
    try:
        prober = Prober(Loop())
        way = Way(TESTS, Names((), hosts=HOSTS))
        for number in range(10_000):
            prober.hand_in(number, silence(listening, number, 60), way, datetime.now(UTC))
        while prober.loop.waiting:
            prober.loop.turn(0.01)
        for _ in range(20):
            prober.loop.turn(0.01)
        grown = resident() - before
        assert descriptors() - open_before >= 10_000
        assert len(prober.loop) == 10_000
        assert grown < 80_000, f"{grown} kB for 10,000"
        prober.loop.close()
        del prober
        assert descriptors() == open_before
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_memory_does_not_grow_with_the_number_of_attempts() -> None:
    """Attempts that fail leave nothing behind that only the collector of garbage would find."""
    import gc

    with nobody() as port, a_prober() as prober:
        endpoint = prepared("http", {"url": f"http://127.0.0.1:{port}/"})
        run(prober, [(endpoint, WAY)] * 500)
        gc.collect()
        gc.disable()
        try:
            before = len(gc.get_objects())
            run(prober, [(endpoint, WAY)] * 2_000)
            left = len(gc.get_objects()) - before
        finally:
            gc.enable()
    assert left < 500
