"""An alarm as people find it in the admin."""

from datetime import datetime

from tracking.models import Alarm, AlarmTelling


def fill_alarms(now: datetime) -> None:
    alarm = Alarm.objects.create(kind="stopped", subject="scheduler", since=now, opened_at=now)
    AlarmTelling.objects.create(alarm=alarm, way="webhook", at=now, taken=False, said="503")
