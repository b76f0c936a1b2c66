"""Did endpoints of many owners begin to fail together?"""

from datetime import UTC, datetime, timedelta

from databases.rules.crowd import Suspect, is_crowd

BEGAN = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def suspects(count: int, *, owners: int = 3, apart: float = 1.0) -> list[Suspect]:
    """They begin to fail one after the other, so many seconds apart."""
    return [Suspect(f"o{n % owners}", BEGAN + n * timedelta(seconds=apart)) for n in range(count)]


def test_many_of_many_owners_within_a_minute_are_a_crowd() -> None:
    assert is_crowd(suspects(21), BEGAN, endpoints=60)


def test_twenty_are_too_few() -> None:
    assert not is_crowd(suspects(20), BEGAN, endpoints=60)


def test_three_tenths_of_the_zone_are_too_few() -> None:
    assert not is_crowd(suspects(30), BEGAN, endpoints=100)
    assert is_crowd(suspects(31), BEGAN, endpoints=100)


def test_endpoints_of_two_owners_are_none() -> None:
    assert not is_crowd(suspects(40, owners=2), BEGAN, endpoints=60)


def test_who_began_to_fail_at_another_time_is_not_of_the_crowd() -> None:
    together = suspects(40)
    assert not is_crowd(together, BEGAN + timedelta(minutes=5), endpoints=60)
    assert not is_crowd(together, BEGAN - timedelta(minutes=5), endpoints=60)


def test_the_first_and_the_last_to_fail_are_of_the_same_crowd() -> None:
    # With an interval of a minute, what breaks at once is noticed over a minute.
    spread = suspects(60)
    assert is_crowd(spread, spread[0].since, endpoints=60)
    assert is_crowd(spread, spread[-1].since, endpoints=60)
