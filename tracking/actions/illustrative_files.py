"""Small real files for illustrative evidence; each says on its face that it is illustrative."""

from collections.abc import Callable, Mapping
from typing import Literal

import typst
from django.core.files.base import ContentFile

_LABEL = "Minh họa (illustrative)"
_MADE_AT = 315_532_800  # 1980-01-01: the file of a title is the same on every machine
_PAGE = """
#set page(width: {width}, height: {height}, margin: 12mm)
#set text(font: "Libertinus Serif", size: 11pt, lang: "vi")
#text(size: 15pt, weight: "bold")[#sys.inputs.title]
#v(2mm)
#box(stroke: 1pt, inset: 2mm)[#sys.inputs.label]
#v(2mm)
#table(
  columns: (auto, 1fr, auto),
  table.header[*TT*][*Nội dung*][*Kết quả*],
  [1], [Nội dung theo sản phẩm được giao], [Đã có],
  [2], [Ý kiến của các đơn vị phối hợp], [Đã tiếp thu],
  [3], [Số liệu kiểm tra chéo], [Khớp],
)
"""
_TEXT = """{title}
{label}

1. Nội dung theo sản phẩm được giao: đã có.
2. Ý kiến của các đơn vị phối hợp: đã tiếp thu.
3. Số liệu kiểm tra chéo: khớp.
"""
_TABLE = """Mã;Tên trường;Kiểu dữ liệu;Ghi chú
MH-001;Số định danh cá nhân;chuỗi;{title}. {label}
MH-002;Ngày ký;ngày;{label}
MH-003;Mã cơ sở;chuỗi;{label}
"""


def illustrative_file(title: str, ending: str) -> "ContentFile[bytes]":
    """A file of that kind: pdf, png, txt or csv."""
    return ContentFile(_MADE[ending](title), name=f"{title} (minh họa).{ending}")


def _pdf(title: str) -> bytes:
    return _printed(title, "pdf", width="210mm", height="297mm")


def _png(title: str) -> bytes:
    return _printed(title, "png", width="160mm", height="90mm")


def _printed(title: str, form: Literal["pdf", "png"], **size: str) -> bytes:
    compiler = typst.Compiler(ignore_system_fonts=True)
    inputs = {"title": title, "label": _LABEL}
    source = _PAGE.format(**size).encode()
    made = compiler.compile(source, sys_inputs=inputs, format=form, timestamp=_MADE_AT)
    if not isinstance(made, bytes):
        raise TypeError("typst returned no single page.")
    return made


def _txt(title: str) -> bytes:
    return _TEXT.format(title=title, label=_LABEL).encode()


def _csv(title: str) -> bytes:
    return _TABLE.format(title=title, label=_LABEL).encode("utf-8-sig")


_MADE: Mapping[str, Callable[[str], bytes]] = {"pdf": _pdf, "png": _png, "txt": _txt, "csv": _csv}
