"""Which fields may the words of a letter name, are the words sound, and which step may follow?

A field stands in braces: "{department}". An inline field is words within a line; a block stands
alone on its line and becomes paragraphs or a table. A line of which an inline field has nothing to
say is left out whole. A line that begins with "# " is a heading, one that begins with "- " an item.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Passages = Sequence[Mapping[str, object]]

END_MARK = "./."
_FIELD = re.compile(r"\{([^{}]*)\}")
HEADING, ITEM = "# ", "- "


@dataclass(frozen=True, slots=True)
class Field:
    """`block`: stands alone on a line; `always`: has a value in every letter of its kind;
    `needed`: the text must name it."""

    name: str
    example: str
    block: bool = False
    always: bool = True
    needed: bool = False


_AGENCY = Field("agency", "Trung tâm Thông tin y tế Quốc gia")
_AS_OF = Field("as_of", "18/11/2025")
_LIST = Field("list_number", "07", always=False)
_REFERENCE = Field(
    "list_reference", "Danh sách tiến độ số 07 (văn bản số 12/BC-TTYQG ngày 18/11/2025)"
)
_DUE = Field("answer_due_on", "28/11/2025", always=False)
_EARLIER = Field(
    "earlier_letters", "văn bản số 934/TTYQG-DA ngày 01/11/2025 (chưa có trả lời)", always=False
)
_COUNT = Field("task_count", "03")
_MEETING = Field("meeting", "Họp đánh giá tiến độ tháng 11")
_PLACE = Field("place", "Phòng họp tầng 2, trụ sở Bộ Y tế", always=False)
_CHAIR = Field("chair", "Thứ trưởng", always=False)
_SPEAKERS = Field("departments", "Cục Quản lý Dược, Cục Phòng bệnh", always=False)
_MET_LIST = Field("list_reference", _REFERENCE.example, always=False)
_MET_AS_OF = Field("as_of", _AS_OF.example, always=False)

FIELDS: Mapping[str, tuple[Field, ...]] = {
    "to_department": (
        Field("department", "Cục Quản lý Dược", needed=True),
        Field("tasks", "(bảng nhiệm vụ)", block=True, needed=True),
        _COUNT,
        Field("overdue_count", "02", always=False),
        Field("worst_late", "17 ngày (13 ngày làm việc)", always=False),
        *(_AGENCY, _AS_OF, _LIST, _REFERENCE, _EARLIER, _DUE),
    ),
    "advice": (
        Field("partner", "Bộ Nội vụ", needed=True),
        Field("waits", "(bảng nhiệm vụ đang chờ)", block=True, needed=True),
        _COUNT,
        Field("departments", "Cục Bảo trợ xã hội"),
        Field("longest_wait", "36 ngày (nhiệm vụ MH-31, từ ngày 13/10/2025)", always=False),
        *(_AGENCY, _AS_OF, _LIST, _REFERENCE, _EARLIER, _DUE),
    ),
    "cover_report": (
        Field("as_of", _AS_OF.example, needed=True),
        Field("list_number", "07"),
        Field("totals", "(số liệu chung)", block=True),
        Field("marked", "(các đơn vị được đánh dấu)", block=True, needed=True),
        Field("movements", "(thay đổi so với danh sách trước)", block=True),
        Field("marked_count", "05", always=False),
        Field("annexes", "các Phụ lục từ I đến III", needed=True),
        *(_AGENCY, _DUE),
    ),
    "invitation": (
        Field("meeting", _MEETING.example, needed=True),
        Field("held_at", "08 giờ 30, thứ Năm, ngày 03 tháng 12 năm 2026", needed=True),
        Field("invited", "(các đơn vị được mời, mỗi đơn vị một dòng)", block=True),
        Field("agenda", "(thứ tự phát biểu)", block=True, needed=True),
        *(_AGENCY, _PLACE, _CHAIR, _SPEAKERS, _MET_LIST, _MET_AS_OF, _DUE),
    ),
    "conclusions": (
        Field("meeting", _MEETING.example, needed=True),
        Field("held_on", "03/12/2026", needed=True),
        Field("conclusions", "(các kết luận)", block=True, needed=True),
        Field("conclusion_count", "06"),
        *(_AGENCY, _PLACE, _CHAIR, _SPEAKERS, _MET_LIST, _MET_AS_OF, _DUE),
    ),
}


class Trouble(StrEnum):
    BRACE = "brace"  # opened and not closed, or the other way round
    UNKNOWN = "unknown"
    NOT_ALONE = "not_alone"  # a block within a line
    BLOCK = "block"  # a block where only words may stand
    SOMETIMES = "sometimes"  # a field that may be empty where nothing can be left out
    MISSING = "missing"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Fault:
    """`part`: subject, addressee, body or recipients; `line` counted from 1, 0 for the whole;
    `field`: the name in braces."""

    part: str
    line: int
    trouble: Trouble
    field: str = ""


def faults_of(kind: str, parts: Mapping[str, str]) -> list[Fault]:
    """Everything wrong with the words of a kind of letter, in the order of the page."""
    known = {field.name: field for field in FIELDS[kind]}
    found = [fault for part, text in parts.items() for fault in _in_part(part, text, known)]
    if not parts["body"].strip():
        return [*found, Fault("body", 0, Trouble.EMPTY)]
    named = {name for text in parts.values() for name in _FIELD.findall(text)}
    missing = (field.name for field in known.values() if field.needed and field.name not in named)
    return [*found, *(Fault("body", 0, Trouble.MISSING, name) for name in missing)]


def _in_part(part: str, text: str, known: Mapping[str, Field]) -> Iterator[Fault]:
    for number, line in enumerate(text.splitlines(), 1):
        if set(_FIELD.sub("", line)) & set("{}"):
            yield Fault(part, number, Trouble.BRACE)
        for name in _FIELD.findall(line):
            trouble = _trouble(part, line, known.get(name))
            if trouble:
                yield Fault(part, number, trouble, name)


def _trouble(part: str, line: str, field: Field | None) -> Trouble | None:
    if field is None:
        return Trouble.UNKNOWN
    if part != "body" and field.block:
        return Trouble.BLOCK
    if part in ("subject", "addressee") and not field.always:
        return Trouble.SOMETIMES
    alone = line.strip() == f"{{{field.name}}}"
    return Trouble.NOT_ALONE if field.block and not alone else None


def filled(text: str, values: Mapping[str, str]) -> list[str]:
    """The lines with their inline fields filled in, less those of which a field is empty."""
    return [_FIELD.sub(lambda m: values[m[1]], line) for line in _spoken(text, values)]


def passages_of(
    text: str, values: Mapping[str, str], blocks: Mapping[str, Passages]
) -> list[Mapping[str, object]]:
    """The paragraphs and tables of a text, the last of them with the end mark."""
    passages: list[Mapping[str, object]] = []
    for line in _spoken(text, {**values, **dict.fromkeys(blocks, "…")}):
        block = _FIELD.fullmatch(line)
        if block and block[1] in blocks:
            passages += blocks[block[1]]
        else:
            passages.append(_passage(_FIELD.sub(lambda m: values[m[1]], line)))
    return _ended(passages)


def _spoken(text: str, values: Mapping[str, str]) -> Iterator[str]:
    for line in text.splitlines():
        said = line.strip()
        if said and all(values[name] for name in _FIELD.findall(said)):
            yield said


def _passage(line: str) -> dict[str, object]:
    if line.startswith(HEADING):
        return {"kind": "heading", "text": line.removeprefix(HEADING).strip()}
    return {"kind": "item" if line.startswith(ITEM) else "text", "text": line}


def _ended(passages: list[Mapping[str, object]]) -> list[Mapping[str, object]]:
    last = passages[-1] if passages else {"kind": "table"}
    if last["kind"] == "table":
        return [*passages, {"kind": "text", "text": END_MARK}]
    said = str(last.get("mark") or last["text"])
    if said.endswith(END_MARK):
        return passages
    key = "mark" if last.get("mark") else "text"
    return [*passages[:-1], {**last, key: said.rstrip(" .;") + END_MARK}]


# What a letter may become, from what it is.
NEXT: Mapping[str, tuple[str, ...]] = {
    "": ("drafted",),
    "drafted": ("for_signature", "withdrawn"),
    "for_signature": ("issued", "withdrawn"),
    "issued": ("answered",),
    "answered": (),
    "withdrawn": (),
}


def may_follow(state: str, step: str) -> bool:
    return step in NEXT[state]
