"""Who are you? User name and password."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """Django's own, with a sentence that says what to do."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _(
            "This user name and password do not go together. Check capital letters and whether a "
            "Vietnamese keyboard changes what you type, then try again."
        ),
        "inactive": _("This account is closed. The NHIC's administrators can open it again."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        # No green ticks on a form that was refused.
        self.use_required_attribute = True
