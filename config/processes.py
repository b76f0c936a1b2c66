"""Which processes make up the running portal on one machine, and is its address free?"""

import fcntl
import http.client
import os
import socket
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import IO

from config.env import text
from config.supervisor import Child

HOST = "127.0.0.1"
LOG_DIR = "log"
MANAGE = str(Path(__file__).resolve().parent.parent / "manage.py")
# Its control socket would lie under HOME, which may be read-only.
WEB = (
    "gunicorn config.wsgi --worker-class gthread --workers 1 --threads 8 --graceful-timeout 8 "
    "--no-control-socket"
)
# A worker alone has nobody to greet or to gossip with.
ALONE = "--pool threads --without-mingle --without-gossip --loglevel INFO"
WORKER = f"celery -A config worker --beat --concurrency 2 {ALONE}"
# A pump that was kicked works for a while, so that it has a worker of its own.
PROBES = f"celery -A config worker --queues probes --concurrency 1 --hostname probes@%h {ALONE}"


def children(port: int, var_dir: Path, *, partners: bool, mailbox: bool = False) -> list[Child]:
    """The web server, the worker with the scheduler, the pump, the watch, and where wanted the
    stand-ins to probe and the mailbox; their logs and pids lie in var/log."""
    folder = var_dir / LOG_DIR
    folder.mkdir(parents=True, exist_ok=True)
    environment = {"BASE_URL": f"http://{HOST}:{port}"} | os.environ | {"PYTHONUNBUFFERED": "1"}
    # In the order in which they start: the stand-ins before who probes them, the mailbox before
    # who sends.
    commands = {"partners": [MANAGE, "partners"]} if partners else {}
    if mailbox:
        commands["mailbox"] = [MANAGE, "mailbox"]
    commands["web"] = ["-m", *WEB.split(), "--bind", f"{HOST}:{port}"]
    commands["worker"] = ["-m", *WORKER.split()]
    commands["pump"] = [MANAGE, "pump"]
    commands["watch"] = [MANAGE, "watch"]
    if text("REDIS_URL"):
        # Kicks come only then. The pump stands by for the time that Redis is away.
        commands["probes"] = ["-m", *PROBES.split()]
    return [
        Child(name, [sys.executable, *command], environment, folder)
        for name, command in commands.items()
    ]


def taken(ports: Iterable[int]) -> list[int]:
    """Those on which something listens already."""
    return [port for port in ports if not is_free(port)]


def is_free(port: int) -> bool:
    with socket.socket() as listener:
        # As the web server does: an address that only waits out old connections is free.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    with closing(http.client.HTTPConnection(HOST, port, timeout=2)) as connection:
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False


def claim(var_dir: Path) -> IO[str] | None:
    """The lock that one running portal holds on its var folder; None when another holds it."""
    folder = var_dir / LOG_DIR
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "portal.pid").open("a+", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock
