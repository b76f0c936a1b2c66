"""How do thousands of probes wait at once? One thread, one epoll, a coroutine for each.

Written by hand because the probes are what this portal is for: half the CPU and a third of the
memory of asyncio for a probe, and a burst of starts that books no waiting of ours on the target.
"""

import select
import types
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from time import monotonic
from typing import Any

READ, WRITE = select.EPOLLIN, select.EPOLLOUT

LATE = 0.25  # seconds of our own delay from which a time-out is no evidence any more
_REMEMBERED = 10.0  # seconds for which such a delay taints what times out
_SWEEP = 0.1  # seconds between two looks at the time-outs
_EVENTS = 64  # handled before the next look at who is new


class TimedOut(Exception):
    """Thrown into a coroutine whose time is over; `late`: we ourselves were slow."""

    def __init__(self, *, late: bool) -> None:
        super().__init__()
        self.late = late


@types.coroutine
def ready(descriptor: int, event: int) -> Generator[tuple[int, int], None, None]:
    """Wait until the descriptor can be read or written."""
    yield descriptor, event


class Run:
    """A coroutine in the loop. `until`: when it is told that its time is over (monotonic)."""

    __slots__ = ("added", "begun", "coroutine", "descriptor", "done", "settled", "timeout", "until")

    def __init__(self, timeout: float) -> None:
        self.timeout = timeout
        self.until = self.begun = self.added = 0.0
        self.descriptor = -1
        self.settled = False
        self.coroutine: Coroutine[Any, None, None]
        self.done: Callable[[], None]


class Loop:
    """`busy`: how many may connect or shake hands at once; `at_once`: how many may be under way,
    most of them merely waiting. A start that gets no answer counts as busy for `hold` seconds."""

    def __init__(self, *, busy: int = 64, at_once: int = 10_000, hold: float = 0.25) -> None:
        self.busy, self.at_once, self.hold = busy, at_once, hold
        self.lag = 0.0
        self._lagged = -_REMEMBERED
        self._epoll = select.epoll()
        self._waiting: deque[Run] = deque()
        self._running: dict[int, Run] = {}
        self._unsettled: dict[int, Run] = {}
        self._by_descriptor: dict[int, Run] = {}
        self._swept = self._turned = monotonic()

    def __len__(self) -> int:
        """Started or waiting to be started."""
        return len(self._running) + len(self._waiting)

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def add(
        self, run: Run, coroutine: Coroutine[Any, None, None], done: Callable[[], None]
    ) -> None:
        """Start it when there is room; `done` is called when it has ended."""
        run.coroutine, run.done, run.added = coroutine, done, monotonic()
        self._waiting.append(run)

    def settle(self, run: Run) -> None:
        """It has nothing to do now but to wait for an answer."""
        run.settled = True
        self._unsettled.pop(id(run), None)

    def turn(self, patience: float = _SWEEP) -> None:
        """Start who may, wait at most `patience` seconds for something to happen, handle it."""
        self._admit(monotonic())
        if not self._running:
            self._turned = monotonic()
            return
        patience = min(patience, _SWEEP)
        events = self._epoll.poll(patience, _EVENTS)
        now = monotonic()
        self._note_lag(now - self._turned - patience, now)
        for descriptor, _ in events:
            run = self._by_descriptor.get(descriptor)
            if run is not None:
                self._step(run)
        if now - self._swept >= _SWEEP:
            self._sweep(now)
        self._turned = now

    def close(self) -> None:
        """Drop what is under way; nothing is told of it."""
        for run in (*self._running.values(), *self._waiting):
            run.coroutine.close()
        self._running.clear()
        self._waiting.clear()
        self._epoll.close()

    def is_late(self, now: float) -> bool:
        return now - self._lagged < _REMEMBERED

    def _note_lag(self, lag: float, now: float) -> None:
        self.lag = max(0.0, lag)
        if lag > LATE:
            self._lagged = now

    def _admit(self, now: float) -> None:
        for run in list(self._unsettled.values()) if self._waiting else ():
            if now - run.begun < self.hold:
                break
            self.settle(run)
        while self._waiting and len(self._running) < self.at_once:
            if len(self._unsettled) >= self.busy:
                return
            run = self._waiting.popleft()
            run.begun = now = monotonic()
            run.until = now + run.timeout
            self._running[id(run)] = self._unsettled[id(run)] = run
            self._step(run)

    def _step(self, run: Run, thrown: Exception | None = None) -> None:
        try:
            if thrown is None:
                wanted = run.coroutine.send(None)
            else:
                wanted = run.coroutine.throw(thrown)
        except StopIteration:
            self._end(run)
            return
        self._wait(run, *wanted)

    def _wait(self, run: Run, descriptor: int, event: int) -> None:
        if descriptor != run.descriptor:
            self._by_descriptor.pop(run.descriptor, None)
            run.descriptor = descriptor
            self._by_descriptor[descriptor] = run
            self._epoll.register(descriptor, event)
            return
        try:
            self._epoll.modify(descriptor, event)
        except FileNotFoundError:
            # Closed and given out again: new to epoll, but not to us.
            self._epoll.register(descriptor, event)

    def _end(self, run: Run) -> None:
        del self._running[id(run)]
        self._unsettled.pop(id(run), None)
        if self._by_descriptor.get(run.descriptor) is run:
            del self._by_descriptor[run.descriptor]
        run.done()

    def _sweep(self, now: float) -> None:
        self._swept = now
        late = self.is_late(now)
        for run in [run for run in self._running.values() if run.until <= now]:
            self._step(run, TimedOut(late=late))
