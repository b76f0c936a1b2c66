"""What a pump is called, so that two of them can be told apart."""

import os
import socket


def pump_name(kind: str) -> str:
    return f"{kind} {os.getpid()} @ {socket.gethostname()}"[:120]
