"""The standing in SQL: the same table as rules.standing, for counting and filtering at scale."""

from datetime import datetime

from django.db.models import Case, CharField, F, Q, Value, When

from tracking.rules.standing import Standing


def standing_case(at: datetime, prefix: str = "") -> Case:
    """CASE over the columns of TaskSituation reached by `prefix`; "" for a cancelled task."""

    def condition(**lookups: object) -> Q:
        return Q(**{prefix + name: value for name, value in lookups.items()})

    own_end, end = F(prefix + "judged_end_at"), F(prefix + "end_at")
    in_time = condition(pending=True) & condition(submitted_at__lt=end)
    rows: list[tuple[Q, str]] = [
        (condition(cancelled=True), ""),
        (
            condition(completed=True)
            & (condition(judged_end_at=None) | condition(submitted_at__lt=own_end)),
            Standing.COMPLETED_ON_TIME,
        ),
        (condition(completed=True), Standing.COMPLETED_LATE),
        (condition(paused=True), Standing.PAUSED),
        (condition(end_at=None), Standing.NO_DEADLINE),
        (condition(end_at__gt=at) | in_time, Standing.IN_TIME),
    ]
    return Case(
        *(When(fits, then=Value(str(standing))) for fits, standing in rows),
        default=Value(str(Standing.OVERDUE)),
        output_field=CharField(),
    )
