"""Which steps can people record on a task, and what does each do and not do?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from tracking.actions.evidence import record_evidence
from tracking.actions.steps import record_step
from tracking.actions.tasks import set_deadline
from tracking.forms import department_steps, steps as forms
from tracking.models import Task, User
from tracking.permissions import may_decide, may_report, reports_for
from tracking.rules.events import Event, Kind
from tracking.rules.instants import day_of
from tracking.rules.legality import Fault, four_eyes_fault, order_fault
from tracking.rules.situation import Situation

# How a form becomes the keyword arguments of an action: the form's own part of them.
Content = Callable[[Any], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Step:
    """One button of the task page and the form behind it."""

    kind: Kind
    label: Any
    does: Any
    does_not: Any
    form: type[forms.StepForm]
    decision: bool = True  # of the authority; otherwise the lead department's own
    action: Callable[..., object] = record_step
    pointless: Callable[[Situation], bool] = lambda situation: False

    def allowed(self, user: User, situation: Situation, now: datetime) -> bool:
        """Whether the role of this person has the step at all."""
        if self.decision:
            return may_decide(user)
        return may_report(user, situation.lead, day_of(now))

    def fault(self, user: User, situation: Situation, now: datetime) -> Fault | None:
        """Why the step may not be recorded now; None when it may."""
        probe = Event(
            self.kind, now, now, 0, payload=self._probe(situation), actor=user.get_username()
        )
        return order_fault(situation, probe) or four_eyes_fault(situation, probe)

    def arguments(self, form: Any) -> Mapping[str, Any]:
        """What a valid form says, as the action takes it."""
        return _ARGUMENTS.get(self.kind, _as_payload)(form) | self._own_arguments

    def record(
        self, form: Any, *, task: Task, user: User, now: datetime, seen: int | None
    ) -> object:
        """Write what a valid form says; Refused as its action."""
        return self.action(
            task=task,
            effective_at=form.cleaned_data.get("effective_at") or now,
            now=now,
            by=user.get_username(),
            seen=seen,
            **self._for_whom(form, user, now),
            **self._trusted(user),
            **self.arguments(form),
        )

    def _for_whom(self, form: Any, user: User, now: datetime) -> dict[str, str]:
        """A decision perhaps for another department; a report always for the lead, and where a
        deputy writes it, in somebody's place."""
        if self.decision:
            office = form.cleaned_data.get("on_behalf_of")
            return {"on_behalf_of": office.code if office else ""}
        lead = form.situation.lead
        stood_in = reports_for(user, day_of(now)).get(lead, "")
        return {"on_behalf_of": lead, "in_place_of": stood_in}

    def _trusted(self, user: User) -> dict[str, bool]:
        """Whoever decides may record what came on paper in time; who only reports may not."""
        return {"may_date_back": may_decide(user)} if self.kind is Kind.SUBMITTED else {}

    @property
    def _own_arguments(self) -> dict[str, Any]:
        return {"kind": self.kind} if self.action is record_step else {}

    def _probe(self, situation: Situation) -> dict[str, str]:
        held = situation.blocks[0].on if situation.blocks else ""
        return {"on": held if self.kind is Kind.UNBLOCKED else ""}


def _as_payload(form: Any) -> dict[str, Any]:
    return {"payload": form.payload()}


def _as_deadline(form: Any) -> dict[str, Any]:
    return {"deadline": form.deadline()}


def _as_file(form: Any) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("file", "effective_on", "expires_on")}


_ARGUMENTS: dict[Kind, Callable[[Any], dict[str, Any]]] = {
    Kind.DEADLINE_SET: _as_deadline,
    Kind.EVIDENCE_RECORDED: _as_file,
}

_ALL = (
    Step(
        Kind.PROGRESS_REPORTED,
        _("Report progress"),
        _("Adds a report to the record of this task; the latest one is printed in the list."),
        _("It completes nothing and moves no deadline."),
        department_steps.ProgressForm,
        decision=False,
    ),
    Step(
        Kind.EVIDENCE_RECORDED,
        _("Record evidence"),
        _("Keeps a file that shows a product or a result, with its SHA-256 in the ledger."),
        _("It does not hand the result in: submit it afterwards. A file kept cannot be removed."),
        department_steps.EvidenceForm,
        decision=False,
        action=record_evidence,
    ),
    Step(
        Kind.SUBMITTED,
        _("Submit the result"),
        _(
            "Hands the result in for verification, with a product or with evidence; once accepted, "
            "the moment given here is the completion time."
        ),
        _("It does not complete the task: another person has to accept it."),
        department_steps.SubmitForm,
        decision=False,
    ),
    Step(
        Kind.EXTENSION_REQUESTED,
        _("Request an extension"),
        _("Puts the wish for a later deadline before those who decide."),
        _("It moves no deadline: only a decision does."),
        department_steps.RequestForm,
        decision=False,
    ),
    Step(
        Kind.BLOCKED,
        _("Declare a wait"),
        _("Shows that the task waits for another body, and counts the days of waiting."),
        _("It excuses no lateness and moves no deadline."),
        department_steps.BlockForm,
        decision=False,
    ),
    Step(
        Kind.UNBLOCKED,
        _("End a wait"),
        _("Ends the waiting; the days waited so far stay in the record."),
        _("It moves no deadline."),
        department_steps.UnblockForm,
        decision=False,
    ),
    Step(
        Kind.DEADLINE_SET,
        _("Set the deadline"),
        _("Gives the task its original deadline."),
        _("It cannot be changed afterwards: a new deadline is then granted beside it."),
        forms.SetDeadlineForm,
        action=set_deadline,
    ),
    Step(
        Kind.EXTENSION_GRANTED,
        _("Grant a new deadline"),
        _("From the moment given here the task is judged by the new date."),
        _(
            "The original deadline stays in the record. Granted after a deadline has passed, it "
            "does not take back that breach, which is kept for ever."
        ),
        forms.GrantForm,
    ),
    Step(
        Kind.EXTENSION_REFUSED,
        _("Refuse the extension"),
        _("Answers the request; the deadline stays as it is."),
        _("It does not forbid a new request."),
        forms.RefuseForm,
        pointless=lambda situation: situation.request is None,
    ),
    Step(
        Kind.ACCEPTED,
        _("Accept the result"),
        _("Completes the task as of the moment the result was submitted."),
        _("The time this verification took makes no department late."),
        forms.AcceptForm,
    ),
    Step(
        Kind.RETURNED,
        _("Return the result"),
        _("Sends the submission back; the task is open again."),
        _("A returned submission gives no credit: the clock counts as never stopped."),
        forms.ReturnForm,
    ),
    Step(
        Kind.REOPENED,
        _("Reopen"),
        _("Opens a completed task again with the deadline it had."),
        _(
            "If that deadline has passed, the task is overdue at once. The first completion stays "
            "in the record."
        ),
        forms.ReopenForm,
    ),
    Step(
        Kind.PAUSED,
        _("Suspend"),
        _("Stops lateness from being counted until the task is resumed."),
        _("It moves no deadline and takes back no breach."),
        forms.DocumentedForm,
    ),
    Step(
        Kind.RESUMED,
        _("Resume"),
        _("Ends the suspension; the deadline stands as it was."),
        _("It gives no new time: if the deadline has passed, the task is overdue at once."),
        forms.DecisionForm,
    ),
    Step(
        Kind.REASSIGNED,
        _("Reassign"),
        _("Makes another department the lead from the moment given here."),
        _("Deadline, breaches and everything recorded go with the task; earlier lists stay."),
        forms.ReassignForm,
    ),
    Step(
        Kind.REQUIREMENT_CHANGED,
        _("Change the requirement"),
        _("Says whether being late with this task marks its lead department."),
        _("It moves no deadline and changes no list already issued."),
        forms.RequirementForm,
    ),
    Step(
        Kind.CANCELLED,
        _("Cancel the task"),
        _("Takes the task out of every later list; the cancellation is printed once."),
        _("It cannot be undone, and nothing can be recorded afterwards. Nothing is erased."),
        forms.DocumentedForm,
    ),
)

STEPS = {str(step.kind): step for step in _ALL}


def steps_now(user: User, situation: Situation, now: datetime) -> tuple[list[Step], list[Fault]]:
    """The steps this person may record now; and why their own work keeps others from them."""
    roles = {True: may_decide(user), False: may_report(user, situation.lead, day_of(now))}
    mine = [s for s in _ALL if roles[s.decision] and not s.pointless(situation)]
    faults = {step: step.fault(user, situation, now) for step in mine}
    legal = [step for step, fault in faults.items() if fault is None]
    told = (Fault.OWN_SUBMISSION, Fault.OWN_REQUEST)
    return legal, [fault for fault in told if fault in faults.values()]
