"""What left the portal, what was told and what was concluded is append-only, as the ledger is."""

from django.db import migrations

from tracking.models.guards import append_only, install


class Migration(migrations.Migration):
    dependencies = [("tracking", "0007_post")]

    operations = [
        migrations.RunPython(
            install(
                append_only("tracking_message", "A message is never changed: write another."),
                append_only("tracking_messagefile", "A file sent is never changed."),
                append_only("tracking_deliveryentry", "What became of a delivery is never changed."),
                append_only("tracking_reportrun", "A run of a report is never changed."),
                append_only("tracking_reminder", "A reminder is never changed."),
                append_only("tracking_alarmtelling", "The telling of an alarm is never changed."),
                append_only("tracking_letterentry", "An entry of a letter is never changed."),
                append_only("tracking_conclusion", "A conclusion is never changed: add another."),
            ),
            elidable=False,
        )
    ]
