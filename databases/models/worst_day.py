"""What is kept of the days of connections, so that nobody reads the sums of all endpoints again."""

from django.db import models

from databases.models.connection import Connection
from databases.models.rollup import Times


class WorstDay(Times):
    """Of a day of Hà Nội that is over, where the time of that endpoint went that stood worst. Told
    by `endpoints` endpoints: all that the connection had when this was written. Who changes what
    it was told from deletes it; it is then written anew."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+")
    day = models.DateField()
    endpoints = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "day"], name="%(app_label)s_%(class)s_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.connection_id} {self.day}"
