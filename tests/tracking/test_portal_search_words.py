"""Letters, meetings and remarks are found by what they say, for those who may read them."""

import re

import pytest

from tests.tracking.admin_people import signed_in
from tracking.models import Department, Letter, Meeting, Remark
from tracking.rules.instants import instant_from

pytestmark = pytest.mark.django_db
NOW = instant_from("2025-11-20T08:00")


@pytest.fixture(autouse=True)
def rows() -> None:
    lead = Department.objects.create(code="QLD", name_vi="Cục Quản lý Dược", order=1)
    Letter.objects.create(
        kind="to_department", subject="Đôn đốc kết nối đơn thuốc", content={}, drafted_at=NOW,
        department=lead, number="12/TTYQG-DA", state="issued",
    )  # fmt: skip
    Meeting.objects.create(title="Họp rà soát đơn thuốc", held_at=NOW, place="Hà Nội")
    Remark.objects.create(
        department=lead, tasks=["T1"], text="Chờ máy chủ của đơn thuốc", recorded_at=NOW, actor="x"
    )


def groups(role: str, words: str) -> set[str]:
    page = signed_in(role).get("/search/", {"q": words}).text
    return set(re.findall(r'<h2 id="([a-z]+)"', page))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("don thuoc", {"letters", "meetings", "remarks"}),
        ("12/TTYQG-DA", {"letters"}),
        ("rà soát hà nội", {"meetings"}),
        ("máy chủ T1", {"remarks"}),
        ("không có gì", set()),
    ],
)
def test_an_operator_finds_them_by_any_of_their_words(words: str, found: set[str]) -> None:
    assert groups("operator", words) & {"letters", "meetings", "remarks"} == found


def test_a_reporter_finds_no_letter() -> None:
    assert groups("reporter", "don thuoc") == {"meetings", "remarks"}


def test_each_leads_to_where_it_is_read() -> None:
    page = signed_in("operator").get("/search/", {"q": "đơn thuốc"}).text
    for address in ("/letters/", "/meetings/", "/departments/"):
        assert re.search(rf'href="{address}\d+/', page)
