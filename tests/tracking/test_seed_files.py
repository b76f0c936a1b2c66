"""The files and the kept questions that come with the illustrative tasks."""

import hashlib
from datetime import timedelta

import pytest
from django.http import QueryDict

from tests.tracking.imported import NOW
from tracking.actions.evidence import opened
from tracking.actions.illustrative_evidence import illustrate_evidence
from tracking.actions.illustrative_views import illustrate_views
from tracking.actions.progress_lists import issue
from tracking.actions.projection import differences
from tracking.actions.seed import seed
from tracking.models import Event, Evidence, SavedView, TaskSituation, User
from tracking.pages.task_list import TaskList
from tracking.rules.instants import day_of
from tracking.rules.progress_list import Scope
from tracking.rules.viewpoint import Viewpoint

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
VERIFIERS = {"nhic.operator", "nhic.verifier"}


def test_illustrative_files_are_kept_whole_and_say_what_they_are() -> None:
    seed(now=NOW, illustrative=True)
    assert illustrate_evidence(NOW) == Evidence.objects.count() > 10
    kinds = set(Evidence.objects.values_list("content_type", flat=True))
    assert kinds == {"application/pdf", "image/png", "text/plain", "text/csv"}
    for kept in Evidence.objects.select_related("event"):
        with opened(kept) as file:
            assert hashlib.sha256(file.read()).hexdigest() == kept.event.payload["sha256"]
        assert "(minh họa)" in kept.name
    assert differences() == []


def test_what_awaits_verification_has_files_and_was_handed_in_by_others() -> None:
    seed(now=NOW, illustrative=True)
    illustrate_evidence(NOW)
    waiting = TaskSituation.objects.at(NOW).filter(pending=True, task__code__startswith="MHN")
    tasks = list(waiting.values_list("task_id", flat=True))
    assert len(tasks) >= 4
    for task in tasks:
        submitted = Event.objects.filter(task=task, kind="submitted").latest("effective_at")
        assert submitted.actor not in VERIFIERS
        files = Evidence.objects.filter(event__task=task)
        assert files.exists()
        assert all(kept.event.effective_at < submitted.effective_at for kept in files)
        assert all(kept.event.actor == submitted.actor for kept in files)


def test_files_come_once_and_never_behind_an_issued_list() -> None:
    seed(now=NOW - DAY, illustrative=True)
    scope = Scope(as_of=day_of(NOW - DAY), known_at=NOW - DAY)
    issued, _new = issue(scope, now=NOW - DAY, by="x")
    count = illustrate_evidence(NOW)
    assert count == Evidence.objects.filter(event__recorded_at__gt=issued.known_at).count() > 0
    assert illustrate_evidence(NOW + DAY) == 0
    assert Evidence.objects.count() == count


def test_two_kept_questions_find_tasks_and_come_once() -> None:
    illustrate_views()  # nobody to keep them
    assert not SavedView.objects.exists()
    User.objects.create_user("nhic.operator")
    seed(now=NOW, illustrative=True)
    illustrate_views()
    illustrate_views()
    assert SavedView.objects.filter(shared=True).count() == 2
    for view in SavedView.objects.all():
        found = TaskList(QueryDict(view.query), Viewpoint(NOW, NOW, NOW))
        assert found.sound
        assert len(found.rows) > 1
        assert found.question == QueryDict(view.query).urlencode()
