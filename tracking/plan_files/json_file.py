"""Files as JSON: read with the line of every object, written in one stable form."""

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from json.decoder import JSONDecodeError, JSONObject  # type: ignore[attr-defined]
from json.scanner import py_make_scanner  # type: ignore[attr-defined]
from typing import Any

from django.utils.translation import gettext as _

from tracking.plan_files.layout import Layout
from tracking.plan_files.plan_layout import PLAN
from tracking.plan_files.rows import FileRefused, Row, Rows


def read(data: bytes, layout: Layout = PLAN) -> Rows:
    """The rows of every section. FileRefused when it is no file of that kind."""
    try:
        text = data.decode("utf-8-sig")
        decoder = _Decoder(text)
        content = decoder.decode(text)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileRefused(
            [_("line %(line)d: not UTF-8 text: save the file as UTF-8") % {"line": line}]
        ) from error
    except JSONDecodeError as error:
        raise FileRefused(
            [
                _("line %(line)d, column %(column)d: not JSON (%(why)s): correct it there")
                % {"line": error.lineno, "column": error.colno, "why": error.msg}
            ]
        ) from error
    except RecursionError as error:
        raise FileRefused([_("line 1: the file is nested too deeply: write it flat")]) from error
    except ValueError as error:
        raise FileRefused([_("line 1: a number has too many digits: correct it")]) from error
    if decoder.faults:
        raise FileRefused(decoder.faults)
    return _sections(content, layout)


def write(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _sections(content: Any, layout: Layout) -> Rows:
    if not isinstance(content, Row) or content.get("format") != layout.format:
        sentence = _(
            'line 1: not a %(what)s file: it must be an object with "format": "%(format)s"'
        )
        raise FileRefused([sentence % {"what": layout.what, "format": layout.format}])
    known = ", ".join(layout.sections)
    faults = [
        _('line 1: "%(key)s" is not a section of a %(what)s file: the sections are %(known)s')
        % {"key": key, "what": layout.what, "known": known}
        for key in sorted(content.keys() - {"format", *layout.sections})
    ]
    for section in layout.sections:
        rows = [] if content.get(section) is None else content[section]
        if not isinstance(rows, list) or not all(isinstance(row, Row) for row in rows):
            faults.append(
                _('line 1: "%s" is not a list of objects: write it as [{…}, {…}]') % section
            )
    if faults:
        raise FileRefused(faults)
    return {section: list(content.get(section) or []) for section in layout.sections}


class _Decoder(json.JSONDecoder):
    """Gives every object as a Row that knows its line; `faults` tells of keys given twice, of which
    only the last would be seen."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self._newlines = [index for index, character in enumerate(text) if character == "\n"]
        self.parse_object = self._located
        self.scan_once = py_make_scanner(self)

    def _located(
        self, start: tuple[str, int], strict: bool, scan_once: Any, *_rest: Any
    ) -> tuple[Row, int]:
        pairs, end = JSONObject(start, strict, scan_once, None, list, {})
        place = _("line %d") % (bisect_right(self._newlines, start[1] - 1) + 1)
        row = Row(dict(pairs), place)
        if len(row) < len(pairs):
            keys = Counter(key for key, _value in pairs)
            twice = (key for key, times in keys.items() if times > 1)
            told = _('"%s" stands in one object twice: leave one out')
            self.faults += [f"{place}: {told % key}" for key in twice]
        return row, end
