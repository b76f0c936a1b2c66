"""Does the mailbox show those who may what was sent, and let nothing of a mail loose?"""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from config import mailbox
from tests.config.test_mailbox import a_mail
from tests.tracking.admin_people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MAILBOX_DIR = tmp_path / "mailbox"
    settings.HAS_MAILBOX = True
    return tmp_path / "mailbox"


def sent(folder: Path, content: bytes | None = None) -> str:
    content = bytes(a_mail()) if content is None else content
    return mailbox.keep(folder, content, "portal@localhost", ["anh@example.vn"])


@pytest.fixture
def operator() -> Client:
    return signed_in("operator")


def test_the_list_says_that_nothing_left_this_machine(operator: Client) -> None:
    page = operator.get("/mailbox/").content.decode()
    assert "left this machine for nobody" in page
    assert "Nothing has been sent yet." in page


def test_the_list_leads_to_each_mail_and_the_mail_to_its_parts(
    operator: Client, folder: Path
) -> None:
    name = sent(folder)
    page = operator.get("/mailbox/").content.decode()
    assert f'href="/mailbox/{name}/"' in page
    assert "Danh sách tiến độ 18/11/2025" in page
    assert "to anh@example.vn" in page
    page = operator.get(f"/mailbox/{name}/").content.decode()
    assert "Cục Quản lý Dược: QUÁ HẠN (1)" in page
    assert "<b><u>" not in page
    for part in ("html/", "raw/", "files/1/"):
        assert f"/mailbox/{name}/{part}" in page
        assert operator.get(f"/mailbox/{name}/{part}").status_code == 200


def test_the_html_is_sealed_at_its_own_address(operator: Client, folder: Path) -> None:
    name = sent(folder)
    page = operator.get(f"/mailbox/{name}/")
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page.content.decode()
    html = operator.get(f"/mailbox/{name}/html/")
    policy = html["Content-Security-Policy"]
    for rule in ("default-src 'none'", "sandbox allow-popups", "frame-ancestors 'self'"):
        assert rule in policy
    assert "script-src" not in policy
    assert html["X-Frame-Options"] == "SAMEORIGIN"
    assert "<b><u>Cục Quản lý Dược</u></b>" in html.content.decode()


def test_what_was_attached_is_downloaded_and_never_shown(operator: Client, folder: Path) -> None:
    name = sent(folder)
    file = operator.get(f"/mailbox/{name}/files/1/")
    assert file.content == b"%PDF-1.7"
    assert file["Content-Disposition"].startswith("attachment;")
    raw = operator.get(f"/mailbox/{name}/raw/")
    assert raw.content == mailbox.raw(folder, name)
    assert raw["Content-Disposition"] == f'attachment; filename="{name}.eml"'


def test_a_mail_cannot_write_in_the_page(operator: Client, folder: Path) -> None:
    name = sent(folder, b"Subject: <script>x</script>\r\nX-<b>: <b>\r\n\r\n<script>y</script>")
    for path in ("/mailbox/", f"/mailbox/{name}/"):
        page = operator.get(path).content.decode()
        assert "&lt;script&gt;x" in page
        assert "<script>x" not in page
        assert "<script>y" not in page


def test_what_is_not_there_is_not_found(operator: Client, folder: Path) -> None:
    name = sent(folder, b"Subject: only text\r\n\r\nx")
    for path in ("1/", f"{name}/html/", f"{name}/files/1/", f"{name}/files/0/", "1/raw/"):
        assert operator.get(f"/mailbox/{path}").status_code == 404, path


def test_there_is_no_mailbox_where_a_mail_server_is_given(
    operator: Client, settings: Any, folder: Path
) -> None:
    name = sent(folder)
    settings.HAS_MAILBOX = False
    for path in ("", f"{name}/", f"{name}/html/", f"{name}/raw/", f"{name}/files/1/"):
        assert operator.get(f"/mailbox/{path}").status_code == 404, path


@pytest.mark.parametrize(
    ("role", "status"),
    [("operator", 200), ("leader", 200), ("inspector", 200), ("reporter", 403), ("clerk", 403)],
)
def test_only_those_who_may_see_what_was_sent_look(folder: Path, role: str, status: int) -> None:
    name, client = sent(folder), signed_in(role)
    for path in ("", f"{name}/", f"{name}/html/", f"{name}/raw/", f"{name}/files/1/"):
        assert client.get(f"/mailbox/{path}").status_code == status, path
        assert Client().get(f"/mailbox/{path}").status_code == 302, path


def test_many_mails_come_in_pages(folder: Path) -> None:
    for _ in range(51):
        sent(folder, b"Subject: x\r\n\r\n")
    client = signed_in("operator")
    assert client.get("/mailbox/").content.decode().count("/mailbox/1") == 50
    assert client.get("/mailbox/?page=2").content.decode().count("/mailbox/1") == 1
    assert client.get("/mailbox/?page=none").status_code == 200
