"""Servers of a test's own, which may be stopped, killed and started again on the same port."""

import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import redis

from config.process_group import dies_with_parent
from tests.databases.chaos import wait_until
from tests.servers import PostgreSQL, Redis


class Restarted:
    """What a server is told beside starting once. Mixed into one of tests.servers."""

    variable = "PORTAL_TEST_NONE"  # never one of the environment, which others use too
    process: subprocess.Popen[bytes] | None
    options: dict[str, Any]
    end_signal: signal.Signals
    url: str

    def halt(self, number: signal.Signals) -> None:
        assert self.process
        self.process.send_signal(number)
        self.process.wait(30)

    def start_again(self) -> None:
        """With the data that it left."""
        assert self.process
        self.process = subprocess.Popen(
            self.process.args,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=dies_with_parent(self.end_signal),
            **self.options,
        )
        wait_until("the server answers", self.is_up)

    def is_up(self) -> bool:
        raise NotImplementedError


class OwnRedis(Restarted, Redis):
    def client(self) -> redis.Redis:
        return redis.Redis(port=urlsplit(self.url).port or 0, socket_timeout=5)

    def is_up(self) -> bool:
        with suppress(redis.RedisError), self.client() as client:
            return bool(client.ping())
        return False


class OwnPostgreSQL(Restarted, PostgreSQL):
    def arguments(self, folder: Path, port: int) -> list[str]:
        # Whoever was told that something is written finds it after a stop without warning.
        return [*super().arguments(folder, port), "-c", "synchronous_commit=on"]

    def is_up(self) -> bool:
        with suppress(psycopg.OperationalError), psycopg.connect(self.url):
            return True
        return False
