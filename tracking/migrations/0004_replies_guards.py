"""What those concerned answered is append-only, as the ledger is."""

from django.db import migrations

from tracking.models.guards import append_only, install


class Migration(migrations.Migration):
    dependencies = [("tracking", "0003_portal")]

    operations = [
        migrations.RunPython(
            install(
                append_only("tracking_remark", "A remark is never changed: give another."),
                append_only("tracking_waitanswer", "An answer is never changed: give another."),
            ),
            elidable=False,
        )
    ]
