"""What the lists of the register tell and filter."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from databases.models import Connection, Database
from tests.databases.register_rows import background, register_file, take
from tests.databases.test_admin_register import signed, text_of, written
from tests.tracking.admin_people import signed_in

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def operator() -> Client:
    return signed_in("operator")


@pytest.fixture
def link() -> Connection:
    background()
    take(register_file())
    return Connection.objects.get()


@pytest.mark.parametrize(
    ("days", "said", "chosen"),
    [
        (-1, "EXPIRED on {day}, 1 day ago", "ending"),
        (0, "expire today, {day}", "ending"),
        (30, "expire on {day}, in 30 days", "ending"),
        (31, "hold until {day}", "holding"),
        (None, "none recorded", "none"),
    ],
)
def test_the_list_tells_how_long_security_minutes_hold_and_is_filtered_by_it(
    operator: Client, link: Connection, days: int | None, said: str, chosen: str
) -> None:
    if days is None:
        other = Database.objects.create(code="D2", name_vi="Hai", owner=link.database.owner)
        link = Connection.objects.create(code="K2", database=other, counterpart=link.counterpart)
        day = ""
    else:
        day = written(timezone.localdate() + days * DAY)
        signed(link, timezone.localdate() + days * DAY)
    address = "/admin/databases/connection/"
    assert said.format(day=day) in text_of(operator.get(address))
    for value in ("ending", "holding", "none"):
        found = operator.get(address, {"minutes": value}).context["cl"].result_list
        assert (link.code in [row.code for row in found]) == (value == chosen), value


def test_the_security_level_is_kept_with_the_database(operator: Client, link: Connection) -> None:
    address = f"/admin/databases/database/{link.database_id}/change/"
    values = {"name_vi": "CSDL D1", "owner": str(link.database.owner_id), "security_level": "6"}
    assert "less than or equal to 5" in text_of(operator.post(address, values))
    assert operator.post(address, values | {"security_level": "4"}).status_code == 302
    assert Database.objects.get().security_level == 4
