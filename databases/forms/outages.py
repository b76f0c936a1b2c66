"""What people write about an outage."""

from django import forms
from django.utils.translation import gettext_lazy as _

from databases.forms.moments import instant_field, words_field
from databases.rules.track import Blame

_NOTE, _WHY = 1000, 300  # letters that are kept


class AcknowledgeForm(forms.Form):
    until = instant_field(_("Until"), _("At most 72 hours from now; day and time in Hà Nội."))
    note = words_field(_("What is being done"), _NOTE)


class NoteForm(forms.Form):
    note = words_field(_("Note"), _NOTE)


class JudgeForm(forms.Form):
    blame = forms.ChoiceField(
        label=_("Looks like the fault of"),
        required=False,
        choices=[
            ("", _("cannot be told")),
            (Blame.OURS.value, _("our side")),
            (Blame.THEIRS.value, _("the other side")),
            (Blame.NETWORK.value, _("the network between")),
            (Blame.CONTRACT.value, _("what was agreed")),
        ],
    )
    why = words_field(
        _("Why"), _WHY, _("What shows it: a record, a call, a report of the other side.")
    )

    def verdict(self) -> Blame | None:
        blame = self.cleaned_data["blame"]
        return Blame(blame) if blame else None


class CloseForm(forms.Form):
    note = words_field(
        _("Why it cannot recover by itself"),
        _NOTE,
        _("Such as: the endpoint was dismantled on that day, by that letter."),
    )
