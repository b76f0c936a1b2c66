"""How soon does a stop become a contradiction? A real server, probed by the pump's own functions at
the instants at which it is due."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from databases.actions.contradictions import reconcile_contradictions
from databases.actions.stages import declare_stage
from databases.models import Connection, Contradiction
from databases.pump.claim import claim
from databases.pump.once import probe_once
from databases.rules.stage import Stage
from tests.databases.probed import Answers, http_server, make_endpoint
from tests.databases.watched import START
from tracking.rules.instants import day_of

pytestmark = pytest.mark.django_db
INTERVAL = 20  # s, the slowest of the stand-ins
TICK = timedelta(seconds=5)
CHORE = timedelta(seconds=15)
TWO_MINUTES = timedelta(minutes=2)


@pytest.fixture
def answers() -> Iterator[Answers]:
    """Of a database whose connection is declared, and answers."""
    said = Answers()
    with http_server(said) as port:
        make_endpoint(START, port, interval=INTERVAL)
        connection = Connection.objects.get()
        declare_stage(
            connection=connection,
            stage=Stage.CONNECTED,
            effective_on=day_of(START),
            now=START,
            by="an",
        )
        yield said


def probe(at: datetime) -> None:
    """What is due then, to its end."""
    probe_once(claim(100, at), lambda: at)


def run_until(wanted: int, start: datetime) -> datetime:
    """Probe and keep the register until so many contradictions are open; when that was."""
    now = start
    while now <= start + TWO_MINUTES:
        now += TICK
        probe(now)
        if (now - START) % CHORE == timedelta(0):
            reconcile_contradictions(now=now)
        if Contradiction.objects.open().count() == wanted:
            return now
    pytest.fail(f"not {wanted} within two minutes")


def test_it_opens_within_two_minutes_of_a_stop_and_closes_within_two_of_the_return(
    answers: Answers,
) -> None:
    probe(START)
    answers.status = 503
    opened = run_until(1, START)
    assert opened - START <= TWO_MINUTES
    answers.status = 200
    closed = run_until(0, opened)
    assert closed - opened <= TWO_MINUTES
