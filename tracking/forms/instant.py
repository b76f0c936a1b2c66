"""An instant in a form or an address, as people or machines write it."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tracking.rules.instants import ZONE, cut_off, in_zone, instant_from

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
_WRITTEN = ("%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S.%f")


class InstantField(forms.CharField):
    """Gives an aware datetime or None; a day alone means its last microsecond."""

    default_error_messages = {
        "instant": _("This is not an instant: write it as 18/11/2025 17:00, or a day alone."),
        "range": _("Give an instant between the years 2000 and 2199."),
    }

    def to_python(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return in_zone(value)
        text = super().to_python(value)
        if not text:
            return None
        instant = _read(text)
        if instant is None:
            raise forms.ValidationError(self.error_messages["instant"], code="instant")
        if not FIRST_DAY <= instant.date() <= LAST_DAY:
            raise forms.ValidationError(self.error_messages["range"], code="range")
        return instant

    def prepare_value(self, value: Any) -> Any:
        """What was given in an address is shown as people write it, to the microsecond: what is
        sent again must be the same instant."""
        instant = value if isinstance(value, datetime) else _read(str(value or ""))
        return written(instant) if instant else value


def written(instant: datetime) -> str:
    """ "18/11/2025 17:00", with seconds where there are any; a day alone for its end."""
    instant = in_zone(instant)
    if instant.timetz().replace(tzinfo=None) == time.max:
        return f"{instant:%d/%m/%Y}"
    if instant.microsecond:
        return f"{instant:%d/%m/%Y %H:%M:%S.%f}"
    return f"{instant:%d/%m/%Y %H:%M:%S}" if instant.second else f"{instant:%d/%m/%Y %H:%M}"


def _read(text: str) -> datetime | None:
    try:
        return instant_from(text)
    except (ValueError, OverflowError):
        pass
    for form in _WRITTEN:
        try:
            return datetime.strptime(text, form).replace(tzinfo=ZONE)
        except ValueError:
            continue
    try:
        return cut_off(datetime.strptime(text, "%d/%m/%Y").replace(tzinfo=ZONE).date())
    except ValueError:
        return None
