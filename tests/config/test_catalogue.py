"""Is every word found, and every lack of a translation told?"""

from pathlib import Path

import polib
import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from config import catalogue
from config.catalogue import Message

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext, npgettext
_("Issue " "now")
translation.gettext("Department")
ngettext("%(count)d task", "%(count)d tasks", count)
pgettext("verb", "Open")
npgettext("late", "{n} day", "{n} days", n)
_(variable)
_("")
other("Not a message")
"""

TEMPLATE = """{% load i18n %}{% translate "Plans" as title %}{% trans 'It’s "late"' %}
{% translate "May" context "month" %}{{ _("Draft")|upper }}
{% blocktranslate count n=tasks|length trimmed %}
  {{ n }} task of {{ name }}
{% plural %}
  {{ n }} tasks of {{ name }}
{% endblocktranslate %}
"""


def test_python_calls_are_found_by_their_literals() -> None:
    assert list(catalogue.in_python(PYTHON)) == [
        Message("Issue now"),
        Message("Department"),
        Message("%(count)d task", "%(count)d tasks"),
        Message("Open", context="verb"),
        Message("{n} day", "{n} days", "late"),
    ]


def test_template_tags_are_found_as_django_looks_them_up() -> None:
    assert set(catalogue.in_template(TEMPLATE)) == {
        Message("Plans"),
        Message('It’s "late"'),
        Message("May", context="month"),
        Message("Draft"),
        Message("%(n)s task of %(name)s", "%(n)s tasks of %(name)s"),
    }


@pytest.fixture
def project(tmp_path: Path, settings: Settings) -> Path:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "words.py").write_text(
        '_("Plan %(code)s")\nngettext("day", "days", n)\n'
    )
    settings.BASE_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    return tmp_path


def po_file(project: Path) -> Path:
    return project / "locale" / "vi" / "LC_MESSAGES" / "django.po"


def test_add_writes_what_is_missing_once(project: Path) -> None:
    call_command("messages", "--add")
    call_command("messages", "--add")
    written = polib.pofile(str(po_file(project)))
    assert [(entry.msgid, entry.msgid_plural) for entry in written] == [
        ("Plan %(code)s", ""),
        ("day", "days"),
    ]


def test_check_tells_each_missing_and_each_empty_message(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError, match="2 faults"):
        call_command("messages", "--check")
    assert "config/words.py: “day” is not in the catalogue." in capsys.readouterr().err
    call_command("messages", "--add")
    with pytest.raises(CommandError, match="2 faults"):
        call_command("messages", "--check")
    assert "“day” has no Vietnamese translation." in capsys.readouterr().err


def translate(project: Path, text: str) -> None:
    words = polib.pofile(str(po_file(project)))
    words[0].msgstr = text
    words[1].msgstr_plural = {0: "ngày"}
    words.save()


def test_check_passes_a_whole_catalogue_and_compiles_it(project: Path) -> None:
    call_command("messages", "--add")
    translate(project, "Kế hoạch %(code)s")
    call_command("messages", "--check")
    call_command("messages")
    compiled = polib.mofile(str(po_file(project).with_suffix(".mo")))
    assert [entry.msgstr for entry in compiled if entry.msgid.startswith("Plan")] == [
        "Kế hoạch %(code)s"
    ]


def test_check_tells_a_placeholder_that_would_fail_when_printed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("messages", "--add")
    translate(project, "Kế hoạch %(cod)s")
    with pytest.raises(CommandError, match="1 fault"):
        call_command("messages", "--check")
    assert "Plan %(code)s" in capsys.readouterr().err


def test_compiling_twice_writes_once(project: Path) -> None:
    call_command("messages", "--add")
    assert not catalogue.compile_catalogue(po_file(project))
