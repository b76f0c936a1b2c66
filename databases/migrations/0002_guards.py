"""The history of declared stages is append-only."""

from django.db import migrations

from tracking.models.guards import append_only, install


class Migration(migrations.Migration):
    dependencies = [("databases", "0001_first"), ("tracking", "0002_guards")]

    operations = [
        migrations.RunPython(
            install(
                append_only(
                    "databases_stagechange", "A declared stage is never changed: declare a new one."
                )
            )
        )
    ]
