"""Runs one command in a child that kills itself at the n-th line of the code that writes.

    python -m tests.killing N COMMAND [ARGUMENT…]

N = 0 kills nothing and prints how many such lines ran. Django is set up before counting begins.
"""

import os
import signal
import sys
from types import FrameType
from typing import Any

import django
from django.core.management import call_command

WRITERS = tuple(f"{os.sep}tracking{os.sep}{layer}{os.sep}" for layer in ("actions", "models"))


class Countdown:
    """Counts lines of the writers; kills this process at one of them."""

    def __init__(self, kill_at: int) -> None:
        self.kill_at = kill_at
        self.lines = 0

    def start(self, frame: FrameType, event: str, argument: object) -> Any:
        return self.line if any(part in frame.f_code.co_filename for part in WRITERS) else None

    def line(self, frame: FrameType, event: str, argument: object) -> Any:
        if event == "line":
            self.lines += 1
            if self.lines == self.kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
        return self.line


def main() -> None:
    django.setup()
    countdown = Countdown(int(sys.argv[1]))
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        sys.settrace(countdown.start)
        try:
            call_command(*sys.argv[2:], stdout=nowhere)
        finally:
            sys.settrace(None)
    sys.stdout.write(str(countdown.lines))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main()
