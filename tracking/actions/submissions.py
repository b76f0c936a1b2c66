"""What the ledger would bear of a submission, and no person may record (rules.md 4)."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tracking.actions.refusals import Refused
from tracking.models import Event
from tracking.models.ledger import events_of
from tracking.rules.deadline import Deadline
from tracking.rules.handing_in import passed_meanwhile, shows_something


def check_submission(written: Event, *, may_date_back: bool) -> None:
    """Refused when the entry shows nothing, or when it is dated before the end of a deadline that
    had ended by its recording and the person may not record what came on paper. The caller takes
    back what it wrote."""
    made = written.as_ledger_event()
    events, start = events_of([written.task_id])[written.task_id], written.task.start()
    if not shows_something(events, made, start=start):
        raise Refused([_nothing_shown()])
    passed = None if may_date_back else passed_meanwhile(events, made, start=start)
    if passed:
        raise Refused([_dated_back(passed)])


def _nothing_shown() -> str:
    return _(
        "A result is handed in with a product or with evidence, and neither is recorded: name the "
        "product (the number of the document or the address of the system), or record an evidence "
        "file first"
    )


def _dated_back(passed: Deadline) -> str:
    return _(
        "The deadline ended on %(day)s: a result recorded after it cannot be dated before it; if "
        "it was handed in in time on paper, ask the NHIC to record it, otherwise leave the moment "
        "empty"
    ) % {"day": date_format(passed.last_day, "d/m/Y")}
