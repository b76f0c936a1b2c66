"""Two questions to the list of tasks that everybody finds there, kept by the demonstration's
operator."""

from collections.abc import Mapping

from tracking.actions.saved_views import keep_view
from tracking.models import SavedView, User

_OWNER = "nhic.operator"
# Name -> what the address of the list asks.
_VIEWS: Mapping[str, str] = {
    "Quá hạn, trễ nhất trước (minh họa)": "standing=overdue&sort=-late",
    "Đang chờ đơn vị khác (minh họa)": (
        "flags=blocked&sort=lead&columns=lead&columns=due_on&columns=standing&columns=waiting"
    ),
}


def illustrate_views() -> None:
    """Once, and only where nobody keeps a view yet."""
    owner = User.objects.filter(username=_OWNER).first()
    if owner is None or SavedView.objects.exists():
        return
    for name, query in _VIEWS.items():
        keep_view(owner=owner, name=name, query=query, shared=True)
