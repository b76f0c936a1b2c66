"""Why was a form not recorded? The sentences of an action's refusal, in the form."""

from collections.abc import Callable
from typing import Any

from tracking.actions.refusals import Refused
from tracking.actions.steps import Overtaken


def attempt(form: Any, write: Callable[[], Any], code: str) -> Any:
    """What the action returned; None, with its sentences in the form, when it was refused.

    `code`: of the task that the page is about. `form.overtaken`: something else was recorded
    meanwhile, and the reader is told of it now."""
    try:
        return write()
    except Refused as refused:
        form.overtaken = isinstance(refused, Overtaken)
        for sentence in refused.sentences:
            form.add_error(None, readable(sentence, code))
        return None


def recorded(form: Any, write: Callable[[], Any], code: str) -> Any:
    """As `attempt`, of a form that is valid; None of one that is not."""
    form.overtaken = False
    return attempt(form, write, code) if form.is_valid() else None


def readable(sentence: str, code: str) -> str:
    """Without the place that the ledger puts before it: the page names task and step already."""
    place, found, rest = sentence.partition(f"{code}: {code}, ")
    told = rest.partition(": ")[2] if found and not place else sentence
    return f"{told[:1].upper()}{told[1:].rstrip('.')}."


def number_seen(text: str | None) -> int:
    """Without a number the form was not ours: everything counts as recorded since."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0
