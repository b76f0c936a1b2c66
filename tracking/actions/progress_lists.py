"""Drafting, issuing and superseding progress lists."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from tracking.actions.collector import collector_at_rest
from tracking.actions.refusals import Refused
from tracking.models import Plan, ProgressList, series_of
from tracking.models.facts import list_facts
from tracking.models.pen import take_the_pen
from tracking.rules.canonical import canonical
from tracking.rules.progress_list import Content, Issue, ListRefused, Scope, compose

# An annex is given (T, K) and returns one element of `annexes`; ValueError when it does not add up.
Annex = Callable[[Scope], Mapping[str, Any]]


def scope_of(scope: Scope) -> Scope:
    """The scope with the thresholds of the settings. Refused when a plan is unknown."""
    known = set(Plan.objects.values_list("code", flat=True))
    unknown = sorted(set(scope.plans) - known)
    if unknown:
        raise Refused(
            _('there is no plan with the code "%(code)s": the codes are %(known)s')
            % {"code": code, "known": ", ".join(sorted(known)) or "—"}
            for code in unknown
        )
    return replace(
        scope,
        plans=tuple(sorted(set(scope.plans))),
        due_soon_days=settings.DUE_SOON_DAYS,
        stale_working_days=settings.STALE_WORKING_DAYS,
    )


def draft(scope: Scope) -> Content:
    """The list for this scope; nothing is stored. Refused when it contradicts itself."""
    scope = scope_of(scope)
    return _composed(scope, _list_before(scope))


@transaction.atomic
def issue(
    scope: Scope,
    *,
    now: datetime,
    by: str,
    supersedes: int | None = None,
    reason: str = "",
) -> tuple[ProgressList, bool]:
    """Freeze and number the list; (list, whether it is new). One list per day, policy and plans:
    issuing again returns the one that stands. Refused for a forecast or a wrong supersession."""
    scope = scope_of(scope)
    take_the_pen()
    _check_issuable(scope, now)
    older = _superseded(supersedes, reason)
    lists = ProgressList.objects.in_series(scope.policy, scope.plans).standing_ones()
    issued = lists.filter(as_of=scope.as_of).order_by("-number").first()
    if issued and older is None:
        return issued, False
    if issued and issued != older:
        raise Refused(
            [
                _("list %(number)d stands for that day, policy and plans: supersede that one")
                % {"number": issued.number}
            ]
        )
    return _frozen(scope, older, reason, now, by), True


def _frozen(
    scope: Scope, older: ProgressList | None, reason: str, now: datetime, by: str
) -> ProgressList:
    last = ProgressList.objects.order_by("-number").first()
    issue_facts = Issue(
        number=last.number + 1 if last else 1,
        previous=last.sha256 if last else None,
        supersedes={"number": older.number, "reason": reason} if older else None,
    )
    content = _composed(scope, _list_before(scope, leaving_out=older), issue_facts)
    return ProgressList.objects.create(
        number=issue_facts.number,
        as_of=scope.as_of,
        known_at=scope.known_at,
        series=series_of(scope.policy, scope.plans),
        content=canonical(content).decode(),
        sha256=content["sha256"],
        previous_sha256=issue_facts.previous or "",
        supersedes=older,
        reason=reason,
        issued_at=now,
        issued_by=by,
    )


def _check_issuable(scope: Scope, now: datetime) -> None:
    if scope.known_at > now:
        raise Refused(
            [_("the knowledge instant lies in the future: leave it out or give a past one")]
        )
    if scope.forecast:
        raise Refused(
            [
                _(
                    "the list is a forecast, since its day lies after the day of knowledge: it can "
                    "be printed but never issued; give an earlier day"
                )
            ]
        )


def _superseded(number: int | None, reason: str) -> ProgressList | None:
    if number is None:
        return None
    older = ProgressList.objects.filter(number=number).with_superseded().first()
    if older is None:
        raise Refused([_("there is no list %(number)d to supersede") % {"number": number}])
    if older.superseded:
        raise Refused(
            [
                _("list %(number)d is superseded already: supersede the newest one")
                % {"number": number}
            ]
        )
    if not reason.strip():
        raise Refused([_("a list that supersedes another says why: give a reason")])
    return older


def _composed(
    scope: Scope, before: ProgressList | None, issue_facts: Issue | None = None
) -> Content:
    try:
        with collector_at_rest():
            facts = list_facts(
                scope,
                annexes=_annexes(scope),
                previous=before.as_content() if before else None,
            )
            return compose(scope, facts, issue_facts)
    except (ListRefused, ValueError) as error:
        raise Refused([_("the list does not add up: %(why)s") % {"why": error}]) from error


def _annexes(scope: Scope) -> Sequence[Mapping[str, Any]]:
    providers: list[Annex] = [import_string(path) for path in settings.PROGRESS_LIST_ANNEXES]
    return [provider(scope) for provider in providers]


def _list_before(scope: Scope, leaving_out: ProgressList | None = None) -> ProgressList | None:
    """The newest list of the series for an earlier day that was known then and still stands."""
    lists = ProgressList.objects.in_series(scope.policy, scope.plans)
    if leaving_out:
        lists = lists.exclude(pk=leaving_out.pk)
    return lists.before(scope.as_of, scope.known_at).first()
