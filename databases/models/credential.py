"""What we show the other side to be let in; sealed, and bound to its host."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracking.models.fields import NormalizedCharField


class CredentialKind(models.TextChoices):
    BEARER = "bearer", _("bearer token")
    BASIC = "basic", _("user and password")
    CLIENT_CERTIFICATE = "client_certificate", _("client certificate and key")
    DATABASE = "database", _("database connection")
    SIGNATURE = "signature", _("signing key of a heartbeat")


class Credential(models.Model):
    """A secret. Written once, never read by a person again; another one takes its place."""

    code = NormalizedCharField(_("code"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=CredentialKind.choices)
    host = NormalizedCharField(
        _("host"), max_length=253, help_text=_("The only host it is ever sent to.")
    )
    sealed = models.BinaryField(editable=False)
    sealed_at = models.DateTimeField(_("entered"), editable=False)
    sealed_by = NormalizedCharField(_("entered by"), max_length=150, editable=False)

    class Meta:
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code
