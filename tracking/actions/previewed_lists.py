"""Issuing exactly the list that somebody looked at."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tracking.actions.progress_lists import draft, issue
from tracking.actions.refusals import Refused
from tracking.models import ProgressList
from tracking.models.pen import take_the_pen
from tracking.rules.progress_list import Scope


@transaction.atomic
def issue_previewed(
    scope: Scope, *, sha256: str, now: datetime, by: str
) -> tuple[ProgressList, bool]:
    """As `issue`, but refused when the draft no longer has the hash of the one looked at: a
    register was corrected, or an entry came in with an earlier recorded instant."""
    take_the_pen()
    if draft(scope)["sha256"] != sha256:
        raise Refused([_("the list is no longer the one you looked at: look at it again")])
    return issue(scope, now=now, by=by)
