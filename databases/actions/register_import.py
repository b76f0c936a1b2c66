"""Taking a register file in: what would change, every fault with its place, all or nothing."""

from datetime import datetime

from django.db import transaction

from databases.actions.register_codes import Codes
from databases.actions.register_history import write_history
from databases.actions.register_parties import write_parties
from databases.actions.register_rows import write_rows
from databases.register_files.register_fields import FIELDS, KEYS
from tracking.actions.changes import Changes
from tracking.actions.refusals import Refused
from tracking.models.pen import take_the_pen
from tracking.plan_files.rows import Rows, in_order
from tracking.plan_files.schema import checked, codes_of


@transaction.atomic
def import_register(rows: Rows, *, now: datetime, by: str, dry_run: bool = False) -> Changes:
    """Write everything the file says, or nothing. Refused with every fault of the file. `by` has
    entered the history that does not say who did."""
    take_the_pen()
    good, faults = checked(rows, FIELDS, KEYS)
    codes, changes = Codes(codes_of(rows, KEYS)), Changes()
    faults += write_rows(good, codes, changes)
    faults += write_parties(good, codes, changes)
    faults += write_history(good, codes, changes, now=now, by=by)
    faults += codes.faults
    if faults:
        raise Refused(in_order(faults))
    if dry_run:
        transaction.set_rollback(True)
    return changes
