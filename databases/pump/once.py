"""A claim probed to its end, here and now: for a command, without a pump."""

from collections.abc import Callable, Sequence
from datetime import datetime
from time import monotonic

from databases.probes.loop import Loop
from databases.probes.prober import Prober
from databases.pump.attempts import begin
from databases.pump.claim import Claimed
from databases.pump.configuration import Configuration
from databases.pump.finish import finish
from databases.pump.judged import Judged

_BATCH = 500


def probe_once(
    claimed: Sequence[Claimed],
    clock: Callable[[], datetime],
    told: Callable[[int], object] = lambda ended: None,
) -> list[Judged]:
    """Those that were written: still ours when they ended. `told` hears how many have ended."""
    attempts = begin(claimed, Configuration(), clock(), monotonic())
    prober = Prober(Loop())
    try:
        for attempt in attempts:
            attempt.hand_in(prober, monotonic())
        prober.run_all(told)
    finally:
        prober.loop.close()
    ended = [attempt.ended(reading) for attempt, reading in prober.taken()]
    batches = (ended[n : n + _BATCH] for n in range(0, len(ended), _BATCH))
    return [row for batch in batches for row in finish(batch, clock())]
