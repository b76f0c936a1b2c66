"""Who keeps the portal's processes running in one terminal, and ends them all together?"""

import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Self

from config.process_group import dies_with_parent, has_ended, kill_family

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TICK = 0.1  # seconds between two looks at the children
LONGEST_DELAY = 30.0  # seconds before a child that keeps dying is started again
STEADY = 60.0  # seconds after which a child is trusted again


class FailedToStart(Exception):
    """The portal did not come up: a child ended or did not answer; the text names its log."""


@dataclass
class Child:
    """A process to be kept alive, and the folder of its log and its pid file."""

    name: str
    command: list[str]
    environment: dict[str, str]
    folder: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)
    due: float = field(default=0.0, init=False)
    delay: float = field(default=0.5, init=False)

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    @property
    def pid_file(self) -> Path:
        return self.folder / f"{self.name}.pid"

    def start(self, *, first: bool) -> None:
        with self.log.open("wb" if first else "ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C in the terminal is for the supervisor, which tells each child once.
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGTERM),
            )
        self.started = time.monotonic()
        # In one step: whoever reads it finds a whole number.
        fresh = self.pid_file.with_suffix(".new")
        fresh.write_text(f"{self.process.pid}\n", encoding="ascii")
        fresh.replace(self.pid_file)

    def has_ended(self) -> bool:
        return self.process is None or has_ended(self.process)

    def plan_restart(self, now: float) -> None:
        """Decide when to start again: soon after a steady life, ever later after short ones."""
        self.delay = 1.0 if now - self.started > STEADY else min(self.delay * 2, LONGEST_DELAY)
        self.due = now + self.delay


class Supervisor(AbstractContextManager["Supervisor"]):
    """Starts the children on entering, ends them on leaving, whatever the reason.

    `grace` is the seconds between the one SIGTERM and SIGKILL; a second Ctrl-C cuts it short.
    """

    def __init__(
        self, children: Iterable[Child], *, say: Callable[[str], object], grace: float = 10.0
    ) -> None:
        self.children = list(children)
        self.say = say
        self.grace = grace
        self.signals = 0

    def __enter__(self) -> Self:
        for number in ENDING:
            signal.signal(number, self._note)
        for child in self.children:
            child.start(first=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    @property
    def is_ending(self) -> bool:
        return self.signals > 0

    def wait_until(self, answers: Callable[[], bool], *, patience: float = 60.0) -> None:
        """Return when it answers or an end is asked for; FailedToStart otherwise."""
        deadline = time.monotonic() + patience
        while not self.is_ending and not answers():
            for child in self.children:
                if child.has_ended():
                    raise FailedToStart(f"{child.name} ended at once; {child.log} says why.")
            if time.monotonic() > deadline:
                raise FailedToStart(
                    f"No answer within {patience:.0f} s; see the logs beside {child.log}."
                )
            time.sleep(TICK)

    def watch(self) -> None:
        """Start again what ends, until an end is asked for."""
        while not self.is_ending:
            now = time.monotonic()
            for child in self.children:
                self._tend(child, now)
            time.sleep(TICK)

    def _tend(self, child: Child, now: float) -> None:
        if not child.has_ended():
            return
        if child.process:
            child.plan_restart(now)
            status = child.process.returncode
            self.say(
                f"{child.name} ended ({status}), again in {child.delay:.0f} s; see {child.log}."
            )
            child.process = None
        elif now >= child.due:
            child.start(first=False)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.signals += 1

    def _end(self) -> None:
        heard = self.signals
        deadline = time.monotonic() + self.grace
        for child in self.children:
            if child.process and not child.has_ended():
                child.process.terminate()
        while [child for child in self.children if not child.has_ended()]:
            if time.monotonic() > deadline or self.signals > heard:
                for child in self.children:
                    if child.process and child.process.returncode is None:
                        kill_family(child.process)
            time.sleep(TICK / 2)
        for child in self.children:
            child.pid_file.unlink(missing_ok=True)
