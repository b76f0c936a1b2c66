"""What pages count and filter by becomes columns of the projection: requests, waits, extensions."""

from django.db import migrations, models
from django.db.models import BooleanField, Case, IntegerField, Q, Value, When, deletion
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce


def has(name):
    yes = When(snapshot__has_key=name, then=Value(True))
    return Case(yes, default=Value(False), output_field=BooleanField())


def read_snapshots(apps, schema_editor):
    """Of the situations that are there already; in one statement, since PostgreSQL makes no index
    on a table of which rows were written twice in the same transaction."""
    told = Q(snapshot__has_any_keys=["request", "blocks", "extensions"])
    apps.get_model("tracking", "TaskSituation").objects.filter(told).update(
        asked=has("request"),
        blocked=has("blocks"),
        extensions=Coalesce(Cast(KT("snapshot__extensions"), IntegerField()), 0),
    )


class Migration(migrations.Migration):
    dependencies = [("tracking", "0005_task_lists")]

    operations = [
        migrations.RemoveIndex(model_name="tasksituation", name="situation_covering"),
        migrations.AddField(
            model_name="tasksituation",
            name="asked",
            field=models.BooleanField(default=False),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="tasksituation",
            name="blocked",
            field=models.BooleanField(default=False),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="tasksituation",
            name="extensions",
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RunPython(read_snapshots, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="tasksituation",
            index=models.Index(
                fields=[
                    "valid_to",
                    "valid_from",
                    "cancelled",
                    "completed",
                    "paused",
                    "pending",
                    "asked",
                    "blocked",
                    "required",
                    "end_at",
                    "submitted_at",
                    "judged_end_at",
                    "due_on",
                    "extensions",
                    "lead",
                    "task",
                    "id",
                ],
                name="situation_covering",
            ),
        ),
        migrations.AddIndex(
            model_name="tasksituation",
            index=models.Index(fields=["lead", "valid_to"], name="situation_lead"),
        ),
        *(
            migrations.AddIndex(
                model_name="tasksituation",
                index=models.Index(
                    fields=["valid_to"],
                    condition=Q((column, True)),
                    name=f"situation_{column}",
                ),
            )
            for column in ("pending", "asked", "blocked")
        ),
        *(
            migrations.AlterField(
                model_name="tasksituation",
                name=name,
                field=models.ForeignKey(
                    db_index=False, on_delete=on_delete, related_name=related, to=to
                ),
            )
            for name, on_delete, related, to in (
                ("task", deletion.CASCADE, "situations", "tracking.task"),
                ("lead", deletion.PROTECT, "+", "tracking.department"),
            )
        ),
    ]
