"""The facts of the meeting of 18 November 2025 as data."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from databases.actions.illustrative_register import illustrate_register
from databases.actions.seed import seed_databases
from databases.actions.stand_ins import seed_stand_ins
from tracking.actions.demonstration import make_accounts
from tracking.actions.illustrative_evidence import illustrate_evidence
from tracking.actions.illustrative_views import illustrate_views
from tracking.actions.roles import set_up_roles
from tracking.actions.seed import seed
from tracking.management.commands._doors import Door


class Command(Door):
    help = "Enters the facts of the meeting; with --illustrative also tasks labelled as such."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--illustrative", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        illustrative: bool = options["illustrative"]
        self.attempt(set_up_roles)
        changes = self.attempt(lambda: seed(now=timezone.now(), illustrative=illustrative))
        databases = self.attempt(seed_databases)
        endpoints = self._illustrate() if illustrative else 0
        self.stdout.write(
            _("%(rows)d rows, %(events)d events and %(databases)d databases were new.")
            % {"rows": len(changes.added), "events": changes.events, "databases": databases}
        )
        if endpoints:
            said = _("%(endpoints)d endpoints of stand-ins (illustrative) were new.")
            self.stdout.write(said % {"endpoints": endpoints})

    def _illustrate(self) -> int:
        """Accounts to try the portal with, what fills its pages, and endpoints of stand-ins; how
        many of these."""
        folder = settings.VAR_DIR / "partners"
        self.attempt(lambda: make_accounts(settings.VAR_DIR, now=timezone.now()))
        self.attempt(lambda: illustrate_evidence(timezone.now()))
        self.attempt(illustrate_views)
        self.attempt(lambda: illustrate_register(timezone.now()))
        return self.attempt(
            lambda: seed_stand_ins(now=timezone.now(), folder=folder, port=settings.PARTNERS_PORT)
        )
