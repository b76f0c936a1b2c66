"""Two pumps and the sweep in any order, on the real statements: every slot is accounted for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from databases.actions.sweep import expire_stale
from databases.models import Check, EndpointState, Transition
from databases.probes.reading import Reading
from databases.pump.attempts import Attempt, begin
from databases.pump.claim import LEASE, claim
from databases.pump.configuration import Configuration
from databases.pump.finish import finish, release, skip
from databases.pump.judged import Ended
from databases.rules.track import Blame, Result
from tests.databases.chaos_fleet import faults, make_fleet

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TOOK = timedelta(milliseconds=300)


def ended(attempt: Attempt, result: Result, at: datetime) -> Ended:
    blame = Blame.THEIRS if result is Result.FAIL else None
    reading = Reading(result, result.value, blame, total=300_000)
    return Ended(attempt.claimed, attempt.configured, attempt.slot, at, at + TOOK, reading)


@dataclass
class Hand:
    """A pump as far as the database sees it: what it has claimed, and what it does with it."""

    random: Random
    configuration: Configuration = field(default_factory=Configuration)
    attempts: list[Attempt] = field(default_factory=list)

    def claims(self, now: datetime) -> None:
        most = self.random.choice([1, 2, 5])
        self.attempts += begin(claim(most, now), self.configuration, now, 0.0)

    def finishes(self, now: datetime) -> None:
        results = (self.random.choice([Result.OK, Result.FAIL, Result.BLIND]) for _ in range(99))
        finish([ended(a, r, now) for a, r in zip(self._some(), results, strict=False)], now)

    def gives_back(self, now: datetime) -> None:
        release(attempt.claimed for attempt in self._some())

    def skips(self, now: datetime) -> None:
        for attempt in self._some():
            skip(ended(attempt, Result.OK, now))

    def dies(self, now: datetime) -> None:
        self.attempts = []

    def _some(self) -> list[Attempt]:
        some: list[Attempt] = []
        others: list[Attempt] = []
        for attempt in self.attempts:
            (some if self.random.random() < 0.7 else others).append(attempt)
        self.attempts = others
        return some


def someone_asks_now(now: datetime) -> None:
    EndpointState.objects.filter(next_due_at__gt=now).update(next_due_at=now)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_two_pumps_do_in_any_order_no_slot_is_lost_or_told_twice(seed: int) -> None:
    random = Random(seed)
    fleet = make_fleet(4, 1, NOW, intervals=(20, 60))
    hands = [Hand(random), Hand(random)]
    acts: list[Callable[[datetime], object]] = [lambda now: expire_stale(now=now)]
    acts.append(someone_asks_now)
    for hand in hands:
        acts += [hand.claims] * 4 + [hand.finishes] * 4
        acts += [hand.gives_back, hand.skips, hand.dies]
    now = NOW
    for _ in range(60):
        now += timedelta(seconds=random.choice([0, 1, 5, 20, 61, LEASE.total_seconds() + 1]))
        random.choice(acts)(now)
    assert faults(fleet) == []
    assert Check.objects.exists()


def test_what_was_seen_before_and_after_a_lease_ended_may_come_in_one_batch() -> None:
    """As when a pump that is alone wakes up, or its database comes back after long."""
    fleet = make_fleet(2, 1, NOW, intervals=(20,))
    configuration = Configuration()
    before = NOW + timedelta(seconds=30)
    after = before + LEASE + timedelta(seconds=1)
    old = begin(claim(9, before), configuration, before, 0.0)
    new = begin(claim(9, after), configuration, after, 0.0)
    assert len(old) == len(new) == len(fleet)
    batch = [ended(attempt, Result.FAIL, before) for attempt in old]
    batch += [ended(attempt, Result.OK, after) for attempt in new]
    assert len(finish(batch, after)) == len(fleet)
    assert {check.slot_at for check in Check.objects.all()} == {a.slot.at for a in new}
    assert set(Transition.objects.values_list("after", flat=True)) == {"up"}
    assert faults(fleet) == []
