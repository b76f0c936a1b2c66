"""On PostgreSQL checks lie in a partition a day, to be dropped rather than deleted."""

from django.db import migrations

from tracking.models.guards import append_only, install

# What no partition of a day takes is kept, and told: see databases.pump.partitions.
POSTGRESQL = """
ALTER TABLE databases_check RENAME TO databases_check_plain;
CREATE TABLE databases_check (LIKE databases_check_plain INCLUDING DEFAULTS)
    PARTITION BY RANGE (slot_at);
DROP TABLE databases_check_plain;
ALTER TABLE databases_check ADD PRIMARY KEY (endpoint_id, slot_at);
CREATE TABLE databases_check_default PARTITION OF databases_check DEFAULT;
ALTER TABLE databases_endpointstate SET (
    fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
"""


def partition(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)


class Migration(migrations.Migration):
    dependencies = [("databases", "0003_probes")]

    operations = [
        migrations.RunPython(partition),
        migrations.RunPython(
            install(
                append_only("databases_transition", "What the probes saw is never changed."),
                append_only(
                    "databases_outageentry", "The course of an outage only grows: add a note."
                ),
                append_only(
                    "databases_contradictionentry", "The course of a contradiction only grows."
                ),
                append_only("databases_steprecord", "A step is never changed: record it anew."),
                append_only("databases_evidenceproposal", "What was proposed is never changed."),
                append_only("databases_evidencedecision", "A decision is never changed."),
                append_only("databases_endpointchange", "A change is never told otherwise."),
                append_only("databases_proberequest", "What was asked for is never changed."),
            )
        ),
    ]
