"""Searching: what is found, in which order, by whom; alike on both databases."""

import re
import unicodedata
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from hypothesis import given, strategies as st

from tests.tracking.admin_people import signed_in
from tests.tracking.imported import take_in
from tracking.actions.progress_lists import issue
from tracking.actions.registration import register
from tracking.models import Department, Document, Partner, Plan, ProgressList
from tracking.models.found import found
from tracking.pages.hits import counted
from tracking.rules.instants import day_of, instant_from
from tracking.rules.progress_list import Scope
from tracking.rules.searching import parts, question_of, spelled
from tracking.rules.vietnamese import folded

NOW = instant_from("2025-11-01T08:00")
K = instant_from("2025-11-18T17:00:00")

TITLES = {
    "T1": "Xây dựng cơ sở dữ liệu dược",
    "T2": "Liên thông được dữ liệu khám bệnh",
    "T3": "Hòa mạng các bệnh viện",
    "T4": "Hoà giải số liệu",
    "T5": "Hoa tiêu và bản đồ",
    "T6": "Nâng cấp 100% máy chủ_mới",
    "T7": "Nâng cấp 100 máy chủ",
    "T10": "Kết nối T1 với trục",
    "T11": "Bộ chỉ số siêuhoa",
    "T12": "Hoàn thiện quy trình",
    "02-KH.1": "Trao đổi 'thông tin' với \"Bộ Công an\"",
}


def plan() -> dict[str, Any]:
    assigned = {"kind": "assigned", "effective_at": "2025-06-20T08:00:00+07:00"}
    return {
        "format": "progress-plan/1",
        "departments": [
            {"code": "QLD", "order": 1, "name": {"vi": "Cục Quản lý Dược", "en": "Drugs"}},
            {"code": "KCB", "order": 2, "name": {"vi": "Cục Khám, chữa bệnh", "en": "Care"}},
        ],
        "partners": [{"code": "BCA", "name": {"vi": "Bộ Công an"}, "kind": "ministry"}],
        "plans": [{"code": "02-KH", "name": {"vi": "Kế hoạch 02", "en": "Plan 02"}}],
        "documents": [{"number": "12/QĐ-BYT", "title": {"vi": "Quyết định về dược"}}],
        "tasks": [
            {"code": code, "plan": "02-KH", "title": {"vi": title}, "lead": "QLD"}
            for code, title in TITLES.items()
        ],
        "events": [{"task": code, **assigned} for code in TITLES],
    }


@pytest.fixture
def data(db: None) -> None:
    take_in(plan(), now=NOW)


@pytest.fixture
def leader(data: None) -> Client:
    return signed_in("leader")


def page_of(client: Client, sought: str) -> str:
    response = client.get("/search/", {"q": sought})
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def tasks_found(client: Client, sought: str) -> list[str]:
    """Codes of the tasks, in the order shown."""
    page = page_of(client, sought)
    if 'id="tasks"' not in page:
        return []
    section = page.split('id="tasks"', 1)[1].split("</section>", 1)[0]
    links = re.findall(r'<a href="/tasks/\d+/">(.*?)</a>', section)
    return [re.sub(r"<[^>]+>", "", link).split()[0] for link in links]


# What is found, and in which order


def test_accents_may_be_left_out(leader: Client) -> None:
    assert tasks_found(leader, "duoc") == ["T1", "T2"]
    assert tasks_found(leader, "du lieu") == tasks_found(leader, "DỮ LIỆU") == ["T1", "T2"]


def test_accents_that_are_typed_come_first_and_the_others_follow(leader: Client) -> None:
    assert tasks_found(leader, "dược") == ["T1", "T2"]
    assert tasks_found(leader, "được") == ["T2", "T1"]


def test_the_tone_on_either_letter_is_the_same_accent(leader: Client) -> None:
    assert tasks_found(leader, "hòa") == ["T3", "T4", "T5", "T12", "T11"]
    assert tasks_found(leader, "hoà") == ["T3", "T4", "T12", "T5", "T11"]


def test_without_accents_the_text_without_them_comes_first(leader: Client) -> None:
    assert tasks_found(leader, "hoa") == ["T5", "T11", "T3", "T4", "T12"]


def test_text_in_another_normal_form_is_the_same_text(leader: Client) -> None:
    for sought in ("hòa", "được", "dữ liệu"):
        apart = unicodedata.normalize("NFD", sought)
        assert apart != sought
        assert tasks_found(leader, apart) == tasks_found(leader, sought)


def test_the_exact_code_comes_before_everything(leader: Client) -> None:
    assert tasks_found(leader, "t1") == ["T1", "T10", "T11", "T12"]
    page = page_of(leader, "T1")
    exactly = page.split("Exactly this code", 1)[1].split("</section>", 1)[0]
    assert exactly.count("<li>") == 1
    assert "Exactly this code" in page_of(leader, "12/qd-byt")
    assert "Exactly this code" not in page_of(leader, "T")


@pytest.mark.parametrize(
    ("sought", "codes"),
    [
        ("100%", ["T6"]),
        ("chủ_", ["T6"]),
        ("0%", ["T6"]),
        ("ủ_", ["T6"]),
        ("'thông", ["02-KH.1"]),
        ('"bộ', ["02-KH.1"]),
        ("02-kh.1", ["02-KH.1"]),
        ("máy nâng", ["T6", "T7"]),
        ("nâng nâng", ["T6", "T7"]),
        ("\\", []),
        ("không có gì như thế", []),
    ],
)
def test_signs_are_only_signs_and_words_stand_in_any_order(
    sought: str, codes: list[str], leader: Client
) -> None:
    assert tasks_found(leader, sought) == codes


@pytest.mark.parametrize("sought", ["", "   ", "\u0301", "\x00"])
def test_nothing_asked_finds_nothing(sought: str, leader: Client) -> None:
    page = page_of(leader, sought)
    assert "Accents may be left out" in page or "Nothing holds all" in page
    assert 'id="tasks"' not in page


@pytest.mark.parametrize("sought", ["ỗ" * 500, "dược " * 100, "a b c d e f g h i j k", "\ud800"])
def test_what_is_very_long_or_no_text_is_still_answered(sought: str, leader: Client) -> None:
    if sought == "\ud800":
        assert leader.get("/search/?q=%ED%A0%80").status_code == 200
    else:
        page_of(leader, sought)


def test_what_was_cut_is_said(leader: Client) -> None:
    said = "only its first words were looked for"
    assert said in page_of(leader, "ỗ" * 500)
    assert said in page_of(leader, "a b c d e f g h i")
    assert said not in page_of(leader, "dược " * 30)


def test_each_kind_is_found(leader: Client) -> None:
    page = page_of(leader, "duoc")
    for key in ("tasks", "departments", "documents"):
        assert f'<h2 id="{key}">' in page
    assert '<h2 id="partners">' in page_of(leader, "cong an")
    assert '<h2 id="plans">' in page_of(leader, "ke hoach")


def test_the_name_in_the_other_language_is_shown_where_it_was_meant(leader: Client) -> None:
    page = page_of(leader, "quản lý dược")
    assert '<mark class="sought">Quản</mark> <mark class="sought">lý</mark>' in page
    assert "Drugs" in page


def test_what_was_found_is_marked_but_not_as_a_department(leader: Client) -> None:
    page = page_of(leader, "<b>dược")
    assert "<b>dược" not in page
    page = page_of(leader, "duoc")
    assert '<mark class="sought">dược</mark>' in page
    assert "<u>" not in page


# Issued lists


@pytest.fixture
def issued(data: None) -> ProgressList:
    found, _new = issue(Scope(day_of(K), K), now=K, by="operator")
    register(found, number="1234/BC-BYT", dated=day_of(K), now=K, by="clerk")
    return found


@pytest.mark.parametrize(
    "sought", ["list 1", "danh sách số 01", "1", "18/11/2025", "2025-11-18", "1234/bc", "ds 1"]
)
def test_a_list_is_found_by_number_day_and_document(sought: str, issued: ProgressList) -> None:
    assert 'href="/lists/1/"' in page_of(signed_in("clerk"), sought)


def test_another_number_is_another_list(issued: ProgressList) -> None:
    assert 'href="/lists/1/"' not in page_of(signed_in("clerk"), "list 2")


# Who finds what


def test_who_sees_lists_only_finds_lists_only(issued: ProgressList) -> None:
    page = page_of(signed_in("clerk"), "2025")
    assert '<h2 id="lists">' in page
    assert 'id="tasks"' not in page_of(signed_in_as_clerk(), "duoc")


def signed_in_as_clerk() -> Client:
    from tracking.models import User

    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(username="clerk"))
    return client


# How much it costs

# Of these the rows that are shown are read in a query of their own.
READ_WHOLE = (
    '<h2 id="(?:tasks|departments|partners|plans|documents|databases|connections|endpoints)"'
)


def test_the_number_of_queries_does_not_grow(
    leader: Client, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for sought in ("không có gì", "du lieu", "a", "t1"):
        with django_assert_max_num_queries(30) as queries:
            page = page_of(leader, sought)
        counts.append(len(queries) - len(re.findall(READ_WHOLE, page)))
    assert max(counts) - min(counts) <= 2  # for tasks: by words, and how they stand


def test_more_than_twenty_are_counted_and_lead_on(leader: Client) -> None:
    Partner.objects.bulk_create(
        [
            Partner(code=f"BV{n:03d}", name_vi=f"Bệnh viện {n}", search=f"bv{n:03d} benh vien {n}")
            for n in range(30)
        ]
    )
    section = page_of(leader, "benh vien").split('id="partners"', 1)[1].split("</section>", 1)[0]
    assert section.count("<li>") == 20
    assert '<span class="count">30</span>' in section
    assert "The first 20 are shown" in section


def test_very_many_are_not_counted_and_that_is_said(
    leader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracking.models.found.MOST", 4)
    page = page_of(leader, "t1")
    assert '<h2 id="tasks">Tasks <span class="count">4</span></h2>' in page
    assert "more than" not in page
    page = page_of(leader, "oa")
    assert re.search('Found for “oa” <span class="count">more than [0-9]+</span>', page)
    section = page.split('id="tasks"', 1)[1].split("</section>", 1)[0]
    assert section.count("<li>") == 4
    assert '<span class="count">more than 4</span>' in section
    assert "Of the 4 that were entered first, the likeliest 4 are shown." in section
    assert "More words find fewer." in section
    assert '<a href="/tasks/?text=oa">All of them</a>' in section


def test_a_thousand_is_written_as_the_reader_writes_it() -> None:
    assert counted(1_000, more=True) == "more than 1,000"
    with translation.override("vi"):
        assert counted(1_000) == "1.000"


# The rules behind it


@given(st.text(max_size=40), st.text(min_size=1, max_size=5))
def test_the_pieces_are_the_text(text: str, word: str) -> None:
    pieces = parts(text, [(folded(word), word)])
    assert "".join(piece for piece, _hit in pieces) == unicodedata.normalize("NFC", text)


@given(st.text(max_size=400))
def test_every_question_is_small(text: str) -> None:
    question = question_of(text)
    assert len(question.words) == len(question.typed) <= 8
    assert all(word and " " not in word for word in question.words)


@pytest.mark.parametrize("text", ["hòa", "HÒA", "Hoà", "hoÀ", "hoà".upper()])
def test_ways_of_writing_one_word(text: str) -> None:
    assert re.search(spelled("hòa"), unicodedata.normalize("NFC", text))
    assert re.search(spelled("Hoà"), unicodedata.normalize("NFC", text))


@pytest.mark.parametrize("text", ["hoa", "hóa", "hõa", "hoàn"])
def test_another_tone_is_another_word(text: str) -> None:
    assert not re.search(spelled("hòa"), text)


@given(st.text("aàăạbđĐoòóuỳýÝeẹ012-/.()[]^$\\*+?{}|'\"%_", min_size=1, max_size=20))
def test_a_pattern_of_a_word_is_found_in_it_and_in_its_capitals(word: str) -> None:
    assert re.search(spelled(word), word)
    assert re.search(spelled(word), word.upper())


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Department, Document, Partner, Plan])
def test_no_words_find_no_rows(model: Any) -> None:
    assert found(model.objects.order_by(), question_of(""), 20).count == 0
