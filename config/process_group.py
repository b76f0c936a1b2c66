"""How does a child process die with its parent, and how does its whole family end?"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def dies_with_parent(number: signal.Signals) -> Callable[[], None]:
    """A preexec_fn after which the kernel sends the child this signal when its parent is gone."""
    parent = os.getpid()
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def prepare() -> None:
        if prctl:
            prctl(PR_SET_PDEATHSIG, int(number))
        # The parent may have died before the line above.
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether the process ended; what is left of its session is killed then, before reaping."""
    if process.returncode is not None:
        return True
    if not os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG):
        return False
    kill_family(process)
    process.wait()
    return True


def kill_family(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the session of a process that leads one and is not yet reaped."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
