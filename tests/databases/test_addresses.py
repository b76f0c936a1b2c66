"""What is read as a target, and what is refused because two programs would read it differently."""

import pytest
from hypothesis import given, strategies as st

from databases.probes.address import BadTarget, Target, host_of, target_of

GOOD = [
    ("http://host.vn", Target("http", "host.vn", 80, "/")),
    ("https://host.vn", Target("https", "host.vn", 443, "/")),
    ("HTTPS://HOST.VN:8443/A?b#c", Target("https", "host.vn", 8443, "/A?b")),
    ("http://host.vn.", Target("http", "host.vn", 80, "/")),
    ("http://host.vn:80", Target("http", "host.vn", 80, "/")),
    ("http://host.vn:", Target("http", "host.vn", 80, "/")),
    ("http://host.vn?x=@", Target("http", "host.vn", 80, "/?x=@")),
    ("http://host.vn/a:b@c", Target("http", "host.vn", 80, "/a:b@c")),
    ("http://10.0.0.1/", Target("http", "10.0.0.1", 80, "/")),
    ("http://[2001:DB8::1]:8080/", Target("http", "2001:db8::1", 8080, "/")),
    ("http://[::ffff:10.0.0.1]/", Target("http", "::ffff:10.0.0.1", 80, "/")),
    ("http://a_b-c.vn/", Target("http", "a_b-c.vn", 80, "/")),
    ("http://y-tế.vn/", Target("http", "xn--y-t-9jz.vn", 80, "/")),
    ("http://Y-TẾ.vn/", Target("http", "xn--y-t-9jz.vn", 80, "/")),
    ("http://y-te\u0302\u0301.vn/", Target("http", "xn--y-t-9jz.vn", 80, "/")),
    ("http://ｈｏｓｔ．vn/", Target("http", "host.vn", 80, "/")),
]


@pytest.mark.parametrize(("text", "expected"), GOOD)
def test_a_target_is_read(text: str, expected: Target) -> None:
    assert target_of(text) == expected


BAD = {
    "nothing": "",
    "no scheme": "host.vn",
    "only slashes": "//host.vn/",
    "another scheme": "ftp://host.vn/",
    "file": "file:///etc/passwd",
    "gopher": "gopher://host.vn:6379/_FLUSHALL",
    "no host": "http:///path",
    "only a port": "http://:80/",
    "user": "http://user@host.vn/",
    "user and word": "http://user:word@host.vn/",
    "empty user": "http://@host.vn/",
    "two at signs": "http://a@b@host.vn/",
    "percent in the host": "http://host%2evn/",
    "percent dot": "http://127%2e0%2e0%2e1/",
    "zone": "http://[fe80::1%25eth0]/",
    "bare zone": "http://[fe80::1%eth0]/",
    "backslash": "http://host.vn\\@127.0.0.1/",
    "backslashes for slashes": "http:\\\\127.0.0.1\\",
    "backslash in the path": "http://host.vn/a\\b",
    "tab": "http://127.0.\t0.1/",
    "tab in front": "\thttp://127.0.0.1/",
    "line break": "http://host.vn/\r\nX-Evil: 1",
    "line feed": "http://host.vn/a\nb",
    "nul": "http://127.0.0.1\0.vn/",
    "space": "http://host.vn /",
    "no-break space": "http://host\u00a0.vn/",
    "soft hyphen": "http://127.0.0\u00ad.1/",
    "zero width space": "http://local\u200bhost/",
    "right to left": "http://\u202e1.0.0.721/",
    "half a character": "http://\ud800.vn/",
    "quote": "http://host.vn/'",
    "angle": "http://<host>.vn/",
    "brace": "http://{host}.vn/",
    "two dots": "http://host..vn/",
    "two final dots": "http://host.vn../",
    "leading dot": "http://.host.vn/",
    "leading hyphen": "http://-host.vn/",
    "trailing hyphen": "http://host-.vn/",
    "long label": f"http://{'a' * 64}.vn/",
    "long name": f"http://{'a.' * 130}vn/",
    "long text": f"http://host.vn/{'a' * 2_000}",
    "port nought": "http://host.vn:0/",
    "port with a nought": "http://host.vn:080/",
    "port too high": "http://host.vn:65536/",
    "port of letters": "http://host.vn:http/",
    "port in other digits": "http://host.vn:８０/",
    "negative port": "http://host.vn:-1/",
    "two ports": "http://host.vn:80:80/",
    "port and more": "http://[::1]:80x/",
    "after the bracket": "http://[::1]x/",
    "open bracket": "http://[::1/",
    "brackets around four": "http://[127.0.0.1]/",
    "six without brackets": "http://::1/",
    "whole": "http://2130706433/",
    "whole, octal": "http://017700000001/",
    "whole, hexadecimal": "http://0x7f000001/",
    "octal": "http://0177.0.0.1/",
    "leading noughts": "http://127.000.000.001/",
    "hexadecimal": "http://0x7f.0x0.0x0.0x1/",
    "mixed": "http://0x7f.1/",
    "last part hexadecimal": "http://127.0.0.0x1/",
    "short of two": "http://127.1/",
    "short of three": "http://127.0.1/",
    "nought": "http://0/",
    "hexadecimal nothing": "http://0x/",
    "five parts": "http://127.0.0.0.1/",
    "too large a part": "http://127.0.0.256/",
    "overflowing": "http://4294967297/",
    "circled": "http://①②⑦.⓪.⓪.①/",
    "fullwidth digits": "http://１２７.０.０.１/",
    "fullwidth dots": "http://127．0．0．1/",
    "ideographic dots": "http://127。0。0。1/",
    "half ideographic dots": "http://127｡0｡0｡1/",
    "superscript": "http://¹²⁷.0.0.1/",
    "Arabic digits": "http://١٢٧.٠.٠.١/",
    "Bengali digits": "http://১২৭.০.০.১/",
    "mathematical digits": "http://𝟏𝟐𝟕.𝟎.𝟎.𝟏/",
    "sharp s": "http://straße.vn/",
    "capital sharp s": "http://STRAẞE.vn/",
    "final sigma": "http://ςoς.vn/",
    "path not in ASCII": "http://host.vn/đường",
    "emoji that is no name": "http://\u2028.vn/",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_what_is_no_target_is_refused_in_both_languages(text: str) -> None:
    with pytest.raises(BadTarget) as caught:
        target_of(text)
    said = caught.value.sentence()
    assert said.keys() == {"vi", "en"}
    assert all(said.values())
    assert said["vi"] != said["en"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Host.VN.", "host.vn"),
        ("10.0.0.1", "10.0.0.1"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("::FFFF:127.0.0.1", "::ffff:127.0.0.1"),
    ],
)
def test_a_host_alone_is_normalised(text: str, expected: str) -> None:
    assert host_of(text) == expected


@pytest.mark.parametrize("text", ["", "a b", "127.1", "fe80::1%eth0", "host:80", "[::1]", "a/b"])
def test_what_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(BadTarget):
        host_of(text)


def test_a_target_says_what_a_host_header_wants() -> None:
    assert target_of("http://host.vn/").netloc == "host.vn"
    assert target_of("https://host.vn:80/").netloc == "host.vn:80"
    assert target_of("https://[::1]/").netloc == "[::1]"
    assert target_of("https://[::1]:80/").netloc == "[::1]:80"


@given(st.text(max_size=60))
def test_any_text_is_a_target_or_is_refused(text: str) -> None:
    """Also behind a scheme; a target that was read is read again as itself."""
    for tried in (text, f"http://{text}", f"https://host.vn/{text}"):
        try:
            found = target_of(tried)
        except BadTarget:
            continue
        assert found.host.isascii()
        assert found.path.isascii()
        assert found.path.startswith("/")
        assert target_of(f"{found.scheme}://{found.netloc}{found.path}") == found


@given(st.text(max_size=60))
def test_any_location_is_followed_or_refused(text: str) -> None:
    base = target_of("https://host.vn/a/b")
    for tried in (text, f"/{text}", f"//{text}", f"https://{text}"):
        try:
            found = base.redirect(tried)
        except BadTarget:
            continue
        assert found.scheme == "https"
        assert found.path.isascii()
        assert not set(found.path) & set(" \r\n\t\\")
