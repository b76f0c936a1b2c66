"""Who signs in."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person; roles are groups. The ledger keeps the user name as text, so deleting a person
    changes no ledger and no list."""

    department = models.ForeignKey(
        "tracking.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("department"),
    )
    heads_department = models.BooleanField(
        _("heads the department"),
        default=False,
        help_text=_("Is told when what the reporters were reminded of is not done."),
    )
    language = models.CharField(
        _("language of mail"),
        max_length=5,
        choices=[("vi", _("Vietnamese")), ("en", _("English"))],
        default="vi",
    )

    @property
    def written_name(self) -> str:
        """As it is written in Vietnamese, the family name first; the account's without one."""
        return f"{self.last_name} {self.first_name}".strip() or self.get_username()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
