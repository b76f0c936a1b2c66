"""Short ways to run one probe, or many, over the real thing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

from databases.probes.egress import Reach
from databases.probes.loop import Loop
from databases.probes.names import Names
from databases.probes.prober import Prepared, Prober, Way, prepare
from databases.probes.reading import Reading
from databases.probes.surroundings import Given
from tests.databases.probe_authority import trusted

THIS_MACHINE = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
TESTS = Reach("tests", stand_ins=THIS_MACHINE)
INTERNET = Reach("internet", internet=True)
HOSTS: dict[str, tuple[str, ...]] = {"service.test": ("127.0.0.1",), "other.test": ("127.0.0.2",)}
NAMES = Names((), hosts=HOSTS)
TRUSTING = Given(authorities=trusted())
SOON = 0.4  # seconds; a time-out of the tests that wait for one


@contextmanager
def a_prober(loop: Loop | None = None) -> Iterator[Prober]:
    # An empty loop is false: it has nothing to do.
    prober = Prober(Loop() if loop is None else loop)
    try:
        yield prober
    finally:
        prober.loop.close()


def prepared(
    kind: str, spec: dict[str, Any], given: Given = TRUSTING, *, timeout: float = 5.0
) -> Prepared:
    endpoint = prepare(kind, spec, given, timeout=timeout)
    assert isinstance(endpoint, Prepared), endpoint
    return endpoint


def probed(
    kind: str,
    spec: dict[str, Any],
    given: Given = TRUSTING,
    *,
    reach: Reach = TESTS,
    names: Names = NAMES,
    timeout: float = 5.0,
    now: datetime | None = None,
) -> Reading:
    """What one attempt says, whether or not it can be prepared."""
    endpoint = prepare(kind, spec, given, timeout=timeout)
    with a_prober() as prober:
        prober.hand_in("it", endpoint, Way(reach, names), now or datetime.now(UTC))
        prober.run_all()
        ((key, reading),) = prober.taken()
    assert key == "it"
    return reading


def said(reading: Reading) -> str:
    """Result, reason, blame and depth in one line."""
    blame = reading.blame.value if reading.blame else "-"
    return f"{reading.result} {reading.reason or '-'} {blame} {reading.depth.name.lower()}"


def phases(reading: Reading) -> str:
    """The phases that were reached, in the order in which they come."""
    names = ("names", "connect", "tls", "first_byte")
    return " ".join(name for name in names if getattr(reading, name) is not None)
