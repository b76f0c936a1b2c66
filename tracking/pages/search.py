"""What does a search find? Everything that the reader may see, by kind, the likeliest first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from tracking.models import Department, Document, Partner, Plan
from tracking.models.found import Columns, found
from tracking.pages.found_files import file_group
from tracking.pages.found_help import help_group
from tracking.pages.found_lists import list_hits
from tracking.pages.found_tasks import task_group
from tracking.pages.found_words import word_hits
from tracking.pages.hits import Group, Hit, counted, group_of, hit_of
from tracking.pages.task_words import day_text
from tracking.permissions import Visitor, may_view_lists, may_view_work
from tracking.rules.chosen import Part
from tracking.rules.searching import Question, question_of

SHOWN = 20

# What another app finds: (question, reader, how many at most) -> groups, none where the reader
# may see nothing of it.
Provider = Callable[[Question, Visitor, int], Sequence[Group]]


@dataclass(frozen=True, slots=True)
class Findings:
    """`exact`: those whose code was asked for; they stand in their groups, too."""

    question: Question
    groups: Sequence[Group]

    @property
    def exact(self) -> list[tuple[Group, Hit]]:
        return [(group, hit) for group in self.groups for hit in group.hits if hit.exact]

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)

    @property
    def told(self) -> str:
        return counted(self.count, more=any(group.more for group in self.groups))


def findings(text: str, reader: Visitor, now: datetime) -> Findings:
    """A fixed number of queries, whatever is asked and however much there is."""
    question = question_of(text)
    if not question.words:
        return Findings(question, [])
    groups = [*_own(question, reader, now), *_others(question, reader)]
    groups.append(help_group(question, SHOWN))
    return Findings(question, [group for group in groups if group.count])


def _own(question: Question, reader: Visitor, now: datetime) -> Iterator[Group]:
    if may_view_work(reader):
        yield task_group(question, SHOWN, now, _task_list(text=question.text))
        yield _departments(question)
        yield _partners(question)
        yield _plans(question)
        yield _documents(question)
    if may_view_lists(reader):
        yield list_hits(question, SHOWN)
    yield from word_hits(question, reader, SHOWN)
    if may_view_work(reader):
        yield file_group(question, SHOWN)


def _others(question: Question, reader: Visitor) -> Iterator[Group]:
    for path in settings.SEARCH_PROVIDERS:
        provider: Provider = import_string(path)
        yield from provider(question, reader, SHOWN)


def _departments(question: Question) -> Group:
    def hit(row: Department) -> Hit:
        ended = _("until %(day)s") % {"day": day_text(row.valid_to)} if row.valid_to else ""
        return hit_of(row, question, ended, reverse("tracking:department", args=[row.pk]))

    columns = Columns(order=("order", "code"))
    rows = found(Department.objects.all(), question, SHOWN, columns)
    return group_of("departments", _("Departments"), rows, hit)


def _partners(question: Question) -> Group:
    def hit(row: Partner) -> Hit:
        waiting = _task_list(lead=row.code, role=str(Part.WAITED_FOR))
        return hit_of(row, question, str(row.get_kind_display()), waiting)

    columns = Columns(order=("sort", "code"))
    rows = found(Partner.objects.all(), question, SHOWN, columns)
    return group_of("partners", _("Partners"), rows, hit)


def _plans(question: Question) -> Group:
    def hit(row: Plan) -> Hit:
        return hit_of(row, question, _issued(row.issued_on), _task_list(plan=row.code))

    return group_of("plans", _("Plans"), found(Plan.objects.all(), question, SHOWN), hit)


def _documents(question: Question) -> Group:
    def hit(row: Document) -> Hit:
        about = "; ".join(filter(None, (_issued(row.issued_on), row.issuer)))
        return hit_of(row, question, about, code=row.number)

    columns = Columns(named=("number", "name_vi", "name_en", "issuer"), order=("number",))
    rows = found(Document.objects.all(), question, SHOWN, columns)
    return group_of("documents", _("Documents"), rows, hit)


def _task_list(**asked: str) -> str:
    """The address of the tasks that are asked for."""
    return f"{reverse('tracking:task-list')}?{urlencode(asked)}"


def _issued(day: Any) -> str:
    return _("issued on %(day)s") % {"day": day_text(day)} if day else ""
