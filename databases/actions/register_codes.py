"""Which row does a code in a register file name?"""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from databases.models import Connection, CounterpartSystem, Database
from tracking.models import Department, Document, Partner, Task
from tracking.plan_files.rows import Row

# Model -> its code, and the section of the file in which it may stand as well.
_NAMED: Mapping[type[models.Model], tuple[str, str]] = {
    Department: ("code", ""),
    Partner: ("code", ""),
    Document: ("number", ""),
    Task: ("code", ""),
    CounterpartSystem: ("code", "counterparts"),
    Database: ("code", "databases"),
    Connection: ("code", "connections"),
}


class Codes:
    """What a file may name, each register read once, when it is first asked for. `faults` tells
    of every code that names nothing; not of what hangs on a faulty row, which is told already."""

    def __init__(self, in_file: Mapping[str, set[str]]) -> None:
        self.faults: list[str] = []
        self._in_file = in_file
        self._known: dict[type[models.Model], dict[str, Any]] = {}

    def known(self, model: type[models.Model]) -> dict[str, Any]:
        """Code -> row; rows that are written are added to it."""
        if model not in self._known:
            key, _section = _NAMED[model]
            rows = model._default_manager.all()
            self._known[model] = {getattr(row, key): row for row in rows}
        return self._known[model]

    def named(self, row: Row, key: str, model: type[models.Model]) -> Any:
        """The row that this key of a row names; None when it is empty or names nothing."""
        code = row.get(key)
        found = self.known(model).get(code or "")
        _key, section = _NAMED[model]
        if code is not None and found is None and code not in self._in_file.get(section, ()):
            sentence = _("is not in the register of %(what)s: check it, or add it there first")
            if section:
                sentence = _("is neither in the file nor in the register of %(what)s: check it")
            what = model._meta.verbose_name_plural
            self.faults.append(f'{row.at(key)}: {key} "{code}" {sentence % {"what": what}}')
        return found
