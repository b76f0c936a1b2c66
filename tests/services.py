"""Which database and which Redis do the tests run on? Decided before Django reads its settings.

TEST_DATABASE=sqlite (the default) runs on the embedded defaults, TEST_DATABASE=postgresql on
PostgreSQL and Redis. Either way both servers are there, at PORTAL_TEST_POSTGRES_URL and
PORTAL_TEST_REDIS_URL.
"""

import os
import signal
import sys
import tempfile
from collections.abc import Generator
from types import FrameType

import pytest

from config.catalogue import compile_catalogue
from tests.lasting import LASTING
from tests.servers import NoServer, PostgreSQL, Redis, Server, folder_prefix, sweep

__all__ = ["PostgreSQL", "Redis"]

NAMES = {PostgreSQL: "PORTAL_TEST_POSTGRES_URL", Redis: "PORTAL_TEST_REDIS_URL"}
DATABASES = ("sqlite", "postgresql")


def _obtain(kind: type[Server]) -> str:
    """Start or take the server and export its address; the phrase that says so."""
    try:
        server = LASTING.enter_context(kind())
    except NoServer as error:
        if os.environ["TEST_DATABASE"] == "postgresql" or os.environ.get("CI") == "true":
            raise pytest.UsageError(f"The suite cannot run: {error}.") from error
        return f"{error}, so the tests that need it are skipped"
    os.environ[NAMES[kind]] = server.url
    return server.told


def _choose(database: str) -> None:
    """Set what settings will read, from what was obtained."""
    for kind, name in NAMES.items():
        os.environ.pop(kind.variable, None)
        if database == "postgresql":
            os.environ[kind.variable] = os.environ[name]


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    asked = early_config.known_args_namespace
    if not (asked.help or asked.version):
        database = os.environ.setdefault("TEST_DATABASE", "sqlite")
        if database not in DATABASES:
            raise pytest.UsageError(f"TEST_DATABASE={database}: say sqlite or postgresql.")
        signal.signal(signal.SIGTERM, _interrupt)
        sweep()
        # Compiled words are not in the repository, and a bare `pytest` must find them too.
        for words in early_config.rootpath.glob("config/locale/*/LC_MESSAGES/*.po"):
            compile_catalogue(words)
        told = [_obtain(kind) for kind in NAMES]
        _choose(database)
        # Tests leave the developer's own data alone.
        folder = tempfile.TemporaryDirectory(prefix=folder_prefix())
        os.environ["VAR_DIR"] = LASTING.enter_context(folder)
        sys.stderr.write(f"Tests on {database}; servers: {', '.join(told)}.\n")
    try:
        return (yield)
    except BaseException:
        # Settings that do not load end pytest before it has anything to unconfigure.
        LASTING.close()
        raise


def pytest_unconfigure() -> None:
    LASTING.close()
