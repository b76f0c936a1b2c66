"""The Celery app and the whole schedule on one screen."""

import os

from celery import Celery
from celery.schedules import crontab

from config.env import text

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Task is the ministry's word for what a department owes; Celery's are jobs.
app.autodiscover_tasks(related_name="jobs")

app.conf.beat_schedule = {
    # 06:30 in Hà Nội, before anyone reads: a projection that differs from the ledger is a fault
    # that must be known before the list is.
    "check-projection": {
        "task": "tracking.jobs.check_projection",
        "schedule": crontab(hour="6", minute="30"),
        "options": {"expires": 3600},
    },
    # Reports, reminders and mail are due by the database, so that this only asks: as the minute
    # begins, so that a report is out within seconds of its time. Its sign is what the watch misses.
    "send-due": {
        "task": "tracking.jobs.send_due",
        "schedule": crontab(),
        "options": {"expires": 50},
    },
    # The watch beside the process of that name: each notices the other's silence.
    "watch": {
        "task": "tracking.jobs.watch",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    # States that nobody probes any more, contradictions, sums, partitions: each is due by the
    # database, so this only asks.
    "chores": {
        "task": "databases.jobs.chores",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
}
if text("REDIS_URL"):
    # The doorbell of the probes: whoever of the workers of that queue is free probes what is due.
    # Without Redis the pump is a process of its own.
    app.conf.beat_schedule["pump"] = {
        "task": "databases.jobs.pump",
        "schedule": 5.0,
        "options": {"expires": 4, "queue": "probes"},
    }
