"""How do thousands of probes wait at once? One thread, one epoll, a coroutine for each.

Written by hand because the probes are what this portal is for: half the CPU and a third of the
memory of asyncio for a probe, and a burst of starts that books no waiting of ours on the target.
"""

import logging
import select
import types
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from contextlib import suppress
from time import monotonic
from typing import Any

READ, WRITE = select.EPOLLIN, select.EPOLLOUT

LATE = 0.25  # seconds of our own delay from which a time-out is no evidence any more
_REMEMBERED = 10.0  # seconds for which such a delay taints what times out
_SWEEP = 0.1  # seconds between two looks at the time-outs
_EVENTS = 64  # handled before the next look at who else is there
_STARTS = 4  # probes started before it: a crowd that starts together would time its own queue
_POSTPONED = 256  # turns for which that look waits while there is always something to handle

_log = logging.getLogger(__name__)


class TimedOut(Exception):
    """Thrown into a coroutine whose time is over; `late`: we ourselves were slow."""

    def __init__(self, *, late: bool = False) -> None:
        super().__init__()
        self.late = late


class OutOfPatience(TimedOut):
    """One step took too long; the attempt as a whole still has time."""


@types.coroutine
def ready(descriptor: int, event: int) -> Generator[tuple[int, int], None, None]:
    """Wait until the descriptor can be read or written."""
    yield descriptor, event


class Run:
    """A coroutine in the loop. `until`: when it is told that its time is over (monotonic)."""

    __slots__ = ("added", "begun", "coroutine", "descriptor", "done", "timeout", "until")

    def __init__(self, timeout: float) -> None:
        self.timeout = timeout
        self.until = self.begun = self.added = 0.0
        self.descriptor = -1
        self.coroutine: Coroutine[Any, None, None]
        self.done: Callable[[], None]


class Loop:
    """`busy`: how many may connect or shake hands at once; `at_once`: how many may be under way,
    most of them merely waiting. A start that gets no answer counts as busy for `hold` seconds."""

    def __init__(self, *, busy: int = 64, at_once: int = 10_000, hold: float = 0.25) -> None:
        self.busy, self.at_once, self.hold = busy, at_once, hold
        self.lag = 0.0
        self._lagged = float("-inf")
        self._epoll = select.epoll()
        self._waiting: deque[Run] = deque()
        self._running: dict[int, Run] = {}
        self._unsettled: dict[int, Run] = {}
        self._by_descriptor: dict[int, Run] = {}
        self._swept = self._turned = monotonic()
        self._postponed = 0

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
        self._unsettled.pop(id(run), None)

    def turn(self, patience: float = _SWEEP) -> None:
        """Start who may, wait at most `patience` seconds for something to happen, handle it."""
        now = monotonic()
        if not self._running:
            # Nobody was kept waiting, however long nobody turned.
            self._turned = now
        patience = 0.0 if self._admit(now) else min(patience, _SWEEP)
        if not self._running:
            return
        events = self._epoll.poll(patience, _EVENTS)
        now = monotonic()
        self._note_lag(now - self._turned - patience, now)
        for descriptor, _ in events:
            run = self._by_descriptor.get(descriptor)
            if run is not None:
                self._step(run)
        if now - self._swept >= _SWEEP and not self._postpone(len(events)):
            self._sweep(now)
        self._turned = now

    def close(self) -> None:
        """Drop what is under way; nothing is told of it."""
        for run in (*self._running.values(), *self._waiting):
            with suppress(Exception):
                run.coroutine.close()
        for held in (self._running, self._unsettled, self._by_descriptor, self._waiting):
            held.clear()
        self._epoll.close()

    def was_late(self, run: Run, now: float) -> bool:
        """Were we ourselves slow, lately and since it began?"""
        return self._lagged >= run.begun and now - self._lagged < _REMEMBERED

    def _note_lag(self, lag: float, now: float) -> None:
        self.lag = max(0.0, lag)
        if lag > LATE:
            self._lagged = now

    def _postpone(self, handled: int) -> bool:
        """Who has an answer waiting is not told that its time is over."""
        self._postponed = self._postponed + 1 if handled == _EVENTS else _POSTPONED
        return self._postponed < _POSTPONED

    def _admit(self, now: float) -> bool:
        """Start who may; True when more could start at once."""
        while self._waiting and self._unsettled:
            oldest = next(iter(self._unsettled.values()))
            if now - oldest.begun < self.hold:
                break
            self.settle(oldest)
        for _ in range(_STARTS):
            if not self._may_start():
                return False
            run = self._waiting.popleft()
            run.begun = now = monotonic()
            run.until = now + run.timeout
            self._running[id(run)] = self._unsettled[id(run)] = run
            self._step(run)
        return self._may_start()

    def _may_start(self) -> bool:
        room = len(self._running) < self.at_once and len(self._unsettled) < self.busy
        return room and bool(self._waiting)

    def _step(self, run: Run, thrown: Exception | None = None) -> None:
        try:
            if thrown is None:
                wanted = run.coroutine.send(None)
            else:
                wanted = run.coroutine.throw(thrown)
        except StopIteration:
            self._end(run)
            return
        except Exception as error:
            # An attempt lets nothing out; what does come out must not end the others.
            _log.error("A coroutine of the loop ended with %s.", type(error).__name__)
            self._end(run)
            return
        try:
            self._wait(run, *wanted)
        except (OSError, ValueError) as refused:
            self._step(run, refused)

    def _wait(self, run: Run, descriptor: int, event: int) -> None:
        if descriptor != run.descriptor:
            self._leave(run)
            self._epoll.register(descriptor, event)
            run.descriptor = descriptor
            self._by_descriptor[descriptor] = run
            return
        try:
            self._epoll.modify(descriptor, event)
        except FileNotFoundError:
            # Closed and given out again: new to epoll, but not to us.
            self._epoll.register(descriptor, event)

    def _leave(self, run: Run) -> None:
        """It waits for its descriptor no more, whether or not that is closed."""
        if run.descriptor >= 0:
            self._by_descriptor.pop(run.descriptor, None)
            with suppress(OSError):
                self._epoll.unregister(run.descriptor)
            run.descriptor = -1

    def _end(self, run: Run) -> None:
        del self._running[id(run)]
        self._unsettled.pop(id(run), None)
        self._by_descriptor.pop(run.descriptor, None)
        run.done()

    def _sweep(self, now: float) -> None:
        self._swept, self._postponed = now, 0
        for run in [run for run in self._running.values() if run.until <= now]:
            self._step(run, TimedOut(late=self.was_late(run, now)))
