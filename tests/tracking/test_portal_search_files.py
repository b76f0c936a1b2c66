"""Evidence files and the sentences of the help are found by what they say, for those who may see
them."""

import re
from collections.abc import Sequence
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from tests.tracking.admin_people import plan_file, signed_in
from tests.tracking.imported import take_in
from tracking.actions.evidence import record_evidence
from tracking.models import Evidence, Task
from tracking.pages.found_files import file_group
from tracking.pages.found_help import help_group
from tracking.rules.instants import instant_from
from tracking.rules.searching import question_of

pytestmark = pytest.mark.django_db
NOW = instant_from("2025-11-12T09:00")


def groups(role: str, words: str) -> set[str]:
    page = signed_in(role).get("/search/", {"q": words}).text
    return set(re.findall(r'<h2 id="([a-z]+)"', page))


# Evidence files


@pytest.fixture
def file() -> Evidence:
    title = {"vi": "Kết nối nhà thuốc", "en": "Connect the pharmacies"}
    product = {"vi": "Báo cáo tổng kết"}
    named = {"code": "T1", "plan": "02-KH", "title": title, "product": product, "lead": "QLD"}
    take_in(plan_file(tasks=[named]), now=NOW)
    content = SimpleUploadedFile("Biên bản đối chiếu.txt", "Đã đối chiếu".encode())
    task = Task.objects.get(code="T1")
    return record_evidence(task=task, file=content, effective_at=NOW, now=NOW, by="reporter")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("bien ban", True),
        ("BIÊN BẢN ĐỐI", True),
        ("biên bản T1", True),
        ("pharmacies", True),
        ("doi chieu nha thuoc", True),
        ("bao cao tong ket", True),
        (".txt", True),
        ("biên bản T2", False),
        ("100%", False),
        ("_", False),
    ],
)
def test_a_file_is_found_by_its_name_its_task_and_the_product(
    words: str, found: bool, file: Evidence
) -> None:
    assert ("evidence" in groups("leader", words)) == found


def test_a_file_leads_to_the_evidence_of_its_task(file: Evidence) -> None:
    page = " ".join(signed_in("reporter").get("/search/", {"q": "biên bản"}).text.split())
    section = page.split('id="evidence"', 1)[1].split("</section>", 1)[0]
    assert f'<a href="/tasks/{file.event.task_id}/#evidence">' in section
    assert "Connect the pharmacies; recorded on 12/11/2025" in section
    assert '<mark class="sought">Biên</mark>' in section


def test_a_clerk_finds_no_file(file: Evidence) -> None:
    assert "evidence" not in groups("clerk", "biên bản")


def test_the_newest_files_are_read_and_those_that_are_shown(
    file: Evidence, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        assert file_group(question_of("biên bản"), 20).count == 1
    with django_assert_num_queries(1):
        assert file_group(question_of("biên bản khác"), 20).count == 0
    monkeypatch.setattr("tracking.pages.found_files._READ", 1)
    section = " ".join(signed_in("leader").get("/search/", {"q": "biên bản"}).text.split())
    assert "Only the newest 1 were looked through." in section
    assert "The first" not in section


# The help


@pytest.mark.parametrize("role", ["operator", "reporter", "leader", "inspector", "clerk"])
def test_everybody_finds_the_help(role: str) -> None:
    assert "help" in groups(role, "returned submission")


def test_the_help_leads_to_the_section_that_holds_the_sentence() -> None:
    page = " ".join(signed_in("clerk").get("/search/", {"q": "midnight"}).text.split())
    section = page.split('id="help"', 1)[1].split("</section>", 1)[0]
    assert '<a href="/help/#lateness"> A task due today is in time until' in section
    assert '<span class="under">How lateness is counted</span>' in section
    assert '<mark class="sought">midnight</mark>' in section


def test_every_sentence_of_the_help_is_found_in_its_section() -> None:
    """By all of its words, as the page itself shows them."""
    page = signed_in("leader").get("/help/").text
    for place in ("leader", "reporter", "verifier", "standings", "marks", "lateness", "moved"):
        section = re.split(rf'<section[^>]* id="{place}"', page)[1].split("</section>")[0]
        for item in re.findall(r"<li>(.*?)</li>", section, re.DOTALL):
            text = " ".join(unescape(re.sub("<[^>]+>", " ", item)).split())
            hits = help_group(question_of(text), 100).hits
            assert ("/help/#" + place, text) in {(h.address, said(h.name)) for h in hits}


def test_the_help_is_found_in_the_words_of_the_reader() -> None:
    with translation.override("vi"):
        (hit,) = help_group(question_of("den han hom nay 24 gio"), 20).hits
    assert "Nhiệm vụ đến hạn hôm nay còn trong hạn" in said(hit.name)
    assert not help_group(question_of("den han hom nay 24 gio"), 20).hits


def test_the_accents_as_typed_come_first_in_the_help() -> None:
    with translation.override("vi"):
        hits = help_group(question_of("quá hạn"), 100).hits
    typed = ["quá hạn" in said(hit.name).lower() for hit in hits]
    assert typed == sorted(typed, reverse=True)
    assert typed.count(True) < len(typed)


def test_a_term_of_the_help_is_found_with_what_is_said_of_it(
    django_assert_num_queries: Any,
) -> None:
    with django_assert_num_queries(0):
        (hit,) = help_group(question_of("no deadline no date was decided"), 20).hits
    assert said(hit.name) == "No deadline – Open, and no date was decided."
    assert hit.address == "/help/#standings"


def said(pieces: Sequence[tuple[str, bool]]) -> str:
    return "".join(text for text, _found in pieces)
