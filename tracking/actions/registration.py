"""Entering, once, the number and date that the records office gave the document of a list."""

import unicodedata
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tracking.actions.refusals import Refused
from tracking.models import ListRegistration, ProgressList
from tracking.rules.instants import day_of


def register(
    issued: ProgressList, *, number: str, dated: date, now: datetime, by: str
) -> ListRegistration:
    """Refused when the list has a number already, when another list of that year has this one, or
    when the date cannot be."""
    number = unicodedata.normalize("NFC", " ".join(number.split()))
    faults = list(_faults(issued, number, dated, day_of(now)))
    if faults:
        raise Refused(faults)
    try:
        with transaction.atomic():
            return ListRegistration.objects.create(
                progress_list=issued, number=number, dated=dated, entered_at=now, entered_by=by
            )
    except IntegrityError as error:
        raise Refused([_registered(issued)]) from error


def _faults(issued: ProgressList, number: str, dated: date, today: date) -> list[str]:
    if ListRegistration.objects.filter(progress_list=issued).exists():
        return [_registered(issued)]
    faults = []
    if not number:
        faults.append(_("the number is empty: write it as it is stamped on the document"))
    if dated > today:
        faults.append(_("the date of the document lies in the future: correct it"))
    if dated < issued.as_of:
        faults.append(_("the date of the document lies before the day of the list: correct it"))
    others = ListRegistration.objects.filter(number=number, dated__year=dated.year)
    for other in others.select_related("progress_list"):
        faults.append(
            _("number %(number)s of %(year)d is that of %(list)s already: check it")
            % {"number": number, "year": dated.year, "list": other.progress_list}
        )
    return faults


def _registered(issued: ProgressList) -> str:
    return _("%(list)s has its number already: what is entered once is not changed") % {
        "list": issued
    }
