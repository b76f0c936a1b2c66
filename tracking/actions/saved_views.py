"""Keeping a question to the list of tasks under a name, and dropping it."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tracking.actions.refusals import Refused
from tracking.models import SavedView, User

# As many as one person still finds their way in.
MOST = 40


def keep_view(*, owner: User, name: str, query: str, shared: bool) -> SavedView:
    """Refused when the person has one of that name, or too many."""
    mine = SavedView.objects.filter(owner=owner)
    if mine.count() >= MOST:
        raise Refused(
            [_("You keep %(most)d views already: drop one you no longer use.") % {"most": MOST}]
        )
    try:
        with transaction.atomic():
            return SavedView.objects.create(owner=owner, name=name, query=query, shared=shared)
    except IntegrityError as error:
        raise Refused([_taken(name)]) from error


def drop_view(view: SavedView) -> None:
    view.delete()


def _taken(name: str) -> str:
    return _(
        "You keep a view called “%(name)s” already: choose another name, or drop that one."
    ) % {"name": name}
