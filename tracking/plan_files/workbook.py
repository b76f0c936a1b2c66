"""The operators' workbook: written with everything in it, read with nothing guessed."""

from tracking.plan_files.workbook_reading import read
from tracking.plan_files.workbook_writing import write

__all__ = ["read", "write"]
