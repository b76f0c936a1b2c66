"""Does the seed put the stand-ins into the register, so that real probes see the databases?"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Count

from databases.actions.endpoints import pause_endpoint
from databases.actions.seed import seed_databases
from databases.actions.stand_ins import ZONE, seed_stand_ins
from databases.models import Credential, Database, Endpoint, EndpointState, Interface, Zone
from databases.partners.kept import SIGNING_KEY, secret
from databases.partners.roster import LABEL_EN, LABEL_VI, ROSTER
from databases.probes.prober import Prepared, Prober
from databases.probes.reading import Reading
from databases.pump.configuration import prepared, way_of
from databases.pump.secrets import opened
from databases.rules.sentinels import Sentinel, sight
from databases.rules.stage import Stage
from tests.databases.running_stand_ins import Running, free_ports, running
from tracking.actions.seed import seed

NOW = datetime.now(UTC)
PORT = 8440


@pytest.fixture(scope="module")
def stand_ins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("var"), free_ports()) as begun:
        yield begun


@pytest.fixture
def register(db: None) -> None:
    """The twelve databases of the meeting."""
    seed(now=NOW, illustrative=False)
    seed_databases()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "partners"


def rows() -> list[dict[str, Any]]:
    """All that the seed writes."""
    models: tuple[Any, ...] = (Zone, Credential, Endpoint, EndpointState, Interface)
    return [row for model in models for row in model.objects.order_by("pk").values()]


def seen() -> dict[str, Reading]:
    """By code, what one attempt at every endpoint reads, prepared and reached as the pump does."""
    prober = Prober()
    way = way_of(Zone.objects.get(code=ZONE), [])
    for endpoint in Endpoint.objects.select_related("zone", "credential"):
        prober.hand_in(endpoint.code, prepared(endpoint), way, datetime.now(UTC))
    prober.run_all()
    prober.loop.close()
    return dict(prober.taken())


def test_real_probes_see_of_every_endpoint_what_its_stand_in_stands_for(
    register: None, stand_ins: Running
) -> None:
    seed_stand_ins(now=NOW, folder=stand_ins.papers, port=stand_ins.first)
    found = {code: (str(r.result), r.reason) for code, r in seen().items()}
    flapping = found.pop("GL-08")
    assert flapping in {("ok", ""), ("fail", "status_503")}
    differing = {code: said for code, said in found.items() if said != ("ok", "")}
    assert differing == {
        "GL-01-BT": ("fail", "never_reported"),
        "GL-05": ("fail", "status_500"),
        "GL-06": ("warn", "slow"),
        "GL-07": ("fail", "tls_timed_out"),
        "GL-09": ("warn", "stale"),
    }


def test_the_seed_is_idempotent(register: None, folder: Path) -> None:
    new = seed_stand_ins(now=NOW, folder=folder, port=PORT)
    assert new == Endpoint.objects.count() > 0
    before = rows()
    assert seed_stand_ins(now=NOW + timedelta(days=1), folder=folder, port=PORT) == 0
    assert rows() == before


def test_every_endpoint_can_be_probed_as_it_is_written(register: None, folder: Path) -> None:
    seed_stand_ins(now=NOW, folder=folder, port=PORT)
    for endpoint in Endpoint.objects.select_related("zone", "credential"):
        assert isinstance(prepared(endpoint), Prepared), endpoint.code
        assert 15 <= endpoint.interval <= 20
        assert 3_000 <= endpoint.timeout <= 5_000


def test_every_name_says_that_it_is_a_stand_in(register: None, folder: Path) -> None:
    seed_stand_ins(now=NOW, folder=folder, port=PORT)
    for row in [*Endpoint.objects.all(), Zone.objects.get()]:
        assert LABEL_VI in row.name_vi
        assert LABEL_EN in row.name_en


def test_each_of_the_twelve_is_probed_but_one(register: None, folder: Path) -> None:
    seed_stand_ins(now=NOW, folder=folder, port=PORT)
    counted = Database.objects.annotate(probes=Count("connections__interfaces__endpoints"))
    unprobed = [database.code for database in counted if not database.probes]
    assert (counted.count(), unprobed) == (12, ["CSDL-11"])
    both = Interface.objects.filter(code__startswith="GD-12").annotate(probes=Count("endpoints"))
    assert [interface.probes for interface in both] == [1, 1]


def test_the_four_connected_are_probed_by_different_kinds_and_each_can_be_up(
    register: None, folder: Path
) -> None:
    seed_stand_ins(now=NOW, folder=folder, port=PORT)
    connected = Endpoint.objects.filter(
        interface__connection__stage_changes__stage=Stage.CONNECTED
    ).select_related("interface__connection__database")
    databases = {e.interface.connection.database.code for e in connected if e.interface}
    assert databases == {"CSDL-01", "CSDL-02", "CSDL-03", "CSDL-04"}
    kinds = {endpoint.kind for endpoint in connected}
    assert kinds == {"http", "heartbeat", "tls", "fhir", "soap", "postgres"}
    trouble = {"GL-05", "GL-06", "GL-07", "GL-08", "GL-09"}
    assert not trouble & set(connected.values_list("code", flat=True))


def test_the_sentinels_are_enough_to_judge_our_own_sight(register: None, folder: Path) -> None:
    seed_stand_ins(now=NOW, folder=folder, port=PORT)
    sentinels = [
        Sentinel(e.sentinel_of, timedelta(seconds=e.interval), NOW, answered=True, last_ok_at=NOW)
        for e in Endpoint.objects.exclude(sentinel_of="")
    ]
    assert sight(sentinels, NOW).sees is True
    assert len(sentinels) >= 3


def test_endpoints_follow_the_port_and_keep_what_people_set(register: None, folder: Path) -> None:
    seed_stand_ins(now=NOW, folder=folder, port=PORT)
    fhir = Endpoint.objects.get(code="GL-02")
    pause_endpoint(endpoint=fhir, now=NOW, by="operator")
    Endpoint.objects.filter(code="GL-03").update(interval=300, timeout=9_000)
    assert seed_stand_ins(now=NOW, folder=folder, port=9_440) == 0
    moved = {endpoint.code: endpoint for endpoint in Endpoint.objects.all()}
    assert moved["GL-02"].paused
    assert (moved["GL-03"].interval, moved["GL-03"].timeout) == (300, 9_000)
    for code in ("GL-02", "GL-03"):
        assert f":{ROSTER[code].port(9_440)}/" in moved[code].spec["url"]
        assert moved[code].version == 2


def test_credentials_follow_the_secrets_of_the_stand_ins(register: None, folder: Path) -> None:
    seed_stand_ins(now=NOW, folder=folder, port=PORT)
    for path in folder.iterdir():
        path.unlink()
    seed_stand_ins(now=NOW, folder=folder, port=PORT)
    for row in Credential.objects.all():
        held = opened(row)
        assert held is not None
        assert row.kind != "signature" or held.text == secret(folder, SIGNING_KEY)
    assert (
        Zone.objects.get().authorities
        == (folder / "authority.pem").read_text().partition("-----BEGIN PRIVATE KEY-----")[0]
    )


def test_nothing_is_seeded_where_probes_may_not_reach_this_machine(
    register: None, folder: Path, settings: Any
) -> None:
    settings.PROBE_ALLOWED_NETWORKS = ["10.0.0.0/8"]
    assert seed_stand_ins(now=NOW, folder=folder, port=PORT) == 0
    assert not Zone.objects.exists()
    assert not folder.exists()
