"""Rows that every test of a module finds, written once."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation


def written_once(fill: Callable[[], object]) -> Any:
    """A fixture of the module. What a test writes besides is gone after it; no test of the module
    may commit."""

    @pytest.fixture(scope="module")
    def rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
        with django_db_blocker.unblock(), transaction.atomic():
            with translation.override("en"):
                fill()
            yield
            transaction.set_rollback(True)

    return rows
