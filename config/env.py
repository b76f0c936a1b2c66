"""What does the environment say? Every name may also come from a file named by NAME_FILE."""

from collections.abc import Callable
from email.utils import parseaddr
from ipaddress import ip_network
from typing import Any, TypeVar

import environ
from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")

_env = environ.FileAwareEnv()


def _read(name: str, reader: Callable[[], T], expected: str) -> T:
    try:
        return reader()
    except (ImproperlyConfigured, ValueError, TypeError, KeyError, OSError) as error:
        raise SystemExit(
            f"{name}: the value in the environment cannot be used ({error}). "
            f"Give {expected}, or leave it out; .env.example lists every name."
        ) from error


def text(name: str, default: str = "") -> str:
    return _read(name, lambda: str(_env.str(name, default=default)), "a text")


def flag(name: str, *, default: bool) -> bool:
    def reader() -> bool:
        value = text(name, "true" if default else "false").strip().lower()
        words = {"1": True, "true": True, "yes": True, "on": True}
        words |= {"0": False, "false": False, "no": False, "off": False, "": False}
        return words[value]

    return _read(name, reader, "true or false")


def number(name: str, default: int) -> int:
    def reader() -> int:
        found = int(text(name, str(default)))
        if found < 1:
            raise ValueError(found)
        return found

    return _read(name, reader, "a whole number above 0")


def port(name: str, default: int) -> int:
    def reader() -> int:
        number = int(text(name, str(default)))
        if not 1 <= number <= 65_000:
            raise ValueError(number)
        return number

    return _read(name, reader, "a port from 1 to 65000")


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    found = text(name)
    return [part.strip() for part in found.split(",") if part.strip()] or list(default)


def networks(name: str, default: tuple[str, ...] = ()) -> list[str]:
    return _read(
        name,
        lambda: [str(ip_network(word)) for word in words(name, default)],
        "networks such as 10.0.0.0/8, separated by commas",
    )


def database(default: str) -> dict[str, Any]:
    """The address of the database, as Django's DATABASES wants it."""
    found = _read(
        "DATABASE_URL",
        lambda: dict(_env.db_url("DATABASE_URL", default=default)),
        "an address such as postgres://user:password@host:5432/name or sqlite:///path",
    )
    if found.get("ENGINE", "").rpartition(".")[2] not in {"sqlite3", "postgresql"}:
        raise SystemExit(
            "DATABASE_URL: only sqlite:///path and postgres://… are supported. "
            "Correct the address, or leave it out for the embedded SQLite file."
        )
    return found


def sender(name: str, default: str) -> str:
    """Who a message is from: an address, or a name and an address."""

    def reader() -> str:
        found = text(name, default)
        before, at, after = parseaddr(found)[1].rpartition("@")
        if not (before and at and after) or not found.isprintable():
            raise ValueError(repr(found))
        return found

    return _read(name, reader, "an address such as portal@portal.example")


def email(name: str, default: str) -> dict[str, Any]:
    """The address of a mail server, as Django's EMAIL_* settings."""
    expected = "an address such as smtp+tls://user:password@host:587"

    def reader() -> dict[str, Any]:
        found = dict(_env.email_url(name, default=default))
        if not found["EMAIL_BACKEND"].endswith("smtp.EmailBackend"):
            raise ValueError("only smtp://, smtp+tls:// and smtp+ssl:// send mail")
        return found

    return _read(name, reader, expected)
