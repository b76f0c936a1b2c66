"""What do operators read when the portal itself stands still? Both languages, one after the other:
an address of the settings has none of its own."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _, ngettext, override

from tracking.mail.alarms import Words
from tracking.models import Alarm

LANGUAGES = ("vi", "en")


def alarm_words(alarms: Sequence[Alarm]) -> Words:
    """Of alarms that stand and of alarms that are over; at least one."""
    texts = {language: _text(alarms, language) for language in LANGUAGES}
    subjects = [_subject(alarms, language) for language in LANGUAGES]
    portal = settings.BASE_URL.rstrip("/")
    text = "\n\n".join([*texts.values(), f"{portal}/admin/"])
    facts = {"portal": portal, "text": text, "alarms": [_facts(alarm) for alarm in alarms]}
    return Words(" / ".join(subjects), text + "\n", facts)


def _subject(alarms: Sequence[Alarm], language: str) -> str:
    standing = sum(alarm.ended_at is None for alarm in alarms)
    with override(language):
        if not standing:
            return _("Progress portal: over")
        return ngettext(
            "Progress portal: %(count)d alarm", "Progress portal: %(count)d alarms", standing
        ) % {"count": standing}


def _text(alarms: Sequence[Alarm], language: str) -> str:
    with override(language):
        return "\n".join(_line(alarm) for alarm in alarms)


def _line(alarm: Alarm) -> str:
    if alarm.ended_at is not None:
        return _("- Over: %(alarm)s") % {"alarm": alarm}
    return "- " + " ".join(filter(None, [str(alarm), alarm.explained, alarm.advice]))


def _facts(alarm: Alarm) -> dict[str, Any]:
    said = {}
    for language in LANGUAGES:
        with override(language):
            said[language] = f"{alarm} {alarm.explained}".rstrip()
    return {
        "kind": alarm.kind,
        "subject": alarm.subject,
        "since": alarm.since.isoformat(),
        "over": alarm.ended_at is not None,
        "said": said,
    }
