"""A value of the environment that cannot be used ends the start with a sentence."""

import pytest

from config import env


@pytest.mark.parametrize("given", ["portal", "portal@", "@portal.example", "a\nBcc: b@x.vn"])
def test_a_sender_that_is_no_address_is_told_at_the_start(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("DEFAULT_FROM_EMAIL", given)
    with pytest.raises(SystemExit, match=r"DEFAULT_FROM_EMAIL: .* Give an address such as"):
        env.sender("DEFAULT_FROM_EMAIL", "portal@localhost")


@pytest.mark.parametrize("given", ["portal@localhost", "Cổng tiến độ <portal@portal.example>"])
def test_a_sender_may_have_a_name(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("DEFAULT_FROM_EMAIL", given)
    assert env.sender("DEFAULT_FROM_EMAIL", "") == given


@pytest.mark.parametrize("given", ["consolemail://", "nonsense", "http://mail.example"])
def test_only_a_server_that_sends_mail_is_a_mail_server(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("EMAIL_URL", given)
    with pytest.raises(SystemExit, match=r"EMAIL_URL: .* Give an address such as smtp"):
        env.email("EMAIL_URL", "smtp://127.0.0.1:25")


@pytest.mark.parametrize("given", ["0", "-3", "many"])
def test_a_number_is_above_nothing(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("MAIL_PER_MINUTE", given)
    with pytest.raises(SystemExit, match=r"MAIL_PER_MINUTE: .* Give a whole number above 0"):
        env.number("MAIL_PER_MINUTE", 600)
