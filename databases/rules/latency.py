"""How long did the answers take? A histogram that can be added up over hours and endpoints."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

BUCKETS = 48
# Upper ends in microseconds: 1 ms, then a quarter more each; the last takes all that is longer.
ENDS = tuple(int(1000 * 1.25**i) for i in range(BUCKETS))


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts of attempts by the bucket of their time."""

    counts: tuple[int, ...] = (0,) * BUCKETS

    @classmethod
    def of(cls, durations: Iterable[int]) -> "Histogram":
        """From durations in microseconds."""
        counts = [0] * BUCKETS
        for duration in durations:
            counts[min(bisect_left(ENDS, duration), BUCKETS - 1)] += 1
        return cls(tuple(counts))

    @classmethod
    def merged(cls, parts: Iterable["Histogram"]) -> "Histogram":
        counts = [0] * BUCKETS
        for part in parts:
            counts = [a + b for a, b in zip(counts, part.counts, strict=True)]
        return cls(tuple(counts))

    @property
    def count(self) -> int:
        return sum(self.counts)

    def percentile(self, percent: int) -> int | None:
        """Microseconds that so many percent of the attempts did not exceed: the upper end of their
        bucket, so at most a quarter too much. None when there are no attempts."""
        rank = -(-self.count * percent // 100) or 1
        passed = 0
        for count, end in zip(self.counts, ENDS, strict=True):
            passed += count
            if passed >= rank:
                return end
        return None

    def to_bytes(self) -> bytes:
        """Numbers of 7 bits a byte; a run of zeros is a zero and its length."""
        return bytes(chain.from_iterable(_written(n) for n in _runs(self.counts)))

    @classmethod
    def from_bytes(cls, data: bytes) -> "Histogram":
        """The inverse of to_bytes; ValueError for anything else."""
        counts: list[int] = []
        numbers = iter(_read(data))
        for number in numbers:
            counts += [number] if number else [0] * next(numbers, 0)
        counts += [0] * (BUCKETS - len(counts))
        if len(counts) != BUCKETS:
            raise ValueError("these bytes are no histogram")
        return cls(tuple(counts))


def _runs(counts: tuple[int, ...]) -> Iterable[int]:
    """Without the zeros at the end, those between as 0 and how many."""
    zeros = 0
    for count in counts:
        if not count:
            zeros += 1
            continue
        if zeros:
            yield from (0, zeros)
            zeros = 0
        yield count


def _written(number: int) -> Iterable[int]:
    while number > 0x7F:
        yield number & 0x7F | 0x80
        number >>= 7
    yield number


def _read(data: bytes) -> Iterable[int]:
    number = shift = 0
    for byte in data:
        number |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            yield number
            number = shift = 0
    if shift:
        raise ValueError("these bytes are no histogram")
