"""The portal for measuring: where a request asks for it, the answer says how many statements it
ran and how long they took. Not asked, nothing is done; `COUNTED` names the application."""

import os
import time
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

application_of = import_module(os.environ["COUNTED"])
ASKED = "HTTP_X_COUNT"


class Count:
    """Wraps the statements of one request; the sign-in's and the session's too."""

    def __init__(self) -> None:
        self.statements = 0
        self.seconds = 0.0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            self.statements += 1
            self.seconds += time.perf_counter() - begun


def application(environment: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if ASKED not in environment:
        answered: Iterable[bytes] = application_of.application(environment, start_response)
        return answered
    from django.db import connection

    kept: list[Any] = []
    count = Count()
    with connection.execute_wrapper(count):
        response = application_of.application(environment, lambda *given: kept.extend(given))
        body = b"".join(response)
        getattr(response, "close", lambda: None)()
    headers = [
        ("X-Statements", str(count.statements)),
        ("X-Database", f"{count.seconds:.6f}"),
    ]
    start_response(kept[0], [*kept[1], *headers])
    return [body]
