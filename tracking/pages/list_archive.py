"""The register of issued lists: what each row says without reading its content."""

import re
from collections.abc import Iterable
from typing import Any

from django.core.cache import cache
from django.db.models.functions import Right
from django.utils.translation import gettext as _

from tracking.forms.list_scope import POLICIES
from tracking.models import ProgressList
from tracking.models.progress_list import ProgressListQuerySet
from tracking.pages.task_words import day_text
from tracking.rules.progress_list import Policy

# The keys are sorted, so that the totals are the last thing in a content of megabytes.
_TAIL = 1000
_MARKED = re.compile(r'(?<!\\)"departments":(\d+),"departments_marked":(\d+)')


def archive() -> ProgressListQuerySet:
    """Newest first, with what supersedes each and the number of its document."""
    related = ("superseded_by", "registration")
    deferred = ("content", "superseded_by__content")
    return ProgressList.objects.select_related(*related).defer(*deferred)


def count_marked(lists: Iterable[Any]) -> None:
    """Tells each of the lists of a page its `marked` departments, as (n, m) or None, and what it
    was `asked`; one query at most. What was read once is kept, since a content is frozen."""
    rows = list(lists)
    kept = cache.get_many(_kept_under(row.sha256) for row in rows)
    fresh = {row.pk: _kept_under(row.sha256) for row in rows if _kept_under(row.sha256) not in kept}
    if fresh:
        tails = ProgressList.objects.filter(pk__in=fresh).order_by()
        read = tails.values_list("pk", Right("content", _TAIL))
        found = {fresh[pk]: _marked_in(tail) for pk, tail in read}
        cache.set_many(found, timeout=None)
        kept |= found
    for row in rows:
        row.marked = kept.get(_kept_under(row.sha256))
        row.asked = series_words(row.series)


def _kept_under(sha256: str) -> str:
    return f"marked-{sha256}"


def _marked_in(tail: str) -> tuple[int, int] | None:
    told = _MARKED.findall(tail)
    return (int(told[-1][1]), int(told[-1][0])) if told else None


def series_words(series: str) -> tuple[str, str]:
    """(when a department is marked, over which plans) of a series."""
    policy, *plans = series.split("|")
    words = str(POLICIES[Policy(policy)]) if policy in list(Policy) else policy
    return words, ", ".join(plans) or _("every plan")


def series_choices() -> list[tuple[str, str]]:
    """Those that any list was issued in; one query."""
    rows = ProgressList.objects.order_by("series").values_list("series", flat=True).distinct()
    return [(series, _("%(plans)s: %(policy)s") % _named(series)) for series in rows]


def years() -> list[tuple[str, str]]:
    """Of the days judged, the newest first; one query."""
    days = ProgressList.objects.dates("as_of", "year", order="DESC")
    return [(str(day.year), str(day.year)) for day in days]


def _named(series: str) -> dict[str, str]:
    policy, plans = series_words(series)
    return {"policy": policy, "plans": plans}


def list_choices() -> list[tuple[str, str]]:
    """(number, what is said of it) of every issued list, the newest first; one query."""
    rows = ProgressList.objects.only("number", "as_of", "series").order_by("-number")
    return [(str(row.number), _choice(row)) for row in rows]


def pair_by_default() -> dict[str, str]:
    """The newest list and the one of an earlier day that asks the same, leaving out those that
    were superseded; one query."""
    standing = ProgressList.objects.standing_ones().order_by("-number")
    rows = list(standing.values_list("number", "as_of", "series"))
    if len(rows) < 2:
        return {}
    newest, day, series = rows[0]
    earlier = (n for n, theirs, asked in rows if theirs < day and asked == series)
    return {"a": str(next(earlier, rows[1][0])), "b": str(newest)}


def _choice(row: ProgressList) -> str:
    words = {"list": str(row), "day": day_text(row.as_of), "plans": series_words(row.series)[1]}
    return _("%(list)s, as of %(day)s, %(plans)s") % words
