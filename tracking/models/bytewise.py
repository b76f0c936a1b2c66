"""Sorting by bytes, alike on every database; columns made for it hold the Vietnamese order."""

from typing import Any

from django.db.models import Func, TextField


class Bytewise(Func):
    """A text that compares byte by byte whatever the collation of the database."""

    output_field = TextField()
    template = "%(expressions)s"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = '(%(expressions)s)::text COLLATE "C"'
        return self.as_sql(compiler, connection, template=template, **context)
