"""The Celery app and the whole schedule on one screen."""

import os

from celery import Celery
from celery.schedules import crontab

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
}
