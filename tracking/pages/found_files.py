"""Which evidence files does a search find? By their names, and by what their task and its product
are called; the newest first."""

from django.urls import reverse
from django.utils.translation import gettext as _

from tracking.models import Evidence
from tracking.pages.hits import Group, Hit, newest, plain
from tracking.pages.task_words import day_text
from tracking.rules.instants import day_of
from tracking.rules.searching import Question, parts

# The newest are read; the page of a task has all of its own.
_READ = 2_000
_COLUMNS = (
    "pk",
    "event__task__search",
    "name",
    "event__task__product_vi",
    "event__task__product_en",
)


def file_group(question: Question, most: int) -> Group:
    """One query; one more where something is found."""
    files = Evidence.objects.order_by("-pk").values_list(*_COLUMNS)[:_READ]
    keys = [key for key, *said in files if _fits(question, *said)]
    rows = Evidence.objects.select_related("event__task").in_bulk(keys[:most])
    hits = [_hit(rows[key], question) for key in keys[:most] if key in rows]
    note = newest(len(files), _READ)
    return Group("evidence", _("Evidence files"), hits, len(keys), note=note)


def _fits(question: Question, search: str, *texts: str) -> bool:
    """Only what the task itself does not hold is looked for in texts with accents."""
    missing = [word for word in question.words if word not in search]
    return not missing or all(word in plain(" ".join(texts)) for word in missing)


def _hit(row: Evidence, question: Question) -> Hit:
    task = row.event.task
    recorded = _("recorded on %(day)s") % {"day": day_text(day_of(row.event.recorded_at))}
    return Hit(
        code=parts(task.code, question.pairs),
        name=parts(row.name, question.pairs),
        about=f"{task.name}; {recorded}",
        address=f"{reverse('tracking:task', args=[task.pk])}#evidence",
    )
