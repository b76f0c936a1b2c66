"""Which servers are the portal's own? No probe may reach them, not even in a zone for tests."""

import socket
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings

_LOOPBACK = ("127.0.0.1", "::1")


@lru_cache(maxsize=1)
def own_servers() -> frozenset[tuple[str, int]]:
    """Address and port of the database, the broker, the mail server and the portal itself."""
    database = settings.DATABASES["default"]
    hosts = [(settings.EMAIL_HOST or "", int(settings.EMAIL_PORT or 25))]
    if database["ENGINE"].endswith("postgresql"):
        hosts.append((database.get("HOST") or "localhost", int(database.get("PORT") or 5432)))
    for url, port in ((settings.REDIS_URL, 6379), (settings.BASE_URL, 443)):
        parts = urlsplit(url)
        default = 80 if parts.scheme == "http" else port
        if parts.hostname:
            hosts.append((parts.hostname, parts.port or default))
    return frozenset((address, port) for host, port in hosts for address in _addresses(host))


@lru_cache(maxsize=1)
def own_addresses() -> frozenset[str]:
    """Of this machine's name, as far as it knows them."""
    return frozenset(_addresses(socket.gethostname())) - set(_LOOPBACK)


def _addresses(host: str) -> set[str]:
    if not host or host.startswith("/"):
        return set(_LOOPBACK) if host else set()
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, None)}
    except OSError:
        return set()
    # A server that listens on loopback does so under every name of it.
    return found | set(_LOOPBACK) if found & set(_LOOPBACK) else found
