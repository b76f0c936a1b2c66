"""The operators' workbook."""

from collections.abc import Mapping
from typing import Any

from tracking.plan_files.rows import PlanRows


def read(data: bytes) -> PlanRows:
    raise NotImplementedError


def write(content: Mapping[str, Any]) -> bytes:
    raise NotImplementedError
