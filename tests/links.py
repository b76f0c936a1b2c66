"""Where do the links of the portal lead, for one reader?"""

import re
from collections import defaultdict, deque
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

from tests.page_faults import parsed

# What is followed of addresses that differ in their keys or in what they ask for alone.
_SAMPLES = 1


def crawled(client: Client, starts: list[str]) -> Iterator[tuple[str, tuple[int, str]]]:
    """Address -> (status, the page that leads there), of everything that links lead to, a few of
    those that differ in keys alone."""
    waiting = deque((path, "") for path in starts)
    seen: dict[tuple[str, ...], int] = defaultdict(int)
    known: set[str] = set()
    while waiting:
        path, source = waiting.popleft()
        kind = _kind(path)
        if path in known or seen[kind] >= _SAMPLES:
            continue
        known.add(path)
        seen[kind] += 1
        response = client.get(path)
        body = b"".join(response) if response.streaming else response.content
        yield path, (response.status_code, source)
        html = response.headers.get("Content-Type", "").startswith("text/html")
        if response.status_code == 200 and html and not path.startswith("/admin/"):
            waiting.extend((link, path) for link in _links(parsed(body), path))


def _links(page: Any, path: str) -> Iterator[str]:
    for href in page.xpath("//a/@href"):
        address = urljoin(path, href)
        parts = urlsplit(address)
        if not parts.netloc and parts.scheme in ("", "http"):
            yield parts._replace(fragment="").geturl()


def _kind(path: str) -> tuple[str, ...]:
    return (name_of(path), *sorted(parse_qs(urlsplit(path).query, keep_blank_values=True)))


def name_of(path: str) -> str:
    """Of the pattern; an address that is no page of ours is its own name."""
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return re.sub(r"\d+", "0", path)
