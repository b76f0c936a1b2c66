"""What the probes see of a connection, and what that contradicts: lines for its page."""

from datetime import datetime

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from databases.models import Connection, Contradiction, Endpoint
from databases.pages.contradiction_words import rule_name
from databases.pages.probe_words import current_track, moment, state_tag


def seen_now(connection: Connection, now: datetime, *, linked: bool) -> str:
    """A line for each endpoint: its state, and since when. `linked`: the reader may open them."""
    rows = Endpoint.objects.filter(interface__connection=connection).select_related("seen")
    lines = [_line(endpoint, now, linked) for endpoint in rows.order_by("code")]
    return format_html_join("", "<div>{}</div>", ((line,) for line in lines)) or _(
        "nothing probes it"
    )


def _line(endpoint: Endpoint, now: datetime, linked: bool) -> str:
    track = current_track(endpoint, now)
    tag = state_tag(track.state, paused=endpoint.paused)
    since = _("since %(at)s") % {"at": moment(track.since)}
    code = _link("endpoint", endpoint.pk, endpoint.code) if linked else endpoint.code
    return format_html('{} {} <span class="quiet">{}</span>', code, tag, since)


def contradicted(connection: Connection) -> str:
    """A line for each contradiction that is open; a dash for none."""
    rows = Contradiction.objects.open().filter(connection=connection).order_by("since", "pk")
    lines = [_link("contradiction", row.pk, rule_name(row.rule)) for row in rows]
    return format_html_join("", "<div>{}</div>", ((line,) for line in lines)) or "–"


def _link(model: str, pk: int, words: str) -> str:
    return format_html(
        '<a href="{}">{}</a>', reverse(f"admin:databases_{model}_change", args=[pk]), words
    )
