"""The layout of plan files: departments, partners, plans, documents, calendar, tasks, events."""

from django.utils.translation import gettext_lazy as _

from tracking.plan_files.layout import Layout
from tracking.plan_files.plan_guide import PLAN_GUIDE
from tracking.plan_files.workbook_columns import SHEETS

PLAN = Layout(
    format="progress-plan/1",
    what=_("plan"),
    split=_("split it by plan"),
    sheets=SHEETS,
    guide=PLAN_GUIDE,
)
