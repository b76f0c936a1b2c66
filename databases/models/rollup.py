"""What is kept of checks when their partition is gone: sums an hour and a day."""

from django.db import models

from databases.models.endpoint import Endpoint


class Times(models.Model):
    """Where the time of a period went, in seconds that add up to its length: the parts of
    databases.rules.uptime.Uptime."""

    up = models.FloatField(default=0)
    degraded = models.FloatField(default=0)
    down = models.FloatField(default=0)
    excused = models.FloatField(default=0)
    undecided = models.FloatField(default=0)
    unknown = models.FloatField(default=0)
    paused = models.FloatField(default=0)

    class Meta:
        abstract = True


class Rollup(Times):
    """Recomputed from checks and changes of state, never added to. `latencies`:
    databases.rules.latency.Histogram as bytes."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="+")
    ok = models.PositiveIntegerField(default=0)
    warn = models.PositiveIntegerField(default=0)
    fail = models.PositiveIntegerField(default=0)
    blind = models.PositiveIntegerField(default=0)
    config = models.PositiveIntegerField(default=0)
    missed = models.PositiveIntegerField(default=0)
    latencies = models.BinaryField(default=bytes)

    class Meta:
        abstract = True


class HourRollup(Rollup):
    """An hour, in UTC."""

    hour = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "hour"], name="%(app_label)s_%(class)s_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id} {self.hour}"


class DayRollup(Rollup):
    """A day of Hà Nội."""

    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "day"], name="%(app_label)s_%(class)s_once")
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id} {self.day}"
