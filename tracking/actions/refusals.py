"""Why was it refused? Sentences that say what is wrong and what to do."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from tracking.rules.legality import Fault


class Refused(Exception):
    """Nothing was written. `sentences` say what is wrong, where, and what to do."""

    def __init__(self, sentences: Iterable[object]) -> None:
        self.sentences = [str(sentence) for sentence in sentences]
        super().__init__("\n".join(self.sentences))


FAULTS = {
    Fault.NOT_ASSIGNED: _("the task is not assigned yet at that instant: assign it first"),
    Fault.ASSIGNED_TWICE: _("the task is assigned already: leave this entry out"),
    Fault.DEADLINE_TWICE: _("the original deadline is set already: grant a new deadline instead"),
    Fault.CANCELLED: _("the task is cancelled: nothing can follow"),
    Fault.PENDING: _("a submission awaits verification: accept or return that one first"),
    Fault.NOT_PENDING: _("no submission awaits verification: record the submission first"),
    Fault.COMPLETED: _("the task is completed: reopen it first"),
    Fault.NOT_COMPLETED: _("the task is not completed: only a completed task can be reopened"),
    Fault.PAUSED: _("the task is suspended: resume it first"),
    Fault.NOT_PAUSED: _("the task is not suspended: there is nothing to resume"),
    Fault.BLOCKED_TWICE: _("the task waits for that body already: leave this entry out"),
    Fault.NOT_BLOCKED: _("the task does not wait for that body: check the code"),
    Fault.OWN_SUBMISSION: _(
        "nobody accepts or returns what they submitted: another person must decide"
    ),
    Fault.OWN_REQUEST: _("nobody decides on their own request: another person must decide"),
    Fault.FOR_THE_LEAD: _(
        "a decision cannot be taken on behalf of the lead department: the authority must decide"
    ),
}

PAYLOAD_FAULTS = {
    "missing": _("is missing: give it"),
    "date": _("is not a date: write it as YYYY-MM-DD"),
    "reading": _('is neither "by" nor "before": use one of the two'),
    "department": _("is not the code of a department: check it, or add the department first"),
    "counterpart": _("is not the code of a partner or department: check it, or add it first"),
    "flag": _("is neither true nor false: use one of the two"),
    "percent": _("is not a whole number from 0 to 100: correct it"),
    "text": _("is not a text: put it in quotes"),
}
