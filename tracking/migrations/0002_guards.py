"""The ledger and issued lists are append-only and nobody approves their own work."""

from django.db import migrations

from tracking.models.guards import append_only, four_eyes, install


class Migration(migrations.Migration):
    dependencies = [("tracking", "0001_first")]

    operations = [
        migrations.RunPython(
            install(
                append_only(
                    "tracking_event",
                    "The ledger is append-only: record a later event.",
                    same="number = NEW.number",
                ),
                append_only(
                    "tracking_progresslist",
                    "An issued list is never changed: issue one that supersedes it.",
                    same="id = NEW.id OR number = NEW.number OR supersedes_id = NEW.supersedes_id "
                    "OR (as_of = NEW.as_of AND series = NEW.series AND supersedes_id IS NULL "
                    "AND NEW.supersedes_id IS NULL)",
                ),
                append_only(
                    "tracking_calendarversion",
                    "A version of the calendar is never changed.",
                    same="id = NEW.id OR version = NEW.version",
                ),
                four_eyes("tracking_event", "Nobody decides on what they submitted or requested."),
            ),
            elidable=False,
        )
    ]
