"""Does a service answer over HTTP as agreed, and how new is its data?"""

from dataclasses import dataclass
from typing import Any

import orjson

from databases.probes.fetch import Call, fetch, read_call, require_status
from databases.probes.fields import Fields
from databases.probes.http_message import Response, content
from databases.probes.json_path import Path, path_of, value_at
from databases.probes.judging import instant_of, judge_age, judge_time
from databases.probes.line import Line
from databases.probes.reading import Failed
from databases.probes.surroundings import Given
from databases.rules.track import Blame, Depth

DEPTH = Depth.REQUEST
_MARK = b"\xef\xbb\xbf"  # a byte order mark, which some servers put before their JSON


@dataclass(frozen=True, slots=True)
class Spec:
    call: Call | None
    status: frozenset[int]
    contains: bytes
    headers: tuple[tuple[str, str], ...]
    json: tuple[tuple[Path, Any], ...]
    age: Path | None
    max_age: int | None  # s
    slow: int | None  # ms

    @property
    def depth(self) -> Depth:
        return Depth.CONTENT if self.looks_inside else Depth.REQUEST

    @property
    def looks_inside(self) -> bool:
        return bool(self.contains or self.json or self.age)


def read(fields: Fields, given: Given) -> Spec:
    """url, method (GET or HEAD), headers, redirects (0), warn_days (14), status ([200]), contains,
    answered (headers and their values), json (paths and their values), age (path of an instant),
    max_age (seconds), slow (milliseconds)."""
    method = fields.one_of("method", ("GET", "HEAD"))
    age = fields.text("age")
    spec = Spec(
        call=read_call(fields, given, method=method),
        status=fields.numbers("status", [200], 100, 599),
        contains=fields.text("contains").encode(),
        headers=tuple((k.lower(), v) for k, v in fields.texts("answered").items()),
        json=tuple((_path(fields, "json", k), v) for k, v in fields.mapping("json").items()),
        age=_path(fields, "age", age) if age else None,
        max_age=fields.number("max_age", None, 1, 366 * 86_400),
        slow=fields.number("slow", None, 1, 60_000),
    )
    if method == "HEAD" and spec.looks_inside:
        fields.fault("method", "HEAD không có nội dung để xem", "HEAD brings no body to look into")
    if spec.max_age is not None and spec.age is None:
        fields.fault("max_age", "cần trường age", "needs the field age")
    return spec


def _path(fields: Fields, name: str, text: str) -> Path:
    try:
        return path_of(text)
    except ValueError:
        fields.fault(
            name, f"{text} không phải đường dẫn như $.a.b[0]", f"{text} is no path such as $.a.b[0]"
        )
        return ()


async def probe(line: Line, spec: Spec) -> None:
    if spec.call is None:
        return
    response = await fetch(line, spec.call)
    require_status(response, spec.status)
    line.reading.depth = line.depth = spec.depth
    _judge(line, spec, response)
    judge_time(line, spec.slow)


def _judge(line: Line, spec: Spec, response: Response) -> None:
    if spec.contains and spec.contains not in content(response):
        reason = "too_large" if response.cut else "text_missing"
        raise Failed(reason, Blame.THEIRS, Depth.CONTENT)
    for name, value in spec.headers:
        if response.headers.get(name) != value:
            # As deep as a success reaches, or no success would ever end the outage.
            raise Failed("header_differs", Blame.THEIRS, spec.depth)
    if spec.json or spec.age:
        _judge_json(line, spec, parsed(response))


def parsed(response: Response) -> Any:
    """The body as JSON."""
    if response.cut:
        raise Failed("too_large", Blame.THEIRS, Depth.CONTENT)
    try:
        return orjson.loads(content(response).removeprefix(_MARK))
    except orjson.JSONDecodeError:
        raise Failed("not_json", Blame.THEIRS, Depth.CONTENT) from None


def _judge_json(line: Line, spec: Spec, value: Any) -> None:
    try:
        for path, expected in spec.json:
            if not _same(value_at(value, path), expected):
                raise Failed("value_differs", Blame.THEIRS, Depth.CONTENT)
        if spec.age:
            judge_age(line, instant_of(value_at(value, spec.age)), spec.max_age)
    except LookupError:
        raise Failed("value_missing", Blame.THEIRS, Depth.CONTENT) from None


def _same(found: Any, expected: Any) -> bool:
    """Python takes true for 1; JSON does not."""
    return found == expected and isinstance(found, bool) == isinstance(expected, bool)
