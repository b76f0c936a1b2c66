"""The database stamps the registers and the ledger anew with every change."""

from django.db import migrations, models

from tracking.models.guards import install
from tracking.models.stamp import stamped, stamps

# All of a task but the instant of its last entry, which comes with the ledger's own.
_TASK = (
    "code",
    "name_vi",
    "name_en",
    "plan_id",
    "document_id",
    "clause",
    "first_lead_id",
    "first_required",
    "product_vi",
    "product_en",
    "parent_id",
    "classified",
    "search",
    "sort",
)


class Migration(migrations.Migration):
    dependencies = [("tracking", "0008_post_guards")]

    operations = [
        migrations.CreateModel(
            name="Stamp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "of",
                    models.CharField(
                        choices=[("registers", "registers"), ("ledger", "ledger")],
                        max_length=10,
                        verbose_name="of",
                    ),
                ),
                ("text", models.CharField(max_length=36, verbose_name="text")),
            ],
            options={"verbose_name": "stamp", "verbose_name_plural": "stamps"},
        ),
        migrations.RunPython(
            install(
                stamped(),
                stamps("registers", "tracking_department"),
                stamps("registers", "tracking_succession"),
                stamps("registers", "tracking_partner"),
                stamps("registers", "tracking_plan"),
                stamps("registers", "tracking_calendarday"),
                stamps("registers", "tracking_task", _TASK),
                stamps("registers", "tracking_task_coordinating"),
                stamps("ledger", "tracking_tasksituation"),
                stamps("ledger", "tracking_waitanswer"),
                stamps("ledger", "tracking_progresslist"),
            ),
            elidable=False,
        ),
    ]
