"""Taking the default ladder of reminders into the register, where operators change it."""

from django.db import transaction
from django.utils.translation import gettext as _

from tracking.actions.refusals import Refused
from tracking.models import ReminderStep
from tracking.rules.reminders import DEFAULT_LADDER


@transaction.atomic
def copy_default_ladder() -> list[ReminderStep]:
    """A row for each of its steps; refused where there are rows already."""
    if ReminderStep.objects.exists():
        raise Refused([_("There are rungs in the register already: change those.")])
    return ReminderStep.objects.bulk_create(
        ReminderStep(measure=step.measure.value, amount=step.amount, to=sorted(step.to))
        for step in DEFAULT_LADDER.steps
    )
