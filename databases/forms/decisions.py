"""What people write about a contradiction or a proposal to submit."""

from django import forms
from django.utils.translation import gettext_lazy as _

from databases.forms.moments import instant_field, words_field

_LONGEST = 1000


class WaiveForm(forms.Form):
    until = instant_field(_("Until"), _("At most 90 days from now; day and time in Hà Nội."))
    reason = words_field(_("Reason"), _LONGEST, _("Kept in its course, with your name."))


class TakeForm(forms.Form):
    note = words_field(_("Note"), _LONGEST, required=False)


class DeclineForm(forms.Form):
    note = words_field(_("Why it is declined"), _LONGEST)
